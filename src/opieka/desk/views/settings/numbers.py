"""Numbers that texts leave from: opening, changing, trying out, letting rest."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from opieka.channels import commands
from opieka.channels import queries as channels
from opieka.channels.types import AccountCard, Channel, Receiving, Sending
from opieka.conversations.types import TextPreferences
from opieka.desk.forms.mailbox import option_name
from opieka.desk.forms.number import NumberForm, initial
from opieka.desk.forms.quiet import QuietForm, told, wished
from opieka.desk.pages.parts import Act, Empty, Form, Link, Section
from opieka.desk.pages.settings import FormPage, ListPage, ListRow
from opieka.desk.presenters import fields
from opieka.desk.presenters import mailboxes as boxes
from opieka.desk.presenters import settings as shown
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers
from opieka.shops import commands as shop_commands
from opieka.shops import queries as shops
from opieka.shops.types import Permission, ShopCard

_PART = "desk:numbers"


@require_http_methods(["GET", "POST"])
def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """Every number and whether it works, and when texts may leave."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    now = shops.preferences(shop.id, TextPreferences)
    form = QuietForm(request.POST if request.method == "POST" else None, initial=told(now))
    if request.method == "POST" and form.is_valid():
        shop_commands.set_preferences(shop.id, value=wished(form), by=desk.by)
        answers.say(request, _("Saved."))
        return redirect(_PART, slug)
    text = _("What texts leave from. What customers text back arrives in the inbox.")
    page = ListPage(
        shown.frame(desk, shop, _PART, title=_("Text messages"), text=text),
        tuple(_row(one, shop) for one in channels.accounts([shop.id], Channel.SMS)),
        Empty(
            _("No number yet"),
            _("With a number, customers can be told and can answer by text."),
            "device-mobile-message",
        ),
        add=Link(_("Add a number"), reverse("desk:new_number", args=[shop.slug])),
        form_title=_("Quiet hours"),
        form=fields.single(form, request.path, _("Save")),
    )
    status = 422 if form.is_bound else 200
    return answers.page(request, "desk/settings_list.html", page, place="settings", status=status)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a number."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    form = _form(request, {"sending": Sending.PROVIDER, "name": shop.name})
    if request.method == "POST" and form.is_valid():
        opening = partial(commands.open_number, shop.id, details=form.details(), by=desk.by)
        made, error = answers.attempt(opening)
        if made is not None:
            return _try(request, made, shop)
        form.add_error(None, str(error))
    return _page(request, desk, shop, form, None)


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, slug: str, account_id: int) -> HttpResponse:
    """Change a number."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    account = channels.account(account_id, shop_ids=[shop.id], channel=Channel.SMS)
    form = _form(request, initial(channels.text_details(account.id)))
    if request.method == "POST" and form.is_valid():
        changing = partial(
            commands.change_number, account.id, shop_id=shop.id, details=form.details(), by=desk.by
        )
        _done, error = answers.attempt(changing)
        if error is None:
            return _try(request, account.id, shop)
        form.add_error(None, str(error))
    return _page(request, desk, shop, form, account)


@require_POST
def test(request: HttpRequest, slug: str, account_id: int) -> HttpResponse:
    """Reach the text service and log in; nothing is sent."""
    shop = at_desk(request).shop(slug, Permission.SETTINGS)
    return _try(request, account_id, shop)


@require_POST
def rest(request: HttpRequest, slug: str, account_id: int) -> HttpResponse:
    """Let a number rest, or work again."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    active = request.POST.get("active") == "1"
    commands.set_active(account_id, shop_id=shop.id, active=active, by=desk.by)
    answers.say(
        request, _("It works again.") if active else _("It rests now: nothing comes in and nothing leaves.")
    )
    return redirect("desk:number", slug, account_id)


def _try(request: HttpRequest, account_id: int, shop: ShopCard) -> HttpResponse:
    channels.account(account_id, shop_ids=[shop.id], channel=Channel.SMS)
    if not commands.test_account(account_id, shop_id=shop.id):
        answers.say(request, _("The text service answers and lets us in."))
    return redirect("desk:number", shop.slug, account_id)


def _form(request: HttpRequest, given: dict[str, object]) -> NumberForm:
    sent = request.POST if request.method == "POST" else None
    return NumberForm(sent, initial=given, providers=channels.text_providers())


def _page(
    request: HttpRequest, desk: Desk, shop: ShopCard, form: NumberForm, account: AccountCard | None
) -> HttpResponse:
    back = Link(_("All numbers"), reverse(_PART, args=[shop.slug]))
    laid_out = Form(request.path, _sections(form), _("Save and try it"), fields.problem(form), back)
    page = FormPage(
        shown.frame(desk, shop, _PART, title=account.address if account else _("Add a number")),
        laid_out,
        acts=_acts(account, shop) if account else (),
        trouble=boxes.troubles(account) if account else "",
        addresses=_addresses(account) if account else (),
        entered=_("Enter it in the console of the text service."),
    )
    status = 422 if form.is_bound else 200
    return answers.page(request, "desk/settings_form.html", page, place="settings", status=status)


def _sections(form: NumberForm) -> tuple[Section, ...]:
    keys = tuple(
        Section(
            one.title,
            fields.fields(form, [name for name in form.fields if name.startswith(option_name(one.name, ""))]),
            _("Copy these from its console."),
            (f"provider-{one.name}",),
        )
        for one in form.providers
    )
    return (
        Section(_("Number"), fields.fields(form, ("address", "name"))),
        Section(_("Leaving"), fields.fields(form, ("sending",))),
        Section(_("Text service"), fields.fields(form, ("provider",)), only=("sending-provider",)),
        *keys,
    )


def _row(account: AccountCard, shop: ShopCard) -> ListRow:
    return ListRow(
        title=account.address,
        href=reverse("desk:number", args=[shop.slug, account.id]),
        text=account.name,
        chip=boxes.state(account),
        trouble=boxes.troubles(account),
    )


def _acts(account: AccountCard, shop: ShopCard) -> tuple[Act, ...]:
    where = [shop.slug, account.id]
    text = _("Let it rest") if account.active else _("Let it work again")
    turn = (("active", "0" if account.active else "1"),)
    return (
        Act(_("Try the connection"), reverse("desk:test_number", args=where), "plug"),
        Act(text, reverse("desk:rest_number", args=where), fields=turn),
    )


def _addresses(account: AccountCard) -> tuple[tuple[str, str], ...]:
    """Where the text service hands over what comes in; where it reports to, it is told with each text."""
    if account.receiving is not Receiving.WEBHOOK:
        return ()
    return ((_("Address for incoming texts"), channels.hook_url(account.token)),)
