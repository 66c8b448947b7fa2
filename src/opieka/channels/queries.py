"""Reading mailboxes and numbers, stored files and the delivery states of messages."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

import msgspec
import psycopg
from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from opieka.channels.adapters import sms
from opieka.channels.adapters.anymail.mapping import PROVIDERS
from opieka.channels.adapters.email.mapping.html import clean_html
from opieka.channels.adapters.sms.base import Gateway
from opieka.channels.models import Account, Dispatch, FolderCursor, StoredFile
from opieka.channels.policy import numbers, segments, tags
from opieka.channels.types import (
    AccountCard,
    AccountDetails,
    Channel,
    CleanHtml,
    Delivery,
    DispatchState,
    ProviderCard,
    Receiving,
    Reported,
    Segments,
    Sending,
    StoredBytes,
    TextDetails,
    Trouble,
)
from opieka.kernel import secrets
from opieka.kernel.errors import NotFound
from opieka.shops import queries as shops

_DETAILS = msgspec.json.Decoder(AccountDetails)
_TEXT_DETAILS = msgspec.json.Decoder(TextDetails)
_PURPOSE = "reply"

FILES = """
    select f.sha256, f.content_type, f.size, f.packed, f.body from channels_storedfile f
    where f.sha256 = any(%s::text[]) and exists
      (select from channels_shopfile s where s.file_id = f.id and s.shop_id = any(%s::bigint[]))
"""
_DELIVERIES = """
    select id, message, message_id, state, attempts, held_until, next_try_at, trouble, detail, reported
    from channels_dispatch where shop_id = %s and message = any(%s) order by id
"""
_LOCKS = 0x4D41494C


def account(
    account_id: int, *, shop_ids: Collection[int] | None = None, channel: Channel | None = None
) -> AccountCard:
    """One account (of some shops, of one channel); NotFound."""
    rows = Account.objects.filter(id=account_id)
    rows = rows if channel is None else rows.filter(channel=channel)
    row = (rows if shop_ids is None else rows.filter(shop_id__in=shop_ids)).first()
    if row is None:
        raise NotFound
    return _card(row)


def accounts(shop_ids: Collection[int], channel: Channel | None = None) -> list[AccountCard]:
    """The accounts of some shops (of one channel), by address."""
    rows = Account.objects.filter(shop_id__in=shop_ids)
    rows = rows if channel is None else rows.filter(channel=channel)
    return [_card(row) for row in rows.order_by("address", "id")]


def all_accounts(receiving: Receiving | None = None) -> list[AccountCard]:
    """The accounts at work in the whole installation (that receive in one way), by id."""
    rows = Account.objects.filter(active=True)
    rows = rows if receiving is None else rows.filter(receiving=receiving)
    return [_card(row) for row in rows.order_by("id")]


def account_for(address: str) -> AccountCard | None:
    """The mailbox at work that mail to an address belongs to; a `+tag` counts where the mailbox allows it."""
    plain = tags.without_tag(address)
    rows = Account.objects.filter(Q(address=address.lower()) | Q(address=plain, plus_addressing=True))
    row = rows.filter(active=True, channel=Channel.EMAIL).order_by("id").first()
    return _card(row) if row else None


def account_by_token(token: str, channel: Channel = Channel.EMAIL) -> AccountCard | None:
    """The account at work that a webhook's address names."""
    row = Account.objects.filter(token=token, active=True, channel=channel).first()
    return _card(row) if row else None


def own_addresses(shop_id: int) -> frozenset[str]:
    """The addresses and numbers of a shop's accounts."""
    return frozenset(Account.objects.filter(shop_id=shop_id).values_list("address", flat=True))


def account_details(account_id: int) -> AccountDetails:
    """Everything about a mailbox with its passwords: for those who connect, not for pages."""
    return mail_details(_row(account_id, Channel.EMAIL))


