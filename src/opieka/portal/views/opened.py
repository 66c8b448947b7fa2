"""What the key in an address opens."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest

from opieka.deliveries import queries as deliveries
from opieka.deliveries.types import ParcelCard
from opieka.kernel.actor import SYSTEM, Actor
from opieka.kernel.errors import NotFound
from opieka.orders import queries as orders
from opieka.orders.types import OrderCard
from opieka.portal import commands
from opieka.shops import queries as shops
from opieka.shops.types import ShopCard


@dataclass(frozen=True)
class Room:
    """One order and its shop; who has the key is its customer."""

    key: str
    shop_id: int
    order_id: int

    @classmethod
    def of(cls, key: str) -> Room:
        """NotFound for a key that opens nothing."""
        return cls(key, *deliveries.opened(key))

    @cached_property
    def shop(self) -> ShopCard:
        return shops.shop(self.shop_id)

    @cached_property
    def order(self) -> OrderCard:
        return orders.order(self.order_id, shop_ids=[self.shop_id])

    @cached_property
    def parcels(self) -> list[ParcelCard]:
        return deliveries.of_orders([self.order_id], shop_ids=[self.shop_id]).get(self.order_id, [])

    @property
    def by(self) -> Actor:
        person = self.order.customer_id
        return Actor.customer(person) if person is not None else SYSTEM

    def parcel(self, parcel_id: int) -> ParcelCard:
        """One of the order's parcels; NotFound for any other."""
        found = next((card for card in self.parcels if card.id == parcel_id), None)
        if found is None:
            raise NotFound
        return found


def sent_photos(request: HttpRequest) -> list[bytes]:
    """The pictures she sent, as far as it takes to see that they are too many or too large."""
    files = request.FILES.getlist("photos")[: commands.MOST_PHOTOS + 1]
    return [file.read(commands.LARGEST_PHOTO + 1) for file in files]
