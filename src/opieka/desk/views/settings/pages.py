"""What customers see of a shop beside their order: its logo and colour, the map of pickup points."""

from __future__ import annotations

from dataclasses import asdict

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opieka.channels import commands
from opieka.channels.commands import LARGEST_LOGO
from opieka.deliveries.types import PagePreferences
from opieka.desk.forms.pages import PagesForm
from opieka.desk.pages.settings import FormPage
from opieka.desk.presenters import fields
from opieka.desk.presenters import settings as shown
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers
from opieka.kernel.colours import readable
from opieka.shops import commands as shop_commands
from opieka.shops import queries as shops
from opieka.shops.types import Permission, ShopCard

_PART = "desk:pages"


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """The logo and the map; what becomes of the accent colour is said."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    now = asdict(shops.preferences(shop.id, PagePreferences))
    has_logo = bool(shop.logo)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PagesForm(*sent, initial=now, has_logo=has_logo)
    if form.is_bound and form.is_valid() and _save(form, shop, desk):
        answers.say(request, _("Saved."))
        return redirect(_PART, slug)
    page = FormPage(
        shown.frame(desk, shop, _PART, title=_("Customers' pages"), text=_about(shop)),
        fields.single(form, request.path, _("Save")),
        addresses=((_("Where customers find their order"), settings.OPIEKA.url + f"/my/in/{shop.slug}/"),),
        entered=_("Put this address on your site and into your mails."),
    )
    status = 422 if form.is_bound else 200
    return answers.page(request, "desk/settings_form.html", page, place="settings", status=status)


def _save(form: PagesForm, shop: ShopCard, desk: Desk) -> bool:
    _done, error = answers.attempt(lambda: _store(form, shop.id, desk))
    if error is not None:
        form.add_error("logo", str(error))
    return error is None


@transaction.atomic
def _store(form: PagesForm, shop_id: int, desk: Desk) -> None:
    picture = form.cleaned_data["logo"]
    if picture or form.cleaned_data.get("no_logo"):
        commands.set_logo(shop_id, picture.read(LARGEST_LOGO + 1) if picture else b"", by=desk.by)
    shop_commands.set_preferences(shop_id, value=form.preferences(), by=desk.by)


def _about(shop: ShopCard) -> str:
    """What this is, and what becomes of an accent that cannot be read as it is."""
    about, (light, _dark) = _("What customers see beside their order."), readable(shop.accent)
    if light == shop.accent.lower():
        return about
    told = _("The accent colour %(accent)s is too pale to be read on white: customers see %(shown)s instead.")
    return " ".join([about, told % {"accent": shop.accent, "shown": light}])
