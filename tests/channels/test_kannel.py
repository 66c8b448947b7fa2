"""A real gateway as the peer: Kannel's bearerbox and smsbox with its fake SMSC."""

from __future__ import annotations

import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from opieka.channels.adapters import sms
from opieka.channels.adapters.base import ChannelError, Letter
from opieka.channels.adapters.sms.base import Call, Gateway
from opieka.channels.adapters.sms.gateway.mapping import KANNEL
from opieka.channels.types import Reported, Trouble

pytestmark = pytest.mark.kannel

FAKE = "/usr/lib/kannel/test/fakesmsc"
CONFIG = """
group = core
admin-port = {admin}
admin-password = a
smsbox-port = {box}
dlr-storage = internal
log-file = {home}/bearerbox.log

group = smsc
smsc = fake
smsc-id = FAKE
port = {smsc}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {send}
log-file = {home}/smsbox.log

group = sendsms-user
username = opieka
password = secret
max-messages = 10
concatenation = true

group = sms-service
keyword = default
catch-all = true
max-messages = 0
get-url = "http://127.0.0.1:{hook}/in/?from=%p&to=%P&text=%a&id=%I&time=%t&udh=%u"
"""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def eventually(found: list[str], count: int = 1, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while len(found) < count:
        assert time.monotonic() < until, "nothing came"
        time.sleep(0.02)


def listening(port: int, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < until, "it does not start"
            time.sleep(0.05)
        else:
            return


@contextmanager
def hook(port: int) -> Iterator[list[str]]:
    """Our side of its calls: the addresses that were called."""
    called: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            called.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", port), Handler)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield called
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


@contextmanager
def running(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait(20)
        assert process.stdout
        process.stdout.close()


class Kannel:
    """One gateway at work, what its phone has been sent, and what it called us with."""

    def __init__(self, home: Path) -> None:
        self.ports = {name: free_port() for name in ("admin", "box", "smsc", "send", "hook")}
        self.config = home / "kannel.conf"
        self.config.write_text(CONFIG.format(home=home, **self.ports))
        self.called: list[str] = []

    @property
    def report_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['hook']}/report/"

    def gateway(self, password: str = "secret") -> Gateway:
        parameters = KANNEL.replace("USER", "opieka").replace("PASSWORD", password)
        url = f"http://127.0.0.1:{self.ports['send']}/cgi-bin/sendsms"
        return sms.gateway("gateway", {"send_url": url, "parameters": parameters})

    def phone(self, text: str) -> tuple[str, ...]:
        """The fake SMSC's side: it sends one text, and shows what it is sent."""
        return (FAKE, "-r", str(self.ports["smsc"]), "-m", "1", f"601234567 500100200 text {text}")


@pytest.fixture
def kannel(tmp_path: Path, local_network: None) -> Iterator[Kannel]:
    made = Kannel(tmp_path)
    with hook(made.ports["hook"]) as made.called, running("/usr/sbin/bearerbox", str(made.config)):
        listening(made.ports["smsc"])
        listening(made.ports["box"])
        with running("/usr/sbin/smsbox", str(made.config)):
            listening(made.ports["send"])
            yield made


def letter(kannel: Kannel, text: str) -> Letter:
    return Letter(text.encode(), "0" * 32, "500100200", ("+48601234567",), kannel.report_url)


def test_it_takes_a_text_and_reports(kannel: Kannel) -> None:
    with running(*kannel.phone("czesc")):
        eventually(kannel.called)  # the phone is there
        kannel.gateway().send(letter(kannel, "Paczka o 17, ć"))
        eventually(kannel.called, 2)
    reports = [path for path in kannel.called if path.startswith("/report/")]
    told = [kannel.gateway().reports(Call("GET", f"http://us{path}"))[0] for path in reports]
    assert {next(iter(one.ids)) for one in told} == {"0" * 32}
    assert all(one.reported is not Reported.UNKNOWN and one.bounce is None for one in told)


def test_it_hands_over_what_comes_in(kannel: Kannel) -> None:
    with running(*kannel.phone("prosze w piatek")):
        eventually(kannel.called)
    (text,) = kannel.gateway().texts(Call("GET", f"http://us{kannel.called[0]}"))
    assert (text.sender.lstrip("+"), text.to, text.text) == ("601234567", "500100200", "prosze w piatek")
    assert (bool(text.external_id), text.sent_at is not None, text.part) == (True, True, None)


def test_it_refuses_a_wrong_password(kannel: Kannel) -> None:
    with pytest.raises(ChannelError) as caught:
        kannel.gateway("wrong").send(letter(kannel, "Paczka"))
    assert caught.value.trouble is Trouble.LOGIN
