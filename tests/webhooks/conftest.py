"""A shop with an endpoint at a real server, and a way to let things happen in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from django.db import transaction
from pytest_django.fixtures import Settings

from opieka.kernel.actor import SYSTEM
from opieka.shops.types import ShopCard
from opieka.timeline import queries
from opieka.timeline.commands import record_many
from opieka.timeline.types import NewTouchpoint
from opieka.webhooks import commands, reactions
from opieka.webhooks.jobs import Sender
from opieka.webhooks.models import Delivery
from opieka.webhooks.types import Target
from tests.factories import make_shop
from tests.timeline.facts import Happened
from tests.webhooks.receiver import Receiver, receiving


@dataclass
class World:
    shop: ShopCard
    endpoint: int
    secret: str
    receiver: Receiver

    def happen(self, *numbers: int, shop: ShopCard | None = None) -> list[int]:
        """Facts, and the deliveries made of them; the touchpoints' ids."""
        at = (shop or self.shop).id
        with transaction.atomic():
            new = [NewTouchpoint(Happened(number=n), at, 7, f"thing:{n}", SYSTEM) for n in numbers]
            ids = record_many(new)
        tell(ids, at)
        return ids

    def add(self, url: str = "", *, kinds: tuple[str, ...] = (), shop: ShopCard | None = None) -> int:
        """One more endpoint."""
        target = Target(url or self.receiver.url, kinds=kinds)
        endpoint, _secret = commands.add_endpoint((shop or self.shop).id, target=target, by=SYSTEM)
        return endpoint

    def one(self, endpoint: int = 0) -> Delivery:
        """The only delivery of an endpoint."""
        return Delivery.objects.select_related("endpoint").get(endpoint_id=endpoint or self.endpoint)


def tell(ids: list[int], shop_id: int) -> None:
    """Hand touchpoints to the reaction, as the worker does when their transaction is over."""

    reactions.tell_programs(list(queries.touchpoints(ids, shop_ids=[shop_id]).values()))


def send() -> None:
    """Send what is due now, and wait for its end."""
    sender = Sender()
    while sender.step():
        pass
    sender.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.fixture
def world(db: None, receiver: Receiver, settings: Settings) -> World:
    settings.OPIEKA = replace(settings.OPIEKA, internal_hosts=frozenset({"localhost"}))
    shop = make_shop()
    endpoint, secret = commands.add_endpoint(shop.id, target=Target(receiver.url), by=SYSTEM)
    return World(shop, endpoint, secret, receiver)
