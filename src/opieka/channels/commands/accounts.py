"""Opening and changing mailboxes, noting how they fare, moving their cursors."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

import msgspec
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from opieka.channels import adapters, queries
from opieka.channels.adapters.anymail.mapping import PROVIDERS
from opieka.channels.adapters.base import ChannelError
from opieka.channels.adapters.email.client import imap, oauth
from opieka.channels.adapters.email.mapping.outgoing import ascii_address
from opieka.channels.models import Account, FolderCursor
from opieka.channels.types import AccountDetails, Channel, OAuth, Receiving, Sending, Server, Trouble
from opieka.kernel import clock, secrets
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Conflict, Invalid, NotFound


class AddressTaken(Conflict):
    code = "address_taken"
    sentence = _("The address %(address)s is a mailbox here already.")


class BadAccount(Invalid):
    code = "bad_account"
    sentence = _("“%(value)s” cannot be right for: %(field)s.")
    names: ClassVar = {
        "field": {
            "address": _("Address"),
            "name": _("Name customers see"),
            "imap": _("IMAP server"),
            "folders": _("Folders"),
            "smtp": _("SMTP server"),
            "provider": _("Mail service"),
        }
    }


_ADDRESS = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+\.[^\s@<>,;\"]+|[^\s@<>,;\"]+@localhost")
_HOST = re.compile(r"[A-Za-z0-9._:-]{1,253}")
_TOKEN_URL = re.compile(r"https://[A-Za-z0-9._:-]+/[!-~]*|http://(?:localhost|127\.0\.0\.1)[:/][!-~]*")


@transaction.atomic
def open_account(shop_id: int, *, details: AccountDetails, by: Actor) -> int:
    """Open a mailbox of a shop; returns its id. AddressTaken, BadAccount."""
    details = _checked(details)
    if _mailboxes(details.address).exists():
        raise AddressTaken(address=details.address)
    row = Account(shop_id=shop_id, token=secrets.digest(secrets.token())[:32])
    _fill(row, details)
    return row.pk


@transaction.atomic
def change_account(account_id: int, *, shop_id: int, details: AccountDetails, by: Actor) -> None:
    """Replace what is known of a mailbox. Empty passwords and keys mean: those stored before."""
    row = _mailbox(account_id, shop_id)
    details = _checked(_with_secrets(details, queries.mail_details(row)))
    if _mailboxes(details.address).exclude(id=row.pk).exists():
        raise AddressTaken(address=details.address)
    _fill(row, details)


@transaction.atomic
def set_active(account_id: int, *, shop_id: int, active: bool, by: Actor) -> None:
    """Let an account rest, or work again. What comes for a resting one is refused."""
    row = locked(account_id, shop_id)
    row.active, row.changed_at = active, clock.now()
    row.save(update_fields=["active", "changed_at"])


def test_account(account_id: int, *, shop_id: int) -> list[Trouble]:
    """Reach the servers of an account and log in, send nothing; notes and returns what is wrong."""
    account = queries.account(account_id, shop_ids=[shop_id])
    found = []
    if account.sending is not Sending.NONE:
        trouble = _trouble(lambda: adapters.sender(queries.any_details(account_id)).check())
        note_sending(account_id, trouble=trouble)
        found.append(trouble)
    if account.receiving is Receiving.IMAP:
        trouble = _trouble(lambda: _look_into(queries.account_details(account_id)))
        note_receiving(account_id, trouble=trouble)
        found.append(trouble)
    return [trouble.trouble for trouble in found if trouble is not None]


def note_receiving(account_id: int, *, trouble: ChannelError | None) -> None:
    """Write down that receiving works, or why it does not."""
    _note(account_id, "receive", "received_at", trouble)


def note_sending(account_id: int, *, trouble: ChannelError | None) -> None:
    """Write down that sending works, or why it does not."""
    _note(account_id, "send", "sent_at", trouble)


def renew_tokens(account_id: int) -> None:
    """Ask for new tokens and keep the refresh tokens that come with them; what goes wrong is noted.

    The network is used first; only a refresh token that is still the stored one is replaced.
    """
    details = queries.account_details(account_id)
    for side, note in (("imap", note_receiving), ("smtp", note_sending)):
        server: Server | None = getattr(details, side)
        if server is None or server.oauth is None:
            continue
        try:
            token = oauth.renewed(server.oauth)
        except ChannelError as error:
            note(account_id, trouble=error)
        else:
            _keep_refresh_token(account_id, server.oauth, token.refresh)


@transaction.atomic
def _keep_refresh_token(account_id: int, used: OAuth, refresh: str) -> None:
    row = Account.objects.select_for_update().filter(id=account_id).first()
    if row is None or refresh == used.refresh_token:
        return
    details = queries.mail_details(row)
    for side in ("imap", "smtp"):
        server: Server | None = getattr(details, side)
        if server is not None and server.oauth == used:
            fresh = replace(server, oauth=replace(used, refresh_token=refresh))
            details = replace(details, **{side: fresh})  # type: ignore[arg-type]  # a Server
    row.details = secrets.encrypt(msgspec.json.encode(details).decode())
    row.save(update_fields=["details"])


def move_cursor(account_id: int, *, folder: str, uidvalidity: int, uid: int, before: int) -> bool:
    """Note that all up to `uid` is stored, in the transaction that stored it.

    False when another reader has moved the cursor from where it was `before`; the caller then rolls back.
    """
    rows = FolderCursor.objects.select_for_update()
    row = rows.filter(account_id=account_id, folder=folder).first()
    if row is None:
        row = FolderCursor(account_id=account_id, folder=folder, uidvalidity=uidvalidity, uid=0)
    if before != (row.uid if row.uidvalidity == uidvalidity else 0):
        return False
    row.uidvalidity, row.uid = uidvalidity, uid
    row.save()
    return True


def _fill(row: Account, details: AccountDetails) -> None:
    row.address, row.name = details.address, details.name
    row.receiving, row.sending = details.receiving, details.sending
    row.plus_addressing, row.provider = details.plus_addressing, details.provider
    row.details = secrets.encrypt(msgspec.json.encode(details).decode())
    row.changed_at = clock.now()
    row.receive_trouble = row.receive_detail = row.send_trouble = row.send_detail = ""
    row.save()


def locked(account_id: int, shop_id: int) -> Account:
    """The account, locked until the transaction ends; NotFound."""
    row = Account.objects.select_for_update().filter(id=account_id, shop_id=shop_id).first()
    if row is None:
        raise NotFound
    return row


def _mailbox(account_id: int, shop_id: int) -> Account:
    row = locked(account_id, shop_id)
    if row.channel != Channel.EMAIL:
        raise NotFound
    return row


def _mailboxes(address: str) -> QuerySet[Account]:
    return Account.objects.filter(address=address, channel=Channel.EMAIL)


def _checked(details: AccountDetails) -> AccountDetails:
    address = ascii_address(details.address).lower()
    provider = PROVIDERS.get(details.provider)
    needs_provider = details.receiving is Receiving.WEBHOOK or details.sending is Sending.PROVIDER
    checks = {
        "address": bool(_ADDRESS.fullmatch(address)) and len(address) <= 320,
        "name": len(details.name) <= 200,
        "imap": details.receiving is not Receiving.IMAP or _is_server(details.imap),
        "folders": details.receiving is not Receiving.IMAP or bool(details.folders),
        "smtp": details.sending is not Sending.SMTP or _is_server(details.smtp),
        "provider": provider is not None or not needs_provider,
    }
    for field, good in checks.items():
        if not good:
            value = getattr(details, field)
            raise BadAccount(field=field, value=getattr(value, "host", value))
    options = {key: value.strip() for key, value in details.options.items()}
    if provider is not None and not provider.signs and not options.get("webhook_secret"):
        options["webhook_secret"] = f"opieka:{secrets.token()}"
    return replace(details, address=address, name=details.name.strip(), options=options)


def _is_server(server: Server | None) -> bool:
    if server is None or not _HOST.fullmatch(server.host) or not 0 < server.port < 65536:
        return False
    return server.oauth is None or _is_oauth(server.oauth, server.user)


def _is_oauth(given: OAuth, user: str) -> bool:
    complete = bool(user and given.client_id and given.refresh_token)
    return complete and bool(_TOKEN_URL.fullmatch(given.token_url)) and len(given.token_url) <= 1000


def _with_secrets(new: AccountDetails, old: AccountDetails) -> AccountDetails:
    """Passwords are never shown, so a form that left them alone sends them empty.

    They are kept only for the same host and user: nobody may send a stored password to a host of his choice.
    """
    same = new.provider == old.provider
    options = {key: value or (old.options.get(key, "") if same else "") for key, value in new.options.items()}
    if same and "webhook_secret" in old.options:
        options.setdefault("webhook_secret", old.options["webhook_secret"])
    return replace(new, imap=_kept(new.imap, old.imap), smtp=_kept(new.smtp, old.smtp), options=options)


def _kept(new: Server | None, old: Server | None) -> Server | None:
    if (
        new is None
        or old is None
        or (new.host, new.port, new.user, new.security)
        != (
            old.host,
            old.port,
            old.user,
            old.security,
        )
    ):
        return new
    return replace(new, password=new.password or old.password, oauth=_oauth_kept(new.oauth, old.oauth))


def _oauth_kept(new: OAuth | None, old: OAuth | None) -> OAuth | None:
    if new is None or old is None or (new.token_url, new.client_id) != (old.token_url, old.client_id):
        return new
    return replace(
        new,
        client_secret=new.client_secret or old.client_secret,
        refresh_token=new.refresh_token or old.refresh_token,
    )


def _trouble(work: Callable[[], None]) -> ChannelError | None:
    try:
        work()
    except ChannelError as error:
        return error
    return None


def _look_into(details: AccountDetails) -> None:
    if details.imap is None:
        raise ChannelError(Trouble.SETTINGS)
    with imap.connected(details.imap) as mailbox:
        for folder in details.folders:
            mailbox.open(folder)


def _note(account_id: int, side: str, when: str, trouble: ChannelError | None) -> None:
    values: dict[str, object] = {f"{side}_trouble": trouble.trouble if trouble else ""}
    values[f"{side}_detail"] = trouble.detail if trouble else ""
    if trouble is None:
        values[when] = clock.now()
    Account.objects.filter(id=account_id).update(**values)
