"""Whole mails: real ones of others, and any bytes at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opieka.channels.adapters.email import mapping
from opieka.channels.adapters.email.mapping import parse
from opieka.channels.types import Address, ParsedMail


def mail(head: str, body: str | bytes = "") -> ParsedMail:
    """Parse a mail written with plain newlines; a failure inside is not hidden."""
    raw = head.strip().encode() + b"\n\n" + (body if isinstance(body, bytes) else body.encode())
    found = parse(raw)
    assert not any(code.startswith("unreadable") for code in found.defects)
    return found


@pytest.mark.shared
def test_every_real_mail_is_read(shared: Path) -> None:
    paths = [*(shared / "fixtures" / "mail").rglob("*.eml"), *(shared / "fixtures" / "replies").rglob("*.*")]
    assert len(paths) > 220
    for path in paths:
        raw = path.read_bytes()
        found = parse(raw)
        assert not any(code.startswith("unreadable") for code in found.defects), path
        assert found == parse(raw), path


SKELETON = (
    b"From: a@example.com\r\nTo: b@example.com\r\nSubject: =?utf-8?Q?za=C5=BC=C3=B3=C5=82=C4=87?=\r\n"
    b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n'
    b"--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    b"tekst\r\n--x\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    b"JVBERi0xLjQK\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>tekst</p>\r\n--x--\r\n"
)


def unbroken(raw: bytes) -> ParsedMail:
    found = parse(raw)
    assert not any(code.startswith("unreadable") for code in found.defects), found.defects
    assert found == parse(raw)
    found.text.encode("utf-8", "surrogatepass")
    assert "\x00" not in found.text
    return found


@given(st.binary(max_size=2000))
def test_any_bytes_can_be_read(raw: bytes) -> None:
    unbroken(raw)


@given(st.data())
@settings(max_examples=300)
def test_a_damaged_mail_can_be_read(data: st.DataObject) -> None:
    raw = bytearray(SKELETON)
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(raw) - 1))
        piece = data.draw(
            st.sampled_from([b"", b"\x00", b"\n", b"\r", b'"', b"=?", b"--x", b";", b"\xff", b"(", b"<"])
        )
        raw[at : at + data.draw(st.integers(0, 4))] = piece
    unbroken(bytes(raw))


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=4))
def test_no_byte_of_an_attachment_is_lost(files: list[bytes]) -> None:
    import base64

    parts = b"".join(
        b"--==b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(each)
        + b"\r\n"
        for each in files
    )
    raw = (
        b"From: a@example.com\r\nContent-Type: multipart/mixed; boundary===b\r\n\r\n" + parts + b"--==b--\r\n"
    )
    assert [each.data for each in unbroken(raw).attachments] == files


def test_a_failure_inside_still_gives_a_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(mapping.mime, "tree", broken)
    found = parse(b"Subject: x\nFrom: a@b.pl\n\nbody")
    assert found.defects == ("unreadable-RuntimeError",)
    assert found.attachments[0].data == b"Subject: x\nFrom: a@b.pl\n\nbody"
    assert (found.subject, found.sender, found.text) == ("x", Address("", "a@b.pl"), "body")
