"""What only we can reach is not reached through us."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from typing import Any

import httpx
import pytest

from opieka.kernel import outbound


@pytest.mark.parametrize(
    ("text", "reachable"),
    [
        ("93.184.216.34", True),
        ("2606:4700::6810:84e5", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
    ],
)
def test_which_addresses_are_public(text: str, reachable: bool) -> None:
    assert outbound.public(ip_address(text)) is reachable


def answers(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Names resolve to `addresses`; returns the list of names asked for."""
    asked: list[str] = []

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def test_the_address_that_was_checked_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answers(monkeypatch, "93.184.216.34")
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"fine": True})

    with outbound.client(allow=(), transport=httpx.MockTransport(answer)) as client:
        response = client.get("https://shop.example/orders?page=2", headers={"X-Key": "k"})
    assert response.json() == {"fine": True}
    assert str(response.request.url) == "https://shop.example/orders?page=2"
    (sent,) = seen
    assert str(sent.url) == "https://93.184.216.34/orders?page=2"
    assert sent.headers["host"] == "shop.example"
    assert sent.headers["x-key"] == "k"
    assert sent.extensions["sni_hostname"] == "shop.example"
    assert asked == ["shop.example"]


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, "93.184.216.34", "10.0.0.1")
    with (
        outbound.client(allow=(), transport=httpx.MockTransport(lambda r: httpx.Response(200))) as client,
        pytest.raises(outbound.Blocked, match=r"10\.0\.0\.1"),
    ):
        client.get("https://shop.example/")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://2130706433/", "http://[::1]/", "http://localhost/"]
)
def test_internal_addresses_in_any_spelling(url: str) -> None:
    with (
        outbound.client(allow=(), transport=httpx.MockTransport(lambda r: httpx.Response(200))) as client,
        pytest.raises(outbound.Blocked),
    ):
        client.get(url)


class Handler(BaseHTTPRequestHandler):
    """Answers by path: a redirect inside, much data, a small bomb."""

    def do_GET(self) -> None:
        if self.path == "/redirect":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:1/secret")
            self.end_headers()
            return
        body = gzip.compress(b"0" * 3_000_000) if self.path == "/bomb" else b'{"host": "here"}'
        self.send_response(200)
        if self.path == "/bomb":
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        pass


@pytest.fixture
def server() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://localhost:{running.server_port}"
        running.shutdown()
        thread.join()


def test_a_host_the_installation_names_may_be_internal(server: str) -> None:
    with outbound.client(allow={"localhost"}) as client:
        assert client.get(f"{server}/").json() == {"host": "here"}


def test_redirects_are_answers(server: str) -> None:
    with outbound.client(allow={"localhost"}) as client:
        assert client.get(f"{server}/redirect").status_code == 302


def test_the_limit_counts_what_is_unpacked(server: str) -> None:
    with (
        outbound.client(allow={"localhost"}, max_bytes=1_000_000) as client,
        pytest.raises(outbound.TooLarge),
    ):
        client.get(f"{server}/bomb")
    with outbound.client(allow={"localhost"}) as client:
        assert len(client.get(f"{server}/bomb").content) == 3_000_000


def test_the_time_limit_is_for_the_whole_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, "93.184.216.34")
    moments = iter(range(0, 1000, 7))
    monkeypatch.setattr(time, "monotonic", lambda: next(moments))

    def drip() -> Iterator[bytes]:
        for _ in range(100):
            yield b"0" * 65536

    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=drip()))
    with (
        outbound.client(allow=(), timeout=20, transport=transport) as client,
        pytest.raises(outbound.TooSlow),
    ):
        client.get("https://shop.example/")


def test_a_name_that_is_not_known() -> None:
    with outbound.client(allow=()) as client, pytest.raises(httpx.ConnectError):
        client.get("https://no-such-host.invalid/")