def text_details(account_id: int) -> TextDetails:
    """Everything about a number with its keys: for those who connect, not for pages."""
    return _TEXT_DETAILS.decode(secrets.decrypt(_row(account_id, Channel.SMS).details))


def any_details(account_id: int) -> AccountDetails | TextDetails:
    """Everything about an account of whatever channel; NotFound."""
    row = Account.objects.filter(id=account_id).first()
    if row is None:
        raise NotFound
    return details(row)


def details(row: Account) -> AccountDetails | TextDetails:
    """The stored details of an account, decrypted; ValueError under another installation key."""
    decoder = _TEXT_DETAILS if row.channel == Channel.SMS else _DETAILS
    return decoder.decode(secrets.decrypt(row.details))


def mail_details(row: Account) -> AccountDetails:
    """The stored details of a mailbox, decrypted."""
    return _DETAILS.decode(secrets.decrypt(row.details))


def gateway(account_id: int) -> Gateway:
    """The gateway of a number, to read its calls; ChannelError when it has none."""
    found = text_details(account_id)
    return sms.gateway(found.provider, found.options)


def hook_url(token: str) -> str:
    """Where a text service hands over what comes in for a number."""
    return f"{settings.OPIEKA.url}/inbound/sms/{token}/"


def report_url(row: Account) -> str:
    """Where a service tells what became of a text; "" for mailboxes, which are told so once and for all."""
    return f"{hook_url(row.token)}report/" if row.channel == Channel.SMS else ""


MOST_SEGMENTS = segments.MOST
"""Parts an SMS may have."""


def measured(text: str) -> Segments:
    """What a text costs as SMS."""
    return segments.measure(text)


def phone_number(value: str, country: str = "") -> str:
    """A number as +48601234567, or "" for what is none; dialled as in a country (ISO 3166-1)."""
    return numbers.e164(value, country)


def answers_to(address: str) -> bool:
    """Whether one can write back to the sender of a text: not to a name."""
    return numbers.answers_to(address)


def text_providers() -> list[ProviderCard]:
    """The services that send texts for shops."""
    return list(sms.CARDS.values())


def _row(account_id: int, channel: Channel) -> Account:
    row = Account.objects.filter(id=account_id, channel=channel).first()
    if row is None:
        raise NotFound
    return row


def with_tokens() -> list[int]:
    """The working mailboxes that log in by access tokens."""
    rows = Account.objects.filter(active=True, channel=Channel.EMAIL).order_by("id")
    servers = ((row.pk, (found.imap, found.smtp)) for row in rows for found in [mail_details(row)])
    return [account_id for account_id, both in servers if any(one and one.oauth for one in both)]


def cursor(account_id: int, folder: str) -> tuple[int, int] | None:
    """(UIDVALIDITY, last stored UID) of a folder; None before it was read for the first time."""
    rows = FolderCursor.objects.filter(account_id=account_id, folder=folder)
    return rows.values_list("uidvalidity", "uid").first()


def file(sha256: str, *, shop_ids: Collection[int]) -> StoredBytes:
    """A file that one of the shops has; NotFound."""
    found = files([sha256], shop_ids=shop_ids)
    if not found:
        raise NotFound
    return found[sha256]


def logo(shop_id: int, sha256: str) -> StoredBytes:
    """A shop's logo by its hash; NotFound for any other file."""
    if not sha256 or shops.shop(shop_id).logo != sha256:
        raise NotFound
    return file(sha256, shop_ids=[shop_id])


def files(hashes: Iterable[str], *, shop_ids: Collection[int]) -> dict[str, StoredBytes]:
    """Files by their hashes, those that one of the shops has."""
    connection.ensure_connection()
    # Django's cursor reads every byte as two characters; this one takes them as they are.
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(FILES, [list(hashes), list(shop_ids)], binary=True)
        return {row[0]: _unpacked(*row) for row in cursor.fetchall()}


def stored(row: StoredFile) -> StoredBytes:
    """The bytes of a stored file."""
    return _unpacked(row.sha256, row.content_type, row.size, row.packed, bytes(row.body))


