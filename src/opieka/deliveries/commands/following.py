"""Following orders: their parcels by the tracking numbers the shop tells, and what it says of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.db import transaction
from django.db.models import Q

from opieka.deliveries.commands.handing_over import watch_hand_overs
from opieka.deliveries.commands.joining import join
from opieka.deliveries.commands.loading import (
    SHOP,
    Box,
    State,
    begin,
    load_reports,
    lock_numbers,
    take_turns,
)
from opieka.deliveries.commands.noticing import keep_notices
from opieka.deliveries.commands.placing import Bundle, gather, place
from opieka.deliveries.commands.promising import Told, tell, watched
from opieka.deliveries.commands.settling import settle
from opieka.deliveries.models import Parcel, Promise, Watch
from opieka.deliveries.policy.naming import normal_number
from opieka.deliveries.types import Notice, ParcelStage, PromiseSource, Tracking, TrackingReport
from opieka.kernel import bulk
from opieka.kernel.actor import Actor
from opieka.orders import queries as orders
from opieka.orders.types import Sending, ShipmentCard, ShipmentStatus


@dataclass(frozen=True)
class Listed:
    """A tracking number the shop lists with a shipment."""

    sending: Sending
    shipment_id: int
    number: str


@transaction.atomic
def follow(orders_paid: Mapping[int, datetime | None], *, shop_id: int, by: Actor) -> None:
    """Bring the parcels of some orders in line with what the shop says now: their numbers, promise and hand-over.

    With each order comes when it was paid, where that is known. The same again changes nothing. Parcels that were
    reported before their order was known are joined with it. However many orders, the number of queries is the same.
    """
    sendings = orders.sendings(orders_paid, shop_id=shop_id)
    if not sendings:
        return
    notices: list[Notice] = []
    listed, bundles = _listed(sendings.values(), shop_id, notices)
    numbers = {bundle.number for bundle in bundles}
    keys = {sending.number_key for sending in sendings.values()}
    take_turns(shop_id, numbers=numbers, order_keys=keys)
    state = begin(shop_id)
    watches = watched(sendings, shop_id=shop_id)
    placed = list(place(bundles, lock_numbers(shop_id, numbers), state, notices))
    boxes = [box for _, box in placed]
    boxes += _others(boxes, sendings, state)
    load_reports(boxes, shop_id=shop_id)
    for bundle, box in placed:
        if not state.asks(box.parcel.carrier):
            box.believe(bundle.reports, at=state.now)
    brought = _join(boxes, listed, sendings, watches)
    _note(watches, sendings, orders_paid)
    for told in (_promised(sendings, shop_id), brought):
        tell(told, state, in_hand=boxes, by=by)
    settle(state, [box for box in boxes if box.changed], told_by=SHOP, by=by)
    keep_notices(notices, shop_id=shop_id, carrier="")
    watch_hand_overs(watched(sendings, shop_id=shop_id), sendings, state, by=by)


def _listed(
    sendings: Collection[Sending], shop_id: int, notices: list[Notice]
) -> tuple[dict[str, Listed], list[Bundle]]:
    """The tracking numbers the shop tells, and what it says of them."""
    listed: dict[str, Listed] = {}
    told: list[Tracking] = []
    for sending in sendings:
        for shipment in sending.shipments:
            if shipment.status is ShipmentStatus.CANCELLED:
                continue
            for number in shipment.tracking_numbers:
                listed[normal_number(number)] = Listed(sending, shipment.id, number)
                told.append(
                    Tracking(
                        carrier="",
                        tracking_number=number,
                        carrier_word=shipment.carrier,
                        reports=tuple(_word(shipment)),
                    )
                )
    return listed, gather(told, shop_id, notices)


def _word(shipment: ShipmentCard) -> Iterator[TrackingReport]:
    """What the shop itself says of a parcel's arrival: all there is of carriers that nobody asks.

    That it was sent is no hand-over: shops say so when they print the label.
    """
    if shipment.delivered_at is not None:
        yield TrackingReport(at=shipment.delivered_at, stage=ParcelStage.DELIVERED, raw_code="delivered")


def _others(boxes: Sequence[Box], sendings: Mapping[int, Sending], state: State) -> list[Box]:
    """The orders' further parcels: those joined with them, and those whose sender named them."""
    held = [box.parcel.pk for box in boxes if box.parcel.pk is not None]
    keys = [sending.number_key for sending in sendings.values() if sending.number_key]
    named = Q(order=None, order_key__in=keys) | Q(order_id__in=list(sendings))
    rows = Parcel.objects.select_for_update().filter(named, shop_id=state.shop_id).exclude(id__in=held)
    return [Box(row) for row in rows.order_by("id")]


def _join(
    boxes: Sequence[Box],
    listed: Mapping[str, Listed],
    sendings: Mapping[int, Sending],
    watches: Mapping[int, Watch],
) -> dict[int, Told]:
    """Give the parcels their orders; returns the promises that parcels bring along."""
    by_key = {sending.number_key: sending for sending in sendings.values()}
    brought: dict[int, Told] = {}
    for box in boxes:
        parcel, found = box.parcel, listed.get(box.parcel.number)
        if found is None and parcel.shipment_id is not None and parcel.last_report_at is None:
            # The shop has corrected a number that no carrier ever knew.
            parcel.order_id = parcel.customer_id = parcel.shipment_id = None
            box.changed = True
            continue
        sending = found.sending if found else sendings.get(parcel.order_id or 0) or by_key[parcel.order_key]
        if parcel.order_id is None and parcel.promised_to is not None:
            source = PromiseSource.WAREHOUSE
            brought[sending.id] = Told(parcel.promised_from, parcel.promised_to, source, parcel.created_at)
        join(box, sending, watches[sending.id], shipment_id=found.shipment_id if found else None)
    return brought


def _note(
    watches: Mapping[int, Watch], sendings: Mapping[int, Sending], paid: Mapping[int, datetime | None]
) -> None:
    """Keep with the watch what the shop says of the order."""
    changed = []
    for order_id, sending in sendings.items():
        watch = watches[order_id]
        before = _noted(watch)
        sent = sending.whole or (sending.shipped_at is not None and not sending.shipments)
        watch.customer_id, watch.cancelled_at = sending.customer_id, sending.cancelled_at
        watch.paid_at = sending.paid_at or watch.paid_at or paid[order_id]
        watch.unsent = 0 if sent else 1
        if _noted(watch) != before:
            changed.append(watch)
    bulk.update(changed, NOTED)


NOTED = ("customer_id", "cancelled_at", "paid_at", "unsent")
_noted = attrgetter(*NOTED)


def _promised(sendings: Mapping[int, Sending], shop_id: int) -> dict[int, Told]:
    """The promises in the shop's own records, where they are news: the first was told with the order."""
    rows = Promise.objects.filter(shop_id=shop_id, order_id__in=list(sendings), source=PromiseSource.SHOP)
    last = dict(rows.order_by("told_at", "id").values_list("order_id", "promised_to"))
    return {
        order_id: Told(
            None,
            sending.promised_at,
            PromiseSource.SHOP,
            sending.updated_at if order_id in last else sending.placed_at,
        )
        for order_id, sending in sendings.items()
        if sending.promised_at is not None and last.get(order_id) != sending.promised_at
    }
