"""A whole installation for a story: the real processes, a relay that takes its mail, a customer's mail program."""

from __future__ import annotations

import os
import signal
import smtplib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
from aiosmtpd.controller import Controller
from django.db import connection
from playwright.sync_api import Browser, sync_playwright

from opieka.project import database
from tests.conftest import CHROMIUM

WITHIN = 30.0


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Relay:
    """The mail server behind the shop: takes what the shop sends, as the customer would receive it."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        """Take one mail."""
        mail = message_from_bytes(envelope.content, policy=policy.default)
        with self.arrived:
            self.mails.append(mail)
            self.arrived.notify_all()
        return "250 taken"

    def wait(self, count: int) -> EmailMessage:
        """The mail that is the `count`th to arrive."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.mails) >= count, WITHIN), "no mail came"
            return self.mails[count - 1]


@dataclass(frozen=True)
class Installation:
    """Where the running processes are reached."""

    url: str
    smtp_port: int
    relay: Relay

    def deliver(self, mail: EmailMessage) -> None:
        """Send the shop a mail, as any mail program would."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=WITHIN) as smtp:
            smtp.send_message(mail)


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium for the length of a scene. While it is open Django refuses the database in this thread."""
    with sync_playwright() as play:
        made = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield made
        made.close()


@contextmanager
def installation(folder: Path) -> Iterator[Installation]:
    """Run `opieka serve` on the database of the test."""
    web, smtp, relay = free_port(), free_port(), Relay(free_port())
    server = Controller(relay, hostname="127.0.0.1", port=relay.port)
    server.start()
    environment = dict(os.environ) | {
        "OPIEKA_DATA": str(folder),
        "OPIEKA_DATABASE_URL": database.address(connection.settings_dict),
        "OPIEKA_PORT": str(web),
        "OPIEKA_SMTP_PORT": str(smtp),
        "OPIEKA_UNDO_SECONDS": "1",
        "OPIEKA_INTERNAL_HOSTS": "127.0.0.1",
    }
    log = (folder / "serve.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "opieka.project.cli", "serve"], env=environment, stderr=log, stdout=log
    )
    try:
        _until_up(process, web, smtp, folder)
        yield Installation(f"http://127.0.0.1:{web}", smtp, relay)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(WITHIN)
        log.close()
        server.stop()


def _until_up(process: subprocess.Popen[bytes], web: int, smtp: int, folder: Path) -> None:
    end = time.monotonic() + 2 * WITHIN
    while time.monotonic() < end:
        assert process.poll() is None, (folder / "serve.log").read_text()
        if _answers(web) and _listens(smtp):
            return
        threading.Event().wait(0.1)
    raise AssertionError((folder / "serve.log").read_text())


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
