"""A customer's coupons: given, used, withdrawn."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from opieka.customers import queries as customers
from opieka.desk.forms.goodwill import GiftForm
from opieka.desk.pages.parts import Link
from opieka.desk.presenters import coupons as shown
from opieka.desk.presenters import fields
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers
from opieka.desk.views.customers import shop_for
from opieka.goodwill import commands
from opieka.goodwill import queries as goodwill
from opieka.goodwill.types import CouponCard
from opieka.shops.types import Permission


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Her coupons; posted to, one more is given."""
    desk = at_desk(request)
    card = customers.card(customer_id, shop_ids=desk.shop_ids)
    if request.method == "POST" or (desk.may(Permission.ANSWER) and not card.erased):
        return _giving(request, desk, card.id)
    return _page(request, desk, card.id, None, 0)


def _giving(request: HttpRequest, desk: Desk, customer_id: int) -> HttpResponse:
    shop_id = shop_for(desk, customer_id, Permission.ANSWER)
    currency = desk.shops[shop_id].currency
    sent = request.POST if request.method == "POST" else None
    form = GiftForm(sent, initial={"key": uuid4().hex}, currency=currency)
    if sent is not None and form.is_valid():
        key = f"desk:{form.cleaned_data['key']}"
        giving = partial(
            commands.grant, customer_id, gift=form.gift(""), key=key, shop_id=shop_id, by=desk.by
        )
        _made, error = answers.attempt(giving)
        if error is None:
            answers.say(request, _("Given."))
            return redirect("desk:coupons", customer_id)
        form.add_error(None, str(error))
    return _page(request, desk, customer_id, form, shop_id)


@require_POST
def use(request: HttpRequest, coupon_id: int) -> HttpResponse:
    """It was taken in payment."""
    desk, card = _held(request, coupon_id)
    commands.use(card.code, shop_id=card.shop_id, by=desk.by)
    answers.say(request, _("Saved."))
    return _back(card)


@require_POST
def confirm(request: HttpRequest, coupon_id: int) -> HttpResponse:
    """Somebody has told the shop's system by hand."""
    desk, card = _held(request, coupon_id)
    commands.confirm_in_shop(coupon_id, shop_id=card.shop_id, by=desk.by)
    answers.say(request, _("Saved."))
    return _back(card)


@require_POST
def withdraw(request: HttpRequest, coupon_id: int) -> HttpResponse:
    """It is taken back."""
    desk, card = _held(request, coupon_id)
    commands.withdraw(coupon_id, shop_id=card.shop_id, by=desk.by)
    answers.say(request, _("Withdrawn. The budget has it again."))
    return _back(card)


def _page(
    request: HttpRequest, desk: Desk, customer_id: int, form: GiftForm | None, shop_id: int
) -> HttpResponse:
    card = customers.card(customer_id, shop_ids=desk.shop_ids)
    page = shown.page(
        card,
        goodwill.coupons(shop_ids=desk.shop_ids, customer_ids=card.lineage),
        goodwill.purse(card.lineage, shop_id=shop_id) if form else None,
        desk.reader(),
        form=fields.single(form, request.path, _("Give")) if form else None,
        back=Link(_("To the customer"), reverse("desk:customer", args=[card.id])),
    )
    status = 422 if form is not None and form.is_bound else 200
    return answers.page(request, "desk/coupons.html", page, place="customers", status=status)


def _held(request: HttpRequest, coupon_id: int) -> tuple[Desk, CouponCard]:
    desk = at_desk(request)
    return desk, goodwill.coupon(coupon_id, shop_ids=desk.ids(Permission.ANSWER))


def _back(card: CouponCard) -> HttpResponse:
    return redirect("desk:coupons", card.customer_id) if card.customer_id else redirect("desk:customers")
