"""What a mistyped key may have meant."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

_ONE_SLIP, _TWO_SLIPS = 4, 8


def nearest(vocabulary: Sequence[str], key: str, limit: int = 5) -> list[str]:
    """The keys of the vocabulary within one slip (two from eight letters on), nearest first.

    A slip is a letter too many, too few, wrong or swapped with its neighbour. Keys of less than four letters
    and keys with digits have no neighbours: another number is another thing.
    """
    if len(key) < _ONE_SLIP or any(map(str.isdigit, key)):
        return []
    slips = 1 if len(key) < _TWO_SLIPS else 2
    found = process.extract(key, vocabulary, scorer=OSA.distance, score_cutoff=slips, limit=limit)
    return [word for word, _, _ in found if not any(map(str.isdigit, word))]
