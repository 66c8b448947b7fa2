"""Mailboxes: opening, changing, trying out, letting rest."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opieka.channels import commands
from opieka.channels import queries as channels
from opieka.channels.types import AccountCard, AccountDetails, Channel, Receiving, Sending
from opieka.desk.forms.mailbox import MailboxForm, initial, option_name
from opieka.desk.pages.parts import Act, Form, Link, Section
from opieka.desk.pages.settings import FormPage
from opieka.desk.presenters import fields
from opieka.desk.presenters import mailboxes as boxes
from opieka.desk.presenters import settings as shown
from opieka.desk.presenters.tables import Asked
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers, tables
from opieka.shops.types import Permission, ShopCard


@require_GET
def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """Every mailbox and whether it works."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    text = _("Where customers write to, and where answers leave from.")
    frame = shown.frame(desk, shop, "desk:mailboxes", title=_("Mailboxes"), text=text)
    asked = _asked(request, shop)
    page = boxes.page(channels.accounts([shop.id], Channel.EMAIL), shop, desk.reader(shop.id), frame, asked)
    return answers.page(request, "desk/mailboxes.html", page, place="settings")


@require_GET
def export(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """The mailboxes as a file."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    found = boxes.chosen(channels.accounts([shop.id], Channel.EMAIL), _asked(request, shop))
    rows = (boxes.cells(one) for one in found)
    return tables.taken_along(f"{slug}-mailboxes", boxes.CELLS, rows, desk.reader(shop.id))


def _asked(request: HttpRequest, shop: ShopCard) -> Asked:
    own = reverse("desk:mailboxes", args=[shop.slug])
    return tables.asked(
        request, own, boxes.HEADINGS, standard="address", filters={"state": set(boxes.STATES)}
    )


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Open a mailbox."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    given = {"receiving": Receiving.IMAP, "sending": Sending.SMTP, "history": True, "folders": "INBOX"}
    form = _form(request, given | {"name": shop.name})
    if request.method == "POST" and form.is_valid():
        opening = partial(commands.open_account, shop.id, details=form.details(), by=desk.by)
        made, error = answers.attempt(opening)
        if made is not None:
            return _try(request, made, shop)
        form.add_error(None, str(error))
    return _page(request, desk, shop, form, None)


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, slug: str, account_id: int) -> HttpResponse:
    """Change a mailbox."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    account = channels.account(account_id, shop_ids=[shop.id], channel=Channel.EMAIL)
    form = _form(request, initial(channels.account_details(account.id)))
    if request.method == "POST" and form.is_valid():
        changing = partial(
            commands.change_account, account.id, shop_id=shop.id, details=form.details(), by=desk.by
        )
        _done, error = answers.attempt(changing)
        if error is None:
            return _try(request, account.id, shop)
        form.add_error(None, str(error))
    return _page(request, desk, shop, form, account)


@require_POST
def test(request: HttpRequest, slug: str, account_id: int) -> HttpResponse:
    """Reach its servers and log in; nothing is sent."""
    shop = at_desk(request).shop(slug, Permission.SETTINGS)
    return _try(request, account_id, shop)


@require_POST
def rest(request: HttpRequest, slug: str, account_id: int) -> HttpResponse:
    """Let a mailbox rest, or work again."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    active = request.POST.get("active") == "1"
    commands.set_active(account_id, shop_id=shop.id, active=active, by=desk.by)
    answers.say(
        request, _("It works again.") if active else _("It rests now: nothing comes in and nothing leaves.")
    )
    return redirect("desk:mailbox", slug, account_id)


def _try(request: HttpRequest, account_id: int, shop: ShopCard) -> HttpResponse:
    troubles = commands.test_account(account_id, shop_id=shop.id)
    if not troubles:
        answers.say(request, _("Its servers answer and let us in."))
    return redirect("desk:mailbox", shop.slug, account_id)


def _form(request: HttpRequest, given: dict[str, object]) -> MailboxForm:
    sent = request.POST if request.method == "POST" else None
    return MailboxForm(sent, initial=given, providers=channels.providers())


def _page(
    request: HttpRequest, desk: Desk, shop: ShopCard, form: MailboxForm, account: AccountCard | None
) -> HttpResponse:
    back = Link(_("All mailboxes"), reverse("desk:mailboxes", args=[shop.slug]))
    laid_out = Form(request.path, _sections(form), _("Save and try it"), fields.problem(form), back)
    title = account.address if account else _("Open a mailbox")
    page = FormPage(
        shown.frame(desk, shop, "desk:mailboxes", title=title),
        laid_out,
        acts=_acts(account, shop) if account else (),
        trouble=boxes.troubles(account) if account else "",
        addresses=_addresses(account, request) if account else (),
    )
    status = 422 if form.is_bound else 200
    return answers.page(request, "desk/settings_form.html", page, place="settings", status=status)


def _sections(form: MailboxForm) -> tuple[Section, ...]:
    servers = ("host", "port", "security", "user", "password")
    incoming = (*(f"imap_{name}" for name in servers), "folders", "history")
    outgoing = tuple(f"smtp_{name}" for name in servers)
    tokens = tuple(name for name in form.fields if name.startswith("oauth_"))
    either = ("receiving-webhook", "sending-provider")
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
        Section(_("Mailbox"), fields.fields(form, ("address", "name"))),
        Section(_("Coming in"), fields.fields(form, ("receiving", "plus_addressing"))),
        Section(_("The server mail is read from"), fields.fields(form, incoming), only=("receiving-imap",)),
        Section(_("Leaving"), fields.fields(form, ("sending",))),
        Section(_("The server mail is handed to"), fields.fields(form, outgoing), only=("sending-smtp",)),
        Section(
            _("Logging in with tokens"), fields.fields(form, tokens), only=("receiving-imap", "sending-smtp")
        ),
        Section(_("Mail service"), fields.fields(form, ("provider",)), only=either),
        *keys,
    )


def _acts(account: AccountCard, shop: ShopCard) -> tuple[Act, ...]:
    where = [shop.slug, account.id]
    rest = (
        Act(_("Let it rest"), reverse("desk:rest_mailbox", args=where), fields=(("active", "0"),))
        if account.active
        else Act(_("Let it work again"), reverse("desk:rest_mailbox", args=where), fields=(("active", "1"),))
    )
    return (Act(_("Try the connection"), reverse("desk:test_mailbox", args=where), "plug"), rest)


def _addresses(account: AccountCard, request: HttpRequest) -> tuple[tuple[str, str], ...]:
    """What the owner gives to the mail service: where to send mails and events to."""
    if not account.provider:
        return ()
    details = channels.account_details(account.id)
    found = []
    for view, title in (
        ("inbound:provider_mail", _("Address for incoming mail")),
        ("inbound:provider_events", _("Address for delivery events")),
    ):
        path = reverse(view, args=[account.token, account.provider])
        found.append((title, _with_secret(request.build_absolute_uri(path), details)))
    return tuple(found)


def _with_secret(address: str, details: AccountDetails) -> str:
    secret = details.options.get("webhook_secret", "")
    scheme, _sep, rest = address.partition("://")
    return f"{scheme}://{secret}@{rest}" if secret else address
