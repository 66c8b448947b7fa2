"""The numbers the shop texts from: opened, changed, tried and put to rest; and what a text costs."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse

from opieka.channels import commands, queries
from opieka.channels.types import AccountCard, Channel, Receiving, TextDetails
from opieka.rest.fields import Page, PathId
from opieka.rest.operations import Request, Resource, address
from opieka.rest.schemas.mailboxes import Trial, TroubleTold
from opieka.rest.schemas.numbers import Draught, NewNumber, Number, NumberChange, Parts
from opieka.shops.types import Permission

numbers = Resource("numbers")


@numbers.get("/numbers", Permission.READ, Page[Number])
def list_numbers(request: Request) -> Page[Number]:
    """The numbers and names, and whether they work."""
    found = queries.accounts([request.caller.shop_id], Channel.SMS)
    return Page[Number](items=[_number(request, card) for card in found], next=None)


@numbers.get("/numbers/{number_id}", Permission.READ, Number)
def get_number(request: Request, number_id: PathId) -> Number:
    """One number, and whether it works."""
    return _number(request, _card(request, number_id))


@numbers.create("/numbers", Permission.SETTINGS, Number)
def open_number(request: Request, response: HttpResponse, body: NewNumber) -> Number:
    """Let the shop text from a number or name."""
    caller = request.caller
    given = {name: value for name, value in body.given().items() if name != "active"}
    number_id = commands.open_number(caller.shop_id, details=TextDetails(**given), by=caller.actor)
    response.headers["Location"] = address("get_number", number_id=number_id)
    return _with_rest(request, number_id, body)


@numbers.patch("/numbers/{number_id}", Permission.SETTINGS, Number)
def change_number(request: Request, number_id: PathId, body: NumberChange) -> Number:
    """Change a number, let it rest (`active` false) or work again."""
    caller = request.caller
    _card(request, number_id)
    given = {name: value for name, value in body.given().items() if name != "active"}
    if given:
        details = replace(queries.text_details(number_id), **given)
        commands.change_number(number_id, shop_id=caller.shop_id, details=details, by=caller.actor)
    return _with_rest(request, number_id, body)


@numbers.post("/numbers/{number_id}/test", Permission.SETTINGS, Trial, keyed=False)
def test_number(request: Request, number_id: PathId) -> Trial:
    """Reach the text service of a number and log in, send nothing."""
    card = _card(request, number_id)
    troubles = commands.test_account(card.id, shop_id=card.shop_id)
    return Trial(troubles=[TroubleTold.make(trouble) for trouble in troubles])


@numbers.post("/texts/parts", Permission.READ, Parts, keyed=False)
def count_text_parts(request: Request, body: Draught) -> Parts:
    """What words would cost as a text; nothing is sent."""
    found = queries.measured(body.text)
    return Parts(
        alphabet=found.alphabet,
        units=found.units,
        count=found.count,
        left=found.left,
        most=queries.MOST_SEGMENTS,
    )


def _with_rest(request: Request, number_id: int, body: NumberChange) -> Number:
    caller = request.caller
    if "active" in body.given():
        commands.set_active(number_id, shop_id=caller.shop_id, active=body.active, by=caller.actor)
    return get_number(request, number_id)


def _card(request: Request, number_id: int) -> AccountCard:
    return queries.account(number_id, shop_ids=[request.caller.shop_id], channel=Channel.SMS)


def _number(request: Request, card: AccountCard) -> Number:
    """Who knows the webhook's address can hand texts over: only who may change a number is told it."""
    told = card.receiving is Receiving.WEBHOOK and Permission.SETTINGS in request.caller.scopes
    webhook = queries.hook_url(card.token) if told else ""
    return Number.make(card, queries.text_details(card.id), webhook=webhook)
