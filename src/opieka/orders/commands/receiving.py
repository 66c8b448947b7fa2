"""Taking over what a webhook brings."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from opieka.catalogue.types import Applied
from opieka.kernel import clock
from opieka.kernel.actor import Actor
from opieka.kernel.errors import NotFound
from opieka.orders.commands.applying import apply_reading
from opieka.orders.connectors import CONNECTORS
from opieka.orders.connectors.base import Connector, Context, Reading, Unreadable
from opieka.orders.models import Connection
from opieka.orders.types import Notice, NoticeKind
from opieka.shops import queries as shops


@dataclass(frozen=True)
class Receipt:
    """What came of a webhook: orders taken over, and what a person should look at."""

    applied: Applied
    notices: tuple[Notice, ...]


def receive(connection_id: int, *, topic: str, raw: bytes, by: Actor) -> Receipt:
    """Map a webhook's body and apply it. What cannot be read becomes a notice; only NotFound is raised.

    The signature is not this command's business: see `queries.webhook`.
    """
    row = Connection.objects.filter(id=connection_id).first()
    if row is None:
        raise NotFound
    connector = CONNECTORS[row.connector]
    reading = _read(connector, topic, raw, row.shop_id)
    applied = apply_reading(reading, shop_id=row.shop_id, source=connector.source, by=by)
    heard = {"heard_at": clock.now()} | ({"active": False} if reading.disconnected else {})
    Connection.objects.filter(id=connection_id).update(**heard)
    return Receipt(applied, reading.notices)


def _read(connector: Connector, topic: str, raw: bytes, shop_id: int) -> Reading:
    shop = shops.shop(shop_id)
    context = Context(zone=ZoneInfo(shop.timezone), currency=shop.currency, as_of=clock.now())
    unknown = Notice(kind=NoticeKind.UNKNOWN_TOPIC, where="topic", value=topic[:100])
    if connector.read is None:
        return Reading(notices=(unknown,))
    try:
        return connector.read(topic, raw, context)
    except Unreadable as problem:
        where = f"{topic}: {problem.where}"
        return Reading(notices=(Notice(kind=NoticeKind.UNREADABLE, where=where, value=problem.value),))
