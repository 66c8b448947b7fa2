"""Reading a mailbox by IMAP. Folders are opened read-only: nothing on the server is ever changed."""

from __future__ import annotations

import imaplib
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import imapclient
from imapclient.exceptions import LoginError

from opieka.channels.adapters.base import ChannelError
from opieka.channels.adapters.email.client import network, oauth
from opieka.channels.types import Security, Server, Trouble

SECONDS = 60.0
PIECE = 1 << 20
GLANCE_SECONDS = 5.0
"""How often a waiting connection looks whether it should stop."""


@dataclass(frozen=True)
class Opened:
    """A folder as it is now. UIDs are comparable only under one `uidvalidity`."""

    uidvalidity: int
    uidnext: int


class _Guarded(imaplib.IMAP4):
    """Connects to the address that was checked, under the name that was asked for."""

    def __init__(self, server: Server) -> None:
        self._wrap = server.security is Security.TLS
        super().__init__(server.host, server.port, timeout=SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        made = network.connect(self.host, self.port, timeout)
        return network.wrapped(made, self.host) if self._wrap else made


class _Client(imapclient.IMAPClient):  # type: ignore[misc]  # imapclient is untyped
    def __init__(self, server: Server) -> None:
        self._server = server
        super().__init__(server.host, server.port, ssl=server.security is Security.TLS, timeout=SECONDS)

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802  # imapclient's name
        return _Guarded(self._server)


@contextmanager
def connected(server: Server) -> Iterator[Mailbox]:
    """A session on the server; whatever goes wrong inside comes out as a ChannelError."""
    client: Any = None
    token = oauth.access_token(server.oauth) if server.oauth else ""
    try:
        client = _Client(server)
        if server.security is Security.STARTTLS:
            client.starttls(network.tls_context())
        _log_in(client, server, token)
        yield Mailbox(client)
        with suppress(OSError, imaplib.IMAP4.error):
            client.logout()
    except LoginError as error:
        if server.oauth:
            oauth.forget(server.oauth)
        raise ChannelError(Trouble.LOGIN, str(error)) from error
    except ssl.SSLError as error:
        raise ChannelError(Trouble.TLS, str(error)) from error
    except (OSError, imaplib.IMAP4.error, imapclient.exceptions.ProtocolError) as error:
        raise ChannelError(Trouble.UNREACHABLE, str(error) or type(error).__name__) from error
    finally:
        if client is not None:
            with suppress(OSError, imaplib.IMAP4.error):
                client.shutdown()


def _log_in(client: Any, server: Server, token: str) -> None:
    if token:
        client.oauth2_login(server.user, token)
        return
    # LOGIN is ASCII only; PLAIN is UTF-8 (RFC 4616).
    login = client.login if (server.user + server.password).isascii() else client.plain_login
    login(server.user, server.password)


class Mailbox:
    """One session. UIDs belong to the folder opened last."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def open(self, folder: str) -> Opened:
        """Open a folder; ChannelError (FOLDER) when the server has none of that name."""
        try:
            answer = self._client.select_folder(folder, readonly=True)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise ChannelError(Trouble.FOLDER, f"{folder}: {error}") from error
        return Opened(int(answer.get(b"UIDVALIDITY", 0)), int(answer.get(b"UIDNEXT", 0)))

    def folders(self) -> list[str]:
        """The folders that can hold mail."""
        return [name for flags, _, name in self._client.list_folders() if b"\\Noselect" not in flags]

    def after(self, uid: int) -> list[int]:
        """The UIDs above `uid`, in order."""
        # "n:*" always names the last message, also when its UID is below n.
        found = self._client.search([b"UID", f"{uid + 1}:*".encode()])
        return sorted(each for each in found if each > uid)

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """The size of each message in bytes, as far as the server knows; the deleted are missing."""
        answer = self._client.fetch(uids, [b"RFC822.SIZE"])
        return {uid: int(data.get(b"RFC822.SIZE") or 0) for uid, data in answer.items()}

    def fetch(self, uids: Sequence[int]) -> dict[int, bytes | None]:
        """Whole messages; those deleted meanwhile are missing, None is one the server has no bytes for. Refused."""
        return {uid: data.get(b"BODY[]") for uid, data in self._fetch(uids, b"BODY.PEEK[]").items()}

    def fetch_large(self, uid: int, *, limit: int) -> bytes | None:
        """A message in pieces, at most `limit` bytes; None as in `fetch`, b"" when it was deleted. Refused."""
        pieces = bytearray()
        while len(pieces) < limit:
            wanted = min(PIECE, limit - len(pieces))
            answer = self._fetch([uid], f"BODY.PEEK[]<{len(pieces)}.{wanted}>".encode())
            if uid not in answer:
                return b""
            piece = next((data for name, data in answer[uid].items() if name.startswith(b"BODY[]")), None)
            if piece is None and not pieces:
                return None
            pieces += piece or b""
            if not piece or len(piece) < wanted:
                break
        return bytes(pieces)

    def _fetch(self, uids: Sequence[int], what: bytes) -> Mapping[int, Mapping[bytes, Any]]:
        try:
            answer: Mapping[int, Mapping[bytes, Any]] = self._client.fetch(uids, [what])
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise Refused(str(error)) from error
        return answer

    def wait(self, seconds: float, stopped: Callable[[], bool]) -> None:
        """Return when the server reports something new, after `seconds`, or soon after `stopped` is true."""
        until = time.monotonic() + seconds
        if not self._client.has_capability("IDLE"):
            while time.monotonic() < until and not stopped():
                time.sleep(min(GLANCE_SECONDS, max(0.0, until - time.monotonic())))
            self._client.noop()
            return
        self._client.idle()
        try:
            while (left := until - time.monotonic()) > 0 and not stopped():
                asked = time.monotonic()
                heard = self._client.idle_check(min(GLANCE_SECONDS, left))
                silent_return = not heard and time.monotonic() - asked < min(GLANCE_SECONDS, left) / 2
                if silent_return or any(len(line) > 1 and line[1] == b"EXISTS" for line in heard):
                    return  # a silent return before its time: the connection is gone, and `idle_done` says so
        finally:
            self._client.idle_done()


class Refused(Exception):
    """The server would not hand these messages out."""
