"""`opieka serve`: web, worker and mail listener as children, started again when they die.

Children are forked from this process, which has loaded the program: a start is quick and memory is shared.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import time
from dataclasses import dataclass, field
from multiprocessing.context import ForkProcess
from types import FrameType

import httpx
from django.conf import settings
from django.db import connections
from rich.console import Console

CHILDREN = {"web": ["web"], "worker": ["worker"], "mail listener": ["mail", "listen"]}
READY_WITHIN = 60.0
STOP_WITHIN = 25.0
LONGEST_PAUSE = 30.0
_PR_SET_PDEATHSIG = 1
_FORK = multiprocessing.get_context("fork")


@dataclass
class Child:
    """One process of the tree, and when it may be started again."""

    name: str
    arguments: list[str]
    process: ForkProcess | None = None
    started_at: float = 0.0
    pause: float = 0.0
    not_before: float = field(default=0.0)

    def start(self) -> None:
        self.started_at = time.monotonic()
        connections.close_all()  # a connection must not be shared by two processes
        self.process = _FORK.Process(target=_become, args=(self.arguments, os.getpid()), name=self.name)
        self.process.start()

    def look(self, console: Console) -> None:
        """Start it, or start it again when it ended, after a pause that grows while it keeps dying."""
        now = time.monotonic()
        if self.process is not None and self.process.is_alive():
            return
        if self.process is not None:
            lived = now - self.started_at
            self.pause = 0.5 if lived > LONGEST_PAUSE else min(LONGEST_PAUSE, self.pause * 2 or 0.5)
            self.not_before = now + self.pause
            console.print(f"[yellow]The {self.name} ended ({self.process.exitcode}); starting it again.[/]")
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
    running = [child.process for child in children if child.process and child.process.is_alive()]
    for process in running:
        process.terminate()
    end = time.monotonic() + STOP_WITHIN
    for process in running:
        process.join(max(0.1, end - time.monotonic()))
        if process.is_alive():
            process.kill()
            process.join()


def _answers() -> bool:
    try:
        address = f"http://{settings.OPIEKA.host}:{settings.OPIEKA.port}/healthz"
        return httpx.get(address, timeout=0.5, trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _announce(console: Console) -> None:
    from opieka.project import welcome

    console.print(welcome.text(), soft_wrap=True)


def _become(arguments: list[str], parent: int) -> None:
    """What a child does: lead a session of its own, end with its parent, run its verb."""
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    # Linux tells the child when its parent is gone, so that a SIGKILL leaves nobody behind.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            return
    from opieka.project import cli

    sys.exit(cli.main(arguments))
