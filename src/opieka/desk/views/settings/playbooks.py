"""What a shop does for customers who were let down."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opieka.care import commands
from opieka.care import queries as care
from opieka.care.types import CarePreferences, IncidentKind, Playbook
from opieka.desk.forms.care import CareForm, PlaybookForm
from opieka.desk.pages.parts import Chip, Empty, Form, Link, Section, Tone
from opieka.desk.pages.settings import FormPage, ListPage, ListRow
from opieka.desk.presenters import care as words
from opieka.desk.presenters import fields
from opieka.desk.presenters import settings as shown
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers
from opieka.kernel.money import Money
from opieka.shops import commands as shop_commands
from opieka.shops import queries as shops
from opieka.shops.types import Permission, ShopCard


@require_http_methods(["GET", "POST"])
def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """The playbooks, and how the shop cares in general."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    now = shops.preferences(shop.id, CarePreferences)
    given = {
        "hours": now.hours,
        "high_value": Money(now.high_value, shop.currency).decimal,
        "storm_from": now.storm_from,
        "hold_out": now.hold_out,
    }
    sent = request.POST if request.method == "POST" else None
    form = CareForm(sent, initial=given, currency=shop.currency)
    if sent is not None and form.is_valid():
        data = form.cleaned_data
        value = Money.parse(data["high_value"], shop.currency).amount
        told = CarePreferences(**data | {"high_value": value})
        shop_commands.set_preferences(shop.id, value=told, by=desk.by)
        answers.say(request, _("Saved."))
        return redirect("desk:playbooks", slug)
    text = _(
        "What is done when something goes wrong for a customer. Messages go by themselves only where you say so."
    )
    page = ListPage(
        shown.frame(desk, shop, "desk:playbooks", title=_("Care"), text=text),
        tuple(_row(one, shop) for one in care.playbooks(shop.id)),
        Empty("", ""),
        form_title=_("In general"),
        form=fields.single(form, request.path, _("Save")),
    )
    status = 422 if form.is_bound else 200
    return answers.page(request, "desk/settings_list.html", page, place="settings", status=status)


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, slug: str, incident: str) -> HttpResponse:
    """The playbook of one kind of incident."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    if incident not in set(IncidentKind):
        raise Http404
    kind = IncidentKind(incident)
    now = care.playbook(shop.id, kind)
    given = {
        "steps": [step.value for step in now.steps],
        "by_itself_to": now.by_itself_to,
        "gift": Money(now.gift, shop.currency).decimal,
    }
    sent = request.POST if request.method == "POST" else None
    form = PlaybookForm(sent, initial=given, currency=shop.currency)
    if sent is not None and form.is_valid() and _save(form, kind, shop, desk):
        answers.say(request, _("Saved."))
        return redirect("desk:playbooks", slug)
    back = Link(_("All playbooks"), reverse("desk:playbooks", args=[slug]))
    section = Section(_("Playbook"), fields.fields(form), _("Plans that are open keep their steps."))
    page = FormPage(
        shown.frame(desk, shop, "desk:playbooks", title=str(words.INCIDENTS[kind])),
        Form(request.path, (section,), _("Save"), fields.problem(form), back),
    )
    status = 422 if form.is_bound else 200
    return answers.page(request, "desk/settings_form.html", page, place="settings", status=status)


def _save(form: PlaybookForm, kind: IncidentKind, shop: ShopCard, desk: Desk) -> bool:
    limit: int = form.cleaned_data["by_itself_to"]
    made = Playbook(kind=kind, steps=form.chosen(), by_itself_to=limit, gift=form.amount())
    _done, error = answers.attempt(partial(commands.save_playbook, shop.id, playbook=made, by=desk.by))
    if error is not None:
        form.add_error(None, str(error))
    return error is None


def _row(one: Playbook, shop: ShopCard) -> ListRow:
    return ListRow(
        title=str(words.INCIDENTS[one.kind]),
        href=reverse("desk:playbook", args=[shop.slug, one.kind.value]),
        text=", ".join(str(words.STEPS[step]) for step in one.steps),
        chip=Chip(_("by itself"), Tone.DONE) if one.by_itself_to else None,
    )
