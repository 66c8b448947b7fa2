"""What is folded, shown and filled in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opieka.conversations.policy import texts


@pytest.mark.parametrize(
    ("text", "reply", "shown"),
    [
        ("Thanks!", "Thanks!", "Thanks!"),
        ("Thanks!\n\n> Yes.\n> No.", "Thanks!", "Thanks!\n\n"),
        ("> Red?\nYes.\n> Blue?\nNo.\n", "Yes.\nNo.", "Yes.\nNo.\n"),
        ("On Monday:\n> Red?\n\nYes.", "Yes.", "Yes."),
        ("> only a quote", "", "> only a quote"),
        ("a\r\n> b\r\n", "a", "a\r\n"),
        ("", "", ""),
    ],
)
def test_only_what_is_new_is_shown_at_first(text: str, reply: str, shown: str) -> None:
    folded = texts.folds(text, reply)
    assert folded is not None
    assert texts.new_text(text, folded, "") == shown


def test_a_reply_that_is_not_in_the_text_is_shown_beside_the_whole() -> None:
    assert texts.folds("one\ntwo", "three") is None
    parts = texts.segments("one\ntwo", [], "three")
    assert [(part.text, part.folded) for part in parts] == [("three", False), ("one\ntwo", True)]


lines = st.lists(st.sampled_from(["Hello", "> quote", "", "-- ", "Bye", "  x "]), max_size=12)


@given(lines=lines, kept=st.lists(st.booleans(), min_size=12, max_size=12), end=st.sampled_from(["", "\n"]))
def test_nothing_a_customer_wrote_is_ever_lost(lines: list[str], kept: list[bool], end: str) -> None:
    text = "\n".join(lines) + end
    reply = "\n".join(line for line, keep in zip(lines, kept, strict=False) if keep)
    folded = texts.folds(text, reply)
    assert folded is not None
    parts = texts.segments(text, folded, "")
    assert "".join(part.text for part in parts) == text
    shown = "".join(part.text for part in parts if not part.folded)
    words = [line.strip() for line in reply.splitlines() if line.strip()]
    if words:
        assert [line.strip() for line in shown.splitlines() if line.strip()] == words


@given(text=st.text(), reply=st.text())
def test_whatever_the_reply_all_of_the_text_can_be_opened(text: str, reply: str) -> None:
    folded = texts.folds(text, reply)
    parts = texts.segments(text, folded or [], reply if folded is None else "")
    assert "".join(part.text for part in parts).endswith(text)


@pytest.mark.parametrize(
    ("subject", "answered"),
    [
        ("Vase", "Re: Vase"),
        ("Re: Vase", "Re: Vase"),
        ("RE: Odp: AW: Vase", "Re: Vase"),
        ("Ответ: Re[2]: Ваза", "Re: Ваза"),
        ("ΑΠ: Βάζο", "Re: Βάζο"),
        ("Return: vase", "Re: Return: vase"),
        ("", ""),
    ],
)
def test_subject_of_an_answer(subject: str, answered: str) -> None:
    assert texts.reply_subject(subject) == answered


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Anna Nowak", "Anna"),
        ("Nowak, Anna", "Anna"),
        ("Ελένη", "Ελένη"),
        ("", ""),
        (" , ", ""),
        ("anna@example.com", ""),
        ("+48 600", ""),
    ],
)
def test_first_name(name: str, first: str) -> None:
    assert texts.first_name(name) == first


def test_filling_in() -> None:
    filled = texts.fill(
        "Hi {{customer.first_name}}, {{ order.number }} {{ order.number }}!", {"customer.first_name": "Anna"}
    )
    assert filled.text == "Hi Anna, {{ order.number }} {{ order.number }}!"
    assert filled.missing == ("order.number",)
    assert texts.fill("{{ shop.name }}", {"shop.name": "{{ agent.name }}"}).text == "{{ agent.name }}"
