"""What texts cost, and which senders there are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opieka.channels.policy import numbers, segments
from opieka.channels.types import Alphabet, Segments

GSM7, UCS2 = Alphabet.GSM7, Alphabet.UCS2


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("", Segments(GSM7, 0, 0, 160)),
        ("a" * 160, Segments(GSM7, 160, 1, 0)),
        ("a" * 161, Segments(GSM7, 161, 2, 145)),
        ("a" * 306, Segments(GSM7, 306, 2, 0)),
        ("a" * 307, Segments(GSM7, 307, 3, 152)),
        ("€" * 80, Segments(GSM7, 160, 1, 0)),
        # An escape and its sign are not divided: of 153 septets the last stays empty.
        ("€" * 81, Segments(GSM7, 162, 2, 143)),
        ("Paczka przyjdzie w piątek", Segments(UCS2, 25, 1, 45)),
        ("ё" * 70, Segments(UCS2, 70, 1, 0)),
        ("ё" * 71, Segments(UCS2, 71, 2, 63)),
        # Capitals of the same shape as Latin ones are not the same letters.
        ("ΣΩΔΦΓΛΠΨΘΞ", Segments(GSM7, 10, 1, 150)),
        ("ΣΗΜΕΡΑ", Segments(UCS2, 6, 1, 64)),
        ("σήμερα", Segments(UCS2, 6, 1, 64)),
        ("🙂" * 35, Segments(UCS2, 70, 1, 0)),
        # Neither is a character of two units: 67 do not divide by two.
        ("🙂" * 36, Segments(UCS2, 72, 2, 61)),
        ("line\r\nline", Segments(GSM7, 10, 1, 150)),
        ("tab\t", Segments(UCS2, 4, 1, 66)),
    ],
)
def test_what_a_text_costs(text: str, cost: Segments) -> None:
    assert segments.measure(text) == cost


@given(st.text(max_size=400), st.text(max_size=40))
def test_more_text_never_costs_less(text: str, more: str) -> None:
    before, after = segments.measure(text), segments.measure(text + more)
    assert after.count >= before.count
    assert after.units >= before.units


@given(st.text(min_size=1, max_size=800))
def test_what_is_left_is_what_fits(text: str) -> None:
    cost = segments.measure(text)
    filler = "a" * cost.left
    filled = segments.measure(text + filler)
    # Once a text has more than one part, or is filled to the end of its first, nothing more fits.
    assert (filled.count, filled.left) == (cost.count, 0)
    assert segments.measure(text + filler + "a").count == cost.count + 1


@pytest.mark.parametrize(
    ("value", "country", "number"),
    [
        ("+48 601-234-567", "", "+48601234567"),
        ("48601234567", "", "+48601234567"),
        ("0048601234567", "", "+48601234567"),
        ("601 234 567", "PL", "+48601234567"),
        ("6912345678", "GR", "+306912345678"),
        ("306912345678", "PL", "+306912345678"),
        ("+7 912 345-67-89", "", "+79123456789"),
        ("3040", "PL", ""),
        ("Poczta", "PL", ""),
        ("", "PL", ""),
    ],
)
def test_numbers_have_one_form(value: str, country: str, number: str) -> None:
    assert numbers.e164(value, country) == number


@pytest.mark.parametrize(
    ("value", "good", "two_way"),
    [
        ("+48601234567", True, True),
        ("7055", True, True),
        ("LasIDom", True, False),
        ("Las i Dom", True, False),
        ("Las i Dom Sp. z o.o.", False, False),
        ("12", False, False),
        ("Łódź", False, False),
        ("601234567", False, False),
    ],
)
def test_who_a_text_can_come_from(value: str, good: bool, two_way: bool) -> None:
    assert numbers.is_sender(value) is good
    assert numbers.answers_to(value) is (two_way and good)
