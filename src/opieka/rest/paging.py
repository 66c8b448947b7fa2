"""Pages by cursor: a page says where the next one begins."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from django.utils.translation import gettext_lazy as _

from opieka.kernel.errors import Invalid
from opieka.rest.fields import BIGGEST, FIRST_YEAR, LAST_YEAR

T = TypeVar("T", bound=tuple[Any, ...])


class BadCursor(Invalid):
    code = "bad_cursor"
    sentence = _("This cursor is none of ours. Begin again without one.")


def encode(place: Sequence[Any] | None) -> str | None:
    """A place in a list as text that nobody needs to understand; None at the end."""
    if place is None:
        return None
    return base64.urlsafe_b64encode(msgspec.json.encode(list(place))).decode().rstrip("=")


def decode(cursor: str, kind: type[T]) -> T | None:
    """The inverse of `encode`: the place as a tuple of type `kind`, None for the beginning; BadCursor."""
    if not cursor:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        place: T = msgspec.json.decode(raw, type=kind)
    except (ValueError, msgspec.DecodeError) as error:
        raise BadCursor from error
    if not all(map(_possible, place)):
        raise BadCursor
    return place


def _possible(part: object) -> bool:
    """Whether the database can compare with it: anybody may have made the cursor up."""
    if isinstance(part, datetime):
        return part.tzinfo is not None and FIRST_YEAR <= part.year <= LAST_YEAR
    return not isinstance(part, int) or 0 <= part <= BIGGEST
