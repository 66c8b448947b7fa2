"""The page of one order."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from opieka.customers import queries as customers
from opieka.desk.presenters import order as shown
from opieka.desk.seat import at_desk
from opieka.desk.views import answers
from opieka.desk.views.purchases import followed
from opieka.orders import queries as orders


@require_GET
def show(request: HttpRequest, order_id: int) -> HttpResponse:
    """What was ordered, paid, sent and given back, as the shop reports it."""
    desk = at_desk(request)
    (bought,) = followed([orders.order(order_id, shop_ids=desk.shop_ids)], shop_ids=desk.shop_ids)
    card = bought.order
    who = customers.cards([card.customer_id], shop_ids=[card.shop_id]) if card.customer_id else {}
    about = shown.About(bought, who.get(card.customer_id or 0), desk.shops[card.shop_id].name)
    page = shown.page(about, desk.reader(card.shop_id))
    return answers.page(request, "desk/order.html", page, place="customers")
