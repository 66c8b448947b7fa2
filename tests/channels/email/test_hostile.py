"""Large input made to be slow: every mail is read in time that grows with its size."""

from __future__ import annotations

import time

import pytest

from opieka.channels.adapters.email.mapping import parse

MEGABYTES = 5
SECONDS = 4.0  # of processor time; an idle machine needs less than half of it
HTML = b"From: a@b.example\nContent-Type: text/html; charset=utf-8\n\n"
TEXT = b"From: MAILER-DAEMON@b.example\nSubject: failure notice\nReturn-Path: <>\n\n"
MIXED = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n"


def filled(head: bytes, piece: bytes) -> bytes:
    return head + piece * (MEGABYTES * 1_000_000 // len(piece))


def nested(depth: int) -> bytes:
    levels = [
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(depth)
    ]
    return b"From: a@b.example\n" + b"".join(levels) + b"\nbody\n"


SLOW = {
    "marks": filled(MIXED, b"--x\n"),
    "other marks": filled(MIXED, b"--y\n") + b"--x\n\nbody",
    "hyphens": filled(MIXED, b"-"),
    "hyphens in lines": filled(MIXED, b"-- --\n"),
    "nesting": nested(80_000),
    "nesting of one boundary": filled(MIXED, b"--x\nContent-Type: multipart/mixed; boundary=x\n\n"),
    "headers": filled(b"From: a@b.example\n", b"X-A: b\n"),
    "folded header": filled(b"From: a@b.example\nSubject: x\n", b" y\n"),
    "blank header lines": filled(b"From: a@b.example\nSubject: x\n", b" \n"),
    "stray lines": filled(b"From: a@b.example\n", b"junk\nTo: x@y.example\n"),
    "addresses": b"To: " + b"a@b.example, " * 400_000 + b"\nFrom: a@b.example\n\nx",
    "names": b"To: " + b"a " * 2_500_000 + b"\nFrom: a@b.example\n\nx",
    "quotes": b"To: " + b'"' * 5_000_000 + b"\nFrom: a@b.example\n\nx",
    "backslashes": b'To: "' + b"\\" * 5_000_000 + b"\nFrom: a@b.example\n\nx",
    "brackets": b"To: " + b"<" * 5_000_000 + b"\nFrom: a@b.example\n\nx",
    "parentheses": b"To: " + b"(" * 5_000_000 + b"\nFrom: a@b.example\n\nx",
    "at signs": b"To: " + b"@" * 5_000_000 + b"\nFrom: a@b.example\n\nx",
    "encoded words": b"From: a@b.example\nSubject: " + b"=?utf-8?q?a?= " * 300_000 + b"\n\nx",
    "open encoded words": b"From: a@b.example\nSubject: " + b"=?utf-8?q?" * 500_000 + b"\n\nx",
    "question marks": b"From: a@b.example\nSubject: =?utf-8?q?" + b"?" * 5_000_000 + b"\n\nx",
    "parameters": b"From: a@b.example\nContent-Type: text/plain" + b"; a=b" * 1_000_000 + b"\n\nx",
    "parameter sections": b"From: a@b.example\nContent-Type: text/plain"
    + b"; name*1*=a" * 450_000
    + b"\n\nx",
    "references": b"From: a@b.example\nReferences: " + b"<a@b> " * 800_000 + b"\n\nx",
    "open ids": b"From: a@b.example\nMessage-ID: " + b"<" * 5_000_000 + b"\n\nx",
    "open comments": filled(HTML, b"<!--"),
    "open tags": filled(HTML, b"<"),
    "deep divs": HTML + b"<div>" * 100_000,
    "deep quotes": HTML + b"<blockquote>" * 100_000 + b"text",
    "misnested": HTML + b"<b><i><u><p>" * 30_000,
    "tables": HTML + b"<table><tr><td>" * 50_000,
    "attributes": HTML + b"<p " + b'a="b" ' * 500_000 + b">x",
    "entities": filled(HTML, b"&amp;"),
    "cid": filled(HTML, b"cid:src = "),
    "meta": filled(HTML, b"<meta "),
    "high bytes": filled(b"From: a@b.example\nContent-Type: text/plain\n\n", b"\xb9\xe6 "),
    "base64 junk": filled(b"From: a@b.example\nContent-Transfer-Encoding: base64\n\n", b"AA=="),
    "quoted-printable": filled(
        b"From: a@b.example\nContent-Transfer-Encoding: quoted-printable\n\n", b"= \n"
    ),
    "uuencode": filled(b"From: a@b.example\n\n", b"begin 644 a\n") + b"\nend\n",
    "uuencode lines": b"From: a@b.example\n\nbegin 644 a\n" + b"#AAAA\n" * 800_000 + b"\nendx\n",
    "notice words": filled(TEXT, b"mailbox "),
    "notice hyphens": filled(TEXT, b"-"),
    "notice digits": filled(TEXT, b"5.1."),
    "notice addresses": filled(TEXT, b"a@b.example\n"),
    "notice spaces": filled(TEXT, b" "),
    "notice newlines": filled(TEXT, b"x\n\n"),
    "notice one word": filled(TEXT, b"a"),
    "subject": b"From: postmaster@b.example\nSubject: " + b"a " * 2_500_000 + b"\n\nx",
    "subject of punctuation": b"From: postmaster@b.example\nSubject: " + b"*" * 5_000_000 + b"\n\nx",
    "report": filled(b"From: a@b.example\nContent-Type: message/delivery-status\n\n", b"Action: failed\n\n"),
    "report lines": filled(b"From: a@b.example\nContent-Type: message/delivery-status\n\n", b" \n"),
    "winmail": b"From: a@b.example\nContent-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22"
    + b"\x00" * 5_000_000,
}


@pytest.mark.parametrize("name", SLOW)
def test_large_hostile_mail_is_read_in_time(name: str) -> None:
    begin = time.process_time()
    found = parse(SLOW[name])
    assert time.process_time() - begin < SECONDS
    assert not any(code.startswith("unreadable") for code in found.defects)
