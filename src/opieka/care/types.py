"""The words of care that others may use."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar


class NoticeKind(StrEnum):
    """What a customer is told of her parcel by itself."""

    ACCEPTED = "accepted"
    OUT_FOR_DELIVERY = "out_for_delivery"
    READY = "ready"
    ATTEMPTED = "attempted"
    DELIVERED = "delivered"


@dataclass(frozen=True, kw_only=True)
class NoticePreferences:
    """Which notices a shop sends, and in which words: by kind and language a text whose first line is the subject.

    Nothing is sent until somebody switches it on: the shop's own system may tell the same.
    """

    key: ClassVar[str] = "care.notices"
    on: tuple[NoticeKind, ...] = ()
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
