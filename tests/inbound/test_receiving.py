"""The process behind `opieka mail listen`: up, stopped by a signal, and clear about a taken port."""

from __future__ import annotations

import signal
import smtplib
import socket
import subprocess
import time

import pytest

from opieka.inbound.models import Payload
from tests.channels import samples
from tests.factories import make_shop
from tests.inbound.mails import mail
from tests.inbound.test_killed import process

pytestmark = pytest.mark.django_db(transaction=True)

LISTEN = "from opieka.inbound import receiving; raise SystemExit(receiving.run())"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


def connected(port: int) -> smtplib.SMTP:
    until = time.monotonic() + 60
    while True:
        try:
            return smtplib.SMTP("127.0.0.1", port, timeout=20)
        except OSError:
            assert time.monotonic() < until, "it does not listen"
            time.sleep(0.1)


def test_it_takes_mail_and_stops_when_told() -> None:
    samples.make_account(make_shop(), address="sklep@las.example")
    port = free_port()
    with process(LISTEN, OPIEKA_SMTP_PORT=str(port)) as running:
        with connected(port) as smtp:
            smtp.sendmail("anna@example.com", ["sklep@las.example"], mail(1))
        assert Payload.objects.count() == 1
        running.send_signal(signal.SIGTERM)
        assert running.wait(30) == 0


def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with process(LISTEN, stderr=subprocess.PIPE, OPIEKA_SMTP_PORT=port) as running:
            said = running.communicate(timeout=60)[1].decode()
            assert running.returncode == 1
    assert "OPIEKA_SMTP_PORT" in said
