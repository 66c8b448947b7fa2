"""Parcels, what was promised about them, and the carriers that report on them."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from ninja import Query
from pydantic import Field

from opieka.customers import queries as customers
from opieka.deliveries import commands, queries
from opieka.deliveries.types import (
    ConnectionCard,
    NoticeKind,
    ParcelStage,
    RiskBand,
    Wanted,
    WantedNotices,
)
from opieka.kernel import clock
from opieka.kernel.errors import NotFound
from opieka.orders import queries as orders
from opieka.rest import paging
from opieka.rest.fields import CLEAN, Code, In, Moment, Page, Paging, PathId, QueryFlag
from opieka.rest.operations import Request, Resource, address
from opieka.rest.resources.files import UPLOAD, sent
from opieka.rest.resources.products import SOURCE
from opieka.rest.schemas.deliveries import (
    Carrier,
    CarrierConnection,
    Delays,
    FileTaken,
    FirstAttempts,
    GivenUp,
    NewCarrierConnection,
    NewPromise,
    Parcel,
    ParcelBatch,
    ParcelCounts,
    ParcelIn,
    ParcelNotice,
    Promise,
    Scorecard,
    Scores,
    Taken,
)
from opieka.shops.types import Permission

parcels = Resource("parcels")
carriers = Resource("carriers")
PERIOD = timedelta(days=30)


class Seeking(Paging):
    """Which parcels: each parameter narrows. `number` is the beginning of a tracking number; `unjoined` are those
    nobody knows the order of, `to_arrange` those with a decision a person has to arrange; those of an order or a
    customer are one page and not narrowed further."""

    order_id: PathId | None = None
    customer_id: PathId | None = None
    stage: ParcelStage | None = None
    band: RiskBand | None = None
    carrier: Code = ""
    depot: Code = ""
    number: Annotated[str, Field(max_length=60, pattern=CLEAN)] = ""
    open: QueryFlag = False
    late: QueryFlag = False
    stale: QueryFlag = False
    lost: QueryFlag = False
    unjoined: QueryFlag = False
    to_arrange: QueryFlag = False


class SeekingNotices(Paging):
    """Which notices: of one kind, or brought by one carrier."""

    kind: NoticeKind | None = None
    carrier: Code = ""


class Period(In):
    """From when until when; the last thirty days unless told otherwise."""

    since: Moment | None = None
    until: Moment | None = None


@parcels.get("/parcels", Permission.READ, Page[Parcel])
def list_parcels(request: Request, query: Query[Seeking]) -> Page[Parcel]:
    """Parcels, newest first."""
    shop_ids = [request.caller.shop_id]
    if query.order_id is not None:
        found = queries.of_orders([query.order_id], shop_ids=shop_ids).get(query.order_id, [])
        return Page[Parcel](items=[Parcel.of(card) for card in found], next=None)
    if query.customer_id is not None:
        lineage = customers.card(query.customer_id, shop_ids=shop_ids).lineage
        found = queries.of_customers(lineage, shop_ids=shop_ids, limit=query.limit)
        return Page[Parcel](items=[Parcel.of(card) for card in found], next=None)
    wanted = Wanted(
        stages=(query.stage,) if query.stage else (),
        **{name: getattr(query, name) for name in _NARROWING},
    )
    place = paging.decode(query.cursor, tuple[int])
    found = queries.parcels(
        shop_ids=shop_ids, wanted=wanted, after_id=place[0] if place else None, limit=query.limit + 1
    )
    shown = found[: query.limit]
    more = paging.encode([shown[-1].id]) if len(found) > len(shown) else None
    return Page[Parcel](items=[Parcel.of(card) for card in shown], next=more)


_NARROWING = ("band", "carrier", "depot", "number", "open", "late", "stale", "lost", "unjoined", "to_arrange")


@parcels.get("/parcels/counts", Permission.READ, ParcelCounts)
def count_parcels(request: Request) -> ParcelCounts:
    """How many open parcels there are, in the ways a control tower looks at them."""
    return ParcelCounts.of(queries.counts(shop_ids=[request.caller.shop_id]))


@parcels.post("/parcels/batch", Permission.IMPORT, Taken)
def take_parcels(request: Request, body: ParcelBatch) -> Taken:
    """Take over parcels and reports; in whatever order and however often they come, the outcome is the same."""
    caller = request.caller
    trackings = [parcel.tracking() for parcel in body.parcels]
    return Taken.of(commands.take(trackings, shop_id=caller.shop_id, told_by=SOURCE, by=caller.actor))


@parcels.post("/parcels/file", Permission.IMPORT, FileTaken, files=True, openapi=UPLOAD)
def take_parcel_file(request: Request) -> FileTaken:
    """Take over a warehouse's table or JSON (docs/carriers.md); what could not be read is told and kept as notices."""
    caller = request.caller
    raw = sent(request).data
    return FileTaken.of(commands.take_file(raw, shop_id=caller.shop_id, by=caller.actor))


