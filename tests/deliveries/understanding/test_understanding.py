"""Answers about deliveries: the test sets, and what must hold for every wording."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opieka.deliveries import queries
from opieka.deliveries.policy.understanding import LANGUAGES, understand
from opieka.deliveries.policy.understanding.vocabulary import entries, vocabulary
from opieka.deliveries.types import ReplyIntent, Understood
from opieka.kernel.text import fold
from opieka.project.cli import main
from tests.deliveries.understanding.scoring import ACTING, totals

AT = datetime.fromisoformat("2026-11-23T10:00")
I = ReplyIntent  # noqa: E741  # the words of these tables

WISHES = {
    "pl": {
        "przełóżcie na piątek": I.RESCHEDULE, "w sobotę po 17": I.RESCHEDULE, "po 17 będę w domu": I.TIME_WINDOW,
        "zostawcie u sąsiada": I.NEIGHBOUR, "proszę zostawić w garażu": I.SAFE_PLACE,
        "do paczkomatu WAW123M": I.PICKUP_POINT, "nowy adres: ul. Długa 5, Kraków": I.ADDRESS,
        "przetrzymajcie do piątku": I.HOLD, "anuluję zamówienie": I.CANCEL,
    },
    "ru": {
        "перенесите на пятницу": I.RESCHEDULE, "в субботу после 17": I.RESCHEDULE, "буду дома после 17": I.TIME_WINDOW,
        "оставьте у соседей": I.NEIGHBOUR, "положите в гараж": I.SAFE_PLACE,
        "отправьте в постамат MSK123": I.PICKUP_POINT,
        "новый адрес: ул. Ленина 5, Казань": I.ADDRESS, "подержите до пятницы": I.HOLD, "отмените заказ": I.CANCEL,
    },
    "el": {
        "φέρτε το την Παρασκευή": I.RESCHEDULE, "το Σάββατο μετά τις 5": I.RESCHEDULE,
        "θα είμαι σπίτι μετά τις 5": I.TIME_WINDOW, "αφήστε το στον γείτονα": I.NEIGHBOUR,
        "βάλτε το στο γκαράζ": I.SAFE_PLACE, "στείλτε το στο locker ATH123": I.PICKUP_POINT,
        "νέα διεύθυνση: Ερμού 5, Αθήνα": I.ADDRESS, "κρατήστε το μέχρι την Παρασκευή": I.HOLD,
        "ακυρώστε την παραγγελία": I.CANCEL,
    },
    "en": {
        "move it to Friday": I.RESCHEDULE, "Saturday after 5": I.RESCHEDULE, "I'm home after 5": I.TIME_WINDOW,
        "leave it with my neighbour": I.NEIGHBOUR, "put it in the garage": I.SAFE_PLACE,
        "send it to locker WAW123M": I.PICKUP_POINT, "new address: 5 Oak Road, York": I.ADDRESS,
        "hold it until Friday": I.HOLD, "cancel my order": I.CANCEL,
    },
}  # fmt: skip
EVERY_WISH = [(language, text, intent) for language, rows in WISHES.items() for text, intent in rows.items()]
COURTESIES = {
    "pl": ["Dzień dobry, {}", "{} proszę", "{}, dziękuję!", "{} 🙂", "Cześć! {}. Pozdrawiam", "{}!!!"],
    "ru": ["Здравствуйте, {}", "{} пожалуйста", "{}, спасибо!", "{} 🙂", "Добрый день! {}. Спасибо", "{}!!!"],
    "el": ["Καλημέρα, {}", "{} παρακαλώ", "{}, ευχαριστώ!", "{} 🙂", "Γεια σας! {}. Ευχαριστώ", "{}!!!"],
    "en": ["Hello, {}", "{} please", "{}, thank you!", "{} 🙂", "Hi! {}. Thanks", "{}!!!"],
}
REFUSALS = {
    "pl": ["nie zostawiajcie u sąsiada", "nie wkładajcie do paczkomatu", "nie anulujcie zamówienia",
        "nie przywoźcie w piątek"],
    "ru": ["не оставляйте у соседей", "не отправляйте в постамат", "не отменяйте заказ", "не привозите в пятницу"],
    "el": ["μην το αφήσετε στον γείτονα", "μην το στείλετε σε locker", "μην ακυρώσετε την παραγγελία",
        "μη φέρετε την Παρασκευή"],
    "en": ["don't leave it with the neighbour", "do not send it to a locker", "don't cancel my order",
        "don't bring it on Friday"],
}  # fmt: skip
WEEKDAYS = {
    "pl": ["w poniedziałek", "we wtorek", "w środę", "w czwartek", "w piątek", "w sobotę", "w niedzielę"],
    "ru": ["в понедельник", "во вторник", "в среду", "в четверг", "в пятницу", "в субботу", "в воскресенье"],
    "el": ["Δευτέρα", "Τρίτη", "Τετάρτη", "Πέμπτη", "Παρασκευή", "Σάββατο", "Κυριακή"],
    "en": ["on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday", "on Saturday", "on Sunday"],
}
moments = st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2030-01-01"))
languages = st.sampled_from(LANGUAGES)


def same(one: Understood, other: Understood) -> bool:
    return one.intent is other.intent and (one.date_from, one.date_to, one.time_from, one.time_to, one.place) == (
        other.date_from, other.date_to, other.time_from, other.time_to, other.place,
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_seen_half_is_understood_and_never_acted_on_wrongly(language: str) -> None:
    found = totals(language, "seen")
    assert found.intent >= 0.92 * found.n
    assert found.whole >= 0.92 * found.n
    assert found.wrong == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fresh_answers_are_understood_and_never_acted_on_wrongly(language: str) -> None:
    found = totals(language, "fresh")
    assert found.intent >= 0.9 * found.n
    assert found.wrong == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_held_half_is_counted(language: str) -> None:
    found = totals(language, "held")
    assert found.intent >= 0.78 * found.n
    assert found.wrong <= 0.05 * found.n


@pytest.mark.parametrize(("language", "text", "intent"), EVERY_WISH)
def test_courtesies_capitals_and_accents_change_nothing(
    language: str, text: str, intent: ReplyIntent
) -> None:
    plain = understand(text, language=language, at=AT)
    assert plain.intent is intent
    for courtesy in COURTESIES[language]:
        assert same(understand(courtesy.format(text), language=language, at=AT), plain), courtesy
    loud = understand(text.upper(), language=language, at=AT)
    assert (loud.intent, loud.date_from, loud.time_from) == (intent, plain.date_from, plain.time_from)


@pytest.mark.parametrize(("language", "text"), [(name, text) for name in REFUSALS for text in REFUSALS[name]])
def test_what_is_refused_is_never_done(language: str, text: str) -> None:
    found = understand(text, language=language, at=AT)
    assert found.intent in {I.UNCLEAR, I.RESCHEDULE}
    assert (found.date_from, found.date_to, found.place) == (None, None, None)


def test_what_is_no_wish_is_never_acted_on() -> None:
    """Complaints, other matters, things that have been, questions: they name days, places and neighbours, too."""
    told = (Path(__file__).parent / "no_wishes.txt").read_text(encoding="utf-8").splitlines()
    found = {line: understand(line[3:], language=line[:2], at=AT).intent for line in told}
    assert {line: intent for line, intent in found.items() if intent in ACTING} == {}


@given(language=languages, at=moments, weekday=st.integers(0, 6))
def test_a_weekday_is_the_nearest_after_today(language: str, at: datetime, weekday: int) -> None:
    found = understand(WEEKDAYS[language][weekday], language=language, at=at)
    assert found.intent is I.RESCHEDULE
    assert found.date_from == found.date_to
    assert found.date_from is not None
    assert found.date_from.weekday() == weekday
    assert timedelta(0) < found.date_from - at.date() <= timedelta(days=7)


@given(at=moments, day=st.dates(date(2025, 6, 1), date(2030, 6, 1)))
def test_a_date_gone_by_or_far_away_is_never_acted_on(at: datetime, day: date) -> None:
    found = understand(f"{day:%d.%m.%Y}", language="pl", at=at)
    near = timedelta(0) <= day - at.date() <= timedelta(days=60)
    assert (found.intent, found.date_from) == ((I.RESCHEDULE, day) if near else (I.UNCLEAR, None))


@given(language=languages, at=moments, text=st.text(max_size=200))
def test_no_text_breaks_it(language: str, at: datetime, text: str) -> None:
    found = understand(text, language=language, at=at)
    assert 0 <= found.confidence <= 1
    if found.date_from and found.date_to:
        assert at.date() <= found.date_from <= found.date_to


@pytest.mark.parametrize(
    ("language", "text", "hours"),
    [
        ("en", "after 5", ("17:00", None)), ("en", "9 to 5", ("09:00", "17:00")),
        ("en", "half past five", ("17:30", "17:30")),
        ("pl", "o wpół do szóstej", ("17:30", "17:30")), ("ru", "в полшестого", ("17:30", "17:30")),
        ("el", "στις πέντε και μισή", ("17:30", "17:30")), ("pl", "między 9 a 12", ("09:00", "12:00")),
        ("ru", "с 17 до 19", ("17:00", "19:00")), ("el", "πριν τις 12", (None, "12:00")),
        ("en", "17-19", ("17:00", "19:00")),
        ("ru", "до обеда", (None, "12:00")), ("pl", "wieczorem", ("18:00", "22:00")),
        ("en", "8 in the evening", ("20:00", "20:00")),
    ],
)  # fmt: skip
def test_hours(language: str, text: str, hours: tuple[str | None, str | None]) -> None:
    found = understand(text, language=language, at=AT)
    assert (found.intent, found.time_from, found.time_to) == (I.TIME_WINDOW, *hours)


@pytest.mark.parametrize("text", ["7 do 9", "o 8", "o 25:00", "o 3 w nocy"])
def test_hours_that_cannot_be_told_are_not_guessed(text: str) -> None:
    assert understand(text, language="pl", at=AT).intent is I.UNCLEAR


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stop_word_stops_only_by_itself(language: str) -> None:
    assert understand("STOP", language=language, at=AT).intent is I.STOP
    assert understand("Stop!", language=language, at=AT).intent is I.STOP
    assert understand("stop by after 5", language="en", at=AT).intent is not I.STOP


def test_the_vocabularies_do_not_contradict_themselves() -> None:
    for language in LANGUAGES:
        spelt = Counter(fold(form) for _, form in entries(language))
        assert [form for form, count in spelt.items() if count > 1] == [], language
        assert vocabulary(language).meaning("nothing like it") is None


def test_the_command_prints_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["delivery", "understand", "--language", "en", "--at", "2026-11-23T10:00", "--json"]
    assert main([*words, "I'm home on Friday after 5", "thanks"]) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first == {
        "intent": "reschedule", "date_from": "2026-11-27", "date_to": "2026-11-27", "time_from": "17:00",
        "time_to": None, "place": None, "confidence": 0.9,
    }  # fmt: skip
    assert second["intent"] == "unclear"


def test_others_ask_through_queries() -> None:
    assert queries.understand("tomorrow", language="en", at=AT).date_from == date(2026, 11, 24)
