"""From a number, and from a shop's word, to our carriers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opieka.deliveries.carriers import CARRIERS, checks
from opieka.deliveries.carriers.recognition import by_number, by_word, only
from tests.deliveries.carriers.samples import NUMBERS

BY_NUMBER = [
    ("612345678901234567890123", ("inpost",)),
    ("1Z999AA10123456784", ("ups",)),
    ("1Z5R89390357567127", ("ups",)),
    ("1Z999AA10123456785", ()),  # the check digit is another
    ("RR123456785PL", ("poczta_polska",)),
    ("RR123456784PL", ()),
    ("SE101046219GR", ("elta",)),
    ("CQ964395186DE", ("dhl",)),
    ("00340434292135100124", ("dhl", "poczta_polska", "fedex")),
    ("00340434292135100125", ("fedex",)),  # no GS1 number: neither DHL's nor the post's
    ("JD014600006281230704", ("dhl",)),
    (
        "7777777770",
        ("dhl", "acs", "boxnow", "packeta"),
    ),  # proven by DHL's check digit, shared with the others
    ("7777777771", ("acs", "boxnow", "packeta")),
    ("986578788855", ("fedex", "speedex", "gls", "dhl")),
    ("986578788856", ("speedex", "gls", "dhl")),
    ("24333892874", ("gls", "dhl")),
    ("2100012345678", ("orlen",)),
    ("20450059800767", ("nova_poshta", "dpd")),
    ("13500012345679", ("dpd",)),
    ("Z1234567890", ("packeta",)),
    ("PX1234567890", ("poczta_polska",)),
    ("MEM1", ("memory",)),
    ("", ()),
    ("HELLO", ()),
]

BY_WORD = [
    ("InPost Paczkomaty 24/7", ("inpost",)),
    ("Paczkomaty InPost", ("inpost",)),
    ("dpd", ("dpd",)),
    ("Kurier DPD", ("dpd",)),
    ("Kurier DHL", ("dhl",)),
    ("DHL Parcel", ("dhl",)),
    ("GLS Poland", ("gls",)),
    ("GLS_PL", ("gls",)),
    ("FedEx International Priority", ("fedex",)),
    ("UPS Standard (Access Point)", ("ups",)),
    ("Poczta Polska S.A.", ("poczta_polska",)),
    ("Pocztex Kurier 48", ("poczta_polska",)),
    ("ORLEN Paczka", ("orlen",)),
    ("Paczka w RUCHu", ("orlen",)),
    ("Zásilkovna", ("packeta",)),
    ("ΕΛΤΑ Courier", ("elta",)),
    ("Ελτά Κούριερ", ("elta",)),
    ("ACS Courier", ("acs",)),
    ("BOX NOW", ("boxnow",)),
    ("Нова Пошта", ("nova_poshta",)),
    ("Новая почта", ("nova_poshta",)),
    ("СДЭК до двери", ("cdek",)),
    ("Почта", ("nova_poshta", "poczta_polska")),
    ("InPost / DPD", ("inpost", "dpd")),
    ("odbiór osobisty", ()),
    ("", ()),
]


@pytest.mark.parametrize(("number", "carriers"), BY_NUMBER)
def test_a_number_is_whose_it_may_be(number: str, carriers: tuple[str, ...]) -> None:
    assert by_number(number) == carriers


@pytest.mark.parametrize(("word", "carriers"), BY_WORD)
def test_a_word_is_whom_it_may_mean(word: str, carriers: tuple[str, ...]) -> None:
    assert by_word(word) == carriers


@pytest.mark.parametrize("name", sorted(NUMBERS))
def test_each_carriers_own_number_is_recognised_as_its(name: str) -> None:
    carrier = CARRIERS[name]
    assert (
        carrier.capabilities.aggregator
        or not carrier.capabilities.numbers
        or name in by_number(NUMBERS[name])
    )


@pytest.mark.parametrize("name", sorted(CARRIERS))
def test_each_carriers_title_means_it(name: str) -> None:
    carrier = CARRIERS[name]
    if not carrier.capabilities.aggregator and name not in {
        "memory",
        "console",
        "generic",
        "karrio",
    }:
        assert by_word(carrier.title)[:1] == (name,)


@given(st.text(max_size=60))
def test_anything_may_be_asked(text: str) -> None:
    assert set(by_number(text)) | set(by_word(text)) <= {*CARRIERS, *by_word(text)}


@pytest.mark.parametrize(
    ("candidates", "likely", "one"),
    [
        ((), {"dpd"}, ""),
        (("dpd",), set(), "dpd"),
        (("dpd", "gls"), set(), ""),
        (("dpd", "gls"), {"gls"}, "gls"),
        (("dpd", "gls"), {"gls", "dpd"}, ""),
    ],
)
def test_only_one_is_taken_when_it_is_clear(candidates: tuple[str, ...], likely: set[str], one: str) -> None:
    assert only(candidates, likely=likely) == one


@pytest.mark.parametrize(
    ("holds", "number"),
    [
        (checks.s10, "RR123456785PL"),
        (checks.s10, "EE876543216PL"),
        (checks.ups, "1Z999AA10123456784"),
        (checks.mod11_131, "986578788855"),
        (checks.gs1, "00340434292135100124"),
        (checks.mod7, "7777777770"),
    ],
)
def test_a_wrong_digit_is_found(holds: object, number: str) -> None:
    assert callable(holds)
    assert holds(number) is True
    place = len(number) - 1 if number[-1].isdigit() else 10
    others = {number[:place] + digit + number[place + 1 :] for digit in "0123456789"} - {number}
    assert {holds(other) for other in others} == {False}
