"""One conversation as it is read: what was said, noted and done, in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import BooleanField, ExpressionWrapper, Q

from opieka.channels import queries as channels
from opieka.channels.types import Channel, Delivery, MessageFile, Party
from opieka.clocks import queries as clocks
from opieka.conversations import facts
from opieka.conversations.models import HERE, LIST, Attachment, Conversation, Message, Note
from opieka.conversations.policy import texts
from opieka.conversations.types import (
    Direction,
    EventItem,
    Gist,
    Item,
    MessageItem,
    MessageKind,
    NoteItem,
    Original,
    RelatedWhy,
    State,
    Thread,
)
from opieka.kernel import facts as kernel_facts
from opieka.kernel.actor import ActorKind
from opieka.kernel.errors import NotFound
from opieka.kernel.rows import fetch
from opieka.shops import queries as shops
from opieka.shops.types import Permission
from opieka.timeline import queries as timeline
from opieka.timeline.types import Entry

# Messages and notes stand for themselves; the other facts are lines between them.
_EVENTS = (
    facts.ConversationAssigned,
    facts.ConversationResolved,
    facts.ConversationReopened,
    facts.ConversationSnoozed,
    facts.ConversationMarkedSpam,
    facts.ConversationMoved,
    facts.ConversationErased,
    facts.ConversationsJoined,
    facts.ConversationsParted,
)
_CONVERSATION = """
    select c.*, array(
        select j.id from conversations_conversation j where j.joined_into_id = c.id order by j.id
    ) as joined
    from conversations_conversation c where c.id = %s and c.shop_id = any(%s)
"""
# Messages with their files, as `item_of` reads them: of their HTML only whether there is any.
_PAGE = """
    select id, shop_id, conversation_id, direction, kind, channel, author_id, sender_kind, sender_value, sender_name,
        "to", cc, at, sent_at, subject, text, folds, reply_text, about_id, withdrawn_at, raw_sha256, defects,
        html <> '' as has_html, (
            select json_agg(
                json_build_array(sha256, filename, content_type, size, content_id, inline) order by f.id
            )::text
            from conversations_attachment f where f.shop_id = m.shop_id and f.message_id = m.id
        ) as files
    from conversations_message m
    where shop_id = %(shop)s and conversation_id = %(conversation)s
      and (%(before)s::bigint is null or (at, id) < (%(until)s, %(before)s))
    order by at desc, id desc limit %(limit)s
"""
_NOTES = """
    select * from conversations_note
    where shop_id = %s and conversation_id = %s
      and (%s::timestamptz is null or at >= %s) and (%s::timestamptz is null or at < %s)
    order by at, id
"""
_FILES = """
    select message_id, sha256, filename, content_type, size, content_id, inline from conversations_attachment
    where shop_id = %s and message_id = any(%s) order by id
