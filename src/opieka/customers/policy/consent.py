"""What a person allows, from all she has said under every id she was known by."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from opieka.customers.types import Said


@dataclass(frozen=True)
class Joined:
    """One customer was merged into another at that moment."""

    winner_id: int
    loser_id: int
    at: datetime


def standing(customer_id: int, *, last: Mapping[int, Said], joined: Collection[Joined]) -> Said | None:
    """The word that counts for one purpose and channel; None when she never said anything.

    `last` is the last word of each id. Of two people found to be one the stricter word counts: a withdrawal of
    either. What she says after the merge counts for both. No row is moved for that, so parting them restores
    what each had said.
    """
    own = last.get(customer_id)
    for other in joined:
        if other.winner_id != customer_id or (own and own.at > other.at):
            continue
        theirs = standing(other.loser_id, last=last, joined=joined)
        own = stricter(own, theirs)
    return own


def stricter(one: Said | None, other: Said | None) -> Said | None:
    """Of two words the withdrawal; of two alike the later."""
    if one is None or other is None:
        return one or other
    return min(one, other, key=lambda said: (said.given, -said.at.timestamp(), -said.id))
