"""Requests to addresses that people typed in: a guarded httpx client.

Whoever may enter an address must not reach, through us, what only we can reach. So every request resolves
its host once, refuses addresses that are not public, and connects to the very address it checked (a second
look-up could answer differently). Redirects are not followed, proxies of the environment not used,
connections not kept: one opened for a host is never used for another behind the same address. Answers are
limited in size, as unpacked, and in time, as a whole.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Collection
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

import httpx
from django.conf import settings

from opieka.kernel import clock

Address = IPv4Address | IPv6Address

_NAT64 = IPv6Network("64:ff9b::/96")
IMPATIENT = frozenset({429, 502, 503, 504})
ATTEMPTS = 5
PATIENCE = 60
_UNPACKED = ("content-encoding", "content-length", "transfer-encoding")


class Blocked(httpx.TransportError):
    """The address is not public, and not among those allowed."""


class TooLarge(httpx.TransportError):
    """The answer is larger than the limit."""


class Busy(Exception):
    """The other side asks to come back in `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"asked to wait {seconds:.0f} s")
        self.seconds = seconds


class TooSlow(httpx.TimeoutException):
    """The answer took longer than the limit as a whole."""


def client(
    *,
    allow: Collection[str] | None = None,
    timeout: float = 20,
    max_bytes: int = 20_000_000,
    transport: httpx.BaseTransport | None = None,
) -> httpx.Client:
    """A client for untrusted addresses.

    `allow` are host names that may lead to addresses that are not public (without it, those the installation
    names in OPIEKA_INTERNAL_HOSTS); `timeout` is for one whole answer, in seconds; `transport` replaces the
    network below the guard (tests).
    """
    allowed = settings.OPIEKA.internal_hosts if allow is None else allow
    inner = transport or httpx.HTTPTransport(
        trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
    )
    return httpx.Client(
        transport=Guard(inner, allow=allowed, timeout=timeout, max_bytes=max_bytes),
        timeout=httpx.Timeout(timeout, connect=min(timeout, 10)),
        follow_redirects=False,
        trust_env=False,
    )


def internal(host: str) -> bool:
    """Whether the installation names this host as one of its own."""
    return host in settings.OPIEKA.internal_hosts


def fetch(client: httpx.Client, url: str, **options: Any) -> httpx.Response:
    """GET `url` (options as for `httpx.Client.get`), and again while the other side asks for patience.

    Waits as long as `Retry-After` says, else 1, 2, 4 ... seconds. Raises `Busy` with the seconds asked for
    when that is more than a minute or after five attempts, and httpx's own errors when nothing answers.
    """
    for attempt in range(ATTEMPTS):
        last = attempt == ATTEMPTS - 1
        wait = float(2**attempt)
        try:
            response = client.get(url, **options)
        except (httpx.NetworkError, httpx.RemoteProtocolError, httpx.TimeoutException):
            if last:
                raise
        else:
            if response.status_code not in IMPATIENT:
                return response
            wait = asked_to_wait(response, default=wait)
            if last or wait > PATIENCE:
                raise Busy(wait)
        time.sleep(wait)
    raise AssertionError("the last attempt returns or raises")


def asked_to_wait(response: httpx.Response, *, default: float) -> float:
    """Seconds of the answer's Retry-After, which is a number or a date."""
    header = response.headers.get("retry-after", "")
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(header) - clock.now()).total_seconds())
    except (TypeError, ValueError):
        return default


def resolve(host: str, port: int, *, allow: Collection[str] | None = None) -> Address:
    """The first address of the host, provided all of them may be reached; httpx.ConnectError, Blocked.

    `allow` as for `client`. Whoever connects must connect to the address returned, not to the name.
    """
    allowed = settings.OPIEKA.internal_hosts if allow is None else allow
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError(f"{host} is not known: {error}") from error
    addresses = [ip_address(str(entry[4][0])) for entry in found]
    refused = None if host in allowed else next((a for a in addresses if not public(a)), None)
    if refused is not None:
        raise Blocked(f"{host} leads to {refused}, which is not a public address")
    return addresses[0]


def public(address: Address) -> bool:
    """Whether everybody may reach it; an IPv6 address that carries an IPv4 one is as public as that."""
    if isinstance(address, IPv6Address):
        if carried := _carried(address):
            return public(carried)
        address = IPv6Address(int(address))  # without the zone
    return address.is_global and not address.is_multicast


def _carried(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


class Guard(httpx.BaseTransport):
    """The checks, around a transport that does the work."""

    def __init__(
        self, inner: httpx.BaseTransport, *, allow: Collection[str], timeout: float, max_bytes: int
    ) -> None:
        self._inner, self._allow = inner, frozenset(allow)
        self._timeout, self._max_bytes = timeout, max_bytes

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        until = time.monotonic() + self._timeout
        pinned = self._pinned(request)
        response = self._inner.handle_request(pinned)
        response.request = request
        try:
            body = self._read(response, until)
        finally:
            response.close()
        headers = [(name, value) for name, value in response.headers.multi_items() if name not in _UNPACKED]
        return httpx.Response(response.status_code, headers=headers, content=body, request=request)

    def close(self) -> None:
        self._inner.close()

    def _pinned(self, request: httpx.Request) -> httpx.Request:
        """The same request to the address that was checked; Host header and certificate stay the host's."""
        host = request.url.host
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        address = resolve(host, port, allow=self._allow)
        return httpx.Request(
            request.method,
            request.url.copy_with(host=str(address)),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )

    def _read(self, response: httpx.Response, until: float) -> bytes:
        body = bytearray()
        for chunk in response.iter_bytes(65536):
            body += chunk
            if len(body) > self._max_bytes:
                raise TooLarge(f"the answer is larger than {self._max_bytes} bytes", request=response.request)
            if time.monotonic() > until:
                raise TooSlow("the answer took too long", request=response.request)
        return bytes(body)