"""
_ORDER = {MessageItem: 0, NoteItem: 1, EventItem: 2}


def thread(
    conversation_id: int,
    *,
    shop_ids: Collection[int],
    before: int | None = None,
    limit: int = 100,
    also: Collection[str] = (),
) -> Thread:
    """A conversation (or the one it was joined into); NotFound. The latest messages, or those before one.

    `limit` 0: without any items. `also` are further kinds of facts about it that whoever asks has words for.
    """
    row, joined = _conversation(conversation_id, shop_ids)
    if limit == 0:
        return _thread(row, joined, [], _people(row, [], [], []), None)
    messages, until, earlier = _messages(row, before, limit)
    since = messages[0].at if messages and earlier else None
    notes = list(Note.objects.raw(_NOTES, [row.shop_id, row.pk, since, since, until, until]))
    kinds = [*(kind.__name__ for kind in _EVENTS), *also]
    events = _events(row, joined, kinds, (since, until))
    team, names = _people(row, messages, notes, events)
    files = {message.pk: _files(message) for message in messages}
    sent = [f"message:{message.pk}" for message in messages if message.direction == Direction.OUT]
    deliveries = channels.deliveries(sent, shop_id=row.shop_id) if sent else {}
    items: list[Item] = [
        *(item_of(message, names, files, deliveries) for message in messages),
        *(
            NoteItem(note.pk, note.at, names.get(note.author_id or 0, ""), note.author_id, note.text)
            for note in notes
        ),
        *(_event(entry, names) for entry in events),
    ]
    items.sort(key=lambda item: (item.at, _ORDER[type(item)], item.id))
    return _thread(row, joined, items, (team, names), messages[0].pk if messages and earlier else None)


def original(message_id: int, *, shop_ids: Collection[int]) -> Original:
    """One message as it was sent; NotFound."""
    rows = Message.objects.filter(id=message_id, shop_id__in=shop_ids)
    row = rows.annotate(has_html=ExpressionWrapper(~Q(html=""), output_field=BooleanField())).first()
    if row is None:
        raise NotFound
    names = shops.staff_names([row.author_id]) if row.author_id else {}
    sent = [f"message:{row.pk}"] if row.direction == Direction.OUT else []
    deliveries = channels.deliveries(sent, shop_id=row.shop_id) if sent else {}
    item = item_of(row, names, attached(row.shop_id, [row.pk]), deliveries)
    html = channels.safe_html(row.html) if row.html else None
    return Original(row.conversation_id, row.shop_id, html, row.raw_sha256, item)


def count_with(customer_ids: Collection[int], *, shop_ids: Collection[int]) -> int:
    """How many conversations there are with a person (all ids she was known by)."""
    return Conversation.objects.filter(HERE, shop_id__in=shop_ids, customer_id__in=customer_ids).count()


def files_in_use(sha256s: Collection[str], shop_id: int) -> set[str]:
    """Which of these files are attached to messages of a shop."""
    rows = Attachment.objects.filter(shop_id=shop_id, sha256__in=sha256s)
    return set(rows.values_list("sha256", flat=True))


def _thread(
    row: Conversation,
    joined: Sequence[int],
    items: Sequence[Item],
    people: tuple[dict[int, str], dict[int, str]],
    earlier: int | None,
) -> Thread:
    team, names = people
    subject = f"conversation:{row.pk}"
    urgent = clocks.open_clocks([row.shop_id], [subject]).get(subject, [])
    return Thread(
        id=row.pk,
        shop_id=row.shop_id,
        account_id=row.account_id,
        channel=Channel(row.channel),
        state=State(row.state),
        customer_id=row.customer_id,
        subject=row.subject,
        language=row.language,
        assignee_id=row.assignee_id,
        assignee=names.get(row.assignee_id or 0, ""),
        team=team,
        waiting_since=row.waiting_since,
        snoozed_until=row.snoozed_until,
        clock=urgent[0] if urgent else None,
        related_id=row.related_id,
        related_why=RelatedWhy(row.related_why) if row.related_why else None,
        joined_ids=tuple(joined),
        last_message_id=row.last_message_id,
        items=tuple(items),
        earlier=earlier,
    )


def gist(conversation_id: int, *, shop_ids: Collection[int]) -> Gist:
    """A conversation (or the one it was joined into) in the fewest words; NotFound. One query."""
    return _gist(_conversation(conversation_id, shop_ids)[0])


def gists(customer_ids: Collection[int], *, shop_ids: Collection[int], limit: int) -> list[Gist]:
    """The conversations with a person (all ids she was known by), the latest first. One query."""
    rows = Conversation.objects.filter(HERE, shop_id__in=shop_ids, customer_id__in=customer_ids)
    return [_gist(row) for row in rows.order_by(*LIST)[:limit]]


def _gist(row: Conversation) -> Gist:
    return Gist(
        id=row.pk,
        shop_id=row.shop_id,
        customer_id=row.customer_id,
        channel=Channel(row.channel),
        state=State(row.state),
        subject=row.subject,
        preview=row.preview,
        last_message_at=row.last_message_at,
    )


def _conversation(conversation_id: int, shop_ids: Collection[int]) -> tuple[Conversation, list[int]]:
    """The conversation with the ids of those that were joined into it."""
    found = list(Conversation.objects.raw(_CONVERSATION, [conversation_id, list(shop_ids)]))
    if not found:
        raise NotFound
    [row] = found
    if row.joined_into_id is not None:
        return _conversation(row.joined_into_id, shop_ids)
    joined: list[int] = row.joined  # type: ignore[attr-defined]  # a column of the query
    return row, joined


def _messages(
    row: Conversation, before: int | None, limit: int
) -> tuple[list[Message], datetime | None, bool]:
    """A page of messages, oldest first; the moment it ends at, None for now; whether there are earlier ones."""
    asked: dict[str, Any] = {"shop": row.shop_id, "conversation": row.pk, "limit": limit + 1}
    asked |= {"before": before, "until": None}
    if before is not None:
        rows = Message.objects.filter(id=before, shop_id=row.shop_id, conversation=row)
        asked["until"] = rows.values_list("at", flat=True).first()
        if asked["until"] is None:
            raise NotFound
    page = list(Message.objects.raw(_PAGE, asked))
    return page[limit - 1 :: -1] if len(page) > limit else page[::-1], asked["until"], len(page) > limit


def _events(
    row: Conversation,
    joined: Iterable[int],
    kinds: Sequence[str],
    within: tuple[datetime | None, datetime | None],
) -> list[Entry]:
    since, until = within
    subjects = [f"conversation:{conversation_id}" for conversation_id in (row.pk, *joined)]
    found = timeline.of_subjects(subjects, shop_id=row.shop_id, kinds=kinds, since=since)
    return [entry for entry in found if until is None or entry.at < until]


def _people(
    row: Conversation, messages: Iterable[Message], notes: Iterable[Note], events: Iterable[Entry]
) -> tuple[dict[int, str], dict[int, str]]:
    """Who can answer here, and the names of all staff who appear. One query."""
    ids = {row.assignee_id, *(m.author_id for m in messages), *(n.author_id for n in notes)}
    for entry in events:
        if entry.by.kind is ActorKind.STAFF:
            ids.add(entry.by.id)
        if isinstance(entry.fact, facts.ConversationAssigned):
            ids |= {entry.fact.staff_id, entry.fact.previous_id}
    known = {staff_id for staff_id in ids if staff_id}
    return shops.team_and(known, shop_id=row.shop_id, permission=Permission.ANSWER)


def attached(shop_id: int, message_ids: Collection[int]) -> dict[int, list[MessageFile]]:
    """The files of each of some messages."""
    found: dict[int, list[MessageFile]] = defaultdict(list)
    for message_id, *file in fetch(_FILES, [shop_id, list(message_ids)]):
        found[message_id].append(MessageFile(*file))
    return found


def _files(message: Message) -> list[MessageFile]:
    found: str | None = message.files  # type: ignore[attr-defined]  # a column of the query
    return [MessageFile(*file) for file in msgspec.json.decode(found)] if found else []


def _parties(stored: Iterable[Mapping[str, str]]) -> tuple[Party, ...]:
    return tuple(Party(**party) for party in stored)


def item_of(
    row: Message,
    names: Mapping[int, str],
    files: Mapping[int, Sequence[MessageFile]],
    deliveries: Mapping[str, Delivery],
) -> MessageItem:
    """A stored message (with `has_html`) as it stands in a thread."""
    sender = Party(row.sender_kind, row.sender_value, row.sender_name) if row.sender_value else None
    extra: Any = row
    return MessageItem(
        id=row.pk,
        at=row.at,
        direction=Direction(row.direction),
        kind=MessageKind(row.kind),
        channel=Channel(row.channel),
        author=names.get(row.author_id or 0, row.sender_name or row.sender_value),
        author_id=row.author_id,
        sender=sender,
        to=_parties(row.to),
        cc=_parties(row.cc),
        subject=row.subject,
        segments=texts.segments(row.text, row.folds, row.reply_text),
        has_html=extra.has_html,
        files=tuple(files.get(row.pk, ())),
        sent_at=row.sent_at,
        delivery=deliveries.get(f"message:{row.pk}"),
        withdrawn=row.withdrawn_at is not None,
        about_id=row.about_id,
        raw_sha256=row.raw_sha256,
        defects=tuple(row.defects),
    )


def _event(entry: Entry, names: Mapping[int, str]) -> EventItem:
    data: dict[str, object] = kernel_facts.dump(entry.fact)
    for field in ("staff_id", "previous_id"):
        if data.get(field):
            data[field.removesuffix("_id")] = names.get(int(str(data[field])), "")
    actor = names.get(entry.by.id or 0, "") if entry.by.kind is ActorKind.STAFF else ""
    return EventItem(entry.id, entry.at, entry.fact.kind, entry.by.kind, actor, data)
