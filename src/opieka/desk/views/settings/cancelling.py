"""How long customers may cancel by themselves."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opieka.desk.forms.cancelling import CancellingForm
from opieka.desk.pages.settings import FormPage
from opieka.desk.presenters import fields
from opieka.desk.presenters import settings as shown
from opieka.desk.seat import at_desk
from opieka.desk.views import answers
from opieka.returns.types import ReturnsPreferences
from opieka.shops import commands
from opieka.shops import queries as shops
from opieka.shops.types import Permission


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """Until when an order is cancelled without anybody looking."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    now = shops.preferences(shop.id, ReturnsPreferences)
    form = CancellingForm(request.POST if request.method == "POST" else None, initial=asdict(now))
    if request.method == "POST" and form.is_valid():
        commands.set_preferences(shop.id, value=ReturnsPreferences(**form.cleaned_data), by=desk.by)
        answers.say(request, _("Saved."))
        return redirect("desk:cancelling", slug)
    text = _(
        "An order that has not left is cancelled in the shop's own system, and the money is paid back there."
    )
    page = FormPage(
        shown.frame(desk, shop, "desk:cancelling", title=_("Cancelling"), text=text),
        fields.single(form, request.path, _("Save")),
    )
    status = 422 if form.is_bound else 200
    return answers.page(request, "desk/settings_form.html", page, place="settings", status=status)
