"""Fills an installation with the demo, by the same commands that real shops use, each at its own moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from django.db import transaction
from rich.console import Console
from rich.progress import Progress

from opieka.catalogue import commands as catalogue
from opieka.channels import queries as channels
from opieka.customers import commands as customers
from opieka.customers.types import ContactKind, ContactPoint
from opieka.deliveries import commands as deliveries
from opieka.deliveries.types import ParcelStage, Tracking, TrackingReport
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.orders import commands as orders
from opieka.orders import queries as order_queries
from opieka.orders.types import OrderSnapshot
from opieka.project.demo import snapshots
from opieka.project.demo.content import Act, Customer, Demo, Group, Order, Parcel, Shop, Staff, Step
from opieka.project.demo.correspondence import Correspondence, open_mailbox
from opieka.project.demo.reading import read
from opieka.shops import commands as shops
from opieka.shops import queries
from opieka.shops.types import Role

LOGIN = "hanna@polana.example"
MAILBOX = "pomoc@polana.example"
PASSWORD = "wiosna-w-lesie"  # noqa: S105 # everybody may know it: it opens the demo and nothing else
SOURCE = "demo"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def is_loaded() -> bool:
    """Whether the demo's shops are here."""
    return channels.account_for(MAILBOX) is not None


def fill_if_empty(console: Console | None = None) -> bool:
    """Load the demo where there is no shop yet; tells whether it did."""
    return not queries.shops() and fill(console)


def fill(console: Console | None = None) -> bool:
    """Load the demo unless it is here; tells whether it did. All of it or, interrupted, nothing."""
    demo = read(clock.now())
    with transaction.atomic():
        if {shop.slug for shop in queries.shops()} & set(demo.shop):
            return False
        filling = _Filling(demo)
        filling.open_shops()
        with Progress(console=console or Console(), transient=True) as progress:
            for at, act in progress.track(
                sorted(filling.acts(), key=lambda each: each[0]), description="Demo"
            ):
                with clock.fixed(at):
                    act()
    return True


class _Filling:
    """One run: the demo, and the ids its people and shops were given."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.shops: dict[str, int] = {}
        self.staff: dict[str, int] = {}
        self.mailboxes: dict[str, int] = {}
        self.orders: dict[str, int] = {}

    def open_shops(self) -> None:
        for group in self.demo.groups:
            self._open(group)
        for member in self.demo.staff:
            self._hire(member)

    def acts(self) -> Iterator[Act]:
        """What happened, in no order."""
        for customer in self.demo.customers:
            yield customer.since, partial(self._meet, customer)
        first = min(order.placed for order in self.demo.orders)
        for shop in self.demo.shops:
            yield first, partial(self._stock, shop, first)
        for order in self.demo.orders:
            told = snapshots.snapshot(self.demo, order)
            yield order.placed, partial(self._sell, order.shop, told)
            for parcel in order.parcels:
                for step in parcel.steps:
                    yield step.at, partial(self._report, order, parcel, step)
        for conversation in self.demo.conversations:
            yield from Correspondence(
                self.demo,
                conversation,
                account_id=self.mailboxes[conversation.shop],
                shop_id=self.shops[conversation.shop],
                staff=self.staff,
            ).acts()

    def _open(self, group: Group) -> None:
        group_id = None
        for slug in group.shops:
            self.shops[slug] = shops.open_shop(_details(self.demo.shop[slug]), group_id=group_id, by=SYSTEM)
            self.mailboxes[slug] = open_mailbox(self.demo.shop[slug], self.shops[slug])
            group_id = queries.shop(self.shops[slug]).group_id

    def _hire(self, member: Staff) -> None:
        staff_id = shops.add_staff(
            member.email, name=member.name, password=PASSWORD, language=member.language, by=SYSTEM
        )
        for slug, role in member.roles.items():
            shops.grant_role(staff_id, shop_id=self.shops[slug], role=Role(role), by=SYSTEM)
        self.staff[member.key] = staff_id

    def _meet(self, customer: Customer) -> None:
        """By all her contact points, in the shop where she is at home."""
        points = [
            ContactPoint(ContactKind(point.kind), snapshots.reachable(point, customer.country))
            for point in customer.contact_points
        ]
        customers.recognise(
            points,
            shop_id=self.shops[self.demo.home(customer).slug],
            name=customer.name,
            language=customer.language,
            by=SYSTEM,
        )

    def _sell(self, slug: str, told: OrderSnapshot) -> None:
        """Taken over from the shop, and followed at once as the worker would."""
        shop_id = self.shops[slug]
        orders.apply_orders([told], shop_id=shop_id, source=SOURCE, by=SYSTEM)
        (found,) = order_queries.by_number(told.number, shop_ids=[shop_id])
        self.orders[told.number] = found.id
        deliveries.follow({found.id: told.paid_at}, shop_id=shop_id, by=SYSTEM)

    def _report(self, order: Order, parcel: Parcel, step: Step) -> None:
        """What a carrier says of a parcel."""
        report = TrackingReport(
            at=step.at, stage=ParcelStage(step.stage), raw_text=step.text, depot=step.place
        )
        tracking = Tracking(
            carrier=parcel.carrier.lower(),
            tracking_number=parcel.tracking,
            order_number=order.number,
            reports=(report,),
        )
        shop_id = self.shops[order.shop]
        deliveries.take([tracking], shop_id=shop_id, told_by=tracking.carrier, by=SYSTEM)
        deliveries.check_hand_overs([self.orders[order.number]], shop_id=shop_id, by=SYSTEM)

    def _stock(self, shop: Shop, at: datetime) -> None:
        sold = [
            snapshots.goods(product, shop, at)
            for product in self.demo.products
            if shop.slug in product.prices
        ]
        catalogue.apply_products(sold, shop_id=self.shops[shop.slug], source=SOURCE, by=SYSTEM)


def _details(shop: Shop) -> shops.ShopDetails:
    return shops.ShopDetails(
        slug=shop.slug,
        name=shop.name,
        country=shop.countries[0],
        currency=shop.currency,
        timezone=shop.timezone,
        languages=shop.languages,
        accent=shop.accent,
        hours=[[_minutes(shop.hours[day])] if day in shop.hours else [] for day in _DAYS],
    )


def _minutes(hours: tuple[str, str]) -> tuple[int, int]:
    """Opening and closing in minutes after midnight."""
    start, end = (int(at[:2]) * 60 + int(at[3:]) for at in hours)
    return start, end
