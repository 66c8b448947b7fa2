"""The control tower: parcels under way, what is wrong with them, and one parcel."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from opieka.channels import queries as channels
from opieka.customers import queries as customers
from opieka.deliveries import commands
from opieka.deliveries import queries as deliveries
from opieka.deliveries.types import ParcelCard, ParcelStage, PromiseSource, Refusal, RiskBand, Wanted
from opieka.desk.forms.parcels import PromiseForm
from opieka.desk.presenters import parcel as one
from opieka.desk.presenters import parcels as shown
from opieka.desk.presenters.tables import Asked
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers, tables
from opieka.desk.views.mails import as_file
from opieka.orders import queries as orders
from opieka.shops.types import Permission

_PAGE = 50
_MOST = 200
_ORDERS = {"added": "id", "risk": "risk", "promised": "promised_to", "news": "last_report_at"}


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Those under way, the newest first, unless the address says otherwise."""
    desk = at_desk(request)
    asked = asked_of(request)
    rows = _rows(asked, desk.shop_ids)
    counts = deliveries.counts(shop_ids=desk.shop_ids)
    last = rows[-1].id if len(rows) == _PAGE else None
    page = shown.page(rows, _orders(rows, desk), counts, desk, asked, last_id=last)
    return answers.page(request, "desk/parcels.html", page, place="parcels")


@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """All that an address names, as a file."""
    asked = asked_of(request)
    return file_of(at_desk(request), wanted_of(asked), _order(asked))


def file_of(desk: Desk, wanted: Wanted, order: str = "-id") -> StreamingHttpResponse:
    """Parcels as a file, read while it is sent."""
    shop_ids = desk.ids(Permission.EXPORT)

    def everything() -> Iterator[tuple[ParcelCard, str]]:
        after: int | None = None
        while rows := deliveries.parcels(
            shop_ids=shop_ids, wanted=wanted, order=order, after_id=after, limit=_PAGE
        ):
            known = _orders(rows, desk)
            yield from ((card, known.get(card.order_id or 0, "")) for card in rows)
            after = rows[-1].id

    rows = (shown.cells(card, order) for card, order in everything())
    return tables.taken_along("parcels", shown.CELLS, rows, desk.reader())


@require_GET
def show(request: HttpRequest, parcel_id: int) -> HttpResponse:
    """One parcel with every report."""
    return _page(request, parcel_id)


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask the carriers about chosen parcels as soon as they can be asked."""
    desk = at_desk(request)
    count = commands.ask_now(_chosen(request), shop_ids=desk.ids(Permission.ANSWER), by=desk.by)
    told = ngettext("%(count)s parcel is asked about now.", "%(count)s parcels are asked about now.", count)
    answers.say(request, told % {"count": count})
    return redirect(answers.came_from(request, reverse("desk:parcels")))


@require_POST
def promise(request: HttpRequest, parcel_id: int) -> HttpResponse:
    """Keep the date that her customer was told of a parcel's order."""
    desk = at_desk(request)
    card = deliveries.parcel(parcel_id, shop_ids=desk.ids(Permission.ANSWER))
    form = PromiseForm(request.POST)
    if not form.is_valid() or card.order_id is None:
        return _page(request, parcel_id, error=_("Say a day."))
    first, last = slot_of(form, ZoneInfo(desk.shops[card.shop_id].timezone))
    _done, refused = answers.attempt(
        partial(
            commands.promise,
            card.order_id,
            shop_id=card.shop_id,
            promised_from=first,
            promised_to=last,
            source=PromiseSource.AGENT,
            by=desk.by,
        )
    )
    if refused:
        return _page(request, parcel_id, error=str(refused))
    answers.say(request, _("The new date counts from now on."))
    return redirect("desk:parcel", parcel_id)


@require_POST
def name_carrier(request: HttpRequest, parcel_id: int) -> HttpResponse:
    """Say whose a parcel is."""
    desk = at_desk(request)
    commands.name_carrier(
        parcel_id,
        carrier=request.POST.get("carrier", ""),
        shop_ids=desk.ids(Permission.ANSWER),
        by=desk.by,
    )
    answers.say(request, _("It is followed as a parcel of this carrier from now on."))
    return redirect("desk:parcel", parcel_id)


@require_POST
def settle_choice(request: HttpRequest, parcel_id: int, choice_id: int) -> HttpResponse:
    """Note whether what the customer decided could be arranged with the carrier."""
    desk = at_desk(request)
    card = deliveries.choice(choice_id, shop_ids=desk.ids(Permission.ANSWER))
    accepted = request.POST.get("accepted") == "yes"
    _done, refused = answers.attempt(
        partial(
            commands.settle_choice,
            card.id,
            shop_id=card.shop_id,
            accepted=accepted,
            refusal=Refusal.SHOP,
            by=desk.by,
        )
    )
    if refused:
        return _page(request, parcel_id, error=str(refused))
    answers.say(request, _("Arranged.") if accepted else _("Noted: it is not possible."))
    return redirect("desk:parcel", parcel_id)


