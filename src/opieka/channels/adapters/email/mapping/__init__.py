"""From the raw bytes of a mail to what it says. Pure: no database, no network, no clock."""

from __future__ import annotations

import re

from opieka.channels.adapters.email.mapping import (
    addresses,
    automatic,
    bodies,
    bounces,
    charsets,
    dates,
    folding,
    headers,
    ids,
    mime,
)
from opieka.channels.adapters.email.mapping.headers import Headers
from opieka.channels.adapters.email.mapping.mime import Part
from opieka.channels.types import Address, ParsedMail

_BOM = b"\xef\xbb\xbf"
_FORWARD = re.compile(
    r"\s*(?:fwd?|fw|pd|wg|tr|rv|enc|vb|vl|doorst|i|прсл|пер|πρθ|ilt|i̇lt|tov[áa]bb[íi]t[áa]s)\s*:", re.I
)
"""The subject of a message passed on, in the languages of mail programs; after `Re:` it is the other's."""
_DELIVERED = (
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-forwarded-to",
    "x-delivered-to",
)


def parse(raw: bytes) -> ParsedMail:
    """Read a mail, however broken; never raises. What cannot be understood is kept as text or as a file."""
    try:
        return _parse(_normal(raw))
    except Exception as problem:  # noqa: BLE001 # the last line of defence: a person sees the mail all the same
        return _unreadable(raw, problem)


def _normal(raw: bytes) -> bytes:
    raw = raw.removeprefix(_BOM)
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raw = raw.decode("utf-16", "replace").encode("utf-8")
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
    return raw.lstrip(b"\r\n") if raw[:1] in {b"\r", b"\n"} else raw


def _unreadable(raw: bytes, problem: Exception) -> ParsedMail:
    """The mail as a file, with what can be said of it without reading it closely; nothing may answer it."""
    fields, body = headers.read(raw, 0, len(raw))
    return ParsedMail(
        message_id=ids.one(fields.first("message-id")),
        subject=fields.text("subject"),
        sender=_sender(fields, None),
        text=charsets.decode(raw[body:]).replace("\x00", ""),
        attachments=tuple(
            bodies.attachments([bodies.File(None, "message/rfc822", None, "attachment", raw)], None)
        ),
        automatic=True,
        defects=(f"unreadable-{type(problem).__name__}",),
    )


def _parse(raw: bytes) -> ParsedMail:
    tree = mime.tree(raw)
    root, fields = tree.root, tree.root.headers
    found = bodies.select(root)
    text, html = found.text(), found.html()
    hint = _charset(root)
    subject = fields.text("subject", hint)
    origin = automatic.origin(root, subject)
    bounce = bounces.find(root, text, subject)
    reply, quoted = _folded(text, html if found.only_html() else None, bool(_FORWARD.match(subject)))
    return ParsedMail(
        message_id=ids.one(fields.first("message-id")),
        in_reply_to=ids.every(fields.first("in-reply-to")),
        references=ids.every(" ".join(fields.raw("references"))),
        date=next(filter(None, map(dates.parse, fields.raw("date"))), None),
        subject=subject,
        sender=_sender(fields, hint),
        to=_addresses(fields, "to", hint),
        cc=_addresses(fields, "cc", hint),
        reply_to=_addresses(fields, "reply-to", hint),
        delivered_to=_delivered(fields),
        text=text,
        html=html,
        reply_text=reply,
        quoted_text=quoted,
        attachments=tuple(bodies.attachments(found.files, html)),
        auto_reply=origin.reply or bounce is not None,
        automatic=origin.automatic or bounce is not None,
        list_id=ids.one(fields.first("list-id")),
        loop_mark=fields.first("x-opieka-loop") or None,
        bounce=bounce,
        defects=tuple(dict.fromkeys(tree.defects + found.defects)),
    )


def _folded(text: str, html: str | None, forwards: bool) -> tuple[str, str]:
    """What is new and what is quoted; from the HTML where the mail has no text of its own."""
    folded = folding.fold_html(html, forwards=forwards) if html else folding.fold(text, forwards=forwards)
    return folded.reply, folded.quoted


def _charset(part: Part) -> str | None:
    """A likely charset of raw bytes in headers: the one of the first text part."""
    while part.parts:
        part = part.parts[0]
    return part.params.get("charset")


def _sender(fields: Headers, hint: str | None) -> Address | None:
    """Who wrote it: From, else Sender, else the envelope."""
    for name in ("from", "sender", "return-path"):
        if found := _addresses(fields, name, hint):
            return next((each for each in found if each.email), found[0])
    return None


def _addresses(fields: Headers, name: str, hint: str | None) -> tuple[Address, ...]:
    return tuple(each for value in fields.raw(name, hint) for each in addresses.parse(value))


def _delivered(fields: Headers) -> tuple[str, ...]:
    """The addresses it was really sent to, as the receiving servers noted them."""
    found = (each.email for name in _DELIVERED for each in _addresses(fields, name, None))
    return tuple(dict.fromkeys(email for email in found if email))
