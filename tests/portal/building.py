"""An order with its parcels, its key, and a customer who looks at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from opieka.channels import commands as channels
from opieka.channels.types import AccountDetails, Sending
from opieka.deliveries import commands, queries
from opieka.deliveries.models import Parcel
from opieka.deliveries.types import Point
from opieka.kernel.actor import SYSTEM
from opieka.orders.models import Order
from opieka.orders.types import Address, Contact
from opieka.shops.types import ShopCard
from tests.deliveries.building import after, report, take, tracking
from tests.factories import make_shop
from tests.orders import building as ordering

CONTACT = Contact(name="Anna Nowak", email="anna@example.com", phone="+48601234567", language="pl")
HOME = Address(name="Anna Nowak", street="Polna 1", postcode="00-019", city="Warszawa", country="PL")
POINT = Point(
    code="WAW01", name="Kiosk Złota", street="Złota 1", postcode="00-019", city="Warszawa", country="PL",
    latitude=52.2319, longitude=21.0067, hours="8-20",
)  # fmt: skip


@dataclass
class World:
    """One shop, one order, one parcel in it."""

    shop: ShopCard
    order_id: int
    client: Client = field(default_factory=lambda: Client(headers={"Accept-Language": "en"}))

    @property
    def key(self) -> str:
        return queries.page_key(self.order_id, shop_id=self.shop.id)

    @property
    def parcel_id(self) -> int:
        return Parcel.objects.filter(shop_id=self.shop.id, number="MEM1").values_list("id", flat=True)[0]

    def report(self, *stages: str, number: str = "MEM1", **more: Any) -> None:
        """The parcel's carrier says so, an hour after the other, the last three hours after the start."""
        told = [report(hours, stage, **more) for hours, stage in enumerate(stages)]
        parcel = tracking(*told, number=number, carrier="memory", order_number="1001")
        take(self.shop.id, parcel, told_by="memory")

    def get(self, path: str = "", **query: str) -> Any:
        return self.client.get(f"/my/o/{self.key}/{path}", query)

    def post(self, path: str, **data: Any) -> Any:
        return self.client.post(f"/my/o/{self.key}/{path}", data)


def make_world(*, accent: str = "#0f766e", **changes: Any) -> World:
    """A shop that can write mails, with an order promised in four days and its parcel on the way."""
    shop = make_shop(accent=accent)
    details = AccountDetails(f"help@{shop.slug}.example", shop.name, sending=Sending.MEMORY)
    channels.open_account(shop.id, details=details, by=SYSTEM)
    commands.connect(
        shop.id, carrier="memory", credentials={"shelf": shop.slug, "webhook_secret": "s"}, by=SYSTEM
    )
    known: dict[str, Any] = {
        "number": "1001",
        "contact": CONTACT,
        "shipping_address": HOME,
        "promised_at": after(24 * 3 + 8),
    }
    ordering.apply(shop.id, ordering.report(**known | changes))
    order_id = Order.objects.get(shop_id=shop.id).pk
    commands.follow({order_id: after(0)}, shop_id=shop.id, by=SYSTEM)
    world = World(shop, order_id)
    world.report("label_created", "in_transit")
    return world


def text(answer: Any, status: int = 200) -> str:
    """A page's words, once its status is the one expected."""
    assert answer.status_code == status, (answer.status_code, answer.content[:500])
    return str(answer.content.decode())
