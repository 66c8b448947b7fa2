"""Orders with what carriers say of them: their word counts for how far an order has come."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from opieka.deliveries import queries as deliveries
from opieka.desk.presenters.orders import Purchase
from opieka.orders.types import OrderCard


def followed(cards: Iterable[OrderCard], *, shop_ids: Collection[int]) -> list[Purchase]:
    """The same orders with their parcels, or what is to be expected while there are none; their five dots tell the
    carriers' truth where there is one. At most two queries."""
    found = list(cards)
    parcels = deliveries.of_orders([card.id for card in found], shop_ids=shop_ids)
    others = [card.id for card in found if card.id not in parcels]
    waiting = deliveries.waiting_of(others, shop_ids=shop_ids) if others else {}
    return [
        Purchase(replace(card, strip=deliveries.strip(card, parcels[card.id])), parcels[card.id])
        if card.id in parcels
        else Purchase(card, waiting=waiting.get(card.id))
        for card in found
    ]
