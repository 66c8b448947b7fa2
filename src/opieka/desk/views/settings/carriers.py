"""Who is asked about parcels and reports on them: carriers, aggregators, the shop's own programs."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from opieka.deliveries import commands
from opieka.deliveries import queries as deliveries
from opieka.deliveries.types import CarrierCard, ConnectionCard, DeliveryPreferences
from opieka.desk.forms.carriers import CarrierKeysForm, WatchForm
from opieka.desk.pages.parts import Act, Form, Link, Section
from opieka.desk.pages.settings import FormPage, GroupsPage
from opieka.desk.presenters import carrier_keys as keys
from opieka.desk.presenters import fields
from opieka.desk.presenters import settings as shown
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers
from opieka.shops import commands as shop_commands
from opieka.shops import queries as shops
from opieka.shops.types import Permission, ShopCard

_PART = "desk:carrier_connections"


@require_http_methods(["GET", "POST"])
def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is connected, who could be, and when a parcel counts as a matter."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    now = shops.preferences(shop.id, DeliveryPreferences)
    form = WatchForm(request.POST if request.method == "POST" else None, initial=asdict(now))
    if request.method == "POST" and form.is_valid():
        shop_commands.set_preferences(shop.id, value=replace(now, **form.cleaned_data), by=desk.by)
        answers.say(request, _("Saved."))
        return redirect(_PART, slug)
    text = _("Who tells where parcels are. A parcel is followed as soon as its carrier is connected.")
    page = GroupsPage(
        shown.frame(desk, shop, _PART, title=_("Carriers"), text=text),
        keys.groups(deliveries.carriers(), deliveries.connections([shop.id]), shop, desk.reader(shop.id)),
        _("When it is an alarm"),
        fields.single(form, request.path, _("Save")),
    )
    status = 422 if form.is_bound else 200
    return answers.page(request, "desk/settings_groups.html", page, place="settings", status=status)


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, slug: str, carrier: str) -> HttpResponse:
    """The keys of one carrier; what is sent is kept encrypted and never shown."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    card = _offered(carrier)
    sent = request.POST if request.method == "POST" else None
    form = CarrierKeysForm(sent, required=card.credentials, optional=card.optional_credentials)
    if sent is not None and form.is_valid():
        connecting = partial(
            commands.connect, shop.id, carrier=card.name, credentials=form.cleaned_data, by=desk.by
        )
        made, error = answers.attempt(connecting)
        if made is not None:
            return _try(request, made, shop, card)
        form.add_error(None, str(error))
    return _page(request, desk, shop, form, card)


@require_POST
def test(request: HttpRequest, slug: str, carrier: str) -> HttpResponse:
    """Ask it about one parcel now."""
    shop = at_desk(request).shop(slug, Permission.SETTINGS)
    return _try(request, _connected(shop, carrier).id, shop, _offered(carrier))


@require_POST
def disconnect(request: HttpRequest, slug: str, carrier: str) -> HttpResponse:
    """Forget the keys; the parcels stay."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    commands.disconnect(_connected(shop, carrier).id, shop_id=shop.id, by=desk.by)
    answers.say(request, _("Not connected any more. The parcels that are here stay."))
    return redirect(_PART, slug)


def _try(request: HttpRequest, connection_id: int, shop: ShopCard, card: CarrierCard) -> HttpResponse:
    if not card.polling:
        answers.say(request, _("Connected. Enter the address below at the sender."))
    elif commands.try_connection(connection_id, shop_ids=[shop.id], by=at_desk(request).by):
        answers.say(request, _("It answers and lets us in."))
    return redirect("desk:carrier_connection", shop.slug, card.name)


def _offered(carrier: str) -> CarrierCard:
    card = next((card for card in deliveries.carriers() if card.name == carrier), None)
    if card is None:
        raise Http404
    return card


def _connected(shop: ShopCard, carrier: str) -> ConnectionCard:
    found = (card for card in deliveries.connections([shop.id]) if card.carrier == carrier and card.active)
    card = next(found, None)
    if card is None:
        raise Http404
    return card


def _page(
    request: HttpRequest, desk: Desk, shop: ShopCard, form: CarrierKeysForm, card: CarrierCard
) -> HttpResponse:
    known = (one for one in deliveries.connections([shop.id]) if one.carrier == card.name and one.active)
    connected = next(known, None)
    back = Link(_("All carriers"), reverse(_PART, args=[shop.slug]))
    kept = _("They are kept encrypted and never shown again.") if form.fields else ""
    about = " ".join(filter(None, (str(keys.KEYS.get(card.name, "")), kept)))
    title = _("Keys") if form.fields else _("Connection")
    submit = _("Connect with new keys") if connected else _("Connect")
    page = FormPage(
        shown.frame(desk, shop, _PART, title=card.title, text=keys.ways(card)),
        Form(request.path, (Section(title, fields.fields(form), about),), submit, fields.problem(form), back),
        acts=_acts(shop, card) if connected else (),
        notice=keys.heard(connected, desk.reader(shop.id)) if connected and not connected.failure else "",
        trouble=_trouble(connected, desk) if connected else "",
        addresses=_addresses(request, connected) if connected else (),
        entered=str(keys.HOOKS.get(card.name, "")),
    )
    status = 422 if form.is_bound else 200
    return answers.page(request, "desk/settings_form.html", page, place="settings", status=status)


def _trouble(card: ConnectionCard, desk: Desk) -> str:
    said = (keys.failure(card), keys.heard(card, desk.reader(card.shop_id)) if card.failure else "")
    return " ".join(filter(None, said))


def _acts(shop: ShopCard, card: CarrierCard) -> tuple[Act, ...]:
    where = [shop.slug, card.name]
    test = Act(_("Try the connection"), reverse("desk:test_carrier", args=where), "plug")
    end = Act(_("Disconnect"), reverse("desk:disconnect_carrier", args=where), "x")
    return (test, end) if card.polling else (end,)


def _addresses(request: HttpRequest, card: ConnectionCard) -> tuple[tuple[str, str], ...]:
    if not card.webhooks:
        return ()
    address = request.build_absolute_uri(reverse("inbound:tracking", args=[card.id]))
    return ((_("Address for webhooks"), address),)
