"""Whose parcel it is: parcels and the orders they belong to, whichever was known first."""

from __future__ import annotations

from collections.abc import Sequence

from opieka.deliveries.commands.loading import Box, State
from opieka.deliveries.commands.promising import hand_on
from opieka.deliveries.models import Parcel, Watch
from opieka.deliveries.types import Leg
from opieka.orders import queries as orders
from opieka.orders.types import Sending


def join_named(boxes: Sequence[Box], state: State) -> None:
    """Give parcels the orders their senders named, as far as these are known."""
    asking = [box for box in boxes if box.parcel.order_id is None and box.parcel.order_key]
    found = orders.sendings_by_number({box.parcel.order_key for box in asking}, shop_id=state.shop_id)
    named = [(box, found[box.parcel.order_key]) for box in asking if box.parcel.order_key in found]
    if not named:
        return
    ids = {sending.id for _, sending in named}
    watches = {row.order_id: row for row in Watch.objects.filter(shop_id=state.shop_id, order_id__in=ids)}
    for box, sending in named:
        join(box, sending, watches.get(sending.id))


def join(box: Box, sending: Sending, watch: Watch | None, *, shipment_id: int | None = None) -> None:
    """Give a parcel its order, with its customer, where it goes, and what was promised."""
    parcel = box.parcel
    before = _joined(parcel)
    parcel.order_id, parcel.customer_id = sending.id, sending.customer_id
    parcel.shipment_id = shipment_id or parcel.shipment_id
    if parcel.way == Leg.OUTBOUND:
        parcel.destination_country = sending.country[:2]
        parcel.destination_postcode = sending.postcode[:20]
    told = watch is not None and hand_on(watch, parcel)
    box.changed = box.changed or told or _joined(parcel) != before


def _joined(parcel: Parcel) -> tuple[object, ...]:
    return (
        parcel.order_id, parcel.customer_id, parcel.shipment_id, parcel.destination_country,
        parcel.destination_postcode,
    )  # fmt: skip
