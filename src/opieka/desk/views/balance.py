"""What moved a customer's balance. It is for the desk only: no customer is ever shown it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from opieka.customers import queries as customers
from opieka.desk.presenters import balance as shown
from opieka.desk.seat import at_desk
from opieka.desk.views import answers
from opieka.goodwill import queries as goodwill
from opieka.timeline import queries as timeline

_PAGE = 50


@require_GET
def show(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Everything that moved it, the latest first."""
    desk = at_desk(request)
    before = request.GET.get("before", "")
    if before and not before.isdigit():
        raise Http404
    card = customers.card(customer_id, shop_ids=desk.shop_ids)
    place = int(before) if before else None
    moved = goodwill.movements(card.lineage, shop_ids=desk.shop_ids, before_id=place, limit=_PAGE)
    entries = timeline.touchpoints([one.touchpoint_id for one in moved], shop_ids=desk.shop_ids)
    page = shown.page(
        card,
        goodwill.balance(card.lineage, shop_ids=desk.shop_ids),
        shown.entries_of(moved, entries),
        desk.reader(),
        before=place,
        last_id=moved[-1].id if len(moved) == _PAGE else None,
    )
    return answers.page(request, "desk/balance.html", page, place="customers")
