"""winmail.dat: streams built by the specification ([MS-OXTNEF]), opened and broken."""

from __future__ import annotations

import base64
import struct

from hypothesis import given
from hypothesis import strategies as st

from opieka.channels.adapters.email.mapping import parse, tnef

MESSAGE, ATTACHMENT = 1, 2
PNG = b"\x89PNG data"


def attribute(level: int, name: int, value: bytes) -> bytes:
    return struct.pack("<BHHI", level, name, 6, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def properties(*found: tuple[int, int, bytes]) -> bytes:
    out = struct.pack("<I", len(found))
    for kind, name, value in found:
        out += struct.pack("<HH", kind, name)
        if name >= 0x8000:
            out += b"\0" * 16 + struct.pack("<II", 0, 1)
        if kind in {30, 31, 258, 13}:
            out += struct.pack("<II", 1, len(value)) + value + b"\0" * (-len(value) % 4)
        else:
            out += value
    return out


def stream(*attributes: bytes) -> bytes:
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join(attributes)


def file(name: str, data: bytes, *more: tuple[int, int, bytes]) -> bytes:
    long_name = name.encode("utf-16-le") + b"\0\0"
    return (
        attribute(ATTACHMENT, 0x9002, b"\0" * 14)
        + attribute(ATTACHMENT, 0x8010, b"SHORT.TXT\0")
        + attribute(ATTACHMENT, 0x800F, data)
        + attribute(ATTACHMENT, 0x9005, properties((3, 0x8001, b"\0" * 4), (31, 0x3707, long_name), *more))
    )


CODEPAGE = attribute(MESSAGE, 0x9007, struct.pack("<II", 1250, 0))


def test_files_and_their_names() -> None:
    picture = (30, 0x370E, b"image/png\0"), (31, 0x3712, "i1@x\0".encode("utf-16-le"))
    opened = tnef.read(stream(CODEPAGE, file("żółw.png", PNG, *picture), file("b.txt", b"tekst")))
    assert opened is not None
    assert [(each.name, each.content_type, each.content_id, each.data) for each in opened.files] == [
        ("żółw.png", "image/png", "i1@x", PNG),
        ("b.txt", "application/octet-stream", None, b"tekst"),
    ]


def winmail(data: bytes, text: str = "") -> bytes:
    return (
        f"From: a@example.pl\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n{text}\n"
        "--b\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
        f"{base64.encodebytes(data).decode()}\n--b--\n"
    ).encode()


def test_a_mail_with_winmail_shows_what_is_inside() -> None:
    body = attribute(MESSAGE, 0x800C, "zażółć\0".encode("cp1250"))
    found = parse(winmail(stream(CODEPAGE, body, file("a.png", PNG))))
    assert found.text == "zażółć"
    assert [(each.filename, each.data) for each in found.attachments] == [("a.png", PNG)]


def test_the_text_of_the_mail_goes_before_the_one_inside() -> None:
    html = attribute(MESSAGE, 0x9003, properties((258, 0x1013, b"<p>inside</p>")))
    assert parse(winmail(stream(html), "outside")).text == "outside"
    assert parse(winmail(stream(html))).html == "<p>inside</p>"
    assert parse(winmail(stream(html))).text == "inside"


def test_what_cannot_be_opened_stays() -> None:
    for data in (b"", b"no tnef", stream(), stream(CODEPAGE)[:-3], stream(file("a.png", PNG))[:-20]):
        found = parse(winmail(data))
        assert [(each.filename, each.data) for each in found.attachments] == [("winmail.dat", data)]


@given(st.data())
def test_damage_never_raises(data: st.DataObject) -> None:
    raw = bytearray(stream(CODEPAGE, file("a.png", PNG)))
    for _ in range(data.draw(st.integers(1, 5))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    tnef.read(bytes(raw[: data.draw(st.integers(0, len(raw)))]))