def deliveries(messages: Collection[str], *, shop_id: int) -> dict[str, Delivery]:
    """The newest delivery of each message ("message:99") that was sent or is to be."""
    rows = Dispatch.objects.raw(_DELIVERIES, [shop_id, list(messages)])
    return {row.message: delivery(row) for row in rows}


def delivery(row: Dispatch) -> Delivery:
    """A dispatch as shown at its message."""
    return Delivery(
        dispatch_id=row.pk,
        message=row.message,
        message_id=row.message_id,
        state=DispatchState(row.state),
        attempts=row.attempts,
        held_until=row.held_until,
        next_try_at=row.next_try_at,
        error=sentence(Trouble(row.trouble), row.detail) if row.trouble else "",
        reported=Reported(row.reported),
    )


def overdue(now: datetime, *, limit: int) -> list[int]:
    """Messages that should have been sent a minute ago: their jobs are lost or wait in a long row."""
    rows = Dispatch.objects.filter(
        state__in=[DispatchState.HELD, DispatchState.QUEUED], next_try_at__lte=now - timedelta(minutes=1)
    )
    return list(rows.order_by("next_try_at").values_list("id", flat=True)[:limit])


def lost(now: datetime, *, limit: int) -> list[int]:
    """Messages whose attempt has lasted longer than any can: their processes are dead."""
    rows = Dispatch.objects.filter(state=DispatchState.SENDING, next_try_at__lte=now)
    return list(rows.order_by("next_try_at").values_list("id", flat=True)[:limit])


def threads_of(ids: Collection[str], *, shop_id: int) -> dict[str, str]:
    """Which threads our own Message-IDs (or what a provider made of them) belong to, by id."""
    wanted = list(ids)
    rows = Dispatch.objects.filter(Q(message_id__in=wanted) | Q(provider_id__in=wanted), shop_id=shop_id)
    found: dict[str, str] = {}
    for message_id, provider_id, thread in rows.values_list("message_id", "provider_id", "thread"):
        found |= {message_id: thread, provider_id: thread}
    found.pop("", None)
    return found


def dispatches_of(ids: Collection[str], *, account_id: int) -> list[int]:
    """The dispatches of a mailbox that go by one of these ids (ours or the provider's)."""
    wanted = list(ids)
    rows = Dispatch.objects.filter(
        Q(message_id__in=wanted) | Q(provider_id__in=wanted), account_id=account_id
    )
    return list(rows.order_by("id").values_list("id", flat=True))


def senders_of(message_ids: Collection[str], *, shop_id: int) -> dict[str, int]:
    """The mailboxes from which our own messages went out, by Message-ID."""
    rows = Dispatch.objects.filter(message_id__in=list(message_ids), shop_id=shop_id)
    return dict(rows.values_list("message_id", "account_id"))


def reply_tag(thread: str) -> str:
    """Our signed mark of a thread, for Message-IDs and reply addresses."""
    return tags.tag(thread, secrets.sign(_PURPOSE, thread))


def own_thread(addresses: Iterable[str]) -> str:
    """The thread that one of these addresses or Message-IDs names under our signature; "" when none does."""
    for address in addresses:
        for thread, signature in tags.read(address):
            if secrets.verify(_PURPOSE, thread, signature):
                return thread
    return ""


def loop_mark(account_id: int) -> str:
    """What our own mail carries, so that we know it when it comes back."""
    return f"{account_id}.{secrets.sign('loop', str(account_id))}"


def is_own_mark(mark: str) -> bool:
    """Whether a mail with this mark was sent by this installation."""
    account_id, _, signature = mark.partition(".")
    return secrets.verify("loop", account_id, signature)


def try_lock(account_id: int) -> bool:
    """Become the one reader of a mailbox for as long as this database session lives."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s, %s)", [_LOCKS, account_id % (1 << 31)])
        return bool(cursor.fetchone()[0])


def unlock(account_id: int) -> None:
    """Let another reader have the mailbox."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_unlock(%s, %s)", [_LOCKS, account_id % (1 << 31)])


