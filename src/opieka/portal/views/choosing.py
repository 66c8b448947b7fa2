"""Deciding something about a parcel: one question, one answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from opieka.deliveries import commands as deciding
from opieka.deliveries import queries as deliveries
from opieka.deliveries.types import Choice, ChoiceKind, Offer, PagePreferences, ParcelCard, PointCard
from opieka.kernel import secrets
from opieka.kernel.errors import DomainError, Invalid, NotFound
from opieka.orders.types import Address
from opieka.portal import commands
from opieka.portal.pages import Input, Question
from opieka.portal.presenters import choices as presented
from opieka.portal.presenters.days import Days
from opieka.portal.views.opened import Room, sent_photos
from opieka.portal.views.shown import page, policy, render
from opieka.shops import queries as shops


@require_http_methods(["GET", "POST"])
@page
def choose(request: HttpRequest, key: str, parcel_id: int, kind: str) -> HttpResponse:
    """Ask, or take the answer; an answer that cannot be is asked for again, with what she wrote."""
    room = Room.of(key)
    card = room.parcel(parcel_id)
    offer = _offer(card, kind)
    if request.method == "GET":
        return _asked(request, room, card, offer)
    try:
        commands.choose(
            card.id,
            shop_id=room.shop_id,
            choice=_answer(request, offer.kind),
            photos=sent_photos(request) if offer.kind in presented.WITH_PHOTOS else [],
            key=f"page:{request.POST.get('key', '')[:40]}",
            by=room.by,
        )
    except Invalid as error:  # her answer is on the screen: it is corrected there
        return _asked(request, room, card, offer, error=error)
    return HttpResponseRedirect(f"{reverse('portal:order', args=[key])}?said=chosen")


@require_POST
@page
def withdraw(request: HttpRequest, key: str, choice_id: int) -> HttpResponse:
    """Take a decision back."""
    room = Room.of(key)
    room.parcel(deliveries.choice(choice_id, shop_ids=[room.shop_id]).parcel_id)
    deciding.withdraw_choice(choice_id, shop_id=room.shop_id, by=room.by)
    return HttpResponseRedirect(f"{reverse('portal:order', args=[key])}?said=withdrawn")


def _offer(card: ParcelCard, kind: str) -> Offer:
    if kind not in presented.SHOWN:
        raise NotFound
    found = deliveries.offers(card.id, shop_ids=[card.shop_id])
    offer = next((one for one in found if one.kind == kind), None)
    if offer is None:
        raise deciding.NotOffered
    return offer


def _answer(request: HttpRequest, kind: ChoiceKind) -> Choice:
    given = {name: str(value).replace("\0", "").strip()[:300] for name, value in request.POST.items()}
    picked = given.get("pick", "")
    day, _slash, hours = picked.partition("/")
    first, _slash, last = hours.partition("/")
    to = Address(**{name: given.get(name, "") for name in ("name", "street", "postcode", "city")})
    return Choice(
        kind=kind,
        day=_day(day) if kind in {ChoiceKind.SLOT, ChoiceKind.HOLD} else None,
        hours=_hours(first, last),
        words=given.get("words", ""),
        address=to if kind is ChoiceKind.ADDRESS else None,
        point_id=int(picked) if kind is ChoiceKind.PICKUP_POINT and picked.isdecimal() else None,
    )


def _hours(first: str, last: str) -> tuple[time, time] | None:
    begin, end = _time(first), _time(last)
    return (begin, end) if begin is not None and end is not None else None


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _time(written: str) -> time | None:
    try:
        return time.fromisoformat(written).replace(tzinfo=None)
    except ValueError:
        return None


def _asked(
    request: HttpRequest, room: Room, card: ParcelCard, offer: Offer, *, error: DomainError | None = None
) -> HttpResponse:
    question = presented.question(
        offer,
        room.order,
        Days(ZoneInfo(room.shop.timezone)),
        back=reverse("portal:order", args=[room.key]),
        key=request.POST.get("key", "")[:40] or secrets.token(),
    )
    if offer.kind is ChoiceKind.PICKUP_POINT:
        question = _with_points(request, room, card, question)
    given = {name: str(value)[:300] for name, value in request.POST.items()}
    inputs = tuple(replace(one, value=given.get(one.name, one.value)) for one in question.inputs)
    shown = replace(question, inputs=inputs, error=str(error) if error else "")
    answer = render(
        request,
        "portal/question.html",
        room.shop,
        home=question.back,
        page=shown,
        status=422 if error else 200,
    )
    if shown.map is not None:
        answer.headers["Content-Security-Policy"] = policy(tiles=shown.map.server)
    return answer


def _with_points(request: HttpRequest, room: Room, card: ParcelCard, question: Question) -> Question:
    to = room.order.shipping_address
    place = request.GET.get("place", "").strip()[:100]
    found: list[PointCard] = []
    for near in [place] if place else [to.postcode, to.city]:
        found = found or deliveries.points_near(room.shop_id, carrier=card.carrier, place=near)
    return replace(
        question,
        map=presented.map_of(found, shops.preferences(room.shop_id, PagePreferences)),
        groups=presented.points(found, request.POST.get("pick", "")),
        search=Input("place", _("Postcode or town"), place or to.postcode, complete="postal-code"),
        empty="" if found else _("There is no pickup point near this place. Try a larger town."),
    )
