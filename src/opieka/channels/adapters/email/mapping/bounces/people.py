"""Whom a notice written for people is about."""

from __future__ import annotations

import re
from collections.abc import Iterable

from opieka.channels.adapters.email.mapping import addresses, charsets, encodings, headers
from opieka.channels.adapters.email.mapping.bounces.report import leaves
from opieka.channels.adapters.email.mapping.mime import Part

_EMAIL = re.compile(
    r"(?<![\w.+=/&-])[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}(?![\w@])"
)
_STRONG = re.compile(
    r"""(?:
    rcpt\s+to\s*:\s*
    |(?:failed\s+|final\s+|invalid\s+|intended\s+|original\s+)?
     (?:recipients?|addressees?|user|to|address(?:es)?|mailbox
     |odbiorc\w+|adresat\w*|получател\w+|empfänger\w*|destinat\w+|παραλήπτ\w+)
     (?:\s*\(s\)|\s+address)?\s*[:=]\s*
    |^[ \t]*(?:[*\u2022-][ \t]*)?
    )<?"?'?(?:smtp:|mailto:|rfc822;\s*)?$""",
    re.IGNORECASE | re.VERBOSE,
)
_ORIGINAL = re.compile(
    rb"^[ \t>|]*((?:to|cc)[ \t]*:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", re.IGNORECASE | re.MULTILINE
)
_ROBOTS = re.compile(
    r"^(?:mailer-daemon|postmaster|abuse|hostmaster|support|helpdesk|webmaster|no-?reply)@", re.IGNORECASE
)
_VERP = re.compile(r"[-+=]([^@=+]+)=([^@=]+\.[^@=]+)@")
_RETURNED = {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"}
_LIMIT = 20_000


def named(fields: headers.Headers) -> list[str]:
    """The addresses of X-Failed-Recipients, which Exim and Google set."""
    return [
        each.email
        for value in fields.raw("x-failed-recipients")
        for each in addresses.parse(value)
        if each.email
    ]


def recipient(notice: str, root: Part, copy: str) -> str | None:
    """Whom the notice is about: who the returned mail was sent to, else who stands where such stand."""
    own = {each.lower() for each in _own(root)}
    said = [
        (email, notice[max(found.start() - 60, 0) : found.start()])
        for found in _EMAIL.finditer(notice[:_LIMIT])
        if (email := found[0].strip("'")).lower() not in own
    ]
    sent_to = _sent_to(root, copy)
    wanted = {each.lower() for each in sent_to}
    pick = next((email for email, _ in said if email.lower() in wanted), None)
    pick = pick or next((email for email, before in said if _is_strong(email, before)), None)
    pick = pick or next((email for email in sent_to if email.lower() not in own), None)
    pick = pick or next((email for email, _ in said if not _ROBOTS.match(email)), None)
    return pick or _verp(root)


def _is_strong(email: str, before: str) -> bool:
    line = before.rpartition("\n")[2]
    return not _ROBOTS.match(email) and bool(_STRONG.search(line))


def _own(root: Part) -> Iterable[str]:
    """Who got the notice (and so sent the mail), and who wrote it."""
    for name in ("to", "delivered-to", "from", "sender", "reply-to", "x-original-to"):
        for value in root.headers.raw(name):
            yield from (each.email for each in addresses.parse(value))


def _sent_to(root: Part, copy: str) -> list[str]:
    """The recipients in the headers of the returned mail, attached or copied into the text."""
    returned = (part for part in leaves(root) if part.content_type in _RETURNED)
    blocks = [
        copy.encode("utf-8", "replace"),
        *(encodings.decode(part.body, part.encoding).data for part in returned),
    ]
    fields = (field[1].partition(b":")[2] for block in blocks for field in _ORIGINAL.finditer(block[:_LIMIT]))
    found = (
        each.email for field in fields for each in addresses.parse(headers.unfold(charsets.decode(field)))
    )
    return [email for email in found if "@" in email]


def _verp(root: Part) -> str | None:
    """Variable envelope return path: our own address holds the recipient's, `bounce+jan=example.pl@shop`."""
    for name in ("to", "delivered-to", "x-original-to"):
        if found := _VERP.search(root.headers.first(name)):
            return f"{found[1]}@{found[2]}"
    return None
