"""Every kind of fact has its sentence, in every language, and every timeline tells it."""

from __future__ import annotations

import dataclasses
import typing
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from opieka.clocks.types import Basis
from opieka.desk.presenters.reader import Reader
from opieka.desk.presenters.story import BRIEFLY, GROUPS, SENTENCES, Teller
from opieka.kernel import facts
from opieka.kernel.facts import Fact
from tests.desk.conftest import tuesday

__all__ = ["tuesday"]

OURS = {kind: fact for kind, fact in facts.registered().items() if fact.__module__.startswith("opieka.")}
CODES = {
    "contact_kind": "email",
    "reach": "hard",
    "channel": "email",
    "message_kind": "person",
    "because": "receive",
    "until": "2026-11-26T08:00:00+01:00",
    "delivery": "failed",
    "currency": "PLN",
    "clock_kind": "first_response",
    "what": ("address",),
    "choices": ("slot",),
    "purpose": "marketing",
    "source": "form",
    "leg": "outbound",
    "reason": "consignee_absent",
    "handed_to": "neighbour",
}


def example(kind: type[Fact]) -> Fact:
    """A fact of that kind with something in every field."""
    hints = typing.get_type_hints(kind)
    values: dict[str, Any] = {}
    for field in dataclasses.fields(kind):
        wanted = hints[field.name]
        if field.name in CODES:
            values[field.name] = CODES[field.name]
        elif wanted in (datetime, datetime | None):
            values[field.name] = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
        elif wanted in (date, date | None):
            values[field.name] = date(2026, 11, 26)
        elif wanted is Basis:
            values[field.name] = Basis.TARGET
        else:
            values[field.name] = 7 if wanted is not str else "x"
    return kind(**values)


def test_every_fact_has_a_sentence() -> None:
    assert {kind.__name__ for kind in SENTENCES} == set(OURS)


@pytest.mark.parametrize("language", ["pl", "ru", "el", "en"])
@pytest.mark.parametrize("kind", sorted(OURS))
def test_the_sentence_is_told_in_every_language(kind: str, language: str) -> None:
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    with translation.override(language):
        line = Teller(Reader(language, ZoneInfo("Europe/Warsaw"), now), {7: "Ola"}).line(example(OURS[kind]))
    assert line.text.strip()
    assert "%(" not in line.text


def test_what_narrows_a_timeline_is_told_there() -> None:
    grouped = {kind.__name__ for kinds in GROUPS.values() for kind in kinds}
    assert grouped <= set(OURS)
    assert set(OURS) >= BRIEFLY
