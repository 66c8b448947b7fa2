"""What customers decide about their parcels, and the points where these can be collected."""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

from django.http import HttpResponse
from ninja import Query
from pydantic import Field

from opieka.deliveries import commands, queries
from opieka.deliveries.types import Refusal
from opieka.rest.fields import CLEAN, Code, In, Page, PathId
from opieka.rest.operations import Request, Resource, address
from opieka.rest.schemas.choices import Choice, NewChoice, Offer, OrderPage, PickupPoint, Settlement
from opieka.shops.types import Permission

choices = Resource("choices")


class Near(In):
    """Whose points, and near which postcode or town."""

    carrier: Code
    place: Annotated[str, Field(max_length=100, pattern=CLEAN)]


@choices.get("/parcels/{parcel_id}/offers", Permission.READ, Page[Offer])
def list_offers(request: Request, parcel_id: PathId) -> Page[Offer]:
    """What its customer can decide of a parcel now, by its carrier and stage."""
    found = queries.offers(parcel_id, shop_ids=[request.caller.shop_id])
    return Page[Offer](items=[Offer.of(offer) for offer in found], next=None)


@choices.get("/parcels/{parcel_id}/choices", Permission.READ, Page[Choice])
def list_choices(request: Request, parcel_id: PathId) -> Page[Choice]:
    """What was decided about a parcel, the latest first."""
    shop_ids = [request.caller.shop_id]
    queries.parcel(parcel_id, shop_ids=shop_ids)
    found = queries.choices([parcel_id], shop_ids=shop_ids)
    return Page[Choice](items=[Choice.of(card) for card in found], next=None)


@choices.create("/parcels/{parcel_id}/choices", Permission.ANSWER, Choice)
def make_choice(request: Request, response: HttpResponse, parcel_id: PathId, body: NewChoice) -> Choice:
    """Keep what the customer decided; its carrier is asked, or a person at the shop arranges it."""
    caller = request.caller
    made = commands.choose(
        parcel_id, shop_id=caller.shop_id, choice=body.choice(), key=f"api:{uuid4()}", by=caller.actor
    )
    response.headers["Location"] = address("get_choice", choice_id=made)
    return get_choice(request, made)


@choices.get("/parcel-choices", Permission.READ, Page[Choice])
def list_choices_to_arrange(request: Request) -> Page[Choice]:
    """The first fifty decisions a person has to arrange with a carrier, the oldest first."""
    found = queries.to_be_arranged(shop_ids=[request.caller.shop_id])
    return Page[Choice](items=[Choice.of(card) for card in found], next=None)


@choices.get("/parcel-choices/{choice_id}", Permission.READ, Choice)
def get_choice(request: Request, choice_id: PathId) -> Choice:
    """One decision and where it stands."""
    return Choice.of(queries.choice(choice_id, shop_ids=[request.caller.shop_id]))


@choices.post("/parcel-choices/{choice_id}/settle", Permission.ANSWER, Choice)
def settle_choice(request: Request, choice_id: PathId, body: Settlement) -> Choice:
    """Note whether it could be arranged; a confirmed day is promised from now on."""
    caller = request.caller
    commands.settle_choice(
        choice_id, shop_id=caller.shop_id, accepted=body.accepted, refusal=Refusal.SHOP, by=caller.actor
    )
    return get_choice(request, choice_id)


@choices.delete("/parcel-choices/{choice_id}", Permission.ANSWER)
def withdraw_choice(request: Request, choice_id: PathId) -> None:
    """Take a decision back that nobody has been asked for yet."""
    caller = request.caller
    commands.withdraw_choice(choice_id, shop_id=caller.shop_id, by=caller.actor)


@choices.post("/orders/{order_id}/page", Permission.ANSWER, OrderPage)
def make_order_page(request: Request, order_id: PathId) -> OrderPage:
    """A link to the order's own page, to be sent to its customer: whoever has it sees the order, for two months."""
    return OrderPage(address=queries.page_address(order_id, shop_id=request.caller.shop_id))


@choices.delete("/orders/{order_id}/page", Permission.ANSWER)
def close_order_page(request: Request, order_id: PathId) -> None:
    """Make every link to the order's own page void that was made before."""
    caller = request.caller
    commands.change_page_lock(order_id, shop_id=caller.shop_id, by=caller.actor)


@choices.get("/pickup-points", Permission.READ, Page[PickupPoint])
def list_pickup_points(request: Request, query: Query[Near]) -> Page[PickupPoint]:
    """The points and lockers of a carrier nearest to a place, a dozen at most."""
    found = queries.points_near(request.caller.shop_id, carrier=query.carrier, place=query.place)
    return Page[PickupPoint](items=[PickupPoint.of(card) for card in found], next=None)
