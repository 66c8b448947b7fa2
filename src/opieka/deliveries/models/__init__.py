"""The tables of deliveries."""

from __future__ import annotations

from opieka.deliveries.models.choosing import Arrived, Choice, CollectCode, PageLock, PickupPoint
from opieka.deliveries.models.following import (
    IN_TROUBLE,
    IS_OPEN,
    IS_WAITING,
    Connection,
    Foresight,
    Notice,
    Parcel,
    Promise,
    Report,
    Usual,
    Watch,
)

__all__ = [
    "IN_TROUBLE",
    "IS_OPEN",
    "IS_WAITING",
    "Arrived",
    "Choice",
    "CollectCode",
    "Connection",
    "Foresight",
    "Notice",
    "PageLock",
    "Parcel",
    "PickupPoint",
    "Promise",
    "Report",
    "Usual",
    "Watch",
]
