"""`opieka serve`: web, worker and mail listener as children, started again when they die."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

import httpx
from django.conf import settings
from rich.console import Console

CHILDREN = {"web": ["web"], "worker": ["worker"], "mail listener": ["mail", "listen"]}
READY_WITHIN = 60.0
STOP_WITHIN = 25.0
LONGEST_PAUSE = 30.0
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process of the tree, and when it may be started again."""

    name: str
    arguments: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = 0.0
    not_before: float = field(default=0.0)

    def start(self) -> None:
        self.started_at = time.monotonic()
        command = [sys.executable, "-m", "opieka.project.cli", *self.arguments]
        self.process = subprocess.Popen(  # noqa: S603  # our own words
            command,
            preexec_fn=_die_with(os.getpid()),  # noqa: PLW1509  # this process has one thread
            start_new_session=True,
        )

    def look(self, console: Console) -> None:
        """Start it, or start it again when it ended, after a pause that grows while it keeps dying."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None:
            lived = now - self.started_at
            self.pause = 0.5 if lived > LONGEST_PAUSE else min(LONGEST_PAUSE, self.pause * 2 or 0.5)
            self.not_before = now + self.pause
            console.print(f"[yellow]The {self.name} ended ({self.process.returncode}); starting it again.[/]")
            self.process = None
        if now >= self.not_before:
            self.start()


def run() -> int:
    """Keep the tree alive until SIGINT or SIGTERM; then stop it cleanly."""
    console = Console(stderr=True)
    children = [Child(name, arguments) for name, arguments in CHILDREN.items()]
    stopping: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        stopping.append(number)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    announced = False
    begun = time.monotonic()
    while not stopping:
        for child in children:
            child.look(console)
        if not announced and (_answers() or time.monotonic() - begun > READY_WITHIN):
            announced = True
            _announce(console)
        time.sleep(0.1)
    _stop(children)
    return 0


def _stop(children: list[Child]) -> None:
    running = [child.process for child in children if child.process and child.process.poll() is None]
    for process in running:
        process.terminate()
    end = time.monotonic() + STOP_WITHIN
    for process in running:
        try:
            process.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers() -> bool:
    try:
        address = f"http://{settings.OPIEKA.host}:{settings.OPIEKA.port}/healthz"
        return httpx.get(address, timeout=0.5, trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _announce(console: Console) -> None:
    from opieka.project import welcome

    console.print(welcome.text(), soft_wrap=True)


def _die_with(parent: int) -> Callable[[], None]:
    # Linux tells the child when its parent is gone, so that a SIGKILL leaves nobody behind.
    def prepare() -> None:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os.kill(os.getpid(), signal.SIGTERM)

    return prepare
