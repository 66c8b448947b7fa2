"""How far it is from one place to another, and which places can be near."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, degrees, radians, sin, sqrt

EARTH = 6_371_009.0
"""Mean radius in metres."""


@dataclass(frozen=True)
class Place:
    """A place in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Box:
    """Everything that can be within a distance; it never crosses the date line (`west` may lie below -180)."""

    south: float
    north: float
    west: float
    east: float


def metres(one: Place, other: Place) -> float:
    """The distance over the ground by the haversine formula; the error against the ellipsoid is below 0.6 %."""
    up = radians(other.latitude - one.latitude)
    across = radians(other.longitude - one.longitude)
    a = sin(up / 2) ** 2 + cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(across / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(a)))


def around(place: Place, distance: float) -> Box:
    """The smallest box of latitudes and longitudes that holds all within `distance` metres."""
    up = degrees(distance / EARTH)
    narrow = cos(radians(min(abs(place.latitude) + up, 89.0)))
    across = min(degrees(distance / EARTH) / narrow, 180.0)
    return Box(place.latitude - up, place.latitude + up, place.longitude - across, place.longitude + across)


def middle(places: list[Place]) -> Place:
    """The middle of some places that lie close together."""
    return Place(
        sum(place.latitude for place in places) / len(places),
        sum(place.longitude for place in places) / len(places),
    )
