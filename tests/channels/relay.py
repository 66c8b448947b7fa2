"""A real SMTP relay inside the test process, which can misbehave in every way a relay can."""

from __future__ import annotations

import asyncio
import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

USER, PASSWORD = "sklep", "zażółć"


@dataclass
class Relay:
    """What it took, and how it is to behave: `answers` by RCPT address, `data` for the content."""

    port: int = 0
    taken: list[Envelope] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    data: str = "250 taken"
    hang_up_after_data: bool = False
    stalled: threading.Event = field(default_factory=threading.Event)
    stall: bool = False

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.get(address, "250 ok")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.data.startswith("250"):
            self.taken.append(envelope)
        if self.stall:
            self.stalled.set()
            await asyncio.sleep(60)
        if self.hang_up_after_data:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return self.data

    def raw(self) -> list[bytes]:
        return [bytes(envelope.original_content or b"") for envelope in self.taken]


def _authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    good = data.login == USER.encode() and data.password == PASSWORD.encode()
    return AuthResult(success=good, handled=False)


class _Bearing(Relay):
    """Lets in who answers XOAUTH2 with these words."""

    words = ""

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802  # aiosmtpd's name
        if base64.b64decode(args[1]).decode() == self.words:
            return AuthResult(success=True, auth_data=args[1])
        await server.challenge_auth('{"status":"401"}')
        return AuthResult(success=False, handled=False)


@contextmanager
def running(*, login: bool = False, bearer: str = "") -> Iterator[Relay]:
    """A relay on a free port of this machine."""
    relay = _Bearing() if bearer else Relay()
    if isinstance(relay, _Bearing):
        relay.words = bearer
    loop = asyncio.new_event_loop()
    options: dict[str, Any] = {"enable_SMTPUTF8": True, "hostname": "relay.test", "auth_require_tls": False}
    if login:
        options["authenticator"] = _authenticate
    server = loop.run_until_complete(
        loop.create_server(lambda: SMTP(relay, loop=loop, **options), "127.0.0.1", 0)
    )
    relay.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield relay
    finally:
        asyncio.run_coroutine_threadsafe(_closed(server), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


async def _closed(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
