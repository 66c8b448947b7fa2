"""Pages by cursor: a page says where the next one begins."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
from django.utils.translation import gettext_lazy as _

from opieka.kernel.errors import Invalid

MOST = 100
T = TypeVar("T")


class BadCursor(Invalid):
    code = "bad_cursor"
    sentence = _("This cursor is none of ours. Begin again without one.")


def encode(place: Sequence[Any] | None) -> str | None:
    """A place in a list as text that nobody needs to understand; None at the end."""
    return (
        None
        if place is None
        else base64.urlsafe_b64encode(msgspec.json.encode(list(place))).decode().rstrip("=")
    )


def decode(cursor: str | None, kind: type[T]) -> T | None:
    """The inverse of `encode`: the place as a tuple of type `kind`; BadCursor."""
    if not cursor:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return msgspec.json.decode(raw, type=kind)
    except (ValueError, msgspec.DecodeError, UnicodeError) as error:
        raise BadCursor from error
