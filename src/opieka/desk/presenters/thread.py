"""A conversation as it is read: its messages, notes and facts under their days."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from opieka.care.facts import TextTaken, TextUndone
from opieka.care.types import Move
from opieka.channels.types import Delivery, DispatchState, MessageFile, Party, Reported
from opieka.conversations.types import (
    Direction,
    EventItem,
    Item,
    MessageItem,
    MessageKind,
    NoteItem,
    Original,
)
from opieka.desk.pages import inbox
from opieka.desk.pages.parts import Act, Chip, Tone
from opieka.desk.presenters import people, texts, words
from opieka.desk.presenters.reader import Reader
from opieka.desk.presenters.story import Teller, unsaid
from opieka.kernel import facts

# What a browser shows as a picture without running anything in it.
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"})
_BIGGEST_PICTURE = 6_000_000
# Smaller pictures inside a mail are spacers and marks of signatures.
_SMALLEST_INLINE = 12_000

_ICONS: Mapping[str, str] = {
    "application/pdf": "file-type-pdf",
    "application/zip": "file-zip",
    "application/msword": "file-type-doc",
    "application/vnd.ms-excel": "file-type-xls",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "file-type-doc",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "file-type-xls",
    "message/rfc822": "mail",
}
_FAMILIES: Mapping[str, str] = {
    "image": "photo",
    "video": "video",
    "audio": "file-music",
    "text": "file-text",
}


ALSO = (TextTaken.__name__, TextUndone.__name__)
"""What care did about her texts stands between the messages too."""


@dataclass(frozen=True)
class Looks:
    """A mail is shown as it was sent instead of as plain text, with pictures from elsewhere or without.

    `blocked` is how many pictures from elsewhere it has.
    """

    pictures: bool = False
    blocked: int = 0


def items(
    found: Sequence[Item],
    reader: Reader,
    *,
    language: str,
    opened: Mapping[int, Looks],
    undoable: Collection[int] = (),
) -> tuple[inbox.Item, ...]:
    """Everything in a thread, each day under its name; the messages in `opened` as they were sent. What the turns in
    `undoable` did can be taken back."""
    return tuple(_with_days(found, reader, language, opened, undoable))


def acted(found: Sequence[Item]) -> list[int]:
    """The turns in a thread by which something was done."""
    events = [item for item in found if isinstance(item, EventItem) and item.kind == TextTaken.__name__]
    return [int(str(item.data["turn_id"])) for item in events if item.data["move"] == Move.ACTED]


def _with_days(
    found: Sequence[Item],
    reader: Reader,
    language: str,
    opened: Mapping[int, Looks],
    undoable: Collection[int],
) -> Iterator[inbox.Item]:
    day = None
    for item in found:
        here = item.at.astimezone(reader.zone).date()
        if here != day:
            yield inbox.DayBreak(reader.on_day(item.at))
            day = here
        if isinstance(item, MessageItem):
            looks = opened.get(item.id)
            shown = message(item, reader, language=language, looks=looks)
            yield _withdrawn(item, reader) if item.withdrawn else shown
        elif isinstance(item, NoteItem):
            yield note(item, reader)
        else:
            yield _event(item, reader, undoable)


def message(
    item: MessageItem, reader: Reader, *, language: str = "", looks: Looks | None = None
) -> inbox.Message:
    """One message."""
    ours = item.direction is Direction.OUT
    show = reverse("desk:looks", args=[item.id])
    load = Act(_("Show them"), show, fields=(("looks", "1"), ("pictures", "1")))
    return inbox.Message(
        id=item.id,
        author=people.staff(item.author) if ours else people.named(item.author),
        when=reader.at_time(item.at),
        words=_words(item),
        channel=item.channel,
        channel_label=words.channel(item.channel),
        looks=_address(item.id, looks) if looks else "",
        pictures=bool(looks and looks.pictures),
        switch=_switch(item, show, looks),
        attachments=tuple(_attachment(item.id, file, reader) for file in item.files if _is_shown(file)),
        remote_images=load if looks and looks.blocked and not looks.pictures else None,
        delivery=_delivery(item, reader) if ours else None,
        route=_route(item, reader),
        source=reverse("desk:source", args=[item.id]) if item.raw_sha256 else "",
        language="" if ours else language,
        chip=_chip(item.kind),
    )


def looks_of(original: Original, *, pictures: bool) -> Looks | None:
    """How a message looks as it was sent; None where it has only plain text."""
    return Looks(pictures, original.html.remote_images) if original.html else None


def note(item: NoteItem, reader: Reader) -> inbox.Note:
    """An internal remark."""
    return inbox.Note(item.id, people.staff(item.author), reader.at_time(item.at), texts.html(item.text))


def _event(item: EventItem, reader: Reader, undoable: Collection[int]) -> inbox.SystemLine:
    data = dict(item.data)
    ids = {int(str(data[f"{who}_id"])): str(data[who]) for who in ("staff", "previous") if data.get(who)}
    teller = Teller(reader, ids)
    line = teller.line(facts.load(item.kind, data))
    who = unsaid(item.actor, line)
    text = f"{line.text} · {who}" if who else line.text
    undo = None
    if item.kind == "ConversationsJoined":
        undo = Act(_("Part them again"), reverse("desk:part", args=[data["join_id"]]))
    elif item.kind == TextTaken.__name__ and data["turn_id"] in undoable:
        undo = Act(_("Take it back"), reverse("desk:undo_text", args=[data["turn_id"]]))
    return inbox.SystemLine(line.icon, text, reader.at_time(item.at), tone=line.tone, undo=undo)


def _withdrawn(item: MessageItem, reader: Reader) -> inbox.SystemLine:
    text = _("An answer was taken back before it left")
    return inbox.SystemLine(
        "arrow-back-up", f"{text} · {item.author}" if item.author else text, reader.at_time(item.at)
    )


def _words(item: MessageItem) -> tuple[inbox.Words, ...]:
    """What was written, in stretches; blank ones are left out."""
    clean = texts.unwrapped if item.direction is Direction.IN else str
    tidied = ((clean(texts.tidy(segment.text)), segment.folded) for segment in item.segments)
    return tuple(inbox.Words(texts.html(text), folded) for text, folded in tidied if text.strip())


def _switch(item: MessageItem, show: str, looks: Looks | None) -> Act | None:
    if not item.has_html or item.direction is Direction.OUT:
        return None
    if looks:
        return Act(_("Show as plain text"), show, "file-text")
    return Act(_("Show as it was sent"), show, "mail", (("looks", "1"),))


def _address(message_id: int, looks: Looks) -> str:
    address = reverse("desk:html", args=[message_id])
    return f"{address}?pictures=1" if looks.pictures else address


def _is_shown(file: MessageFile) -> bool:
    return not file.inline or (file.content_type in PICTURES and file.size >= _SMALLEST_INLINE)


def _attachment(message_id: int, file: MessageFile, reader: Reader) -> inbox.Attachment:
    address = reverse("desk:file", args=[message_id, file.sha256])
    family = file.content_type.split("/")[0]
    picture = file.content_type in PICTURES and file.size <= _BIGGEST_PICTURE
    return inbox.Attachment(
        name=file.filename or _("Unnamed"),
        href=address,
        size=reader.size(file.size),
        icon=_ICONS.get(file.content_type) or _FAMILIES.get(family, "file"),
        thumbnail=f"{address}?picture=1" if picture else "",
    )


def _delivery(item: MessageItem, reader: Reader) -> inbox.Delivery | None:
    state = item.delivery
    if state is None:
        return None
    if state.state is DispatchState.HELD and state.held_until:
        undo = Act(_("Undo"), reverse("desk:undo", args=[item.id]))
        return inbox.Delivery("sending", _("Leaves"), until=state.held_until.isoformat(), undo=undo)
    if state.state is DispatchState.SENT:
        return inbox.Delivery("sent", _reported(state.reported), reason=state.error)
    if state.state in {DispatchState.FAILED, DispatchState.BOUNCED, DispatchState.CANCELLED}:
        return _not_delivered(item.id, state)
    return inbox.Delivery("sending", _on_its_way(state, reader), reason=state.error)


def _on_its_way(state: Delivery, reader: Reader) -> str:
    if state.attempts and state.next_try_at:
        # Told in whole minutes: the pause is a guess of ours, not a promise.
        minutes = max(1, math.ceil((state.next_try_at - reader.now).total_seconds() / 60))
        return _("Not sent yet; tried again in %(minutes)s min") % {"minutes": minutes}
    if state.next_try_at and state.next_try_at > reader.now:
        # It waits for the end of the quiet hours.
        return _("Leaves %(when)s") % {"when": reader.exact(state.next_try_at)}
    return _("Sending")


def _reported(told: Reported) -> str:
    """How far the service says it has come."""
    words = {
        Reported.NOTHING: _("Sent"),
        Reported.UNKNOWN: _("Sent; what was reported then is not understood"),
        Reported.DEFERRED: _("Sent, their server asks to wait"),
        Reported.DELIVERED: _("Delivered"),
        Reported.OPENED: _("Opened"),
        Reported.COMPLAINED: _("Reported as spam"),
    }
    return words[told]


def _not_delivered(message_id: int, state: Delivery) -> inbox.Delivery:
    retry = Act(_("Send again"), reverse("desk:retry", args=[message_id]), "refresh")
    text = _("Came back") if state.state is DispatchState.BOUNCED else _("Not sent")
    failed = state.state is DispatchState.FAILED
    return inbox.Delivery("failed", text, retry=retry if failed else None, reason=state.error)


def _route(item: MessageItem, reader: Reader) -> str:
    """From whom, to whom, and when exactly."""
    lines = [reader.exact(item.sent_at or item.at)]
    if item.sender:
        lines.append(_("From: %(who)s") % {"who": _party(item.sender)})
    if item.to:
        lines.append(_("To: %(who)s") % {"who": ", ".join(map(_party, item.to))})
    if item.cc:
        lines.append(_("Copy: %(who)s") % {"who": ", ".join(map(_party, item.cc))})
    return "\n".join(lines)


def _party(party: Party) -> str:
    return f"{party.name} <{party.value}>" if party.name else party.value


def _chip(kind: MessageKind) -> Chip | None:
    if kind is MessageKind.AUTOMATIC:
        return Chip(_("Automatic"))
    if kind is MessageKind.BOUNCE:
        return Chip(_("Came back"), Tone.LATE)
    return Chip(_("Could not be read"), Tone.LATE) if kind is MessageKind.UNREADABLE else None
