"""Orders with what carriers say of them: their word counts for how far an order has come."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from opieka.deliveries import queries as deliveries
from opieka.desk.presenters.orders import Purchase
from opieka.orders.types import OrderCard


def followed(cards: Iterable[OrderCard], *, shop_ids: Collection[int]) -> list[Purchase]:
    """The same orders with their parcels; their five dots tell the carriers' truth where there is one. One query."""
    found = list(cards)
    parcels = deliveries.of_orders([card.id for card in found], shop_ids=shop_ids)
    return [
        Purchase(replace(card, strip=deliveries.strip(card, parcels[card.id])), parcels[card.id])
        if card.id in parcels
        else Purchase(card)
        for card in found
    ]
