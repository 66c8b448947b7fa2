"""Opening and changing the numbers and names from which a shop sends texts."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from opieka.channels import adapters, queries
from opieka.channels.adapters import sms
from opieka.channels.adapters.base import ChannelError
from opieka.channels.commands.accounts import locked
from opieka.channels.models import Account
from opieka.channels.policy import numbers
from opieka.channels.types import Channel, Receiving, Sending, TextDetails
from opieka.kernel import clock, secrets
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Conflict, Invalid, NotFound
from opieka.shops import queries as shops


class NumberTaken(Conflict):
    code = "number_taken"
    sentence = _("This shop sends from %(address)s already.")


class BadNumber(Invalid):
    code = "bad_number"
    sentence = _("“%(value)s” cannot be right for: %(field)s.")
    names: ClassVar = {
        "field": {
            "address": _("Number or name"),
            "name": _("Name the team sees"),
            "provider": _("Text service"),
            "options": _("Keys of the text service"),
        }
    }


@transaction.atomic
def open_number(shop_id: int, *, details: TextDetails, by: Actor) -> int:
    """Let a shop send texts from a number or name; returns the account's id. NumberTaken, BadNumber."""
    details = _checked(details, shop_id)
    row = Account(
        shop_id=shop_id,
        channel=Channel.SMS,
        token=secrets.digest(secrets.token())[:32],
        changed_at=clock.now(),
    )
    _fill(row, details)
    return row.pk


@transaction.atomic
def change_number(account_id: int, *, shop_id: int, details: TextDetails, by: Actor) -> None:
    """Replace what is known of a number. Empty keys mean: those stored before, at the same service."""
    row = locked(account_id, shop_id)
    if row.channel != Channel.SMS:
        raise NotFound
    old = queries.text_details(account_id)
    same = (old.provider, old.options.get("send_url")) == (details.provider, details.options.get("send_url"))
    kept = old.options if same else {}
    options = {key: value or kept.get(key, "") for key, value in details.options.items()}
    _fill(row, _checked(replace(details, options=options), shop_id))


def _fill(row: Account, details: TextDetails) -> None:
    taken = Account.objects.filter(shop_id=row.shop_id, channel=Channel.SMS, address=details.address)
    if taken.exclude(id=row.pk).exists():
        raise NumberTaken(address=details.address)
    hears = details.sending is Sending.PROVIDER and numbers.answers_to(details.address)
    row.address, row.name = details.address, details.name
    row.receiving = Receiving.WEBHOOK if hears else Receiving.NONE
    row.sending, row.provider = details.sending, details.provider
    row.details = secrets.encrypt(msgspec.json.encode(details).decode())
    row.changed_at = clock.now()
    row.receive_trouble = row.receive_detail = row.send_trouble = row.send_detail = ""
    row.save()


def _checked(details: TextDetails, shop_id: int) -> TextDetails:
    given = details.address.strip()
    address = numbers.e164(given, shops.shop(shop_id).country) or given
    options = {key: value.strip() for key, value in details.options.items()}
    made = replace(details, address=address, name=details.name.strip(), options=options)
    checks = {
        "address": numbers.is_sender(address),
        "name": len(made.name) <= 200,
        "provider": made.sending is not Sending.SMTP
        and (made.sending is not Sending.PROVIDER or made.provider in sms.CARDS),
    }
    for field, good in checks.items():
        if not good:
            raise BadNumber(field=field, value=getattr(made, field))
    try:
        if made.sending is not Sending.NONE:
            adapters.sender(made)
    except ChannelError as error:
        raise BadNumber(field="options", value=error.detail) from error
    return made
