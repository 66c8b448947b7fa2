"""The page of one order."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from opieka.customers import queries as customers
from opieka.desk.pages.cases import CasePanel
from opieka.desk.presenters import cases
from opieka.desk.presenters import order as shown
from opieka.desk.presenters.orders import Purchase
from opieka.desk.presenters.reader import Reader
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers
from opieka.desk.views.purchases import followed
from opieka.orders import queries as orders
from opieka.returns import queries as returns
from opieka.shops.types import Permission


@require_GET
def show(request: HttpRequest, order_id: int) -> HttpResponse:
    """What was ordered, paid, sent and given back, as the shop reports it."""
    desk = at_desk(request)
    (bought,) = followed([orders.order(order_id, shop_ids=desk.shop_ids)], shop_ids=desk.shop_ids)
    card = bought.order
    who = customers.cards([card.customer_id], shop_ids=[card.shop_id]) if card.customer_id else {}
    reader, shop = desk.reader(card.shop_id), desk.shops[card.shop_id].name
    about = shown.About(bought, who.get(card.customer_id or 0), shop, _case(bought, desk, reader))
    page = shown.page(about, reader)
    return answers.page(request, "desk/order.html", page, place="customers")


def _case(bought: Purchase, desk: Desk, reader: Reader) -> CasePanel | None:
    card = bought.order
    last = next(iter(returns.of_orders([card.id], shop_ids=[card.shop_id]).get(card.id, [])), None)
    found = returns.judged(card, bought.parcels, last)
    may_act = desk.may(Permission.ANSWER, card.shop_id)
    return cases.panel(card.id, found, last, reader, may_act=may_act)
