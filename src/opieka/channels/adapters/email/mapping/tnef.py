"""winmail.dat opened: attachments and body, after [MS-OXTNEF]."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from opieka.channels.adapters.email.mapping import charsets

_SIGNATURE = 0x223E9F78
_ATT_OEM_CODEPAGE = 0x9007
_ATT_BODY = 0x800C
_ATT_MESSAGE_PROPS = 0x9003
_ATT_RENDER = 0x9002
_ATT_TITLE = 0x8010
_ATT_DATA = 0x800F
_ATT_ATTACHMENT = 0x9005

_BODY, _BODY_HTML = 0x1000, 0x1013
_FILENAME, _LONG_FILENAME, _DISPLAY_NAME = 0x3704, 0x3707, 0x3001
_DATA, _MIME, _CONTENT_ID = 0x3701, 0x370E, 0x3712
_RTF = 0x1009

_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16}
_STRING8, _UNICODE, _OBJECT, _BINARY = 30, 31, 13, 258
_MULTIPLE = 0x1000
_MOST = 5000


@dataclass(slots=True)
class InnerFile:
    name: str | None = None
    content_type: str = "application/octet-stream"
    content_id: str | None = None
    data: bytes = b""


@dataclass(slots=True)
class Opened:
    files: list[InnerFile] = field(default_factory=list)
    text: str | None = None
    html: str | None = None


class _Broken(Exception):
    pass


def read(data: bytes) -> Opened | None:
    """What is inside a TNEF stream; None when it cannot be read or holds nothing to show."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != _SIGNATURE:
        return None
    reader = _Reader(data)
    try:
        reader.attributes()
    except (_Broken, struct.error):
        return None
    opened = reader.opened
    return opened if opened.files or opened.text or opened.html else None


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.opened = Opened()
        self.codepage = "cp1252"

    def attributes(self) -> None:
        """Each attribute: level, id, type, length, data, checksum."""
        at = 6
        while at + 9 <= len(self.data):
            name, _kind, length = struct.unpack_from("<HHI", self.data, at + 1)
            begin = at + 9
            if begin + length > len(self.data):
                raise _Broken
            self._attribute(name, self.data[begin : begin + length])
            at = begin + length + 2

    def _attribute(self, name: int, value: bytes) -> None:
        if name == _ATT_OEM_CODEPAGE and len(value) >= 4:
            self.codepage = f"cp{struct.unpack_from('<I', value)[0]}"
        elif name == _ATT_BODY:
            self.opened.text = self.opened.text or self._string(value)
        elif name == _ATT_MESSAGE_PROPS:
            self._message(_properties(value))
        elif name == _ATT_RENDER:
            self.opened.files.append(InnerFile())
        elif name in {_ATT_TITLE, _ATT_DATA, _ATT_ATTACHMENT}:
            self._file(name, value)

    def _file(self, name: int, value: bytes) -> None:
        if not self.opened.files:
            self.opened.files.append(InnerFile())
        inner = self.opened.files[-1]
        if name == _ATT_TITLE:
            inner.name = inner.name or self._string(value) or None
        elif name == _ATT_DATA:
            inner.data = value
        else:
            self._file_properties(inner, _properties(value))

    def _file_properties(self, inner: InnerFile, found: dict[int, tuple[int, bytes]]) -> None:
        names = [self._property(found, each) for each in (_LONG_FILENAME, _FILENAME, _DISPLAY_NAME)]
        inner.name = next((name for name in names if name), inner.name)
        inner.content_type = self._property(found, _MIME) or inner.content_type
        inner.content_id = self._property(found, _CONTENT_ID) or None
        kind, value = found.get(_DATA, (0, b""))
        if value:
            # An object begins with the id of its interface; an embedded message is a TNEF stream of its own.
            inner.data = value[16:] if kind == _OBJECT else value

    def _message(self, found: dict[int, tuple[int, bytes]]) -> None:
        self.opened.text = self._property(found, _BODY) or self.opened.text
        if _BODY_HTML in found:
            self.opened.html = charsets.decode(found[_BODY_HTML][1], None).rstrip("\x00") or None

    def _property(self, found: dict[int, tuple[int, bytes]], name: int) -> str:
        kind, value = found.get(name, (0, b""))
        if kind == _UNICODE:
            return value.decode("utf-16-le", "replace").rstrip("\x00")
        return self._string(value)

    def _string(self, value: bytes) -> str:
        return charsets.decode(value.rstrip(b"\x00"), self.codepage)


def _properties(data: bytes) -> dict[int, tuple[int, bytes]]:
    """MAPI properties by id: type and bytes of the (first) value."""
    found: dict[int, tuple[int, bytes]] = {}
    (count,) = struct.unpack_from("<I", data)
    at = 4
    for _ in range(min(count, _MOST)):
        kind, name = struct.unpack_from("<HH", data, at)
        at += 4
        if name >= 0x8000:
            at = _named(data, at)
        value, at = _values(data, at, kind)
        found.setdefault(name, (kind & ~_MULTIPLE, value))
    return found


def _named(data: bytes, at: int) -> int:
    """Skip the GUID and the number or string that names a property."""
    (kind,) = struct.unpack_from("<I", data, at + 16)
    if kind == 0:
        return at + 24
    (length,) = struct.unpack_from("<I", data, at + 20)
    return at + 24 + _padded(length)


def _values(data: bytes, at: int, kind: int) -> tuple[bytes, int]:
    base = kind & ~_MULTIPLE
    counted = bool(kind & _MULTIPLE) or base in {_STRING8, _UNICODE, _OBJECT, _BINARY}
    count = 1
    if counted:
        (count,) = struct.unpack_from("<I", data, at)
        at += 4
    first = b""
    for index in range(min(count, _MOST)):
        value, at = _value(data, at, base)
        if index == 0:
            first = value
    return first, at


def _value(data: bytes, at: int, base: int) -> tuple[bytes, int]:
    if base in _FIXED:
        return data[at : at + _FIXED[base]], at + _FIXED[base]
    if base not in {_STRING8, _UNICODE, _OBJECT, _BINARY}:
        raise _Broken
    (length,) = struct.unpack_from("<I", data, at)
    at += 4
    if at + length > len(data):
        raise _Broken
    return data[at : at + length], at + _padded(length)


def _padded(length: int) -> int:
    return (length + 3) // 4 * 4
