"""“Arrived whole?”: one tap when all is well, some words and pictures when not."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opieka.deliveries.types import Arrival, ArrivalNews
from opieka.kernel import secrets
from opieka.kernel.errors import Invalid, NotFound
from opieka.portal import commands
from opieka.portal.pages import Input, Question
from opieka.portal.presenters.choices import ARRIVALS
from opieka.portal.views.opened import Room, sent_photos
from opieka.portal.views.shown import page, render


@require_http_methods(["GET", "POST"])
@page
def tell(request: HttpRequest, key: str, parcel_id: int) -> HttpResponse:
    """Take her word; what is not well is asked about once, with room for pictures."""
    room = Room.of(key)
    card = room.parcel(parcel_id)
    given = request.POST if request.method == "POST" else request.GET
    if given.get("how") not in set(Arrival):
        raise NotFound
    how = Arrival(given["how"])
    if request.method == "GET":
        return _asked(request, room, how)
    try:
        commands.tell_arrival(
            card.id,
            shop_id=room.shop_id,
            news=ArrivalNews(arrival=how, words=request.POST.get("words", "")),
            photos=sent_photos(request),
            key=f"page:{request.POST.get('key', '')[:40]}",
            by=room.by,
        )
    except Invalid as error:
        return _asked(request, room, how, error=error)
    return HttpResponseRedirect(f"{reverse('portal:order', args=[key])}?said=arrived")


def _asked(request: HttpRequest, room: Room, how: Arrival, *, error: Invalid | None = None) -> HttpResponse:
    back = reverse("portal:order", args=[room.key])
    well = how is Arrival.WHOLE
    words = Input(
        "words", _("What happened, in a few words"), request.POST.get("words", ""), long=True, required=False
    )
    question = Question(
        title=str(ARRIVALS[how]),
        text="" if well else _("A picture helps to put it right sooner."),
        button=_("Send this"),
        back=back,
        key=request.POST.get("key", "")[:40] or secrets.token(),
        inputs=() if well else (words,),
        error=str(error) if error else "",
        photos=how in {Arrival.DAMAGED, Arrival.MISSING, Arrival.WRONG_ITEM},
        hidden=(("how", how.value),),
    )
    status = 422 if error else 200
    return render(request, "portal/question.html", room.shop, home=back, page=question, status=status)
