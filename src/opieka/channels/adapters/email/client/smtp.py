"""Sending by SMTP."""

from __future__ import annotations

import base64
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

from opieka.channels.adapters.base import Capabilities, ChannelError, Letter, Receipt, Refusal
from opieka.channels.adapters.email.client import network, oauth
from opieka.channels.types import OAuth, Security, Server, Trouble

SECONDS = 60.0
PARTING_SECONDS = 5.0
ANSWER_SECONDS = 300.0
"""How long a relay may take after the last byte of a message (RFC 5321, 4.5.3.2.6 asks for patience)."""
MAX_BYTES = 100_000_000


class _Guarded(smtplib.SMTP):
    """Connects to the address that was checked, under the name that was asked for."""

    def __init__(self, server: Server) -> None:
        self._wrap = server.security is Security.TLS
        super().__init__(server.host, server.port, timeout=SECONDS)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        made = network.connect(host, port, timeout)
        return network.wrapped(made, host) if self._wrap else made


class SmtpSender:
    """One SMTP relay."""

    capabilities = Capabilities(keeps_message_id=True, max_bytes=MAX_BYTES)

    def __init__(self, server: Server) -> None:
        self._server = server

    def check(self) -> None:
        with self._connected() as relay:
            self._expect(relay.noop(), Trouble.UNREACHABLE)

    def send(self, letter: Letter) -> Receipt:
        with self._connected() as relay:
            try:
                refused = self._envelope(relay, letter)
                if len(refused) < len(letter.recipients):
                    self._content(relay, letter.raw)
            except (OSError, smtplib.SMTPException) as error:
                raise ChannelError(Trouble.UNREACHABLE, _words(error)) from error
        return Receipt(refused=refused)

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        if self._server.oauth:
            oauth.access_token(self._server.oauth)
        try:
            relay = _Guarded(self._server)
        except (OSError, smtplib.SMTPException) as error:
            _raise(error)
        try:
            self._greet(relay)
            yield relay
            # Whatever happens while parting, the answers above stand.
            with suppress(OSError, smtplib.SMTPException):
                if relay.sock is not None:
                    relay.sock.settimeout(PARTING_SECONDS)
                relay.docmd("QUIT")
        finally:
            relay.close()

    def _greet(self, relay: smtplib.SMTP) -> None:
        try:
            relay.ehlo_or_helo_if_needed()
            if self._server.security is Security.STARTTLS:
                relay.starttls(context=network.tls_context())
                relay.ehlo()
            if self._server.user:
                self._login(relay)
        except (OSError, smtplib.SMTPException) as error:
            _raise(error)

    def _login(self, relay: smtplib.SMTP) -> None:
        user, password = self._server.user, self._server.password
        if self._server.oauth:
            self._bear(relay, user, self._server.oauth)
            return
        if (user + password).isascii():
            relay.login(user, password)
            return
        # The library cannot write such letters; PLAIN is UTF-8 (RFC 4616).
        words = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
        code, text = relay.docmd("AUTH", f"PLAIN {words}")
        if code not in {235, 503}:
            raise smtplib.SMTPAuthenticationError(code, text)

    def _bear(self, relay: smtplib.SMTP, user: str, settings: OAuth) -> None:
        words = base64.b64encode(oauth.xoauth2(user, oauth.access_token(settings)).encode()).decode()
        code, text = relay.docmd("AUTH", f"XOAUTH2 {words}")
        if code == 334:  # the reason, which has to be acknowledged
            reason = text
            code, _ = relay.docmd("")
            text = _reason(reason)
        if code != 235:
            oauth.forget(settings)
            raise smtplib.SMTPAuthenticationError(code, text)

    def _envelope(self, relay: smtplib.SMTP, letter: Letter) -> dict[str, Refusal]:
        """Name sender and recipients; returns those refused. The content may follow."""
        options = [f"size={len(letter.raw)}"] if relay.has_extn("size") else []
        if not all(address.isascii() for address in (letter.sender, *letter.recipients)):
            if not relay.has_extn("smtputf8"):
                raise ChannelError(Trouble.NOT_ASCII, permanent=True)
            options += ["SMTPUTF8", "BODY=8BITMIME"]
        code, text = relay.docmd("MAIL", f"FROM:<{letter.sender}>{''.join(' ' + each for each in options)}")
        self._expect((code, text), Trouble.TOO_LARGE if code == 552 else Trouble.REFUSED_SENDER)
        refused = {}
        for recipient in letter.recipients:
            code, text = relay.docmd("RCPT", f"TO:<{recipient}>")
            if code not in {250, 251}:
                refused[recipient] = Refusal(code >= 500, str(code), text.decode(errors="replace")[:500])
        return refused

    def _content(self, relay: smtplib.SMTP, raw: bytes) -> None:
        code, text = relay.docmd("DATA")
        if code != 354:
            self._expect((code, text), Trouble.REFUSED_MESSAGE)
        assert relay.sock is not None  # noqa: S101  # it has just answered
        relay.sock.settimeout(ANSWER_SECONDS)
        stuffed = re.sub(rb"(?m)^\.", b"..", raw)
        relay.send(stuffed + (b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n"))
        try:
            answer = relay.getreply()
        except (OSError, smtplib.SMTPException) as error:
            # All bytes are out and no answer came back: nobody can know whether the relay took the message.
            raise ChannelError(Trouble.IN_DOUBT, _words(error), in_doubt=True) from error
        self._expect(answer, Trouble.REFUSED_MESSAGE)

    def _expect(self, answer: tuple[int, bytes], trouble: Trouble) -> None:
        code, text = answer
        if not 200 <= code < 300:
            words = f"{code} {text.decode(errors='replace')}"
            raise ChannelError(trouble if code >= 500 else Trouble.BUSY, words, permanent=code >= 500)


def _raise(error: Exception) -> NoReturn:
    """What a connection or login that failed means. Never permanent: an owner can mend all of it."""
    if isinstance(error, ChannelError):
        raise error
    trouble = Trouble.UNREACHABLE
    if isinstance(error, smtplib.SMTPAuthenticationError):
        trouble = Trouble.LOGIN if error.smtp_code >= 500 else Trouble.BUSY
    elif isinstance(error, ssl.SSLError | smtplib.SMTPNotSupportedError):
        trouble = Trouble.TLS
    raise ChannelError(trouble, _words(error)) from error


def _reason(challenge: bytes) -> bytes:
    try:
        return base64.b64decode(challenge)
    except ValueError:
        return challenge


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
    return str(error) or type(error).__name__
