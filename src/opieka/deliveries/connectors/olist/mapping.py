"""Olist's tables to columns of parcels.

Times are Brazilian wall clock, places are states and the first digits of postcodes. Review fields, prices and
`shipping_limit_date` are not read: nothing here knows what came after the order but its four dates.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from opieka.deliveries.policy.lateness.records import Flags, Floats, Parcels, keys

TIMES = {
    "order_purchase_timestamp": "placed",
    "order_approved_at": "approved",
    "order_delivered_carrier_date": "handed",
    "order_delivered_customer_date": "delivered",
    "order_estimated_delivery_date": "promised",
}
NEEDED = ("order_id", *TIMES)
COUNTRY = "BR"
MICROSECONDS = 86_400_000_000
EARTH = 6371.0

Row = Mapping[str, Any]


class Refused(Exception):
    """The folder cannot be used; the text says why."""


@dataclass(frozen=True)
class Orders:
    """One parcel per order, and which of them stand as delivered at the end of the records."""

    parcels: Parcels
    finished: Flags


def orders(
    *,
    times: Mapping[str, Floats],
    names: Mapping[str, Sequence[str]],
    others: Mapping[str, Sequence[Row]],
) -> Orders:
    """Join the tables; whatever is unknown stays NaN or 0."""
    days = {ours: times[theirs] / MICROSECONDS for theirs, ours in TIMES.items()}
    lines = _first_lines(others["items"])
    weights = _weights(others["items"], others["products"])
    sellers = {str(row["seller_id"]): row for row in others["sellers"]}
    buyers = {str(row["customer_id"]): row for row in others["customers"]}
    sender = [lines.get(number, "") for number in names["order_id"]]
    origin = [_place(sellers.get(name, {}), "seller") for name in sender]
    goal = [_place(buyers.get(name, {}), "customer") for name in names["customer_id"]]
    count = len(sender)
    parcels = Parcels(
        **{**days, "promised": np.floor(days["promised"])},
        sender=keys(sender),
        carrier=np.zeros(count, np.int64),
        from_region=keys(state for state, _ in origin),
        from_district=keys(postcode[:2] for _, postcode in origin),
        to_region=keys(state for state, _ in goal),
        to_district=keys(postcode[:2] for _, postcode in goal),
        to_area=keys(postcode[:3] for _, postcode in goal),
        to_zone=keys(postcode[:4] for _, postcode in goal),
        distance=_distances(origin, goal, others["zip_centroids"]),
        weight=np.array([weights.get(number, np.nan) for number in names["order_id"]]),
    )
    status = np.array(names["order_status"], dtype=object)
    finished = np.isfinite(parcels.delivered) & ((status == "delivered") | (status == ""))
    return Orders(parcels, finished)


def _first_lines(items: Sequence[Row]) -> dict[str, str]:
    """The seller of each order's first line: in Olist 99 of 100 orders have one seller."""
    found: dict[str, tuple[int, str]] = {}
    for row in items:
        number, place = str(row["order_id"]), int(row["order_item_id"] or 0)
        if number not in found or place < found[number][0]:
            found[number] = (place, str(row["seller_id"] or ""))
    return {number: seller for number, (_, seller) in found.items()}


def _weights(items: Sequence[Row], products: Sequence[Row]) -> dict[str, float]:
    each = {row["product_id"]: number(row["product_weight_g"]) for row in products}
    summed: dict[str, float] = {}
    for row in items:
        weight = each.get(row["product_id"], math.nan)
        summed[str(row["order_id"])] = summed.get(str(row["order_id"]), 0.0) + weight
    return summed


def number(value: object) -> float:
    """A number that may stand as text; NaN for anything else."""
    try:
        return float(value) if isinstance(value, str | int | float) else math.nan
    except ValueError:
        return math.nan


def _place(row: Row, who: str) -> tuple[str, str]:
    return str(row.get(f"{who}_state") or ""), str(row.get(f"{who}_zip_code_prefix") or "")


def _distances(
    origin: Sequence[tuple[str, str]], goal: Sequence[tuple[str, str]], centroids: Sequence[Row]
) -> Floats:
    """Great-circle kilometres between postcodes."""
    known = {str(row["zip_code_prefix"]): (number(row["lat"]), number(row["lng"])) for row in centroids}
    nowhere = (math.nan, math.nan)
    lat1, lng1 = np.radians(np.array([known.get(code, nowhere) for _, code in origin]).reshape(-1, 2)).T
    lat2, lng2 = np.radians(np.array([known.get(code, nowhere) for _, code in goal]).reshape(-1, 2)).T
    half = np.sin((lat1 - lat2) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lng1 - lng2) / 2) ** 2
    distance: Floats = 2 * EARTH * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return distance
