"""Where a shop is written to and writes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from opieka.channels.types.messages import Channel
from opieka.channels.types.sending import Trouble
from opieka.customers.types import ContactKind

CONTACTS: Mapping[Channel, ContactKind] = {Channel.EMAIL: ContactKind.EMAIL, Channel.SMS: ContactKind.PHONE}
"""The channels a shop can begin to write on, the first choice first, and by what a person is reached there."""


class Receiving(StrEnum):
    """How messages come to an account."""

    NONE = "none"
    IMAP = "imap"
    SMTP = "smtp"
    WEBHOOK = "webhook"


class Sending(StrEnum):
    """How messages leave an account."""

    NONE = "none"
    SMTP = "smtp"
    PROVIDER = "provider"
    CONSOLE = "console"
    MEMORY = "memory"


class Security(StrEnum):
    """How a connection to a mail server is protected."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"


@dataclass(frozen=True)
class OAuth:
    """How to get access tokens where passwords are not taken (Gmail, Microsoft 365); `scope` may be empty."""

    token_url: str
    client_id: str
    client_secret: str = ""
    refresh_token: str = ""
    scope: str = ""


@dataclass(frozen=True)
class Server:
    """A mail server and how to log in there; without `user` nobody logs in, with `oauth` no password is used."""

    host: str
    port: int
    security: Security = Security.TLS
    user: str = ""
    password: str = ""
    oauth: OAuth | None = None


@dataclass(frozen=True)
class AccountDetails:
    """Everything about a mailbox of a shop. Stored encrypted where it holds secrets.

    `folders` are read by IMAP, with what is in them already when `history`. `provider` is a key of
    `adapters.anymail.mapping.PROVIDERS`; `options` are its keys and secrets for both directions.
    `plus_addressing`: mail to `name+anything@host` arrives too, so answers carry a signed reply address.
    """

    address: str
    name: str
    receiving: Receiving = Receiving.NONE
    sending: Sending = Sending.NONE
    plus_addressing: bool = False
    imap: Server | None = None
    folders: tuple[str, ...] = ("INBOX",)
    history: bool = True
    smtp: Server | None = None
    provider: str = ""
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TextDetails:
    """Everything about a number (E.164, or short) or a name from which a shop sends SMS. Stored encrypted.

    `provider` is a key of `adapters.sms.GATEWAYS`, `options` are its keys and secrets. Nobody can write back to
    a name.
    """

    address: str
    name: str
    sending: Sending = Sending.NONE
    provider: str = ""
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ProviderCard:
    """A service that sends for shops. `keys` are what an owner copies from its console, `hook_keys` those for
    what comes in; `regions` it can be asked in besides its first one."""

    name: str
    title: str
    keys: tuple[str, ...]
    hook_keys: tuple[str, ...]
    regions: tuple[str, ...]


@dataclass(frozen=True)
class AccountCard:
    """A mailbox or number as others see it. The troubles are None while all is well; `token` names it in webhooks."""

    id: int
    shop_id: int
    channel: Channel
    address: str
    name: str
    receiving: Receiving
    sending: Sending
    plus_addressing: bool
    provider: str
    token: str
    active: bool
    changed_at: datetime
    receive_trouble: Trouble | None
    receive_detail: str
    received_at: datetime | None
    send_trouble: Trouble | None
    send_detail: str
    sent_at: datetime | None
