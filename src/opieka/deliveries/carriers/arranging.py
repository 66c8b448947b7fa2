"""Asking a carrier for what a recipient decided, and at which stages carriers still can do something about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from opieka.deliveries.types import Choice, ParcelStage, PointCard

S = ParcelStage
AT_THE_SENDER = frozenset({S.LABEL_CREATED})
MOVING = frozenset({S.LABEL_CREATED, S.ACCEPTED, S.IN_TRANSIT, S.ATTEMPT_FAILED, S.EXCEPTION})
BEFORE_THE_DOOR = MOVING | {S.OUT_FOR_DELIVERY}
AT_A_POINT = frozenset({S.AWAITING_COLLECTION})


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A recipient's decision about a parcel, as a carrier is asked for it. `reference` is the carrier's own name for
    the request when it has been made already: then only its outcome is asked for."""

    number: str
    choice: Choice
    point: PointCard | None = None
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a carrier made of it; `accepted` is None while it has not decided."""

    accepted: bool | None
    reference: str = ""


class Arranger(Protocol):
    """Asks a carrier to do what a recipient decided. Asking twice has the effect of asking once; `Refused` when
    there is no answer."""

    def arrange(self, wish: Wish) -> Outcome:
        """What the carrier says to it."""
