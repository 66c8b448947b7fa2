"""How answers are held against the labels, as docs/algorithms/understanding.md defines it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from opieka.deliveries.policy.understanding import understand
from opieka.deliveries.types import Understood
from opieka.kernel.text import fold

REPLIES = Path(__file__).parent / "replies"
ACTING = {
    "reschedule", "time_window", "neighbour", "safe_place", "pickup_point", "address", "hold", "cancel", "confirm",
    "stop",
}  # fmt: skip
FIELDS = ("date_from", "date_to", "time_from", "time_to")


@dataclass
class Totals:
    """Of `n` answers so many with the right intent, wholly right, and so many wrong actions."""

    n: int = 0
    intent: int = 0
    whole: int = 0
    wrong: int = 0


def rows(language: str, half: str) -> Iterator[dict[str, Any]]:
    """The labelled answers of one half."""
    with (REPLIES / f"{language}.{half}.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def totals(language: str, half: str) -> Totals:
    """Count one half; nothing of it is kept or shown."""
    found = Totals()
    for row in rows(language, half):
        answer = understand(row["text"], language=language, at=datetime.fromisoformat(row["at"]))
        intent = answer.intent == row["intent"]
        whole = intent and agrees(answer, row)
        found.n += 1
        found.intent += intent
        found.whole += whole
        found.wrong += answer.intent in ACTING and not whole
    return found


def agrees(answer: Understood, row: dict[str, Any]) -> bool:
    """Dates and times are the same, and so is the place."""
    told = asdict(answer)
    same = all((str(told[name]) if told[name] else None) == row[name] for name in FIELDS)
    return same and same_place(row["place"], answer.place)


def same_place(label: str | None, place: str | None) -> bool:
    """Every telling word of the label is in the place, which has at most two more."""
    if label is None or place is None:
        return label is place
    wanted, found = (re.findall(r"[^\W_]+", fold(text)) for text in (label, place))
    telling = [word for word in wanted if _tells(word)] or wanted
    more = [word for word in found if _tells(word) and word not in telling]
    return all(word in found for word in telling) and len(more) <= 2


def _tells(word: str) -> bool:
    return len(word) >= 4 or any(map(str.isdigit, word))