@parcels.get("/parcels/{parcel_id}", Permission.READ, Parcel)
def get_parcel(request: Request, parcel_id: PathId) -> Parcel:
    """One parcel with all its reports."""
    return Parcel.of(queries.parcel(parcel_id, shop_ids=[request.caller.shop_id]))


@parcels.create("/parcels", Permission.IMPORT, Parcel)
def add_parcel(request: Request, response: HttpResponse, body: ParcelIn) -> Parcel:
    """Follow a parcel; one that is followed already is brought up to date."""
    caller = request.caller
    commands.take([body.tracking()], shop_id=caller.shop_id, told_by=SOURCE, by=caller.actor)
    found = queries.numbered(body.tracking_number, shop_ids=[caller.shop_id])
    card = next((card for card in found if card.carrier == body.carrier), found[0])
    response.headers["Location"] = address("get_parcel", parcel_id=card.id)
    return get_parcel(request, card.id)


@parcels.post("/parcels/{parcel_id}/lost", Permission.ANSWER, Parcel)
def give_up_parcel(request: Request, parcel_id: PathId, body: GivenUp) -> Parcel:
    """Take a parcel as lost that is late or silent; what its carrier reports later counts more."""
    caller = request.caller
    queries.parcel(parcel_id, shop_ids=[caller.shop_id])
    commands.give_up([parcel_id], shop_id=caller.shop_id, why=body.why, at=clock.now(), by=caller.actor)
    return get_parcel(request, parcel_id)


@parcels.post("/parcels/{parcel_id}/ask", Permission.ANSWER)
def ask_about_parcel(request: Request, parcel_id: PathId) -> None:
    """Ask its carrier as soon as it can be asked, unless its way is over."""
    caller = request.caller
    card = queries.parcel(parcel_id, shop_ids=[caller.shop_id])
    commands.ask_now([card.id], shop_ids=[caller.shop_id], by=caller.actor)


@parcels.get("/orders/{order_id}/promises", Permission.READ, Page[Promise])
def list_promises(request: Request, order_id: PathId) -> Page[Promise]:
    """What the customer was told about when an order comes, oldest first; the last counts."""
    shop_ids = [request.caller.shop_id]
    orders.order(order_id, shop_ids=shop_ids)
    found = queries.promises(order_id, shop_ids=shop_ids)
    return Page[Promise](items=[Promise.of(card) for card in found], next=None)


@parcels.post("/orders/{order_id}/promises", Permission.ANSWER)
def make_promise(request: Request, order_id: PathId, body: NewPromise) -> None:
    """Keep what the customer was told now; from now on lateness is measured by it."""
    caller = request.caller
    commands.promise(
        order_id,
        shop_id=caller.shop_id,
        promised_from=body.promised_from,
        promised_to=body.promised_to,
        source=body.source,
        by=caller.actor,
    )


@parcels.get("/parcel-notices", Permission.READ, Page[ParcelNotice])
def list_parcel_notices(request: Request, query: Query[SeekingNotices]) -> Page[ParcelNotice]:
    """What tracking left unclear and a person should look at, the latest first."""
    place = paging.decode(query.cursor, tuple[int])
    offset = place[0] if place else 0
    wanted = WantedNotices(kind=query.kind, told_by=query.carrier)
    rows = queries.notices([request.caller.shop_id], wanted)
    found = list(rows[offset : offset + query.limit + 1])
    shown = found[: query.limit]
    more = paging.encode([offset + len(shown)]) if len(found) > len(shown) else None
    return Page[ParcelNotice](items=[ParcelNotice.of(row) for row in shown], next=more)


