"""Delivery reports in the form of RFC 3464."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from opieka.channels.adapters.email.mapping import charsets, encodings, headers, ids
from opieka.channels.adapters.email.mapping.bounces import status
from opieka.channels.adapters.email.mapping.headers import Headers
from opieka.channels.adapters.email.mapping.mime import Part
from opieka.channels.types import Bounce, BounceKind

STATUS_TYPES = {"message/delivery-status", "message/global-delivery-status"}
_BLANK_LINE = re.compile(rb"(?:\r*\n[ \t]*){2,}")
_FIELD_START = re.compile(
    rb"^(?:final-recipient|original-recipient|x-actual-recipient|action|status|diagnostic-code)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_NAMED = re.compile(rb"^(?:final|original)-recipient[ \t]*:", re.IGNORECASE | re.MULTILINE)
_EMAIL = re.compile(r"[^\s<>\"(),;:]{1,256}@[^\s<>\"(),;:]+")
_RECIPIENTS = ("final-recipient", "original-recipient", "x-actual-recipient")
_MOST_RECIPIENTS = 2000
_GOOD_NEWS = {"delivered", "relayed", "expanded"}


class Failure(NamedTuple):
    """What a report says of one recipient."""

    recipient: str | None
    status: str
    kind: BounceKind


def failures(root: Part, *, in_text: bool) -> tuple[list[Failure], bool]:
    """Every recipient that was not reached, and whether there was a report at all.

    `in_text`: the report may stand in a plain text, as some servers send it; in a letter it is only quoted.
    """
    groups = [fields for part in leaves(root) if _may_hold(part, in_text) for fields in _groups(part)]
    told = [fields for fields in groups if any(name in fields for name in (*_RECIPIENTS, "action"))]
    return [found for fields in told if (found := _failure(fields))], bool(told)


def worst(found: list[Failure]) -> Failure | None:
    """The first final failure, else the first delay."""
    return next((each for each in found if each.kind is BounceKind.HARD), found[0] if found else None)


def leaves(part: Part) -> Iterator[Part]:
    """Every part without children."""
    if not part.multipart:
        yield part
    for child in part.parts:
        yield from leaves(child)


def _may_hold(part: Part, in_text: bool) -> bool:
    if part.content_type in STATUS_TYPES:
        return True
    return in_text and part.content_type == "text/plain" and bool(_NAMED.search(part.body))


def _groups(part: Part) -> Iterator[Headers]:
    body = encodings.decode(part.body, part.encoding).data
    for block in _BLANK_LINE.split(body, _MOST_RECIPIENTS):
        start = _FIELD_START.search(block)
        if start:
            yield headers.read(block, start.start(), len(block))[0]


def _failure(fields: Headers) -> Failure | None:
    action = re.sub(r"[^a-z].*", "", fields.first("action").strip().lower())
    if action in _GOOD_NEWS:
        return None
    diagnostic = headers.words(" ".join(fields.raw("diagnostic-code")))
    code = _status(fields.first("status"), diagnostic, delayed=action == "delayed")
    if code is None:
        return None
    return Failure(_recipient(fields), code, BounceKind.SOFT if action == "delayed" else status.kind(code))


def _status(said: str, diagnostic: str, *, delayed: bool) -> str | None:
    """The reported status; the diagnostic may know better than `5.0.0`."""
    found = status.enhanced(said)
    better = status.enhanced(diagnostic, found[0] if found else "45") or (
        None if found else status.reply(diagnostic)
    )
    if found is None or (found.endswith(".0.0") and better):
        found = better or found
    if found is None and not said.strip().startswith("2"):
        found = "4.0.0" if delayed else "5.0.0"
    return found


def _recipient(fields: Headers) -> str | None:
    for name in _RECIPIENTS:
        for value in fields.raw(name):
            said = headers.words(value.split(";", 1)[-1])
            if found := _EMAIL.search(said):
                return found[0].strip("'.")
    return None


def original_id(root: Part) -> str | None:
    """The Message-ID of the mail that came back, from its quoted headers."""
    for part in leaves(root):
        if part.content_type in {
            "message/rfc822",
            "text/rfc822-headers",
            "message/global",
            "message/global-headers",
        }:
            body = encodings.decode(part.body, part.encoding).data.lstrip(b"\r\n")
            if original := ids.one(headers.read(body, 0, len(body))[0].first("message-id")):
                return original
    for part in leaves(root):
        if part.content_type == "text/plain" and (found := _QUOTED_ID.search(charsets.decode(part.body))):
            return ids.one(found[1])
    return None


_QUOTED_ID = re.compile(r"^[ \t>|]*message-id:\s*(<[^<>\s]{3,250}>)", re.IGNORECASE | re.MULTILINE)


def bounce(found: Failure, root: Part) -> Bounce:
    """The failure as the domain's word for it."""
    return Bounce(found.kind, found.status, found.recipient, original_id(root))
