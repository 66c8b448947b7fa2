"""What customers' experiences weigh in a shop."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opieka.desk.forms.goodwill import WeightsForm
from opieka.desk.pages.settings import FormPage
from opieka.desk.presenters import balance as words
from opieka.desk.presenters import fields
from opieka.desk.presenters import settings as shown
from opieka.desk.presenters.reader import Reader
from opieka.desk.seat import at_desk
from opieka.desk.views import answers
from opieka.goodwill import queries as goodwill
from opieka.goodwill.types import WEIGHTS, BalancePreferences
from opieka.shops import commands
from opieka.shops import queries as shops
from opieka.shops.types import Permission


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """The weights, and how somebody would stand by them."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    now = shops.preferences(shop.id, BalancePreferences)
    given = {one.value: weight for one, weight in WEIGHTS.items()} | now.weights
    sent = request.POST if request.method == "POST" else None
    form = WeightsForm(sent, initial=given | {"half_life_days": now.half_life_days})
    if sent is not None and form.is_valid():
        commands.set_preferences(shop.id, value=form.told(), by=desk.by)
        answers.say(request, _("Saved."))
        return redirect("desk:weights", slug)
    text = _(
        "What each experience weighs from the customer's side, in good experiences: one bad one needs about twelve good"
        " ones to make up for it. A change counts at once, also for what has been lived through. No customer sees it."
    )
    page = FormPage(
        shown.frame(desk, shop, "desk:weights", title=_("Experience balance"), text=text),
        fields.single(form, request.path, _("Save")),
        notice=_examples(shop.id, desk.reader(shop.id)),
    )
    status = 422 if form.is_bound else 200
    return answers.page(request, "desk/settings_form.html", page, place="settings", status=status)


def _examples(shop_id: int, reader: Reader) -> str:
    """How customers would stand by the weights that are kept."""
    told = (
        f"{what}: {words.signed(goodwill.example(lived, shop_id=shop_id).points, reader)}"
        for lived, what in words.EXAMPLES.items()
    )
    return " · ".join(told)
