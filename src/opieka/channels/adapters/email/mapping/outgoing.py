"""An outgoing message as RFC 5322 bytes.

Headers with addresses and ids are written here, line by line: the standard library folds long ones by
encoding them, which breaks threading and addresses at other mail programs. The body is the library's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime

from opieka.channels.adapters.email.mapping import html
from opieka.channels.types import LOOP_HEADER, MessageFile, Outgoing, Party

LONGEST_ID = 250
MOST_REFERENCES = 30
MOST_REFERENCES_KEPT_FIRST = 1
_SPECIALS = re.compile(r"[^\w !#$%&'*+\-/=?^`{|}~]", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_ID = re.compile(r"[^\s<>]+@[^\s<>]+")


@dataclass(frozen=True)
class Look:
    """How mails look that a shop writes by itself: its name, its colour as it is readable on white, and its
    logo's address."""

    name: str
    accent: str
    logo: str = ""


@dataclass(frozen=True)
class Frame:
    """What surrounds the message: who writes, where answers go, the marks of this installation, and its look."""

    message_id: str
    sender: Party
    reply_to: Party
    date: datetime
    loop_mark: str
    look: Look | None = None


def compose(message: Outgoing, frame: Frame, files: Mapping[str, bytes]) -> bytes:
    """The complete message with CRLF line ends; `files` has the bytes of each file by its hash."""
    body = _body(message, frame.look, files)
    head = "\r\n".join(f"{name}: {value}" for name, value in _headers(message, frame) if value)
    return head.encode() + b"\r\n" + body.as_bytes(policy=SMTP)


def ascii_address(address: str) -> str:
    """The address with its domain in Punycode; a local part outside ASCII stays as it is."""
    local, _, host = address.strip().rpartition("@")
    try:
        return f"{local}@{host.encode('idna').decode()}"
    except UnicodeError:
        return address.strip()


def _headers(message: Outgoing, frame: Frame) -> list[tuple[str, str]]:
    replied = _ids([message.in_reply_to])
    thread = _ids([*message.references, message.in_reply_to])
    if len(thread) > MOST_REFERENCES:
        thread = thread[:MOST_REFERENCES_KEPT_FIRST] + thread[MOST_REFERENCES_KEPT_FIRST - MOST_REFERENCES :]
    return [
        ("Date", format_datetime(frame.date)),
        ("Message-ID", f"<{frame.message_id}>"),
        ("From", _address(frame.sender)),
        ("Reply-To", _address(frame.reply_to) if frame.reply_to.value != frame.sender.value else ""),
        ("To", _addresses(message.to)),
        ("Cc", _addresses(message.cc)),
        ("Subject", _text(message.subject, len("Subject: "))),
        ("In-Reply-To", "\r\n ".join(replied)),
        ("References", "\r\n ".join(thread)),
        ("Content-Language", message.language),
        ("Auto-Submitted", "auto-generated" if message.automatic else ""),
        ("X-Auto-Response-Suppress", "All" if message.automatic else ""),
        (LOOP_HEADER, frame.loop_mark),
    ]


def _ids(ids: Iterable[str]) -> list[str]:
    """Each id once, at its last place, in brackets; what cannot be an id is left out."""
    good = [each for each in ids if len(each) <= LONGEST_ID and _ID.fullmatch(each) and each.isascii()]
    last = {each: place for place, each in enumerate(good)}
    return [f"<{each}>" for place, each in enumerate(good) if last[each] == place]


def _addresses(parties: Iterable[Party]) -> str:
    return ",\r\n ".join(_address(party) for party in parties)


def _address(party: Party) -> str:
    address = ascii_address(_CONTROL.sub("", party.value))
    name = _CONTROL.sub(" ", party.name).strip()
    if not name:
        return address
    if not name.isascii():
        return f"{_text(name, 20)}\r\n <{address}>"
    if _SPECIALS.search(name):
        name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{name} <{address}>"


def _text(text: str, used: int) -> str:
    """Text as encoded words where it needs them, folded; `used` columns of the first line are taken."""
    text = " ".join(_CONTROL.sub(" ", text).split())
    if text.isascii() and "=?" not in text and len(text) + used <= 900:
        return text
    return Header(text, "utf-8", maxlinelen=76, header_name="x" * (used - 2)).encode(linesep="\r\n")


def _body(message: Outgoing, look: Look | None, files: Mapping[str, bytes]) -> EmailMessage:
    made = EmailMessage(policy=SMTP)
    _set_text(made, message.text, "plain")
    shown = message.html or html.from_text(message.text)
    _set_text(made, html.dressed(shown, **asdict(look)) if look else shown, "html")
    *_, related = made.iter_parts()
    for file in message.files:
        seen_inside = message.html and file.inline and file.content_id
        _attach(related if seen_inside else made, file, files[file.sha256], inside=bool(seen_inside))
    return made


def _set_text(made: EmailMessage, text: str, subtype: str) -> None:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    foreign = sum(not char.isascii() for char in text)
    # Quoted-printable triples Cyrillic and Greek; base64 is shorter when more than a sixth is foreign.
    encoding = "base64" if foreign * 6 > len(text) else "quoted-printable"
    add = made.set_content if subtype == "plain" else made.add_alternative
    add(text if text.endswith("\n") else text + "\n", subtype=subtype, charset="utf-8", cte=encoding)


def _attach(made: MIMEPart, file: MessageFile, data: bytes, *, inside: bool) -> None:
    kind, _, subtype = file.content_type.partition("/")
    if not subtype or kind in {"message", "multipart"}:
        kind, subtype = "application", "octet-stream"
    name = _CONTROL.sub(" ", file.filename).strip() or "file"
    if inside:
        made.add_related(
            data, kind, subtype, cid=f"<{file.content_id}>", filename=name, disposition="inline", cte="base64"
        )
    else:
        made.add_attachment(data, kind, subtype, filename=name, cte="base64")
