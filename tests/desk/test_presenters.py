"""How texts, names and moments look to a reader."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from opieka.desk.presenters import people, texts
from opieka.desk.presenters.reader import Reader

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WRAPPED = """Dzień dobry, zamówiłam u Państwa trzy kubki i jeden z nich przyszedł z
obitym uchem. Proszę o wymianę albo zwrot pieniędzy, zdjęcie jest w
załączniku.

Anna Kowalska
ul. Leśna 4
00-001 Warszawa"""
FLOWING = (
    "Dzień dobry, zamówiłam u Państwa trzy kubki i jeden z nich przyszedł z obitym uchem. Proszę o wymianę albo "
    "zwrot pieniędzy, zdjęcie jest w załączniku.\n\nAnna Kowalska\nul. Leśna 4\n00-001 Warszawa"
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (WRAPPED, FLOWING),
        ("Hello,\nwhere is my order?\nAnna", "Hello,\nwhere is my order?\nAnna"),
        ("x" * 70 + "\n- a list\n- stays", "x" * 70 + "\n- a list\n- stays"),
        ("one very long line " * 10 + "\nand another", "one very long line " * 10 + "\nand another"),
        ("", ""),
    ],
)
def test_lines_broken_by_a_program_flow_again(text: str, shown: str) -> None:
    assert texts.unwrapped(text) == shown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<b>x</b> & y", "&lt;b&gt;x&lt;/b&gt; &amp; y"),
        (
            'see https://las.example/?a=1&b="2".',
            'see <a href="https://las.example/?a=1&amp;b=" target="_blank" rel="noopener noreferrer nofollow">'
            "https://las.example/?a=1&amp;b=</a>&#34;2&#34;.",
        ),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_plain_text_is_escaped_and_its_addresses_are_links(text: str, html: str) -> None:
    assert str(texts.html(text)) == html


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Anna Kowalska", "AK"),
        ("Aleksandra Maria Dzierżykraj-Morawska", "AD"),
        ("anna@example.com", "A"),
        ("Ελένη", "Ε"),
        ("", "?"),
        ("+48 601", "6"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert people.initials(name) == letters


MOMENTS = {
    "pl": ("13:00", "wczoraj", "20 lis", "20 lis 2025"),
    "en": ("13:00", "yesterday", "20 Nov", "20 Nov 2025"),
}


@pytest.mark.parametrize("language", MOMENTS)
def test_moments_are_told_in_the_zone_of_the_shop(language: str) -> None:
    reader = Reader(language, ZoneInfo("Europe/Warsaw"), NOW)
    moments = (NOW, NOW.replace(day=22), NOW.replace(day=20), NOW.replace(year=2025, day=20))
    with translation.override(language):
        assert tuple(reader.short(at) for at in moments) == MOMENTS[language]
    assert reader.when(NOW).iso == "2026-11-23T13:00:00+01:00"


def test_sizes_and_money() -> None:
    reader = Reader("pl", ZoneInfo("UTC"), NOW)
    assert (reader.size(200), reader.size(184_000), reader.size(2_430_000)) == ("1 kB", "184 kB", "2,4 MB")
    assert reader.money(34_900, "PLN") == "349,00\xa0zł"
