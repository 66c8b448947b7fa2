"""Cases: those that wait for somebody, and what is done about them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from opieka.desk.pages.cases import CaseLine, CasesPage
from opieka.desk.pages.parts import Choice, Empty, Pager
from opieka.desk.presenters import cases as shown
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers
from opieka.returns import commands, queries
from opieka.returns.types import CaseStatus
from opieka.shops.types import Permission

_PAGE = 50


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The newest first: those that wait for a person, or all."""
    desk = at_desk(request)
    everything = "all" in request.GET
    last = request.GET.get("after", "")
    found = queries.cases(
        desk.shop_ids,
        status=None if everything else CaseStatus.WITH_PERSON,
        before=int(last) if last.isdigit() else None,
        limit=_PAGE + 1,
    )
    rows = tuple(shown.line(card, desk.reader(card.shop_id)) for card in found[:_PAGE])
    page = CasesPage(
        _views(desk, everything=everything), rows, _empty(), _pager(len(found), rows, everything)
    )
    return answers.page(request, "desk/cases.html", page, place="cases")


@require_POST
def cancel(request: HttpRequest, order_id: int) -> HttpResponse:
    """Cancel an order for its customer."""
    desk = at_desk(request)
    case_id = commands.ask_cancellation(order_id, shop_ids=desk.ids(Permission.ANSWER), by=desk.by)
    card = queries.case(case_id, shop_ids=desk.shop_ids)
    undo = reverse("desk:take_back_case", args=[case_id]) if card.status is CaseStatus.ASKED else ""
    return _back(request, order_id, _told(card.status), undo=undo)


@require_POST
def take_back(request: HttpRequest, case_id: int) -> HttpResponse:
    """The order is wanted after all."""
    desk = at_desk(request)
    commands.take_back(case_id, shop_ids=desk.ids(Permission.ANSWER), by=desk.by)
    order_id = queries.case(case_id, shop_ids=desk.shop_ids).order_id
    return _back(request, order_id, _("Taken back. The order goes on."))


@require_POST
def settle(request: HttpRequest, case_id: int) -> HttpResponse:
    """Somebody has looked: it is cancelled in the shop, or it was too late."""
    desk = at_desk(request)
    cancelled = bool(request.POST.get("cancelled"))
    commands.settle(case_id, cancelled=cancelled, shop_ids=desk.ids(Permission.ANSWER), by=desk.by)
    card = queries.case(case_id, shop_ids=desk.shop_ids)
    return _back(request, card.order_id, _told(card.status))


def _told(status: CaseStatus) -> str:
    if status is CaseStatus.TOO_LATE:
        return _("It was too late. The customer is told what can still be done.")
    if status is CaseStatus.CANCELLED:
        return _("Cancelled. The customer is told.")
    if status is CaseStatus.WITH_PERSON:
        return _("Somebody has to cancel it in the shop; it stands among the cases.")
    return _("The order will be cancelled.")


def _back(request: HttpRequest, order_id: int, text: str, *, undo: str = "") -> HttpResponse:
    answers.say(request, text, undo=undo)
    return redirect(answers.came_from(request, reverse("desk:order", args=[order_id])))


def _views(desk: Desk, *, everything: bool) -> tuple[Choice, ...]:
    address, count = reverse("desk:cases"), queries.waiting(desk.shop_ids)
    return (
        Choice(address, _("Waiting for somebody"), not everything, str(count) if count else ""),
        Choice(f"{address}?all", _("All cases"), everything),
    )


def _empty() -> Empty:
    return Empty(
        _("Nothing waits for you"),
        _("When an order cannot be cancelled by itself, it stands here with what to do."),
        "circle-check",
    )


def _pager(found: int, rows: tuple[CaseLine, ...], everything: bool) -> Pager | None:
    if found <= _PAGE:
        return None
    address = f"{reverse('desk:cases')}?{'all&' if everything else ''}after={rows[-1].id}"
    return Pager(older=address)