@parcels.delete("/parcel-notices/{parcel_notice_id}", Permission.REPAIR)
def dismiss_parcel_notice(request: Request, parcel_notice_id: PathId) -> None:
    """Take a notice off the list until it comes again."""
    caller = request.caller
    wanted = WantedNotices(id=parcel_notice_id)
    count, _at = commands.dismiss_notices(wanted, shop_ids=[caller.shop_id], by=caller.actor)
    if not count:
        raise NotFound


@carriers.get("/carriers", Permission.READ, Page[Carrier])
def list_carriers(request: Request) -> Page[Carrier]:
    """Whom a shop can be connected to: carriers, aggregators and warehouses."""
    return Page[Carrier](items=[Carrier.of(card) for card in queries.carriers()], next=None)


@carriers.get("/carriers/scores", Permission.READ, Scores)
def get_scores(request: Request, query: Query[Period]) -> Scores:
    """How carriers did in a period, and where delays arose."""
    shop_ids, now = [request.caller.shop_id], clock.now()
    until = query.until or now
    since = query.since or until - PERIOD
    cards = queries.scorecards(shop_ids=shop_ids, since=since, until=until, now=now)
    delays = queries.delays(shop_ids=shop_ids, since=since, until=until)
    attempts = queries.first_attempts(shop_ids=shop_ids, since=since, until=until)
    return Scores(
        carriers=[Scorecard.of(card) for card in cards],
        first_attempts=FirstAttempts.of(attempts),
        delays=Delays.of(delays),
    )


@carriers.get("/carrier-connections", Permission.READ, Page[CarrierConnection])
def list_carrier_connections(request: Request) -> Page[CarrierConnection]:
    """The carriers the shop is connected to, and how that goes."""
    found = queries.connections([request.caller.shop_id])
    return Page[CarrierConnection](items=[_connection(card) for card in found], next=None)


@carriers.get("/carrier-connections/{carrier_connection_id}", Permission.READ, CarrierConnection)
def get_carrier_connection(request: Request, carrier_connection_id: PathId) -> CarrierConnection:
    """One connection to a carrier, and how it goes."""
    return _connection(queries.connection(carrier_connection_id, shop_ids=[request.caller.shop_id]))


@carriers.create("/carrier-connections", Permission.SETTINGS, CarrierConnection)
def connect_carrier(
    request: Request, response: HttpResponse, body: NewCarrierConnection
) -> CarrierConnection:
    """Connect a carrier, or give its connection new keys."""
    caller = request.caller
    connection_id = commands.connect(
        caller.shop_id, carrier=body.carrier, credentials=body.credentials, by=caller.actor
    )
    response.headers["Location"] = address("get_carrier_connection", carrier_connection_id=connection_id)
    return get_carrier_connection(request, connection_id)


@carriers.delete("/carrier-connections/{carrier_connection_id}", Permission.SETTINGS)
def disconnect_carrier(request: Request, carrier_connection_id: PathId) -> None:
    """Stop listening and asking, and forget the keys. The parcels stay."""
    caller = request.caller
    commands.disconnect(carrier_connection_id, shop_id=caller.shop_id, by=caller.actor)


@carriers.post(
    "/carrier-connections/{carrier_connection_id}/test", Permission.SETTINGS, CarrierConnection, keyed=False
)
def test_carrier_connection(request: Request, carrier_connection_id: PathId) -> CarrierConnection:
    """Ask the carrier about one parcel now; `failure` says why it gave no answer, "" when it did."""
    caller = request.caller
    commands.try_connection(carrier_connection_id, shop_ids=[caller.shop_id], by=caller.actor)
    return get_carrier_connection(request, carrier_connection_id)


def _connection(card: ConnectionCard) -> CarrierConnection:
    webhook = settings.OPIEKA.url + reverse("inbound:tracking", args=[card.id])
    return CarrierConnection.make(card, webhook=webhook)
