"""What a shop gives away."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opieka.desk.forms.goodwill import BudgetForm
from opieka.desk.pages.settings import FormPage
from opieka.desk.presenters import fields
from opieka.desk.presenters import settings as shown
from opieka.desk.seat import at_desk
from opieka.desk.views import answers
from opieka.goodwill import queries as goodwill
from opieka.goodwill.types import GoodwillPreferences
from opieka.kernel.money import Money
from opieka.shops import commands
from opieka.shops import queries as shops
from opieka.shops.types import Permission


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """The budgets, and what came of what was given."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    now = asdict(shops.preferences(shop.id, GoodwillPreferences))
    given = now | {name: Money(now[name], shop.currency).decimal for name in BudgetForm.MONEY}
    form = BudgetForm(
        request.POST if request.method == "POST" else None, initial=given, currency=shop.currency
    )
    if request.method == "POST" and form.is_valid():
        commands.set_preferences(shop.id, value=form.told(), by=desk.by)
        answers.say(request, _("Saved."))
        return redirect("desk:goodwill", slug)
    found, reader = goodwill.coupon_effect(shop.id), desk.reader(shop.id)
    notice = _(
        "Coupons so far: %(granted)d given (%(cost)s), %(used)d used, %(ordered)d ordered afterwards."
    ) % {
        "granted": found.granted,
        "cost": reader.money(found.cost, shop.currency),
        "used": found.used,
        "ordered": found.ordered,
    }
    text = _("Gifts beyond what is owed. Nobody can give more than this, whoever gives at once.")
    page = FormPage(
        shown.frame(desk, shop, "desk:goodwill", title=_("Goodwill"), text=text),
        fields.single(form, request.path, _("Save")),
        notice=notice if found.granted else "",
    )
    status = 422 if form.is_bound else 200
    return answers.page(request, "desk/settings_form.html", page, place="settings", status=status)
