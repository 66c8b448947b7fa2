"""Reading mailboxes, stored files and the delivery states of messages."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

import msgspec
import psycopg
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from opieka.channels.adapters.anymail.mapping import PROVIDERS
from opieka.channels.adapters.email.mapping.html import clean_html
from opieka.channels.models import Account, Dispatch, FolderCursor, StoredFile
from opieka.channels.policy import tags
from opieka.channels.types import (
    AccountCard,
    AccountDetails,
    CleanHtml,
    Delivery,
    DispatchState,
    ProviderCard,
    Receiving,
    Reported,
    Sending,
    StoredBytes,
    Trouble,
)
from opieka.kernel import secrets
from opieka.kernel.errors import NotFound

_DETAILS = msgspec.json.Decoder(AccountDetails)
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


def account(account_id: int, *, shop_ids: Collection[int] | None = None) -> AccountCard:
    """One mailbox (of some shops); NotFound."""
    rows = Account.objects.filter(id=account_id)
    row = (rows if shop_ids is None else rows.filter(shop_id__in=shop_ids)).first()
    if row is None:
        raise NotFound
    return _card(row)


def accounts(shop_ids: Collection[int]) -> list[AccountCard]:
    """The mailboxes of some shops, by address."""
    return [_card(row) for row in Account.objects.filter(shop_id__in=shop_ids).order_by("address")]


def all_accounts(receiving: Receiving | None = None) -> list[AccountCard]:
    """The mailboxes at work in the whole installation (that receive in one way), by id."""
    rows = Account.objects.filter(active=True)
    rows = rows if receiving is None else rows.filter(receiving=receiving)
    return [_card(row) for row in rows.order_by("id")]


def account_for(address: str) -> AccountCard | None:
    """The mailbox at work that mail to an address belongs to; a `+tag` counts where the mailbox allows it."""
    plain = tags.without_tag(address)
    rows = Account.objects.filter(Q(address=address.lower()) | Q(address=plain, plus_addressing=True))
    row = rows.filter(active=True).order_by("id").first()
    return _card(row) if row else None


def account_by_token(token: str) -> AccountCard | None:
    """The mailbox at work that a webhook's address names."""
    row = Account.objects.filter(token=token, active=True).first()
    return _card(row) if row else None


def own_addresses(shop_id: int) -> frozenset[str]:
    """The addresses of a shop's mailboxes."""
    return frozenset(Account.objects.filter(shop_id=shop_id).values_list("address", flat=True))


def account_details(account_id: int) -> AccountDetails:
    """Everything about a mailbox with its passwords: for those who connect, not for pages."""
    row = Account.objects.filter(id=account_id).first()
    if row is None:
        raise NotFound
    return details(row)


def details(row: Account) -> AccountDetails:
    """The stored details of a mailbox, decrypted; ValueError under another installation key."""
    return _DETAILS.decode(secrets.decrypt(row.details))


def with_tokens() -> list[int]:
    """The working mailboxes that log in by access tokens."""
    rows = Account.objects.filter(active=True).order_by("id")
    servers = ((row.pk, (found.imap, found.smtp)) for row in rows for found in [details(row)])
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
