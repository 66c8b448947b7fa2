"""Connections to mail servers that people typed in, guarded like every other address of theirs."""

from __future__ import annotations

import socket
import ssl
from functools import cache

import httpx

from opieka.channels.adapters.base import ChannelError
from opieka.channels.types import Trouble
from opieka.kernel import outbound


def connect(host: str, port: int, timeout: float | None) -> socket.socket:
    """A TCP connection to the address that was checked; ChannelError."""
    try:
        address = outbound.resolve(host, port)
    except outbound.Blocked as error:
        raise ChannelError(Trouble.BLOCKED_HOST, str(error)) from error
    except httpx.ConnectError as error:
        raise ChannelError(Trouble.UNKNOWN_HOST, str(error)) from error
    try:
        return socket.create_connection((str(address), port), timeout)
    except OSError as error:
        raise ChannelError(Trouble.UNREACHABLE, f"{host}:{port}: {error}") from error


def wrapped(plain: socket.socket, host: str) -> ssl.SSLSocket:
    """The same connection under TLS, with the certificate checked against the host's name."""
    try:
        return tls_context().wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


@cache
def tls_context() -> ssl.SSLContext:
    """The system's authorities decide; a self-made certificate has to be added there."""
    return ssl.create_default_context()
