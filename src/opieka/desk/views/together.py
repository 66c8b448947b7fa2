"""Doing one thing with many parcels: the chosen ones, or all that the address names, batch by batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from opieka.deliveries import commands
from opieka.deliveries import queries as deliveries
from opieka.deliveries.types import Wanted
from opieka.desk.forms.together import Deed, TogetherForm
from opieka.desk.presenters import together as shown
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers
from opieka.desk.views.parcels import asked_of, file_of, slot_of, wanted_of
from opieka.desk.views.undoing import moment_of, number_of
from opieka.kernel import clock
from opieka.shops.types import Permission

_BATCH = 200
_LONG = timedelta(hours=1)
"""After so long a page that was left open begins anew."""
_UNDO = {Deed.PROMISE: commands.take_back_promises, Deed.LOST: commands.take_back_giving_up}


@require_POST
def act(request: HttpRequest) -> HttpResponseBase:
    """Do it with the first, or the next, batch; the page that shows how far it is goes on by itself."""
    desk, form = at_desk(request), TogetherForm(request.POST)
    back = _back(request)
    if not form.is_valid():
        answers.say(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect(back)
    everything, chosen = form.cleaned_data["all"], form.ids()
    if not everything and not chosen:
        answers.say(request, shown.nothing())
        return redirect(back)
    wanted = wanted_of(asked_of(request)) if everything else Wanted(ids=chosen)
    if form.cleaned_data["do"] == Deed.EXPORT:
        return file_of(desk, wanted)
    return _batch(request, desk, form, wanted)


@require_POST
def undo(request: HttpRequest, deed: str, moment: int) -> HttpResponse:
    """Undo what was done at one moment."""
    if deed not in set(_UNDO):
        raise Http404
    desk = at_desk(request)
    count = _UNDO[Deed(deed)](moment_of(moment), shop_ids=desk.ids(Permission.ANSWER), by=desk.by)
    answers.say(request, shown.undone(Deed(deed), count))
    return redirect("desk:parcels")


def _batch(request: HttpRequest, desk: Desk, form: TogetherForm, wanted: Wanted) -> HttpResponse:
    data, shop_ids = form.cleaned_data, desk.ids(Permission.ANSWER)
    deed, moment = Deed(data["do"]), _moment(data["moment"])
    total = data["total"] or deliveries.count(shop_ids=shop_ids, wanted=wanted)
    found = deliveries.parcel_ids(shop_ids=shop_ids, wanted=wanted, before_id=data["before"], limit=_BATCH)
    done = (data["done"] or 0) + _do(deed, form, found, moment, desk)
    seen = (data["seen"] or 0) + len(found)
    if len(found) == _BATCH and seen < total:
        along = {
            "moment": number_of(moment),
            "before": found[-1][0],
            "seen": seen,
            "done": done,
            "total": total,
        }
        page = shown.progress(form, along, desk.reader(), action=request.get_full_path())
        return answers.page(request, "desk/together.html", page, place="parcels")
    can_undo = done and deed in _UNDO
    undo = reverse("desk:undo_together", args=[deed.value, number_of(moment)]) if can_undo else ""
    answers.say(request, shown.said(deed, done, desk.reader()), undo=undo)
    if answers.wants_piece(request):
        return HttpResponse(status=204, headers={"HX-Redirect": _back(request)})
    return redirect(_back(request))


def _do(
    deed: Deed, form: TogetherForm, found: Sequence[tuple[int, int]], moment: datetime, desk: Desk
) -> int:
    """Do it shop by shop, each in its own zone; with how many it was done."""
    by_shop: defaultdict[int, list[int]] = defaultdict(list)
    for parcel_id, shop_id in found:
        by_shop[shop_id].append(parcel_id)
    done = 0
    for shop_id, ids in sorted(by_shop.items()):
        if deed is Deed.ASK:
            done += commands.ask_now(ids, shop_ids=[shop_id], by=desk.by)
        elif deed is Deed.PROMISE:
            slot = slot_of(form, ZoneInfo(desk.shops[shop_id].timezone))
            done += commands.promise_together(ids, shop_id=shop_id, slot=slot, at=moment, by=desk.by)
        else:
            why = form.cleaned_data["why"]
            done += commands.give_up(ids, shop_id=shop_id, why=why, at=moment, by=desk.by)
    return done


def _moment(number: int | None) -> datetime:
    """The moment at which all of it is done; it goes along from batch to batch."""
    now = clock.now()
    given = moment_of(number) if number else now
    return given if now - _LONG <= given <= now else now


def _back(request: HttpRequest) -> str:
    said = request.GET.urlencode()
    return f"{reverse('desk:parcels')}?{said}" if said else reverse("desk:parcels")
