"""Access tokens (OAuth 2.0, RFC 6749 section 6) for servers that take no passwords: XOAUTH2 for IMAP and SMTP.

A token is asked for before the connection is made and used until shortly before it ends. Some providers give a
new refresh token with it, which ends later than the old one: `renewed` hands it to the job that stores it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

import httpx

from opieka.channels.adapters.base import ChannelError
from opieka.channels.types import OAuth, Trouble
from opieka.kernel import clock, outbound

EARLY = timedelta(minutes=2)
"""A token is not used in its last minutes: a connection takes time."""
USUAL = 3600
MAX_BYTES = 100_000
SECONDS = 20.0


@dataclass(frozen=True)
class Token:
    """What to log in with, until when, and the refresh token to use from now on."""

    access: str
    until: datetime
    refresh: str


_held: dict[str, Token] = {}
_lock = Lock()


def access_token(oauth: OAuth) -> str:
    """A token that is good now; ChannelError."""
    with _lock:
        held = _held.get(_name(oauth))
    if held is None or held.until <= clock.now():
        held = renewed(oauth)
    return held.access


def renewed(oauth: OAuth) -> Token:
    """A new token from the provider, whatever is held; ChannelError."""
    token = _read(_asked(oauth), oauth)
    with _lock:
        _held[_name(oauth)] = token
    return token


def forget(oauth: OAuth) -> None:
    """The server did not take the token: ask for another one the next time."""
    with _lock:
        _held.pop(_name(oauth), None)


def xoauth2(user: str, token: str) -> str:
    """The one answer of the mechanism, before base64."""
    return f"user={user}\1auth=Bearer {token}\1\1"


def _name(oauth: OAuth) -> str:
    kept = (oauth.token_url, oauth.client_id, oauth.refresh_token, oauth.scope)
    return hashlib.sha256("\0".join(kept).encode()).hexdigest()


def _asked(oauth: OAuth) -> httpx.Response:
    form = {
        "grant_type": "refresh_token",
        "client_id": oauth.client_id,
        "client_secret": oauth.client_secret,
        "refresh_token": oauth.refresh_token,
        "scope": oauth.scope,
    }
    try:
        with outbound.client(timeout=SECONDS, max_bytes=MAX_BYTES) as client:
            return client.post(oauth.token_url, data={name: value for name, value in form.items() if value})
    except outbound.Blocked as error:
        raise ChannelError(Trouble.BLOCKED_HOST, str(error)) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ChannelError(Trouble.UNREACHABLE, f"{oauth.token_url}: {error}") from error


def _read(response: httpx.Response, oauth: OAuth) -> Token:
    said: Any
    try:
        said = response.json()
    except ValueError:
        said = None
    if response.status_code >= 500 or response.status_code == 429:
        raise ChannelError(Trouble.BUSY, f"{oauth.token_url}: {response.status_code}")
    if (
        not isinstance(said, dict)
        or response.status_code >= 400
        or not isinstance(said.get("access_token"), str)
    ):
        words = (
            [said.get(name, "") for name in ("error", "error_description")] if isinstance(said, dict) else []
        )
        raise ChannelError(Trouble.LOGIN, f"{response.status_code} {' '.join(map(str, words))}".strip())
    seconds = str(said.get("expires_in"))
    lasting = timedelta(seconds=int(seconds[:9]) if seconds.isdecimal() else USUAL)
    return Token(
        said["access_token"],
        clock.now() + max(lasting - EARLY, lasting / 2),
        str(said.get("refresh_token") or oauth.refresh_token),
    )
