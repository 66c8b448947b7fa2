"""Reading sources in the background: all of a newly connected shop, and regularly what webhooks may have missed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from zoneinfo import ZoneInfo

import httpx
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.types import TimeDeltaParams

from opieka.kernel import outbound
from opieka.kernel.actor import SYSTEM
from opieka.orders import commands, queries
from opieka.orders.connectors import CONNECTORS
from opieka.orders.connectors.base import Client, Context, Page, Refused
from opieka.orders.types import PRODUCTS, Place
from opieka.shops import queries as shops

# A job ends after so many seconds and another goes on, so that a long back-fill does not keep a worker from others.
TURN = 120
# Refusals that may pass by themselves; the others wait for a person.
PASSING = frozenset({"unreachable", "answer", "not_json"})


class Unanswered(Exception):
    """The source did not answer; the job is tried again with growing pauses."""


@app.task(
    name="orders.read",
    retry=RetryStrategy(max_attempts=8, exponential_wait=4, retry_exceptions=[Unanswered]),
)
def read(connection_id: int) -> None:
    """Read a connection from where it stands; does nothing when it is at rest."""
    try:
        done = _read_pages(connection_id, until=time.monotonic() + TURN)
    except outbound.Busy as busy:
        go_on(connection_id, seconds=int(busy.seconds) + 1)
    except Refused as refusal:
        _refused(connection_id, refusal)
    else:
        if not done:
            go_on(connection_id)


def go_on(connection_id: int, *, seconds: int = 0) -> None:
    """Let a job read a connection, after the one that reads it now, in so many seconds."""
    later: TimeDeltaParams | None = {"seconds": seconds} if seconds else None
    job = read.configure(lock=f"orders.read:{connection_id}", schedule_in=later)
    job.defer(connection_id=connection_id)


@app.periodic(cron="17 * * * *")
@app.task(name="orders.reconcile", queueing_lock="orders.reconcile")
def reconcile(timestamp: int) -> None:
    """Ask every source at rest for what changed since the last reading, and go on where one was given up."""
    for connection_id in queries.stalled_connections():
        go_on(connection_id)
    for connection_id in queries.resting_connections():
        commands.begin_reading(connection_id, everything=False, by=SYSTEM)


def _read_pages(connection_id: int, *, until: float) -> bool:
    """Take page after page; True when there is nothing more, False when the turn is over."""
    client: Client | None = None
    with outbound.client() as http:
        while (found := queries.place(connection_id)) is not None:
            here, keys = found
            client = client or _client(here, keys, http)
            page = client.products(here.cursor) if here.phase == PRODUCTS else _orders(client, here)
            if not commands.take_page(connection_id, page=page, at=here, by=SYSTEM):
                return True
            if time.monotonic() > until:
                return False
    return True


def _orders(client: Client, here: Place) -> Page:
    return client.orders(here.cursor, since=here.since)


def _client(here: Place, keys: Mapping[str, str], http: httpx.Client) -> Client:
    shop = shops.shop(here.shop_id)
    context = Context(zone=ZoneInfo(shop.timezone), currency=shop.currency)
    connect = CONNECTORS[here.connector].connect
    if connect is None:
        raise Refused("cannot_be_read")
    return connect(keys, context, http)


def _refused(connection_id: int, refusal: Refused) -> None:
    if refusal.reason == "cursor_expired":
        commands.start_over(connection_id, by=SYSTEM)
        go_on(connection_id)
        return
    passing = refusal.reason in PASSING
    commands.note_failure(
        connection_id, reason=refusal.reason, detail=refusal.detail, give_up=not passing, by=SYSTEM
    )
    if passing:
        raise Unanswered from refusal
