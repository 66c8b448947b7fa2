"""Webhooks: addresses that are told of facts, their log, and sending again."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opieka.desk.forms.webhooks import ReplayForm, WebhookForm, initial
from opieka.desk.pages.parts import Act, Choice, Empty, Form, Link, Pager, Section
from opieka.desk.pages.settings import FormPage, ListPage
from opieka.desk.pages.webhooks import SentPage, WebhookPage
from opieka.desk.presenters import fields
from opieka.desk.presenters import settings as shown
from opieka.desk.presenters import webhooks as told
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers
from opieka.kernel import clock
from opieka.shops.types import Permission, ShopCard
from opieka.webhooks import commands, queries
from opieka.webhooks.types import DeliveryCard, DeliveryState, EndpointCard

_PAGE = 50


@require_GET
def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """The addresses and how they are."""
    desk, shop = _shop(request, slug)
    reader = desk.reader(shop.id)
    text = _("Your programs are told what happens: every fact is posted to their addresses, signed.")
    page = ListPage(
        shown.frame(desk, shop, "desk:webhooks", title=_("Webhooks"), text=text),
        tuple(told.row(card, shop, reader) for card in queries.endpoints([shop.id])),
        Empty(
            _("No address yet"),
            _("Add the address of a program that is to hear of orders, messages and parcels as they happen."),
            "send",
        ),
        add=Link(_("Add an address"), reverse("desk:new_webhook", args=[slug])),
    )
    return answers.page(request, "desk/settings_list.html", page, place="settings")


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Add an address; its secret is shown this once."""
    desk, shop = _shop(request, slug)
    form = WebhookForm(request.POST if request.method == "POST" else None, groups=told.groups())
    if request.method == "POST" and form.is_valid():
        adding = partial(commands.add_endpoint, shop.id, target=form.target(), by=desk.by)
        made, error = answers.attempt(adding)
        if made is not None:
            endpoint_id, secret = made
            return _log(request, desk, shop, endpoint_id, secret=secret)
        form.add_error("url", str(error))
    return _form_page(request, desk, shop, form, None)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, slug: str, endpoint_id: int) -> HttpResponse:
    """Another address, or other facts."""
    desk, shop = _shop(request, slug)
    card = queries.endpoint(endpoint_id, shop_ids=[shop.id])
    groups = told.groups()
    form = WebhookForm(
        request.POST if request.method == "POST" else None, initial=initial(card, groups), groups=groups
    )
    if request.method == "POST" and form.is_valid():
        changing = partial(
            commands.change_endpoint, card.id, shop_id=shop.id, target=form.target(), by=desk.by
        )
        _done, error = answers.attempt(changing)
        if error is None:
            answers.say(request, _("Saved."))
            return redirect("desk:webhook", slug, card.id)
        form.add_error("url", str(error))
    return _form_page(request, desk, shop, form, card)


@require_GET
def one(request: HttpRequest, slug: str, endpoint_id: int) -> HttpResponse:
    """An address with its log."""
    desk, shop = _shop(request, slug)
    return _log(request, desk, shop, endpoint_id)


@require_POST
def rotate(request: HttpRequest, slug: str, endpoint_id: int) -> HttpResponse:
    """A new secret, shown this once."""
    desk, shop = _shop(request, slug)
    secret = commands.rotate_secret(endpoint_id, shop_id=shop.id, by=desk.by)
    return _log(request, desk, shop, endpoint_id, secret=secret)


@require_POST
def activate(request: HttpRequest, slug: str, endpoint_id: int) -> HttpResponse:
    """Disable it, or enable it."""
    desk, shop = _shop(request, slug)
    active = request.POST.get("active") == "1"
    commands.set_active(endpoint_id, shop_id=shop.id, active=active, by=desk.by)
    answers.say(request, _("Enabled. What waited is sent now.") if active else _("Disabled."))
    return redirect("desk:webhook", slug, endpoint_id)


