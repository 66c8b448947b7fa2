"""Transfer encodings: base64, quoted-printable, uuencode, and what broken programs make of them."""

from __future__ import annotations

import binascii
import contextlib
import re
from typing import NamedTuple

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64 = bytes(sorted(set(range(256)) - set(_ALPHABET) - set(b"=")))
_BLANK = b" \t\r\n\x0b\x0c\x00"
_CLEAN_BASE64 = re.compile(rb"[A-Za-z0-9+/=\s]*")
_BETWEEN_WORDS = re.compile(rb"(?<=[A-Za-z0-9]) (?=[A-Za-z0-9])")
_PIECE = re.compile(rb"([^=]+)(=*)")
_SOFT_BREAK_WITH_BLANKS = re.compile(rb"=[ \t]+(?=\r?\n)")
_UU_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]*)\r?\n", re.MULTILINE)
_UU_FILE = re.compile(
    rb"^begin [0-7]{3,4} (?P<name>[^\r\n]{1,200})\r?\n"
    rb"(?P<lines>(?:[!-`][ -`]{1,84}\r?\n)+)(?:[ `]?\r?\n)?end[ \t]*(?:\r?\n|\Z)",
    re.MULTILINE,
)


class Decoded(NamedTuple):
    """The bytes; the name a uuencoded file brings; clear text after the end of base64, for whom it makes sense."""

    data: bytes
    filename: str | None = None
    defect: str | None = None
    footer: bytes = b""


def decode(body: bytes, encoding: str) -> Decoded:
    """`body` free of the transfer encoding a field names; an unknown or impossible one is none."""
    name = encoding.lower()
    if "base64" in name or name.strip() == "b":
        return _base64(body)
    if "quoted" in name or name.strip() == "q":
        return Decoded(quoted_printable(body))
    if "uue" in name or name.strip() in {"uu", "x-uu"}:
        return _uu(body)
    return Decoded(body)


def base64(data: bytes) -> bytes:
    """The bytes of base64 with junk, missing or repeated padding; never fails."""
    first = data.find(b"=")
    if first < 0 or not data[first:].strip(b"=" + _BLANK):
        with contextlib.suppress(binascii.Error):
            return binascii.a2b_base64(data)
    out = []
    for index, (chunk, padding) in enumerate(_PIECE.findall(data.translate(None, _NOT_BASE64))):
        if index and (len(chunk) + len(padding)) % 4:
            break  # not one more piece of base64 but junk after the end
        out.append(_quads(chunk))
    return b"".join(out)


def _quads(chunk: bytes) -> bytes:
    usable = chunk[:-1] if len(chunk) % 4 == 1 else chunk
    return binascii.a2b_base64(usable + b"=" * (-len(usable) % 4))


def _base64(body: bytes) -> Decoded:
    visible = len(body) - body.count(b"\n") - body.count(b"\r")
    junk = len(body.translate(None, _ALPHABET + b"=" + _BLANK))
    if junk and (footed := _with_footer(body)):
        return footed
    if junk * 8 >= max(visible, 1) or _has_words(body, visible):
        return Decoded(body, defect="not-base64" if body else None)
    return Decoded(base64(body), defect="base64-junk" if junk else None)


def _has_words(body: bytes, visible: int) -> bool:
    return b" " in body and len(_BETWEEN_WORDS.findall(body)) * 10 > visible


def _with_footer(body: bytes) -> Decoded | None:
    """Base64 followed by clear text, as list programs append it; the rest of the line it ends in is junk."""
    clean = _CLEAN_BASE64.match(body)
    good = clean.end() if clean else 0
    blank_line = max(body.rfind(b"\n\n", 0, good), body.rfind(b"\r\n\r\n", 0, good))
    end = body.rfind(b"=", 0, good) + 1 or blank_line + 1
    if end < 8:
        return None
    line_end = body.find(b"\n", end)
    footer = body[line_end:].strip(b"\r\n") if line_end >= 0 else b""
    return Decoded(base64(body[:end]), defect="base64-footer", footer=b"\n" + footer if footer else b"")


def quoted_printable(body: bytes) -> bytes:
    """The bytes of quoted-printable; what is not an escape stays as it stands."""
    if b"= " in body or b"=\t" in body:
        body = _SOFT_BREAK_WITH_BLANKS.sub(b"=", body)
    return binascii.a2b_qp(body)


def _uu(body: bytes) -> Decoded:
    begin = _UU_BEGIN.search(body)
    if begin is None:
        return Decoded(body, defect="not-uuencode")
    data = _uu_lines(body[begin.end() :])
    return Decoded(data, begin[1].decode("utf-8", "replace").strip() or None)


def _uu_lines(lines: bytes) -> bytes:
    out = []
    for line in lines.split(b"\n"):
        bare = line.rstrip(b"\r")
        if bare.rstrip() == b"end" or bare[:1] in {b"`", b" "}:
            break
        if bare:
            out.append(_uu_line(bare))
    return b"".join(out)


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        length = (line[0] - 32) & 63
        try:
            return binascii.a2b_uu(line[: 1 + (length * 4 + 2) // 3])
        except binascii.Error:
            return b""


def uu_files(text: bytes) -> tuple[bytes, list[Decoded]]:
    """Files written into a plain text between `begin` and `end`, and the text without them."""
    if b"\nend" not in text or not _UU_BEGIN.search(text):
        return text, []
    found = [
        Decoded(_uu_lines(match["lines"]), match["name"].decode("utf-8", "replace").strip())
        for match in _UU_FILE.finditer(text)
    ]
    return (_UU_FILE.sub(b"", text), found) if found else (text, [])
