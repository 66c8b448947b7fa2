"""Work with sources in the background: reading a newly connected shop and what webhooks missed; cancelling
orders, writing discount codes."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

import httpx
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.types import TimeDeltaParams

from opieka.kernel import outbound
from opieka.kernel.actor import SYSTEM
from opieka.orders import commands, queries
from opieka.orders.connectors import CONNECTORS
from opieka.orders.connectors.base import Client, Context, Page, Refused, Unreadable
from opieka.orders.connectors.changing import Answer, CodeAnswer, Discounter
from opieka.orders.types import PRODUCTS, CancelOutcome, CodeOutcome, Place
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


@app.task(name="orders.cancel_in_shop")
def cancel_in_shop(request_id: int) -> None:
    """Ask the shop's system, one step, to cancel an order; the answer says whether there is another."""
    found = queries.asking(request_id)
    if found is None:
        gone = Answer(outcome=CancelOutcome.NEEDS_PERSON, why="no_connector")
        commands.note_answer(request_id, answer=gone, by=SYSTEM)
        return
    canceller = CONNECTORS[found.connector].canceller
    if canceller is None:
        raise LookupError(found.connector)
    pause = None
    with outbound.client() as http:
        try:
            asked = canceller(found.credentials, _context(found.shop_id), http)
            answer = asked.cancel(found.external_id, reference=found.reference)
        except outbound.Busy as busy:
            answer, pause = Answer(outcome=None, why="busy"), timedelta(seconds=busy.seconds)
        except Refused as refusal:
            outcome = None if refusal.reason in PASSING else CancelOutcome.NEEDS_PERSON
            answer = Answer(outcome=outcome, why=refusal.reason, detail=refusal.detail)
        except Unreadable as problem:
            answer = Answer(outcome=CancelOutcome.NEEDS_PERSON, why="answer", detail=str(problem))
    commands.note_answer(request_id, answer=answer, pause=pause, by=SYSTEM)


@app.task(name="orders.write_code")
def write_code(request_id: int) -> None:
    """Write a discount code into the shop's system, or take it out."""
    wish = queries.code_wish(request_id)
    if wish is None:
        return
    pause = None
    answer = CodeAnswer(outcome=CodeOutcome.REMOVED if wish.removing else CodeOutcome.WRITTEN)
    with outbound.client() as http:
        try:
            asked = _discounter(wish, http)
            if wish.removing:
                asked.remove(wish.discount.code)
            else:
                asked.write(wish.discount)
        except outbound.Busy as busy:
            answer, pause = CodeAnswer(outcome=None, why="busy"), timedelta(seconds=busy.seconds)
        except Refused as refusal:
            waits = None if refusal.reason in PASSING else CodeOutcome.NEEDS_PERSON
            answer = CodeAnswer(outcome=waits, why=refusal.reason, detail=refusal.detail)
    commands.note_discount(request_id, removing=wish.removing, answer=answer, pause=pause, by=SYSTEM)


@app.periodic(cron="17 * * * *")
@app.task(name="orders.reconcile", queueing_lock="orders.reconcile")
def reconcile(timestamp: int) -> None:
    """Ask every source at rest for what changed since the last reading, and go on where one was given up."""
    for connection_id in queries.stalled_connections():
        go_on(connection_id)
    for connection_id in queries.resting_connections():
        commands.begin_reading(connection_id, everything=False, by=SYSTEM)


def _discounter(wish: queries.CodeWish, http: httpx.Client) -> Discounter:
    made = CONNECTORS[wish.connector].discounter if wish.connector else None
    if made is None:
        raise Refused("no_connector")
    return made(wish.credentials, _context(wish.shop_id), http)


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
    connect = CONNECTORS[here.connector].connect
    if connect is None:
        raise Refused("cannot_be_read")
    return connect(keys, _context(here.shop_id), http)


def _context(shop_id: int) -> Context:
    shop = shops.shop(shop_id)
    return Context(zone=ZoneInfo(shop.timezone), currency=shop.currency)


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
