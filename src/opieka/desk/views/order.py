"""The page of one order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from opieka.customers import queries as customers
from opieka.deliveries import commands
from opieka.deliveries import queries as deliveries
from opieka.desk.pages.cases import CasePanel
from opieka.desk.pages.order import OwnPage
from opieka.desk.pages.parts import Act
from opieka.desk.presenters import cases
from opieka.desk.presenters import order as shown
from opieka.desk.presenters.orders import Purchase
from opieka.desk.presenters.story import BRIEFLY
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers
from opieka.desk.views.purchases import followed
from opieka.orders import queries as orders
from opieka.orders.types import OrderCard
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
    page = replace(shown.page(about, desk.reader(card.shop_id)), own=_own_page(card, desk))
    return answers.page(request, "desk/order.html", page, place="customers")


@require_POST
def void_page(request: HttpRequest, order_id: int) -> HttpResponse:
    """Let no link to the customer's page of this order open it any more; the next one does."""
    desk = at_desk(request)
    card = orders.order(order_id, shop_ids=desk.ids(Permission.ANSWER))
    commands.change_page_lock(card.id, shop_id=card.shop_id, by=desk.by)
    answers.say(request, _("The links sent before open nothing any more. This one is new."))
    return redirect("desk:order", order_id)


def _own_page(card: OrderCard, desk: Desk) -> OwnPage | None:
    if not desk.may(Permission.ANSWER, card.shop_id):
        return None
    void = Act(_("Make the link void"), reverse("desk:void_page", args=[card.id]), "lock")
    return OwnPage(deliveries.page_of(card), void)


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