@require_POST
def remove(request: HttpRequest, slug: str, endpoint_id: int) -> HttpResponse:
    """Forget it with its log."""
    desk, shop = _shop(request, slug)
    commands.remove_endpoint(endpoint_id, shop_id=shop.id, by=desk.by)
    answers.say(request, _("Removed, with its log."))
    return redirect("desk:webhooks", slug)


@require_POST
def test(request: HttpRequest, slug: str, endpoint_id: int) -> HttpResponse:
    """Send a test, and look what comes of it."""
    desk, shop = _shop(request, slug)
    delivery_id = commands.send_test(endpoint_id, shop_id=shop.id, by=desk.by)
    return redirect("desk:webhook_sent", slug, endpoint_id, delivery_id)


@require_POST
def replay_failed(request: HttpRequest, slug: str, endpoint_id: int) -> HttpResponse:
    """Send again what failed since a moment."""
    desk, shop = _shop(request, slug)
    form = ReplayForm(request.POST)
    if not form.is_valid():
        raise Http404
    since = clock.now() - timedelta(hours=form.cleaned_data["hours"])
    count = commands.replay_failed(endpoint_id, shop_id=shop.id, since=since, by=desk.by)
    said = ngettext("%(count)s is sent again.", "%(count)s are sent again.", count)
    answers.say(request, said % {"count": count} if count else _("Nothing had failed since then."))
    return redirect("desk:webhook", slug, endpoint_id)


@require_GET
def sent(request: HttpRequest, slug: str, endpoint_id: int, delivery_id: int) -> HttpResponse:
    """One delivery: its attempts, their answers, and its body."""
    desk, shop = _shop(request, slug)
    card, endpoint = _sent(shop, endpoint_id, delivery_id)
    reader = desk.reader(shop.id)
    due = card.next_try_at if card.state is DeliveryState.FAILED else None
    about = [
        (_("Happened"), reader.exact(card.created_at)),
        (_("Message id"), card.message_id),
        (_("Next attempt"), reader.day_and_time(due) if due else ""),
    ]
    page = SentPage(
        shown.frame(desk, shop, "desk:webhooks", title=card.kind),
        Link(told.host(endpoint), reverse("desk:webhook", args=[slug, endpoint_id])),
        told.chip(card.state),
        tuple((name, value) for name, value in about if value),
        told.attempts(card.log, reader),
        told.pretty(queries.body(card, shop_ids=[shop.id])),
        replay=told.replay_act(card, shop) if endpoint.active else None,
        refresh=request.path if endpoint.active and told.soon(card, reader) else "",
    )
    return answers.page(request, "desk/webhook_sent.html", page, place="settings")


@require_POST
def replay(request: HttpRequest, slug: str, endpoint_id: int, delivery_id: int) -> HttpResponse:
    """Send one again."""
    desk, shop = _shop(request, slug)
    _sent(shop, endpoint_id, delivery_id)
    commands.replay(delivery_id, shop_id=shop.id, by=desk.by)
    return redirect("desk:webhook_sent", slug, endpoint_id, delivery_id)


def _shop(request: HttpRequest, slug: str) -> tuple[Desk, ShopCard]:
    desk = at_desk(request)
    return desk, desk.shop(slug, Permission.SETTINGS)


def _sent(shop: ShopCard, endpoint_id: int, delivery_id: int) -> tuple[DeliveryCard, EndpointCard]:
    card = queries.delivery(delivery_id, shop_ids=[shop.id])
    if card.endpoint_id != endpoint_id:
        raise Http404
    return card, queries.endpoint(endpoint_id, shop_ids=[shop.id])


