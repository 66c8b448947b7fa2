"""Receiving by SMTP or LMTP on one port: 250 only when the mail is in the database."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from aiosmtpd.smtp import SMTP, Envelope, Session, syntax
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from opieka.channels import queries as channels
from opieka.channels.adapters.email.mapping.outgoing import ascii_address
from opieka.channels.types import AccountCard
from opieka.inbound import commands
from opieka.inbound.types import NewPayload, Source

log = logging.getLogger(__name__)
R = TypeVar("R")

MOST_CONNECTIONS = 64
THREADS = 4
MOST_RECIPIENTS = 100
LONGEST_LINE = 1 << 20
"""The standard allows 1000 bytes; mail programs do not keep to it, and a mail refused is a mail lost."""

UNKNOWN = "550 5.1.1 No such mailbox here"
LATER = "451 4.3.0 Try again later"
TOO_MANY = "452 4.5.3 Too many recipients"
TAKEN = "250 2.0.0 Stored"


class Listener:
    """The server: accepts mail for mailboxes at work, refuses all other."""

    def __init__(self, *, max_bytes: int, hostname: str) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="mail")
        self._max_bytes, self._hostname = max_bytes, hostname
        self.connections = 0

    async def start(self, host: str, port: int) -> asyncio.Server:
        """Listen; the returned server tells the port when 0 was asked for."""
        return await asyncio.get_running_loop().create_server(self._protocol, host, port)

    def stop(self) -> None:
        """Finish what is being stored, and let go of the database in every thread."""
        all_here = threading.Barrier(THREADS)

        def close() -> None:
            all_here.wait()
            connection.close()

        for _ in range(THREADS):
            self._pool.submit(close)
        self._pool.shutdown()

    def _protocol(self) -> SMTP:
        return _Protocol(
            self,
            data_size_limit=self._max_bytes,
            enable_SMTPUTF8=True,
            hostname=self._hostname,
            ident="Opieka",
            auth_exclude_mechanism=["LOGIN", "PLAIN"],
            loop=asyncio.get_running_loop(),
        )

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Whether a recipient is a mailbox here."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return TOO_MANY
        try:
            account = await self._in_thread(lambda: channels.account_for(ascii_address(address)))
        except DatabaseError:
            return LATER
        if account is None:
            return UNKNOWN
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Store the mail for each of its mailboxes; the answer is given after the commit."""
        raw = bytes(envelope.original_content or b"")
        sender = (envelope.mail_from or "").strip("<>")
        try:
            await self._in_thread(lambda: store(raw, sender, envelope.rcpt_tos))
        except DatabaseError:
            log.warning("The database is away; a mail was asked to come again.")
            answer = LATER
        else:
            answer = TAKEN
        # LMTP wants an answer for each recipient; they were stored together.
        answers = len(envelope.rcpt_tos) if getattr(server, "is_lmtp", False) else 1
        return "\r\n".join([answer] * answers)

    async def _in_thread(self, work: Callable[[], R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._pool, _with_connection, work)


def store(raw: bytes, sender: str, recipients: Sequence[str]) -> None:
    """Store one mail for every mailbox among its recipients, in one transaction."""
    found: dict[int, tuple[AccountCard, list[str]]] = {}
    for recipient in recipients:
        account = channels.account_for(ascii_address(recipient))
        if account is not None:
            found.setdefault(account.id, (account, []))[1].append(recipient)
    commands.accept_many(
        [
            NewPayload(
                account.shop_id,
                Source.MAIL,
                account.id,
                raw,
                headers={"mail_from": sender, "rcpt_to": addresses},
            )
            for account, addresses in found.values()
        ]
    )


async def serve(host: str, port: int, stopping: asyncio.Event) -> None:
    """Listen until told to stop."""
    listener = Listener(max_bytes=settings.OPIEKA.max_mail_bytes, hostname=settings.OPIEKA.hostname)
    server = await listener.start(host, port)
    log.info("Mail is taken at %s:%s.", host, port)
    try:
        await stopping.wait()
    finally:
        server.close()
        await asyncio.to_thread(listener.stop)


def _with_connection(work: Callable[[], R]) -> R:
    close_old_connections()
    try:
        return work()
    finally:
        close_old_connections()


class _Protocol(SMTP):
    """One connection. `LHLO` makes it LMTP."""

    line_length_limit = LONGEST_LINE
    is_lmtp = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.event_handler.connections += 1
        if self.event_handler.connections > MOST_CONNECTIONS and isinstance(transport, asyncio.Transport):
            transport.write(b"421 4.7.0 Too many connections\r\n")
            transport.close()
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.event_handler.connections -= 1
        super().connection_lost(error)

    @syntax("LHLO hostname")
    async def smtp_LHLO(self, hostname: str) -> None:  # noqa: N802  # aiosmtpd's name
        self.is_lmtp = True
        await super().smtp_EHLO(hostname)
