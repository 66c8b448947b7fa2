"""The shop itself and how its inbox behaves."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from opieka.conversations.types import InboxPreferences
from opieka.desk.forms.settings import DAYS, PreferencesForm, ShopForm, spans_text
from opieka.desk.pages.parts import Form, Section
from opieka.desk.pages.settings import FormPage
from opieka.desk.presenters import fields
from opieka.desk.presenters import settings as shown
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers
from opieka.shops import commands
from opieka.shops import queries as shops
from opieka.shops.commands import ShopDetails
from opieka.shops.types import Calendar, Permission, ShopCard


@require_GET
def first(request: HttpRequest) -> HttpResponse:
    """To the first shop and the first part she may change."""
    desk = at_desk(request)
    for permission, view in ((Permission.SETTINGS, "desk:shop"), (Permission.STAFF, "desk:staff")):
        for shop in desk.shops.values():
            if desk.may(permission, shop.id):
                return redirect(view, shop.slug)
    raise PermissionDenied


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """Who the shop is, which languages it speaks, when it works."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    reader = desk.reader(shop.id).language
    if request.method == "POST":
        form = ShopForm(request.POST, initial=_now(shop), reader=reader)
        if form.is_valid() and _save(form, shop, desk):
            answers.say(request, _("Saved."))
            return redirect("desk:shop", form.cleaned_data["slug"])
        return _page(request, desk, shop, form, status=422)
    return _page(request, desk, shop, ShopForm(initial=_now(shop), reader=reader))


@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest, slug: str) -> HttpResponse:
    """First answers, and how long a conversation can be reopened."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    now = shops.preferences(shop.id, InboxPreferences)
    form = PreferencesForm(request.POST if request.method == "POST" else None, initial=asdict(now))
    if request.method == "POST" and form.is_valid():
        commands.set_preferences(shop.id, value=InboxPreferences(**form.cleaned_data), by=desk.by)
        answers.say(request, _("Saved."))
        return redirect("desk:preferences", slug)
    text = _("What customers may expect, and when a matter counts as closed.")
    page = FormPage(
        shown.frame(desk, shop, "desk:preferences", title=_("Conversations"), text=text),
        fields.single(form, request.path, _("Save")),
    )
    status = 422 if form.is_bound else 200
    return answers.page(request, "desk/settings_form.html", page, place="settings", status=status)


def _now(shop: ShopCard) -> dict[str, Any]:
    calendar = shops.calendar(shop.id)
    hours = dict(zip(DAYS, map(spans_text, calendar.hours), strict=False))
    return hours | {
        "name": shop.name,
        "slug": shop.slug,
        "country": shop.country,
        "currency": shop.currency,
        "timezone": shop.timezone,
        "accent": shop.accent,
        "languages": list(shop.languages),
        "default_language": shop.languages[0],
        "closed_days": "\n".join(sorted(day.isoformat() for day in calendar.closed_days)),
        "open_days": "\n".join(sorted(day.isoformat() for day in calendar.open_days)),
    }


def _save(form: ShopForm, shop: ShopCard, desk: Desk) -> bool:
    data = form.cleaned_data
    languages = dict.fromkeys([data["default_language"], *data["languages"]])
    hours = tuple(data[day] for day in DAYS)
    details = ShopDetails(
        slug=data["slug"],
        name=data["name"],
        country=data["country"],
        currency=data["currency"],
        timezone=data["timezone"],
        languages=tuple(languages),
        accent=data["accent"].lower(),
        hours=hours,
    )
    calendar = Calendar(hours, data["timezone"], data["country"], data["closed_days"], data["open_days"])
    _done, error = answers.attempt(partial(_store, shop.id, details, calendar, desk))
    if error is not None:
        form.add_error(None, str(error))
    return error is None


@transaction.atomic
def _store(shop_id: int, details: ShopDetails, calendar: Calendar, desk: Desk) -> None:
    commands.change_shop(shop_id, details=details, by=desk.by)
    commands.set_calendar(shop_id, calendar=calendar, by=desk.by)


def _page(
    request: HttpRequest, desk: Desk, shop: ShopCard, form: ShopForm, *, status: int = 200
) -> HttpResponse:
    who, tongues, times = ShopForm.SECTIONS
    sections = (
        Section(_("The shop"), fields.fields(form, who)),
        Section(
            _("Languages"),
            fields.fields(form, tongues),
            _("A customer is written to in her own, if it is one of these."),
        ),
        Section(
            _("Opening hours"),
            fields.fields(form, times),
            _("Deadlines count these hours, e.g. 9:00-17:00, or 9:00-13:00, 14:00-18:00. Empty: closed."),
        ),
    )
    page = FormPage(
        shown.frame(desk, shop, "desk:shop", title=shop.name),
        Form(reverse("desk:shop", args=[shop.slug]), sections, _("Save"), fields.problem(form)),
    )
    return answers.page(request, "desk/settings_form.html", page, place="settings", status=status)
