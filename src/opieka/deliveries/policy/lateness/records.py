"""What is known of parcels, as columns: one place per parcel, nothing of any one shop or source.

Moments are days since 1970-01-01 on the shop's own wall clock, as floats; NaN is "did not happen yet" or "unknown".
Names (senders, places, carriers) are 64-bit keys of their text; 0 is "unknown" and takes part in no grouping.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from hashlib import blake2b
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Keys = NDArray[np.int64]
Flags = NDArray[np.bool_]

MIX = np.uint64(0x9E3779B97F4A7C15)


class Way(StrEnum):
    """A stretch of the journey: the carrier's, from hand-over to delivery, and the sender's, from paid to hand-over."""

    CARRIER = "carrier"
    SENDER = "sender"


def key(text: str) -> int:
    """A stable number for a name; 0 for none."""
    if not text:
        return 0
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little", signed=True)


def keys(texts: Iterable[str | None]) -> Keys:
    """The numbers of many names."""
    known: dict[str | None, int] = {None: 0}
    return np.array([known[t] if t in known else known.setdefault(t, key(t or "")) for t in texts], np.int64)


def pair(first: Keys, second: Keys) -> Keys:
    """One key for two; 0 when either is unknown."""
    mixed = (first.view(np.uint64) * MIX) ^ second.view(np.uint64)
    return np.where((first == 0) | (second == 0), 0, mixed.view(np.int64))


@dataclass(frozen=True, kw_only=True)
class Parcels:
    """Columns of equal length. `promised` is the last promised day: late is delivered on a later one.

    `distance` is in km, `weight` in g. Places go from coarse to fine: a region is a state or the beginning of a
    postcode, a zone a whole postcode.
    """

    placed: Floats
    approved: Floats
    handed: Floats
    delivered: Floats
    promised: Floats
    sender: Keys
    carrier: Keys
    from_region: Keys
    from_district: Keys
    to_region: Keys
    to_district: Keys
    to_area: Keys
    to_zone: Keys
    distance: Floats
    weight: Floats

    def __len__(self) -> int:
        return len(self.placed)

    @property
    def lane(self) -> Keys:
        """From which region to which."""
        return pair(self.from_region, self.to_region)

    def start(self, way: Way) -> Floats:
        """When each parcel began the way."""
        return self.handed if way is Way.CARRIER else self.approved

    def end(self, way: Way) -> Floats:
        """When each parcel was at its end."""
        return self.handed if way is Way.SENDER else self.delivered

    def group(self, way: Way) -> tuple[Keys, Keys]:
        """What a pace is told for, and the larger group it falls back on."""
        return (self.sender, self.from_region) if way is Way.SENDER else (self.lane, self.to_region)

    def late(self) -> Flags:
        """Delivered on a day after the promised one; False for what is not delivered."""
        return np.floor(self.delivered) > self.promised

    def take(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Self:
        """Only the chosen rows."""
        return type(self)(**{f.name: getattr(self, f.name)[chosen] for f in fields(self)})

    def known_at(self, day: float) -> Self:
        """What had been placed before `day`, and of that only what had happened by then."""
        there = self.take(self.placed < day)
        seen = {
            name: np.where(getattr(there, name) < day, getattr(there, name), np.nan)
            for name in ("approved", "handed", "delivered")
        }
        return type(self)(**{f.name: seen.get(f.name, getattr(there, f.name)) for f in fields(there)})
