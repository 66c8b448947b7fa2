"""A carrier's whole list of points and lockers, as its own service tells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx

from opieka.deliveries.types import Notice, Point


@dataclass(frozen=True, kw_only=True)
class Listed:
    """The points where parcels can be collected now, and which entries could not be read."""

    points: tuple[Point, ...] = ()
    notices: tuple[Notice, ...] = ()


Lister = Callable[[Mapping[str, str], str, httpx.Client], Listed]
"""Asks a carrier for its list by a shop's keys and country (ISO 3166-1 alpha-2); all of it, or `Refused`."""
