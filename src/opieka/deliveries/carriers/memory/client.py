"""Reads what a test or the demo has put on a shelf."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import httpx

from opieka.deliveries.carriers.arranging import Outcome, Wish
from opieka.deliveries.carriers.base import Context, Reading
from opieka.deliveries.types import Tracking

SHELVES: defaultdict[str, dict[str, Tracking]] = defaultdict(dict)
"""Tracking by number, by name of the shelf."""
OUTCOMES: defaultdict[str, dict[str, Outcome]] = defaultdict(dict)
"""What is made of decisions, by number, by name of the shelf; one that is not named is accepted."""


class Memory:
    """Asks the shelf named in the credentials."""

    def __init__(self, credentials: Mapping[str, str], context: Context, http: httpx.Client) -> None:
        self._shelf = SHELVES[credentials.get("shelf", "")]
        self._outcomes = OUTCOMES[credentials.get("shelf", "")]

    def track(self, numbers: tuple[str, ...]) -> Reading:
        return Reading(tracked=tuple(self._shelf[number] for number in numbers if number in self._shelf))

    def arrange(self, wish: Wish) -> Outcome:
        return self._outcomes.get(wish.number, Outcome(accepted=True))
