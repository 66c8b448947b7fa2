"""A prediction must not know what comes after its moment, whatever that is."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opieka.deliveries.policy.lateness import clues, model, waiting
from opieka.deliveries.policy.lateness.records import Floats, Keys, Parcels, Way
from tests.deliveries.lateness import towns

CUT = towns.BEGIN + 200
MOMENTS = st.floats(CUT + 1, CUT + 95)


@cache
def history() -> Parcels:
    return towns.shop(1500)


def foretold(seen: Parcels, way: Way, rows: Keys) -> Floats:
    """From the beginning of a way: the sender's, or the carrier's."""
    found = model.follow(seen, as_of=CUT, until=CUT + 100)
    assert found is not None
    asked = seen.take(rows)
    if way is Way.CARRIER:
        return found.ways[way].probability(asked)
    return waiting.probability(found, replace(asked, handed=asked.handed * np.nan), asked.approved)


@cache
def untouched(way: Way) -> Floats:
    return foretold(history(), way, np.arange(len(history())))


def scrambled(seen: Parcels, moment: float, chance: np.random.Generator) -> Parcels:
    """Everything that happened at or after the moment happens at another time after it, or never."""

    def later(values: Floats) -> Floats:
        other = moment + chance.exponential(20, len(values))
        other[chance.random(len(values)) < 0.3] = np.nan
        return np.where(values >= moment, other, values)

    return replace(
        seen, approved=later(seen.approved), handed=later(seen.handed), delivered=later(seen.delivered)
    )


@pytest.mark.parametrize("way", model.WAYS)
@settings(max_examples=8)
@given(moment=MOMENTS, seed=st.integers(0, 2**31))
def test_the_future_changes_nothing(way: Way, moment: float, seed: int) -> None:
    seen = history()
    started = np.flatnonzero((seen.start(way) >= CUT) & (seen.start(way) < moment))
    # Not only of others: the parcels' own deliveries lie after the moment too, for those begun last.
    changed = scrambled(seen, moment, np.random.default_rng(seed))
    assert np.array_equal(foretold(changed, way, started), untouched(way)[started])


@pytest.mark.parametrize("way", model.WAYS)
def test_each_parcel_is_foretold_before_its_own_end(way: Way) -> None:
    seen = history()
    for row in np.flatnonzero(seen.start(way) >= CUT)[::97]:
        start = float(seen.start(way)[row])
        changed = scrambled(seen, start + 1e-6, np.random.default_rng(int(row)))
        assert foretold(changed, way, np.array([row]))[0] == untouched(way)[row]


def test_orders_placed_later_change_nothing() -> None:
    seen, moment = history(), CUT + 50
    before = np.flatnonzero((seen.handed >= CUT) & (seen.handed < moment))
    known = seen.take(seen.placed < moment)
    assert np.array_equal(foretold(known, Way.CARRIER, before), untouched(Way.CARRIER)[before])


def test_lessons_are_of_promises_that_had_passed() -> None:
    taught = clues.lessons(history().known_at(CUT), Way.CARRIER, as_of=CUT, holidays=())
    assert len(taught.late) > 500
    assert taught.start.max() < CUT


def test_what_was_known_then_has_no_later_moment() -> None:
    seen = history().known_at(CUT)
    for column in (seen.placed, seen.approved, seen.handed, seen.delivered):
        assert not (column >= CUT).any()
