"""Requests to addresses that people typed in: a guarded httpx client.

Whoever may enter an address must not reach, through us, what only we can reach. So every request resolves its host
once, refuses addresses that are not public, and connects to the very address it checked (a second look-up could
answer differently). Redirects are not followed, proxies of the environment not used, connections not kept: one
opened for a host is never used for another behind the same address. Answers are limited in size, as unpacked,
and in time, as a whole.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import httpx

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NAT64 = IPv6Network("64:ff9b::/96")
_UNPACKED = ("content-encoding", "content-length", "transfer-encoding")


class Blocked(httpx.TransportError):
    """The address is not public, and not among those allowed."""


class TooLarge(httpx.TransportError):
    """The answer is larger than the limit."""


class TooSlow(httpx.TimeoutException):
    """The answer took longer than the limit as a whole."""


def client(
    *,
    allow: Sequence[Network] = (),
    timeout: float = 20,
    max_bytes: int = 20_000_000,
    transport: httpx.BaseTransport | None = None,
) -> httpx.Client:
    """A client for untrusted addresses.

    `allow` are networks that may be reached although they are not public; `timeout` is for one whole answer, in
    seconds; `transport` replaces the network below the guard (tests).
    """
    inner = transport or httpx.HTTPTransport(trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))
    return httpx.Client(
        transport=Guard(inner, allow=allow, timeout=timeout, max_bytes=max_bytes),
        timeout=httpx.Timeout(timeout, connect=min(timeout, 10)),
        follow_redirects=False,
        trust_env=False,
    )


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
        self, inner: httpx.BaseTransport, *, allow: Sequence[Network], timeout: float, max_bytes: int
    ) -> None:
        self._inner, self._allow = inner, tuple(allow)
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
        address = self._resolve(request, host)
        return httpx.Request(
            request.method,
            request.url.copy_with(host=str(address)),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )

    def _resolve(self, request: httpx.Request, host: str) -> Address:
        """The first address of the host, provided all of them may be reached."""
        try:
            port = request.url.port or (443 if request.url.scheme == "https" else 80)
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(f"{host} is not known: {error}", request=request) from error
        addresses = [ip_address(str(entry[4][0])) for entry in found]
        refused = next((address for address in addresses if not self._reachable(address)), None)
        if refused is not None or not addresses:
            raise Blocked(f"{host} leads to {refused}, which is not a public address", request=request)
        return addresses[0]

    def _reachable(self, address: Address) -> bool:
        return public(address) or any(address in network for network in self._allow)

    def _read(self, response: httpx.Response, until: float) -> bytes:
        body = bytearray()
        for chunk in response.iter_bytes(65536):
            body += chunk
            if len(body) > self._max_bytes:
                raise TooLarge(f"the answer is larger than {self._max_bytes} bytes", request=response.request)
            if time.monotonic() > until:
                raise TooSlow("the answer took too long", request=response.request)
        return bytes(body)
