"""The shop's mailboxes: opened, changed, tried and put to rest."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from opieka.channels import commands, queries
from opieka.channels.types import AccountDetails, Channel
from opieka.kernel.errors import NotFound
from opieka.rest.fields import Page, PathId
from opieka.rest.operations import Request, Resource, address
from opieka.rest.schemas.mailboxes import Mailbox, MailboxChange, NewMailbox, Trial, TroubleTold, Webhooks
from opieka.shops.types import Permission

mailboxes = Resource("mailboxes")


@mailboxes.get("/mailboxes", Permission.READ, Page[Mailbox])
def list_mailboxes(request: Request) -> Page[Mailbox]:
    """The mailboxes, by address, and whether they work."""
    found = queries.accounts([request.caller.shop_id], Channel.EMAIL)
    items = [Mailbox.make(card, queries.account_details(card.id)) for card in found]
    return Page[Mailbox](items=items, next=None)


@mailboxes.get("/mailboxes/{mailbox_id}", Permission.READ, Mailbox)
def get_mailbox(request: Request, mailbox_id: PathId) -> Mailbox:
    """One mailbox, and whether it works."""
    card = queries.account(mailbox_id, shop_ids=[request.caller.shop_id], channel=Channel.EMAIL)
    return Mailbox.make(card, queries.account_details(mailbox_id))


@mailboxes.create("/mailboxes", Permission.SETTINGS, Mailbox)
def open_mailbox(request: Request, response: HttpResponse, body: NewMailbox) -> Mailbox:
    """Open a mailbox; it begins to receive by itself."""
    caller = request.caller
    mailbox_id = commands.open_account(
        caller.shop_id, details=AccountDetails(**body.details()), by=caller.actor
    )
    response.headers["Location"] = address("get_mailbox", mailbox_id=mailbox_id)
    return _with_rest(request, mailbox_id, body)


@mailboxes.patch("/mailboxes/{mailbox_id}", Permission.SETTINGS, Mailbox)
def change_mailbox(request: Request, mailbox_id: PathId, body: MailboxChange) -> Mailbox:
    """Change a mailbox, let it rest (`active` false) or work again."""
    caller = request.caller
    queries.account(mailbox_id, shop_ids=[caller.shop_id], channel=Channel.EMAIL)
    given = body.details()
    if given:
        details = replace(queries.account_details(mailbox_id), **given)
        commands.change_account(mailbox_id, shop_id=caller.shop_id, details=details, by=caller.actor)
    return _with_rest(request, mailbox_id, body)


def _with_rest(request: Request, mailbox_id: int, body: MailboxChange) -> Mailbox:
    caller = request.caller
    if "active" in body.given():
        commands.set_active(mailbox_id, shop_id=caller.shop_id, active=body.active, by=caller.actor)
    return get_mailbox(request, mailbox_id)


@mailboxes.post("/mailboxes/{mailbox_id}/test", Permission.SETTINGS, Trial, keyed=False)
def test_mailbox(request: Request, mailbox_id: PathId) -> Trial:
    """Reach the servers of a mailbox and log in, send nothing."""
    troubles = commands.test_account(mailbox_id, shop_id=request.caller.shop_id)
    return Trial(troubles=[TroubleTold.make(trouble) for trouble in troubles])


@mailboxes.get("/mailboxes/{mailbox_id}/webhooks", Permission.SETTINGS, Webhooks)
def get_webhooks(request: Request, mailbox_id: PathId) -> Webhooks:
    """The addresses to give to a mailbox's mail service; 404 when it has none."""
    card = queries.account(mailbox_id, shop_ids=[request.caller.shop_id], channel=Channel.EMAIL)
    if not card.provider:
        raise NotFound
    secret = queries.account_details(mailbox_id).options.get("webhook_secret", "")
    scheme, _sep, host = settings.OPIEKA.url.partition("://")
    base = f"{scheme}://{secret}@{host}" if secret else settings.OPIEKA.url
    where = [card.token, card.provider]
    return Webhooks(
        mail=base + reverse("inbound:provider_mail", args=where),
        events=base + reverse("inbound:provider_events", args=where),
    )
