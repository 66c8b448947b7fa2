"""The token's shop, its calendar and its preferences."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from opieka.rest.operations import Request, Resource
from opieka.rest.schemas.preferences import KINDS, Preferences, PreferencesChange
from opieka.rest.schemas.shops import Calendar, CalendarChange, Shop, ShopChange
from opieka.shops import commands, queries
from opieka.shops.commands import ShopDetails
from opieka.shops.types import Permission

shop = Resource("shop")


@shop.get("/shop", Permission.READ, Shop)
def get_shop(request: Request) -> Shop:
    """The shop this token belongs to."""
    return Shop.of(queries.shop(request.caller.shop_id))


@shop.patch("/shop", Permission.SETTINGS, Shop)
def change_shop(request: Request, body: ShopChange) -> Shop:
    """Change what is known of the shop."""
    shop_id = request.caller.shop_id
    known = queries.shop(shop_id)
    names = ("slug", "name", "country", "currency", "timezone", "languages", "accent")
    told: dict[str, Any] = {name: getattr(known, name) for name in names}
    details = ShopDetails(**told, hours=queries.calendar(shop_id).hours)
    commands.change_shop(shop_id, details=replace(details, **body.given()), by=request.caller.actor)
    return get_shop(request)


@shop.get("/shop/calendar", Permission.READ, Calendar)
def get_calendar(request: Request) -> Calendar:
    """When the shop works."""
    return Calendar.make(queries.calendar(request.caller.shop_id))


@shop.patch("/shop/calendar", Permission.SETTINGS, Calendar)
def change_calendar(request: Request, body: CalendarChange) -> Calendar:
    """Change when the shop works."""
    shop_id, given = request.caller.shop_id, body.given()
    if "hours" in given:
        given["hours"] = tuple(tuple((start, end) for start, end in day) for day in given["hours"])
    for name in given.keys() & {"closed_days", "open_days"}:
        given[name] = frozenset(given[name])
    calendar = replace(queries.calendar(shop_id), **given)
    commands.set_calendar(shop_id, calendar=calendar, by=request.caller.actor)
    return get_calendar(request)


@shop.get("/shop/preferences", Permission.READ, Preferences)
def get_preferences(request: Request) -> Preferences:
    """How the shop wants things done."""
    shop_id = request.caller.shop_id
    return Preferences.of({name: queries.preferences(shop_id, kind) for name, kind in KINDS.items()})


@shop.patch("/shop/preferences", Permission.SETTINGS, Preferences)
def change_preferences(request: Request, body: PreferencesChange) -> Preferences:
    """Change how the shop wants things done."""
    shop_id = request.caller.shop_id
    for name, change in body.given().items():
        value = replace(queries.preferences(shop_id, KINDS[name]), **change.given())
        commands.set_preferences(shop_id, value=value, by=request.caller.actor)
    return get_preferences(request)
