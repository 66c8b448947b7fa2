"""What is done and said about a text, given what is offered and what we asked: a table in four languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from opieka.care.policy.dialogue import Aim, Pending, Scene, Thought, address_in, aim, number_in, think
from opieka.care.policy.dialogue.thinking import ANSWERS, CLOSING, DONE, OPEN
from opieka.care.queries.answers import Facts, answer, outcome
from opieka.care.types import Move, Why
from opieka.deliveries import queries as deliveries
from opieka.deliveries.types import Choice, ChoiceKind, Offer, PointCard, ReplyIntent, Understood
from opieka.orders.types import Address
from opieka.returns.types import Chance

M, K = Move, ChoiceKind
MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
DAYS = tuple(date(2026, 11, day) for day in (24, 25, 26, 27, 30))
HOURS = ((time(9), time(13)), (time(13), time(17)), (time(17), time(20)))
DOOR = (
    Offer(kind=K.SLOT, by_hand=False, days=DAYS, hours=HOURS),
    Offer(kind=K.NEIGHBOUR, by_hand=True),
    Offer(kind=K.SAFE_PLACE, by_hand=True),
    Offer(kind=K.ADDRESS, by_hand=True),
    Offer(kind=K.PICKUP_POINT, by_hand=False),
)
WHOLE_DAYS = (Offer(kind=K.SLOT, by_hand=False, days=DAYS),)
LOCKER = (Offer(kind=K.HOLD, by_hand=False, days=DAYS),)
POINT = PointCard(
    id=7, carrier="memory", code="WAW01", locker=True, name="WAW01", street="Złota 1", postcode="00-019",
    city="Warszawa", country="PL", latitude=52.2, longitude=21.0, hours="",
)  # fmt: skip
FRIDAY = Choice(kind=K.SLOT, day=date(2026, 11, 27))
DONE_FRIDAY, ASKED_CANCEL = Pending(M.ACTED, (FRIDAY,)), Pending(M.ASKED, cancel=True)


def heard(text: str, language: str) -> Understood:
    return deliveries.understand(text, language=language, at=MONDAY)


def choice(kind: ChoiceKind, *, day: int = 0, hours: int = -1, words: str = "") -> Choice:
    return Choice(
        kind=kind,
        day=date(2026, 11, day) if day else None,
        hours=HOURS[hours] if hours >= 0 else None,
        words=words,
    )


@pytest.mark.parametrize(
    ("language", "text", "offers", "pending", "move", "choices"),
    [
        ("pl", "przełóżcie na piątek", DOOR, None, M.ACTED, [choice(K.SLOT, day=27)]),
        ("ru", "давайте в пятницу после 17", DOOR, None, M.ACTED, [choice(K.SLOT, day=27, hours=2)]),
        ("el", "την Παρασκευή παρακαλώ", DOOR, None, M.ACTED, [choice(K.SLOT, day=27)]),
        ("en", "Thursday or Friday please", DOOR, None, M.ACTED, [choice(K.SLOT, day=26)]),
        ("en", "I'm home after 5", DOOR, None, M.ACTED, [choice(K.SLOT, day=25, hours=2)]),
        ("en", "Sunday would be great", DOOR, None, M.ASKED, [choice(K.SLOT, day=30)]),
        ("en", "on Friday after 6pm", DOOR, None, M.ASKED, [choice(K.SLOT, day=27, hours=2)]),
        ("en", "on Friday after 5pm", WHOLE_DAYS, None, M.ASKED, [choice(K.SLOT, day=27)]),
        ("en", "some other day please", DOOR, None, M.OFFERED, []),
        ("en", "on Friday please", LOCKER, None, M.OFFERED, []),
        ("en", "on Friday please", (), None, M.PASSED, []),
        ("pl", "zostawcie u sąsiada Nowaka pod 4", DOOR, None, M.ACTED, [choice(K.NEIGHBOUR, words="Nowaka pod 4")]),
        ("ru", "оставьте у соседей", DOOR, None, M.OFFERED, []),
        ("el", "αφήστε το στην πίσω πόρτα", DOOR, None, M.ACTED, [choice(K.SAFE_PLACE, words="στην πίσω πόρτα")]),
        ("el", "αφήστε το στην πίσω πόρτα", WHOLE_DAYS, None, M.OFFERED, []),
        ("pl", "wracam 27 listopada, przechowajcie", LOCKER, None, M.ACTED, [choice(K.HOLD, day=27)]),
        ("pl", "wracam 27 listopada, przechowajcie", DOOR, None, M.ASKED, [choice(K.SLOT, day=27)]),
        ("pl", "paczkomat WAW01 proszę", DOOR, None, M.ACTED, [Choice(kind=K.PICKUP_POINT, point_id=7)]),
        ("en", "NO", (), DONE_FRIDAY, M.TAKEN_BACK, []),
        ("pl", "nie", DOOR, DONE_FRIDAY, M.TAKEN_BACK, []),
        ("ru", "да", DOOR, DONE_FRIDAY, M.NOTED, []),
        ("el", "όχι, την Πέμπτη", DOOR, DONE_FRIDAY, M.ACTED, [choice(K.SLOT, day=26)]),
        ("el", "ναι", DOOR, ASKED_CANCEL, M.ACTED, []),
        ("en", "no", DOOR, ASKED_CANCEL, M.KEPT, []),
        ("en", "yes", DOOR, Pending(M.OFFERED), M.PASSED, []),
        ("en", "ok", DOOR, None, M.NOTED, []),
        ("pl", "nie", DOOR, None, M.OFFERED, []),
        ("pl", "nie", (), None, M.PASSED, []),
        ("ru", "где моя посылка?", DOOR, DONE_FRIDAY, M.PASSED, []),
        ("en", "you are useless", DOOR, DONE_FRIDAY, M.PASSED, []),
        ("en", "leave it with the neighbour or in the shed", DOOR, None, M.PASSED, []),
        ("pl", "proszę nie pisać do mnie więcej smsów", DOOR, None, M.STOPPED, []),
    ],
)  # fmt: skip
def test_what_is_done(
    language: str,
    text: str,
    offers: tuple[Offer, ...],
    pending: Pending | None,
    move: Move,
    choices: list[Choice],
) -> None:
    said = heard(text, language)
    points = (POINT,) if said.intent is ReplyIntent.PICKUP_POINT else ()
    thought = think(said, pending, Scene(offers, date(2026, 11, 25), points, Chance.NOW))
    assert (thought.move, list(thought.choices)) == (move, choices)


@pytest.mark.parametrize(
    ("chance", "move", "why"),
    [
        (Chance.NOW, M.ASKED, Why.NONE),
        (Chance.PERSON, M.ASKED, Why.NONE),
        (Chance.ASKED, M.OFFERED, Why.CANCEL_ASKED),
        (Chance.TOO_LATE, M.OFFERED, Why.GONE),
        (Chance.CANCELLED, M.OFFERED, Why.CANCELLED),
        (None, M.PASSED, Why.NOT_OFFERED),
    ],
)
def test_cancelling_is_always_asked_about(chance: Chance | None, move: Move, why: Why) -> None:
    thought = think(heard("anulujcie zamówienie", "pl"), DONE_FRIDAY, Scene(DOOR, chance=chance))
    assert (thought.move, thought.why) == (move, why)
    assert not thought.choices


@pytest.mark.parametrize(
    ("words", "to"),
    [
        ("ul. Długa 5, 00-123 Warszawa", Address(street="ul. Długa 5", postcode="00-123", city="Warszawa")),
        ("Ερμού 12, 105 63 Αθήνα", Address(street="Ερμού 12", postcode="105 63", city="Αθήνα")),
        ("ул. Ленина 3 кв 4 190000 Псков", Address(street="ул. Ленина 3 кв 4", postcode="190000", city="Псков")),
        ("to my office", None),
        ("Długa 5, Warszawa", None),
        ("00-123 Warszawa", None),
        ("Długa, 00-123 Warszawa", None),
    ],
)  # fmt: skip
def test_an_address_is_whole_or_none_and_asked_about(words: str, to: Address | None) -> None:
    assert address_in(words) == to
    said = Understood(intent=ReplyIntent.ADDRESS, place=words, confidence=0.9)
    assert think(said, None, Scene(DOOR)).move is (M.ASKED if to else M.OFFERED)


def test_of_which_parcel_she_speaks() -> None:
    one, two, three = Aim(1, 10, "1001"), Aim(2, 20, "1002", told=True), Aim(3, 30, "7")
    hers = [one, two, three]
    assert aim(hers, text="on Friday", pending=None) == [two]
    assert aim(hers, text="on Friday", pending=3) == [three]
    assert aim(hers, text="order 1001 on Friday", pending=3) == [one]
    assert aim([one, three], text="on the 7th, 7 please", pending=None) == [one, three]
    assert [number_in(text, among=hers) for text in ("2", " 2. ", "nr 3", "№1", "4", "0", "Friday", "at 2 pm")] == [
        1, 1, 2, 0, None, None, None, None,
    ]  # fmt: skip


def test_every_yes_and_no_has_an_answer() -> None:
    """Whatever stands open; and what stands open never waits for a person."""
    for move in (None, *OPEN):
        for intent in (ReplyIntent.CONFIRM, ReplyIntent.REJECT):
            assert (move, intent) in ANSWERS
    assert OPEN <= CLOSING <= DONE
    assert M.PASSED not in DONE


LONG_5 = Address(street="Long 5", postcode="00-123", city="Warszawa")
SAID = Facts("en", order="1001", link="https://x.example/my/o/k/", offers=DOOR, points={7: POINT})


@pytest.mark.parametrize(
    ("thought", "text"),
    [
        (Thought(M.ACTED, choices=(choice(K.SLOT, day=27, hours=2),)),
         "Order 1001: Friday 27 November, between 17:00 and 20:00. "
         "We arrange it and tell you. Reply NO to take it back."),
        (Thought(M.ACTED, choices=(choice(K.SAFE_PLACE, words="behind the shed"), choice(K.SLOT, day=27))),
         "Order 1001: left here: behind the shed; Friday 27 November. "
         "We arrange it and tell you. Reply NO to take it back."),
        (Thought(M.ASKED, choices=(Choice(kind=K.ADDRESS, address=LONG_5),)),
         "Order 1001: to this address: Long 5, 00-123 Warszawa? Reply YES or NO."),
        (Thought(M.ASKED, cancel=True), "Cancel the whole order 1001? Reply YES or NO."),
        (Thought(M.OFFERED, Why.WHICH_DAY),
         "Which day suits you for order 1001?\n"
         "Possible: Tuesday 24 November, Wednesday 25 November, Thursday 26 November; "
         "a neighbour; a safe place; another address; a pickup point.\nChoose here: https://x.example/my/o/k/"),
        (Thought(M.OFFERED, Why.CANCELLED), "Order 1001 is cancelled already."),
        (Thought(M.WHICH, points=(POINT, POINT)),
         "Which pickup point? Reply with its number.\n1: WAW01, Złota 1, Warszawa\n2: WAW01, Złota 1, Warszawa"),
        (Thought(M.TAKEN_BACK), "Order 1001: taken back. Everything stays as it was."),
        (Thought(M.KEPT), "Order 1001: nothing has been changed."),
        (Thought(M.PASSED), "Thank you. A person will read your message and answer you."),
    ],
)  # fmt: skip
def test_what_is_said(thought: Thought, text: str) -> None:
    said = answer(thought, SAID)
    assert said is not None
    assert said.text == text


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("pl", "piątek 27 listopada"),
        ("ru", "пятница 27 ноября"),
        ("el", "Παρασκευή 27 Νοεμβρίου"),
        ("en", "Friday 27 November"),
    ],
)  # fmt: skip
def test_every_answer_has_its_date_in_her_words(language: str, day: str) -> None:
    known = Facts(language, order="1001", link="https://x.example", offers=WHOLE_DAYS, points={7: POINT})
    for move in Move:
        for why in Why:
            said = answer(Thought(move, why, choices=(FRIDAY,), points=(POINT,)), known)
            assert (said is None) == (move in {M.NOTED, M.STOPPED})
            assert said is None or ("%(" not in said.text and said.subject)
            if said is not None and move in {M.ACTED, M.ASKED}:
                assert day in said.text
    assert day in outcome(FRIDAY, known, confirmed=True).text
    assert "https://x.example" in outcome(FRIDAY, known, confirmed=False).text
