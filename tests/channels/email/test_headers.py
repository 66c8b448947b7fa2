"""Header fields: words, addresses, parameters, dates and ids, also broken ones."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opieka.channels.adapters.email.mapping import addresses, dates, headers, ids, parameters, parse
from opieka.channels.types import Address

WORDS = {
    "plain": "plain",
    "=?utf-8?Q?za=C5=BC=C3=B3=C5=82=C4=87?=": "zażółć",
    "=?UTF-8?B?emHFvMOzxYLEhw==?=": "zażółć",
    "=?UTF-8?B?emHFvMOzxYLEhw?=": "zażółć",
    "=?iso-8859-2?q?Pani_=A3ucja?= Nowak": "Pani Łucja Nowak",
    "=?utf-8?Q?=C5?= =?utf-8?Q?=BC?=": "ż",
    "=?utf-8?B?xQ==?=\t=?utf-8?B?vA==?=": "ż",
    "=?utf-8?Q?a?= =?iso-8859-2?Q?=B1?=": "aą",
    "=?utf-8?Q?a?= b =?utf-8?Q?c?=": "a b c",
    "=?utf-8?Q?a?==?utf-8?Q?b?=": "ab",
    "Re:=?utf-8?Q?a?=": "Re:a",
    "=?utf-8?Q?with spaces inside?=": "with spaces inside",
    "=?utf-8?Q?no end": "no end",
    "=?utf-8?Q?no end?": "no end",
    "=?utf-8*pl?Q?z=C5=82o?=": "zło",
    "=?x-unknown?Q?z=C5=82o?=": "zło",
    "=?iso-2022-jp?B?GyRCJF4kXyRgGyhC?=": "まみむ",
    "=?utf-7?Q?Fr+APY-sche?=": "Frösche",
    "=?gb2312?B?xOO6ww==?=": "你好",
    "=?windows-1251?B?z/Do4uXy?=": "Привет",
    "=?utf-8?Q?What??=": "What?",
    "a =? b": "a =? b",
    "=?utf-8?X?a?=": "=?utf-8?X?a?=",
}


@pytest.mark.parametrize(("raw", "text"), WORDS.items())
def test_encoded_words(raw: str, text: str) -> None:
    assert headers.words(raw) == text


ADDRESSES = {
    "jan@example.pl": [("", "jan@example.pl")],
    "<jan@example.pl>": [("", "jan@example.pl")],
    "Jan Kowalski <jan@example.pl>": [("Jan Kowalski", "jan@example.pl")],
    '"Kowalski, Jan" <jan@example.pl>': [("Kowalski, Jan", "jan@example.pl")],
    "Kowalski, Jan <jan@example.pl>": [("Kowalski, Jan", "jan@example.pl")],
    "'Jan Kowalski' <jan@example.pl>": [("Jan Kowalski", "jan@example.pl")],
    '"Jan \\"Jaś\\" K" <jan@example.pl>': [('Jan "Jaś" K', "jan@example.pl")],
    "jan@example.pl (Jan Kowalski)": [("Jan Kowalski", "jan@example.pl")],
    "a@x.pl, b@y.pl": [("", "a@x.pl"), ("", "b@y.pl")],
    "a@x.pl; B <b@y.pl>;": [("", "a@x.pl"), ("B", "b@y.pl")],
    ", a@x.pl, , b@y.pl": [("", "a@x.pl"), ("", "b@y.pl")],
    "undisclosed-recipients:;": [],
    "Klienci: Jan <a@x.pl>, b@y.pl;, c@z.pl": [("Jan", "a@x.pl"), ("", "b@y.pl"), ("", "c@z.pl")],
    "=?utf-8?Q?Kowalski,_Jan?= <jan@example.pl>": [("Kowalski, Jan", "jan@example.pl")],
    '"=?utf-8?Q?=C5=81ucja?=" <l@example.pl>': [("Łucja", "l@example.pl")],
    "=?utf-8?Q?Jan_=3Cjan=40example.pl=3E?=": [("Jan", "jan@example.pl")],
    "Jan": [("Jan", "")],
    "": [],
    "<>": [],
    "<@a.pl,@b.pl:jan@example.pl>": [("", "jan@example.pl")],
    "<mailto:jan@example.pl>": [("", "jan@example.pl")],
    "Jan < jan @ example.pl >": [("Jan", "jan@example.pl")],
    "łucja@żółw.example": [("", "łucja@żółw.example")],
    "l@xn--w-uga1v8h.example": [("", "l@xn--w-uga1v8h.example")],
    '"jan kowalski"@example.pl': [("", '"jan kowalski"@example.pl')],
    "Jan <jan@example.pl": [("Jan", "jan@example.pl")],
    "Jan jan@example.pl": [("Jan", "jan@example.pl")],
    '"Jan <jan@example.pl>': [("Jan", "jan@example.pl")],
    "a@x.pl <a@x.pl>": [("a@x.pl", "a@x.pl")],
}


@pytest.mark.parametrize(("raw", "expected"), ADDRESSES.items())
def test_addresses(raw: str, expected: list[tuple[str, str]]) -> None:
    assert list(addresses.parse(raw)) == [Address(*each) for each in expected]


PARAMETERS: dict[str, tuple[str, dict[str, str]]] = {
    "text/plain": ("text/plain", {}),
    'TEXT/Plain; Charset="UTF-8"': ("text/plain", {"charset": "UTF-8"}),
    "text/plain;charset=utf-8;format=flowed": ("text/plain", {"charset": "utf-8", "format": "flowed"}),
    'multipart/mixed boundary="x y"': ("multipart/mixed", {"boundary": "x y"}),
    "text/plain; charset=utf-8 format=flowed": ("text/plain", {"charset": "utf-8", "format": "flowed"}),
    "text / plain ; charset = utf-8": ("text/plain", {"charset": "utf-8"}),
    "attachment; filename=a b.pdf": ("attachment", {"filename": "a b.pdf"}),
    'attachment; filename="a;b.pdf"': ("attachment", {"filename": "a;b.pdf"}),
    'attachment; filename="a "b" c.pdf"': ("attachment", {"filename": 'a "b" c.pdf'}),
    'attachment; filename="a.pdf': ("attachment", {"filename": "a.pdf"}),
    'attachment; filename="a\\"b.pdf"': ("attachment", {"filename": 'a"b.pdf'}),
    'attachment; filename="C:\\tmp\\a.pdf"': ("attachment", {"filename": "C:\\tmp\\a.pdf"}),
    "attachment; filename*=utf-8''%C5%BC.pdf": ("attachment", {"filename": "ż.pdf"}),
    "attachment; filename*=iso-8859-2'pl'%BF.pdf": ("attachment", {"filename": "ż.pdf"}),
    "attachment; filename*0=a; filename*1=b.pdf": ("attachment", {"filename": "ab.pdf"}),
    "attachment; filename*1=b.pdf; filename*0=a": ("attachment", {"filename": "ab.pdf"}),
    "attachment; filename*0*=utf-8''%C5; filename*1*=%BC; filename*2=.pdf": (
        "attachment",
        {"filename": "ż.pdf"},
    ),
    "attachment; filename=z.pdf; filename*=utf-8''%C5%BC.pdf": ("attachment", {"filename": "ż.pdf"}),
    'attachment; filename="=?utf-8?Q?=C5=BC.pdf?="': ("attachment", {"filename": "ż.pdf"}),
    "attachment; filename==?utf-8?Q?=C5=BC.pdf?=": ("attachment", {"filename": "ż.pdf"}),
    "; filename=a.pdf": ("", {"filename": "a.pdf"}),
    "attachment;; filename=a.pdf;": ("attachment", {"filename": "a.pdf"}),
    "": ("", {}),
}


@pytest.mark.parametrize(("raw", "expected"), PARAMETERS.items())
def test_parameters(raw: str, expected: tuple[str, dict[str, str]]) -> None:
    assert parameters.split(raw) == expected


DATES = {
    "Mon, 23 Nov 2026 10:00:00 +0100": datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    "23 Nov 2026 10:00 -0500 (EST)": datetime(2026, 11, 23, 15, 0, tzinfo=UTC),
    "Mon, 23 Nov 26 10:00:00 GMT": datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
    "Mon Nov 23 10:00:00 2026": datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
    "2026-11-23T10:00:00Z": datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
    "2026-11-23 10:00:00.123 +02:00": datetime(2026, 11, 23, 8, 0, tzinfo=UTC),
    "Mon, 23 Nov 2026 10:00:00 CET": datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    "Mon, 23 Nov 2026 10:00:00 MSK": datetime(2026, 11, 23, 7, 0, tzinfo=UTC),
    "Mon, 23 Nov 2026 10:00:00 +01:00": datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    "Mon, 23 Nov 126 10:00:00 +0000": datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
    "pon, 23 lis 2026 10:00:00 +0100": datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    "Пн, 23 ноя 2026 10:00:00 +0300": datetime(2026, 11, 23, 7, 0, tzinfo=UTC),
    "Δευ, 23 Νοε 2026 10:00:00 +0200": datetime(2026, 11, 23, 8, 0, tzinfo=UTC),
    "=?utf-8?Q?Mon,_23_Nov_2026_10:00:00_+0100?=": datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    "Mon, 23 Nov 2026 24:00:99 +0000": None,
    "Mon, 99 Nov 2026 10:00:00 +0000": None,
    "yesterday": None,
    "": None,
    "0": None,
    "Mon, 23 Nov 2026 10:00:00 +99999999999999": None,
}


@pytest.mark.parametrize(("raw", "expected"), DATES.items())
def test_dates(raw: str, expected: datetime | None) -> None:
    assert dates.parse(raw) == expected


@given(st.text(max_size=60))
def test_no_text_breaks_a_field(text: str) -> None:
    dates.parse(text)
    addresses.parse(text)
    parameters.split(text)
    headers.words(text)
    ids.every(text)


def test_ids() -> None:
    assert ids.one("<a@b>") == "a@b"
    assert ids.one("a@b") == "a@b"
    assert ids.one("<a b@c>") == "ab@c"
    assert ids.one("") is None
    assert ids.every("<a@b> <c@d>\t<a@b><e@f>") == ("a@b", "c@d", "e@f")
    assert ids.every("Your message of Monday <a@b>") == ("a@b",)
    assert ids.every("a@b, c@d") == ("a@b", "c@d")
    assert ids.every("nothing") == ()


BLOCKS = [
    (b"Subject: a\nTo: b@c.pl\n\nbody", "a", "body"),
    (b"Subject: a\r\n\r\nbody", "a", "body"),
    (b"Subject: a\rTo: b@c.pl\r\rbody", "a", "body"),
    (b"Subject: a\n b\n\tc\n\nbody", "a b c", "body"),
    (b"Subject : a\n\nbody", "a", "body"),
    (b"From jan Mon Nov 23 10:00:00 2026\nSubject: a\n\nbody", "a", "body"),
    (b">From jan Mon Nov 23 10:00:00 2026\nSubject: a\n\nbody", "a", "body"),
    (b"\r\n\r\nSubject: a\n\nbody", "a", "body"),
    (b"\xef\xbb\xbfSubject: a\n\nbody", "a", "body"),
    (b"Subject: a\nbody without a blank line", "a", "body without a blank line"),
    (b"stray\nSubject: a\n\nbody", "a", "body"),
    (b"Subject: a\nstray\nTo: b@c.pl\n\nbody", "a", "body"),
    (b"Subject: a\n \nbody", "a", "body"),
    (b"Subject:\nSubject: a\n\nbody", "a", "body"),
    (b"Subject: a\n", "a", ""),
    (b"Subject: a", "a", ""),
    (b"Hello, no headers here", "", "Hello, no headers here"),
    (b"Note: no headers here\n\nfoo", "", "Note: no headers here\n\nfoo"),
    (
        b"Subject: Zam\xf3wienie \xb3\xf3dki\nContent-Type: text/plain; charset=iso-8859-2\n\nb",
        "Zamówienie łódki",
        "b",
    ),
    ("Subject: zażółć\n\nb".encode(), "zażółć", "b"),
    (b"Subject: a\x00b\n\nb\x00c", "ab", "bc"),
    ("Subject: a\n\nbody".encode("utf-16"), "a", "body"),
    (b"", "", ""),
]


@pytest.mark.parametrize(("raw", "subject", "text"), BLOCKS)
def test_header_blocks(raw: bytes, subject: str, text: str) -> None:
    found = parse(raw)
    assert (found.subject, found.text) == (subject, text)


def test_several_fields_of_one_name() -> None:
    found = parse(
        b"To: a@x.pl\nTo: b@x.pl\nCc: c@x.pl\nFrom:\nFrom: d@x.pl\nDate: x\nDate: 1 Jan 2026 00:00 +0000\n\n"
    )
    assert [each.email for each in found.to] == ["a@x.pl", "b@x.pl"]
    assert found.sender == Address("", "d@x.pl")
    assert found.date == datetime(2026, 1, 1, tzinfo=UTC)


def test_the_sender_may_stand_elsewhere() -> None:
    assert parse(b"Sender: a@x.pl\nSubject: s\n\n").sender == Address("", "a@x.pl")
    assert parse(b"Return-Path: <a@x.pl>\nSubject: s\n\n").sender == Address("", "a@x.pl")
    assert parse(b"Return-Path: <>\nSubject: s\n\n").sender is None


def test_where_it_was_delivered() -> None:
    head = b"Delivered-To: shop+17@sklep.pl\nX-Original-To: shop@sklep.pl\nDelivered-To: shop@sklep.pl\nTo: x@y.pl\n\n"
    assert parse(head).delivered_to == ("shop+17@sklep.pl", "shop@sklep.pl")