def providers() -> list[ProviderCard]:
    """The services that send and receive mail for shops, by name."""
    return [
        ProviderCard(name, one.title, one.keys, one.hook_keys, one.regions) for name, one in PROVIDERS.items()
    ]


def safe_html(html: str) -> CleanHtml:
    """A mail's HTML made safe to show."""
    return clean_html(html)


def sentence(trouble: Trouble, detail: str = "") -> str:
    """What is wrong and what to do, in the active language, with the other side's words."""
    said = {
        Trouble.SETTINGS: _("A setting of this mailbox is missing. Open its settings and fill it in."),
        Trouble.UNKNOWN_HOST: _("No server of that name exists. Check the spelling of the host."),
        Trouble.BLOCKED_HOST: _(
            "The host leads into a private network. If that is meant, name it in OPIEKA_INTERNAL_HOSTS."
        ),
        Trouble.UNREACHABLE: _(
            "The server does not answer. Check host, port and encryption; it is tried again."
        ),
        Trouble.TLS: _(
            "No encrypted connection could be made. Check the kind of encryption and the certificate."
        ),
        Trouble.LOGIN: _("The server refuses the user name or password. Enter them again."),
        Trouble.FOLDER: _("The mailbox has no such folder. Choose one that exists."),
        Trouble.BUSY: _("The server is busy or asks to wait. It is tried again by itself."),
        Trouble.REFUSED_SENDER: _("The server does not let this mailbox send. Ask its administrator."),
        Trouble.REFUSED_RECIPIENT: _("The recipient's address is refused. Check it or use another way."),
        Trouble.REFUSED_MESSAGE: _("The server refuses the message. Change it and send it again."),
        Trouble.TOO_LARGE: _("The message is too large for the server. Send smaller files."),
        Trouble.NOT_ASCII: _("The server cannot send to an address with such letters."),
        Trouble.IN_DOUBT: _(
            "The connection broke before the server had answered. It is sent once more with the same "
            "Message-ID; the recipient may get it twice."
        ),
        Trouble.UNSURE: _(
            "The connection broke before the gateway had answered. It may have been sent, so it is not sent "
            "again by itself. Ask there, or send it once more."
        ),
        Trouble.OVERDUE: _("It could not leave while it was true, so it was not sent."),
        Trouble.STOPPED: _("The recipient has asked to get no more texts from this number."),
        Trouble.CREDIT: _("The account at the provider has no credit left. Top it up; it is tried again."),
        Trouble.UNKNOWN_WORD: _("The provider reports something we do not know. Look there what it means."),
        Trouble.BOUNCED: _("The message came back. The address may be wrong or the mailbox full."),
        Trouble.UNEXPECTED: _("Something unexpected happened. It is tried again; tell your administrator."),
    }[trouble]
    return f"{said} ({detail})" if detail else said


def _unpacked(sha256: str, content_type: str, size: int, packed: bool, body: bytes) -> StoredBytes:
    return StoredBytes(sha256, content_type, size, zlib.decompress(body) if packed else body)


def _card(row: Account) -> AccountCard:
    return AccountCard(
        id=row.pk,
        shop_id=row.shop_id,
        channel=Channel(row.channel),
        address=row.address,
        name=row.name,
        receiving=Receiving(row.receiving),
        sending=Sending(row.sending),
        plus_addressing=row.plus_addressing,
        provider=row.provider,
        token=row.token,
        active=row.active,
        changed_at=row.changed_at,
        receive_trouble=Trouble(row.receive_trouble) if row.receive_trouble else None,
        receive_detail=row.receive_detail,
        received_at=row.received_at,
        send_trouble=Trouble(row.send_trouble) if row.send_trouble else None,
        send_detail=row.send_detail,
        sent_at=row.sent_at,
    )
