"""The page of an order, and its calendar entry."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from opieka.deliveries import queries as deliveries
from opieka.deliveries.types import PagePreferences, ParcelStage
from opieka.kernel.errors import NotFound
from opieka.portal.presenters import calendar as calendars
from opieka.portal.presenters import order as presented
from opieka.portal.presenters.collecting import AtPoint
from opieka.portal.views.opened import Room
from opieka.portal.views.shown import page, render
from opieka.returns import queries as returns
from opieka.returns.types import Chance
from opieka.shops import queries as shops


@require_GET
@page
def show(request: HttpRequest, key: str) -> HttpResponse:
    """Where everything is, and what can be done."""
    room = Room.of(key)
    ids, shop_ids = [card.id for card in room.parcels], [room.shop_id]
    case = next(iter(returns.of_orders([room.order_id], shop_ids=shop_ids).get(room.order_id, [])), None)
    chance = returns.judged(room.order, room.parcels, case).chance
    known = presented.Known(
        key=key,
        order=room.order,
        zone=ZoneInfo(room.shop.timezone),
        parcels=room.parcels,
        offers=deliveries.offers_of(room.parcels),
        choices=deliveries.choices(ids, shop_ids=shop_ids) if ids else [],
        arrivals=deliveries.arrivals(ids, shop_ids=shop_ids) if ids else {},
        waiting=_waiting(room),
        case=case,
        cancellable=chance in {Chance.NOW, Chance.PERSON},
    )
    shown = presented.page(known, said=_said(request))
    return render(request, "portal/order.html", room.shop, page=shown)


@require_GET
@page
def calendar(request: HttpRequest, key: str, parcel_id: int) -> HttpResponse:
    """The promised day for her calendar."""
    room = Room.of(key)
    card = room.parcel(parcel_id)
    title = _("Parcel from %(shop)s") % {"shop": room.shop.name}
    address = settings.OPIEKA.url + reverse("portal:order", args=[key])
    body = calendars.event(card, title=title, zone=ZoneInfo(room.shop.timezone), address=address)
    if not body:
        raise NotFound
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="parcel.ics"'
    return answer


def _waiting(room: Room) -> dict[int, AtPoint]:
    """How parcels that wait at a point are collected; no query when none does."""
    cards = [card for card in room.parcels if card.stage is ParcelStage.AWAITING_COLLECTION]
    if not cards:
        return {}
    codes = deliveries.collect_codes([card.id for card in cards], shop_ids=[room.shop_id])
    points, wanted = deliveries.points_of(cards), shops.preferences(room.shop_id, PagePreferences)
    return {card.id: AtPoint(codes.get(card.id, ""), points.get(card.id), wanted) for card in cards}


def _said(request: HttpRequest) -> str:
    words = {
        "chosen": _("Thank you. Your choice is noted."),
        "withdrawn": _("Your choice is taken back."),
        "arrived": _("Thank you for telling us."),
    }
    return words.get(request.GET.get("said", ""), "")