def _log(
    request: HttpRequest, desk: Desk, shop: ShopCard, endpoint_id: int, *, secret: str = ""
) -> HttpResponse:
    card = queries.endpoint(endpoint_id, shop_ids=[shop.id])
    reader = desk.reader(shop.id)
    state, before = request.GET.get("state", ""), request.GET.get("before", "")
    if (state and state not in set(DeliveryState)) or (before and not before.isdigit()):
        raise Http404
    found = queries.deliveries(
        card.id,
        shop_ids=[shop.id],
        states=[DeliveryState(state)] if state else (),
        before_id=int(before) if before else None,
        limit=_PAGE,
    )
    page = WebhookPage(
        shown.frame(desk, shop, "desk:webhooks", title=told.host(card), text=card.description),
        Link(_("All webhooks"), reverse("desk:webhooks", args=[shop.slug])),
        told.state(card),
        told.wanted(card),
        Link(_("Change"), reverse("desk:change_webhook", args=[shop.slug, card.id])),
        _acts(card, shop),
        _filters(card, shop, state),
        tuple(told.sent_row(one, shop, reader, replayable=card.active) for one in found),
        _empty(state),
        trouble=told.trouble(card, reader),
        notice=told.notice(card, reader),
        secret=secret,
        pager=_pager(card, shop, state, before, found),
        replay=_replay_form(card, shop),
    )
    return answers.page(request, "desk/webhook.html", page, place="settings")


def _acts(card: EndpointCard, shop: ShopCard) -> tuple[Act, ...]:
    where = [shop.slug, card.id]
    activate = reverse("desk:activate_webhook", args=where)
    remove = Act(_("Remove"), reverse("desk:remove_webhook", args=where), "x")
    rotate = Act(_("New secret"), reverse("desk:rotate_webhook", args=where), "key")
    if not card.active:
        return (Act(_("Enable"), activate, "check", (("active", "1"),)), rotate, remove)
    test = Act(_("Send a test"), reverse("desk:test_webhook", args=where), "send")
    return (test, rotate, Act(_("Disable"), activate, "clock-pause", (("active", "0"),)), remove)


def _filters(card: EndpointCard, shop: ShopCard, chosen: str) -> tuple[Choice, ...]:
    own = reverse("desk:webhook", args=[shop.slug, card.id])
    each = [("", _("Everything")), *((state.value, str(word)) for state, (word, _t) in told.STATES.items())]
    return tuple(Choice(f"{own}?state={code}" if code else own, word, code == chosen) for code, word in each)


def _pager(card: EndpointCard, shop: ShopCard, state: str, before: str, found: list[DeliveryCard]) -> Pager:
    own = reverse("desk:webhook", args=[shop.slug, card.id])
    kept = {"state": state} if state else {}
    older = f"{own}?{urlencode(kept | {'before': found[-1].id})}" if len(found) == _PAGE else None
    return Pager(f"{own}?{urlencode(kept)}" if before else None, older)


def _empty(state: str) -> Empty:
    if state:
        return Empty(_("Nothing here"), _("No delivery is in this state."), "circle-check")
    text = _("From now on every fact it wants appears here. Send a test to see whether it is reached.")
    return Empty(_("Nothing sent yet"), text, "send")


def _replay_form(card: EndpointCard, shop: ShopCard) -> Form | None:
    if not card.active or not (card.lost or card.failing_since):
        return None
    action = reverse("desk:replay_webhook", args=[shop.slug, card.id])
    return fields.single(ReplayForm(), action, _("Send again what failed"))


def _form_page(
    request: HttpRequest, desk: Desk, shop: ShopCard, form: WebhookForm, card: EndpointCard | None
) -> HttpResponse:
    chosen = [name for name in form.fields if name.startswith("kinds_")]
    sections = (
        Section(_("Address"), fields.fields(form, ("url", "description", "which"))),
        Section(
            _("Which facts"),
            fields.fields(form, chosen),
            _("Each holds ids, numbers and codes, never what somebody wrote."),
            ("which-chosen",),
            find=_("Find a fact"),
        ),
    )
    back = Link(_("Back"), reverse("desk:webhook", args=[shop.slug, card.id])) if card else None
    back = back or Link(_("All webhooks"), reverse("desk:webhooks", args=[shop.slug]))
    page = FormPage(
        shown.frame(desk, shop, "desk:webhooks", title=told.host(card) if card else _("Add an address")),
        Form(request.path, sections, _("Save") if card else _("Add"), fields.problem(form), back),
    )
    status = 422 if form.is_bound else 200
    return answers.page(request, "desk/settings_form.html", page, place="settings", status=status)
