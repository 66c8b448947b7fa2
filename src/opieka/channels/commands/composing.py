"""An outgoing message as it will be sent: whom it goes to, its id, its bytes."""

from __future__ import annotations

import secrets as random
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from opieka.channels import adapters, queries
from opieka.channels.adapters.base import ChannelError
from opieka.channels.adapters.email.mapping import outgoing as mapping
from opieka.channels.commands.files import NewFile, store_file
from opieka.channels.models import Account, Dispatch, StoredFile
from opieka.channels.policy import numbers, segments, tags
from opieka.channels.types import Channel, DispatchState, Outgoing, Party
from opieka.kernel import clock
from opieka.kernel.colours import readable
from opieka.kernel.errors import Invalid, NotFound
from opieka.shops import queries as shops

LOGOS = "/my/look/"
"""Where the portal shows shops' logos."""


class CannotSend(Invalid):
    code = "cannot_send"
    sentence = _("This mailbox cannot send. Set up sending in its settings.")


class NoRecipient(Invalid):
    code = "no_recipient"
    sentence = _("The message has no recipient. Add an address.")


class TooLargeToSend(Invalid):
    code = "too_large_to_send"
    sentence = _("With its files the message is larger than the mailbox can send (%(limit)s MB).")


class TooLongToSend(Invalid):
    code = "too_long_to_send"
    sentence = _("The text is too long: %(count)s parts. A text has at most %(most)s; shorten it.")


def fixed(message: Outgoing, account: Account, key: str) -> Dispatch:
    """The message with its id and bytes, stored."""
    make = _text if account.channel == Channel.SMS else _mail
    now = clock.now()
    recipients, message_id, raw = make(message, account, now)
    hold = timedelta(0) if message.automatic else timedelta(seconds=settings.OPIEKA.undo_seconds)
    return Dispatch.objects.create(
        shop_id=message.shop_id,
        account=account,
        customer_id=message.customer_id,
        thread=message.thread,
        message=message.message,
        automatic=message.automatic,
        key=key,
        message_id=message_id,
        raw=_stored(raw, message.shop_id),
        recipients=recipients,
        waiting=recipients,
        state=DispatchState.HELD if hold else DispatchState.QUEUED,
        created_at=now,
        held_until=now + hold if hold else None,
        next_try_at=max(now + hold, message.not_before or now),
        not_after=message.not_after,
    )


def _mail(message: Outgoing, account: Account, now: datetime) -> tuple[list[str], str, NewFile]:
    recipients = _recipients(message)
    host = account.address.partition("@")[2]
    message_id = f"{random.token_hex(10)}.{queries.reply_tag(message.thread)}@{host}"
    raw = _compose(message, account, message_id, now)
    _check_size(raw, account)
    return recipients, message_id, NewFile(raw, "message/rfc822")


def _text(message: Outgoing, account: Account, now: datetime) -> tuple[list[str], str, NewFile]:
    """A text goes to one number, without files."""
    country = shops.shop(account.shop_id).country
    found = {numbers.e164(party.value, country) for party in message.to} - {""}
    if len(found) != 1 or message.cc:
        raise NoRecipient
    cost = segments.measure(message.text)
    if cost.count > segments.MOST:
        raise TooLongToSend(count=cost.count, most=segments.MOST)
    return list(found), random.token_hex(16), NewFile(message.text.encode(), "text/plain")


def _recipients(message: Outgoing) -> list[str]:
    parties = [*message.to, *message.cc]
    found = dict.fromkeys(mapping.ascii_address(each.value) for each in parties if "@" in each.value)
    if not found or any(set(address) & set(' \r\n<>,;"') for address in found):
        raise NoRecipient
    return list(found)


def _compose(message: Outgoing, account: Account, message_id: str, now: datetime) -> bytes:
    sender = Party("email", account.address, account.name)
    reply_to = sender
    if account.plus_addressing:
        reply_to = Party(
            "email", tags.with_tag(account.address, queries.reply_tag(message.thread)), account.name
        )
    look = _look(message.shop_id) if message.automatic else None
    frame = mapping.Frame(message_id, sender, reply_to, now, queries.loop_mark(account.pk), look)
    wanted = {file.sha256 for file in message.files}
    found = queries.files(wanted, shop_ids=[message.shop_id])
    if found.keys() != wanted:
        raise NotFound
    return mapping.compose(message, frame, {sha256: file.data for sha256, file in found.items()})


def _look(shop_id: int) -> mapping.Look:
    shop = shops.shop(shop_id)
    logo = f"{settings.OPIEKA.url}{LOGOS}{shop.slug}/{shop.logo}/" if shop.logo else ""
    return mapping.Look(shop.name, readable(shop.accent)[0], logo)


def _check_size(raw: bytes, account: Account) -> None:
    try:
        limit = adapters.sender(queries.details(account)).capabilities.max_bytes
    except ChannelError as error:
        raise CannotSend from error
    limit = min(limit, settings.OPIEKA.max_mail_bytes)
    if len(raw) > limit:
        raise TooLargeToSend(limit=limit // 1_000_000)


def _stored(raw: NewFile, shop_id: int) -> StoredFile:
    card = store_file(raw, shop_id=shop_id)
    return StoredFile.objects.only("id").get(sha256=card.sha256)
