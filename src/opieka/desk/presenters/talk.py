"""The open conversation: what stands above it, the thread, the composer."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from opieka.care import queries as care
from opieka.channels import queries as channels
from opieka.channels.types import CONTACTS, Channel
from opieka.conversations import queries
from opieka.conversations.types import Direction, MessageItem, MessageKind, RelatedWhy, State, Thread
from opieka.customers import queries as customers
from opieka.customers.types import CustomerCard
from opieka.desk.pages import inbox
from opieka.desk.pages.parts import Act, Choice, Link
from opieka.desk.presenters import people, rows, words
from opieka.desk.presenters import thread as threads
from opieka.desk.presenters.reader import Reader, language_name
from opieka.desk.presenters.thread import Looks
from opieka.desk.seat import Desk
from opieka.shops.types import Permission

# Base64 makes an attachment a third larger than its file.
_ENCODED = 0.72
_MORNING, _EVENING = time(8), time(17)


@dataclass(frozen=True)
class _Items:
    """What `desk/_items.html` reads of a conversation."""

    id: int
    items: tuple[inbox.Item, ...]
    items_url: str
    earlier: str
    related: Link | None


def conversation(
    thread: Thread, desk: Desk, *, back: str, opened: Mapping[int, Looks] | None = None
) -> inbox.Conversation:
    """The whole of an open conversation but what stands beside it."""
    card = _card(thread)
    shown = items(thread, desk, opened=opened)
    return replace(
        head(thread, desk, card=card, back=back),
        items=shown.items,
        earlier=shown.earlier,
        related=shown.related,
        composer=composer(thread, desk, card) if desk.may(Permission.ANSWER, thread.shop_id) else None,
    )


def items(thread: Thread, desk: Desk, *, opened: Mapping[int, Looks] | None = None) -> _Items:
    """The thread alone."""
    reader = desk.reader(thread.shop_id)
    acted = threads.acted(thread.items) if desk.may(Permission.ANSWER, thread.shop_id) else []
    found = threads.items(
        thread.items,
        reader,
        language=thread.language,
        opened=opened or {},
        undoable=care.undoable(acted, shop_ids=[thread.shop_id]) if acted else (),
    )
    own = reverse("desk:items", args=[thread.id])
    return _Items(
        id=thread.id,
        items=found,
        items_url=own,
        earlier=f"{own}?before={thread.earlier}" if thread.earlier else "",
        related=_related(thread),
    )


def head(
    thread: Thread, desk: Desk, *, card: CustomerCard | None = None, back: str = ""
) -> inbox.Conversation:
    """What stands above the thread; the thread itself is left empty."""
    card = card or _card(thread)
    reader = desk.reader(thread.shop_id)
    may = desk.may(Permission.ANSWER, thread.shop_id)
    return inbox.Conversation(
        id=thread.id,
        title=thread.subject or _("Without a subject"),
        channel=thread.channel,
        channel_label=words.channel(thread.channel),
        person=people.customer(card),
        status=words.state(thread.state),
        back=back or reverse("desk:inbox"),
        items_url=reverse("desk:items", args=[thread.id]),
        head_url=reverse("desk:head", args=[thread.id]),
        beside_url=reverse("desk:beside", args=[thread.id]),
        items=(),
        composer=None,
        assign=_assign(thread, desk),
        snooze=_snooze(thread, reader),
        finish=_finish(thread),
        customer_href=reverse("desk:customer", args=[card.id]) if card else "",
        more=_more(thread) if may else (),
        ways=_ways(thread) if may else (),
        clock=rows.clock(thread.clock, reader),
        shop=desk.shops[thread.shop_id].name if len(desk.shops) > 1 else "",
        may_act=may,
    )


def composer(
    thread: Thread,
    desk: Desk,
    card: CustomerCard | None,
    *,
    text: str = "",
    trouble: inbox.Trouble | None = None,
) -> inbox.Composer:
    """Where one answers, with a fresh key."""
    shop = desk.shops[thread.shop_id]
    address = _address(thread)
    wanted = thread.language or (card.language if card else "") or shop.languages[0]
    known = dict.fromkeys((*shop.languages, wanted))
    limit = int(settings.OPIEKA.max_mail_bytes * _ENCODED)
    reader = desk.reader(thread.shop_id)
    return inbox.Composer(
        action=reverse("desk:send", args=[thread.id]),
        draft_key=str(thread.id),
        channels=_channels(thread, card, address),
        languages=tuple(Choice(code, language_name(code, reader.language), code == wanted) for code in known),
        max_bytes=limit,
        max_text=_("The files are too large together: %(size)s at most.") % {"size": reader.size(limit)},
        key=uuid.uuid4().hex,
        seen=thread.last_message_id,
        macros=reverse("desk:macros", args=[thread.id]),
        text=text,
        trouble=trouble,
        blocked=_("There is no address to answer to."),
    )


def _card(thread: Thread) -> CustomerCard | None:
    if thread.customer_id is None:
        return None
    return customers.card(thread.customer_id, shop_ids=[thread.shop_id])


def _channels(thread: Thread, card: CustomerCard | None, address: str) -> tuple[inbox.ChannelChoice, ...]:
    """How one can answer: as the last message came, and by the other ways that lead to her."""
    if not address:
        return ()
    last = _last(thread)
    chosen = last.channel if last else thread.channel
    others = [kind for channel, kind in CONTACTS.items() if channel is not chosen]
    elsewhere = card is not None and any(point.kind in others for point in card.points)
    ways = queries.ways(card, shop_id=thread.shop_id) if card and elsewhere else []
    found = {chosen: address} | {way.channel: way.addresses[0] for way in ways if way.channel is not chosen}
    known = card.lineage if card and Channel.SMS in found else ()
    if queries.texts_stopped(known, conversation_id=thread.id, shop_id=thread.shop_id, thread=thread):
        del found[Channel.SMS]
    return tuple(
        inbox.ChannelChoice(
            channel,
            words.channel(channel),
            channel,
            where,
            limit=channels.MOST_SEGMENTS if channel is Channel.SMS else None,
            chosen=channel is chosen,
        )
        for channel, where in found.items()
    )


def _last(thread: Thread) -> MessageItem | None:
    """The last message of hers, or else of ours."""
    said = [item for item in reversed(thread.items) if isinstance(item, MessageItem) and not item.withdrawn]
    hers = (item for item in said if item.direction is Direction.IN and item.kind is MessageKind.PERSON)
    return next(hers, said[0] if said else None)


def _address(thread: Thread) -> str:
    """Where an answer goes: to whom wrote last, or to whom we wrote."""
    for item in reversed(thread.items):
        if not isinstance(item, MessageItem) or item.withdrawn or item.kind is MessageKind.BOUNCE:
            continue
        if item.direction is Direction.IN and item.sender and item.sender.value:
            return item.sender.value
        if item.direction is Direction.OUT and item.to:
            return ", ".join(party.value for party in item.to)
    return ""


def _assign(thread: Thread, desk: Desk) -> inbox.Picker:
    team, me = thread.team, desk.staff_id
    choices = [Choice("", _("Nobody"), thread.assignee_id is None)]
    choices += [
        Choice(str(one), name, one == thread.assignee_id, _("you") if one == me else "")
        for one, name in team.items()
    ]
    if thread.assignee_id and thread.assignee_id not in team:
        choices.append(
            Choice(str(thread.assignee_id), thread.assignee or _("A former colleague"), chosen=True)
        )
    # Her own name comes first, so that `a` and Enter take it.
    choices.sort(key=lambda choice: choice.value != str(me))
    return inbox.Picker(reverse("desk:assign", args=[thread.id]), "staff", _("Assign"), tuple(choices))


def snooze_times(reader: Reader) -> dict[str, datetime]:
    """The moments one snoozes to, by their names in forms; only those still to come."""
    now = reader.now.astimezone(reader.zone)
    tomorrow = now + timedelta(days=1)
    monday = now + timedelta(days=7 - now.weekday())
    at = {
        "hours": now + timedelta(hours=3),
        "evening": datetime.combine(now.date(), _EVENING, reader.zone),
        "tomorrow": datetime.combine(tomorrow.date(), _MORNING, reader.zone),
        "monday": datetime.combine(monday.date(), _MORNING, reader.zone),
        "week": datetime.combine((now + timedelta(days=7)).date(), _MORNING, reader.zone),
    }
    if at["week"] == at["monday"]:
        del at["week"]
    if at["evening"] <= at["hours"]:
        del at["evening"]
    return at


def _snooze(thread: Thread, reader: Reader) -> inbox.Picker:
    names = {
        "hours": _("In three hours"),
        "evening": _("This evening"),
        "tomorrow": _("Tomorrow"),
        "monday": _("Monday"),
        "week": _("In a week"),
    }
    choices = tuple(
        Choice(name, names[name], hint=reader.day_and_time(at)) for name, at in snooze_times(reader).items()
    )
    label = _("Snooze")
    if thread.snoozed_until:
        label = _("Snoozed until %(when)s") % {"when": reader.day_and_time(thread.snoozed_until)}
    return inbox.Picker(reverse("desk:snooze", args=[thread.id]), "until", label, choices)


def _finish(thread: Thread) -> Act:
    if thread.state in {State.RESOLVED, State.SPAM}:
        return Act(_("Reopen"), reverse("desk:reopen", args=[thread.id]), "refresh")
    return Act(_("Resolve"), reverse("desk:resolve", args=[thread.id]), "check")


def _more(thread: Thread) -> tuple[Act, ...]:
    acts = []
    if thread.state in {State.WAITING, State.SNOOZED}:
        acts.append(Act(_("Put back to open"), reverse("desk:reopen", args=[thread.id])))
    if thread.state is not State.SPAM:
        acts.append(Act(_("Mark as spam"), reverse("desk:spam", args=[thread.id])))
    return tuple(acts)


def _ways(thread: Thread) -> tuple[Link, ...]:
    return (
        Link(_("Belongs to another customer"), reverse("desk:move", args=[thread.id])),
        Link(_("Join with another conversation"), reverse("desk:join", args=[thread.id])),
    )


def _related(thread: Thread) -> Link | None:
    if thread.related_id is None:
        return None
    continues = thread.related_why is RelatedWhy.CONTINUES
    text = (
        _("Continues an earlier conversation, which was resolved long ago")
        if continues
        else _("Refers to a mail of another conversation, in which its sender took no part")
    )
    return Link(text, reverse("desk:conversation", args=[thread.related_id]))