@require_GET
def parcel_photo(request: HttpRequest, parcel_id: int, sha256: str) -> HttpResponse:
    """A picture a customer took of what arrived, or of where it can be left."""
    desk = at_desk(request)
    told = deliveries.arrivals([parcel_id], shop_ids=desk.shop_ids).values()
    chosen = deliveries.choices([parcel_id], shop_ids=desk.shop_ids)
    hers = {
        *(one for card in told for one in card.news.photos),
        *(one for card in chosen for one in card.choice.photos),
    }
    if sha256 not in hers:
        raise Http404
    stored = channels.file(sha256, shop_ids=desk.shop_ids)
    answer = as_file(stored.data, stored.content_type, "")
    answer["Content-Disposition"] = "inline"
    return answer


def _page(request: HttpRequest, parcel_id: int, *, error: str = "") -> HttpResponse:
    desk = at_desk(request)
    card = deliveries.parcel(parcel_id, shop_ids=desk.shop_ids)
    order = orders.order(card.order_id, shop_ids=[card.shop_id]) if card.order_id else None
    who = customers.cards([card.customer_id], shop_ids=[card.shop_id]) if card.customer_id else {}
    told = deliveries.promises(card.order_id, shop_ids=[card.shop_id]) if card.order_id else []
    chosen = deliveries.choices([card.id], shop_ids=[card.shop_id])
    arrived = deliveries.arrivals([card.id], shop_ids=[card.shop_id]).get(card.id)
    about = one.About(card, order, who.get(card.customer_id or 0), told, chosen, arrived)
    may_act = desk.may(Permission.ANSWER, card.shop_id)
    page = one.page(about, desk.reader(card.shop_id), may_act=may_act, error=error)
    return answers.page(request, "desk/parcel.html", page, place="parcels", status=422 if error else 200)


def asked_of(request: HttpRequest) -> Asked:
    """What an address asks of the control tower."""
    filters: dict[str, Collection[str]] = {
        "shown": list(shown.SHOWN),
        "stage": [stage.value for stage in ParcelStage],
        "risk": [band.value for band in RiskBand],
        "carrier": _given(request, "carrier"),
        "depot": _given(request, "depot"),
    }
    return tables.asked(request, reverse("desk:parcels"), shown.HEADINGS, standard="-added", filters=filters)


def _given(request: HttpRequest, name: str) -> Collection[str]:
    """Names of carriers and depots are as many as the world has: what is none of them finds nothing."""
    return [request.GET[name]] if name in request.GET else []


def wanted_of(asked: Asked) -> Wanted:
    """The parcels an address names."""
    chosen = asked.chosen
    stage = chosen.get("stage", "")
    return Wanted(
        stages=(ParcelStage(stage),) if stage else (),
        open=not (stage or asked.query or chosen.get("shown") in {"all", "lost"}),
        band=RiskBand(chosen["risk"]) if chosen.get("risk") else None,
        carrier=chosen.get("carrier", ""),
        depot=chosen.get("depot", ""),
        number=asked.query,
        late=chosen.get("shown") == "late",
        stale=chosen.get("shown") == "silent",
        lost=chosen.get("shown") == "lost",
        unjoined=chosen.get("shown") == "unjoined",
        to_arrange=chosen.get("shown") == "chosen",
    )


def _rows(asked: Asked, shop_ids: Collection[int]) -> list[ParcelCard]:
    return deliveries.parcels(
        shop_ids=shop_ids, wanted=wanted_of(asked), order=_order(asked), after_id=asked.after, limit=_PAGE
    )


def _order(asked: Asked) -> str:
    return f"{'-' if asked.down else ''}{_ORDERS[asked.sort]}"


def _orders(rows: Sequence[ParcelCard], desk: Desk) -> dict[int, str]:
    return orders.numbers({card.order_id for card in rows if card.order_id}, shop_ids=desk.shop_ids)


def _chosen(request: HttpRequest) -> list[int]:
    return [int(given) for given in request.POST.getlist("parcel")[:_MOST] if given.isdigit()]


def slot_of(form: forms.Form, zone: ZoneInfo) -> tuple[datetime | None, datetime]:
    """The slot in the shop's zone; a day without times is kept until it is over."""
    day, first, last = form.cleaned_data["day"], form.cleaned_data["from"], form.cleaned_data["to"]
    ends = datetime.combine(day, last or time(23, 59, 59), zone)
    return datetime.combine(day, first, zone) if first else None, ends
