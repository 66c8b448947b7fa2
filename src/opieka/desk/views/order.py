"""The page of one order."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from opieka.customers import queries as customers
from opieka.desk.pages.cases import CasePanel
from opieka.desk.presenters import cases
from opieka.desk.presenters import order as shown
from opieka.desk.presenters.orders import Purchase
from opieka.desk.presenters.story import BRIEFLY
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers
from opieka.desk.views.purchases import followed
from opieka.orders import queries as orders
from opieka.returns import queries as returns
from opieka.returns.types import CaseCard
from opieka.shops.types import Permission
from opieka.timeline import queries as timeline
from opieka.timeline.types import Entry

_ENTRIES = 60


@require_GET
def show(request: HttpRequest, order_id: int) -> HttpResponse:
    """What was ordered, paid, sent and given back, as the shop reports it."""
    desk = at_desk(request)
    (bought,) = followed([orders.order(order_id, shop_ids=desk.shop_ids)], shop_ids=desk.shop_ids)
    card = bought.order
    who = customers.cards([card.customer_id], shop_ids=[card.shop_id]) if card.customer_id else {}
    found = returns.of_orders([card.id], shop_ids=[card.shop_id]).get(card.id, [])
    about = shown.About(
        bought,
        who.get(card.customer_id or 0),
        desk.shops[card.shop_id].name,
        _case(bought, found, desk),
        _entries(bought, found),
    )
    page = shown.page(about, desk.reader(card.shop_id))
    return answers.page(request, "desk/order.html", page, place="customers")


def _case(bought: Purchase, found: Sequence[CaseCard], desk: Desk) -> CasePanel | None:
    card, last = bought.order, next(iter(found), None)
    chance = returns.judged(card, bought.parcels, last)
    may_act = desk.may(Permission.ANSWER, card.shop_id)
    return cases.panel(card.id, chance, last, desk.reader(card.shop_id), may_act=may_act)


def _entries(bought: Purchase, found: Sequence[CaseCard]) -> Sequence[Entry]:
    """What happened to the order, its parcels and its cases, the newest first. One query."""
    subjects = [
        f"order:{bought.order.id}",
        *(f"parcel:{parcel.id}" for parcel in bought.parcels),
        *(f"case:{case.id}" for case in found),
    ]
    return timeline.of_subjects(subjects, shop_id=bought.order.shop_id, kinds=BRIEFLY, limit=_ENTRIES)[::-1]
