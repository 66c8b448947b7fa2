"""Mailboxes of the shop. Passwords and keys go in and never come out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import Field

from opieka.channels import queries
from opieka.channels.types import AccountCard, AccountDetails, Receiving, Security, Sending, Trouble
from opieka.channels.types import OAuth as Tokens
from opieka.channels.types import Server as MailServer
from opieka.rest.fields import CLEAN, Code, Flag, In, Out, absent

Secret = Annotated[str, Field(max_length=4000, pattern=CLEAN)]
Address = Annotated[str, Field(min_length=3, max_length=320, pattern=CLEAN)]
Name = Annotated[str, Field(max_length=200, pattern=CLEAN)]
Folders = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=500, pattern=CLEAN)]], Field(max_length=50)
]


class OAuth(Out):
    """Where access tokens come from; the secret and the refresh token are not told."""

    token_url: str
    client_id: str
    scope: str


class Server(Out):
    """A mail server and who logs in there, by a password or by access tokens."""

    host: str
    port: int
    security: Security
    user: str
    oauth: OAuth | None


class Mailbox(Out):
    """A mailbox. The troubles are null while all is well; `options` names the keys that are stored."""

    id: int
    address: str
    name: str
    active: bool
    receiving: Receiving
    sending: Sending
    plus_addressing: bool
    imap: Server | None
    folders: list[str]
    history: bool
    smtp: Server | None
    provider: str
    options: list[str]
    receive_trouble: Trouble | None
    receive_detail: str
    received_at: datetime | None
    send_trouble: Trouble | None
    send_detail: str
    sent_at: datetime | None

    @classmethod
    def make(cls, card: AccountCard, details: AccountDetails) -> Self:
        hidden = {"imap", "folders", "history", "smtp", "options"}
        told = {name: getattr(card, name) for name in cls.model_fields if name not in hidden}
        return cls(
            **told,
            imap=Server.of(details.imap) if details.imap else None,
            folders=list(details.folders),
            history=details.history,
            smtp=Server.of(details.smtp) if details.smtp else None,
            options=sorted(details.options),
        )


class OAuthIn(In):
    """Where access tokens come from. An empty secret or refresh token means the one stored."""

    token_url: Annotated[str, Field(min_length=8, max_length=1000, pattern=CLEAN)]
    client_id: Annotated[str, Field(min_length=1, max_length=1000, pattern=CLEAN)]
    client_secret: Secret = ""
    refresh_token: Secret = ""
    scope: Annotated[str, Field(max_length=1000, pattern=CLEAN)] = ""


class ServerIn(In):
    """A mail server and how to log in there; without `user` nobody logs in."""

    host: Annotated[str, Field(min_length=1, max_length=253, pattern=CLEAN)]
    port: Annotated[int, Field(strict=True, ge=1, le=65535)]
    security: Security = Security.TLS
    user: Annotated[str, Field(max_length=320, pattern=CLEAN)] = ""
    password: Secret = ""
    oauth: OAuthIn | None = None

    def server(self) -> MailServer:
        """As the channels take it."""
        tokens = Tokens(**self.oauth.model_dump()) if self.oauth else None
        return MailServer(**self.model_dump(exclude={"oauth"}), oauth=tokens)


class MailboxChange(In):
    """What is to be different. An empty password means the one stored, while host and user stay the same."""

    address: Address = absent()
    name: Name = absent()
    active: Flag = absent()
    receiving: Receiving = absent()
    sending: Sending = absent()
    plus_addressing: Flag = absent()
    imap: ServerIn | None = None
    folders: Folders = absent()
    history: Flag = absent()
    smtp: ServerIn | None = None
    provider: Code = absent()
    options: Annotated[dict[Code, Secret], Field(max_length=20)] = absent()

    def details(self) -> dict[str, Any]:
        """The fields that were sent, as the channels take them."""
        given = self.given()
        given.pop("active", None)
        for name in given.keys() & {"imap", "smtp"}:
            given[name] = given[name] and given[name].server()
        if "folders" in given:
            given["folders"] = tuple(given["folders"])
        return given


class NewMailbox(MailboxChange):
    """A mailbox to be opened."""

    address: Address
    name: Name


class TroubleTold(Out):
    code: Trouble
    sentence: str

    @classmethod
    def make(cls, trouble: Trouble) -> Self:
        return cls(code=trouble, sentence=queries.sentence(trouble))


class Trial(Out):
    """What came of reaching a mailbox's servers: nothing wrong, or what and in which words."""

    troubles: list[TroubleTold]


class Webhooks(Out):
    """The addresses to give to a mail service: where it sends mails, and what became of those we sent. Who knows
    them can send as the service: keep them secret."""

    mail: str
    events: str
