"""The sender of webhooks, and forgetting old ones.

A sender is a thread of every worker process, not a job: a slow receiver would hold a job's place, and mails would
wait for it (ADR 21).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Event

import httpx
from django.db import connection
from procrastinate.contrib.django import app

from opieka.kernel import clock, outbound
from opieka.kernel.actor import SYSTEM
from opieka.webhooks import commands, policy
from opieka.webhooks.commands.deliveries import CHANNEL
from opieka.webhooks.types import Attempt, AttemptTrouble, Outcome, Work

AT_ONCE = 32
"""How many requests one process makes at the same time, to all endpoints together."""
MOST_BYTES = 1_000_000
_LOOK = 0.1


class Sender:
    """Requests under way in one process: only its own thread uses the database, never during a request."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook")
        self._client = outbound.client(timeout=policy.TIMEOUT, max_bytes=MOST_BYTES)
        self._under_way: dict[Future[Outcome], Work] = {}

    def step(self) -> int:
        """Begin what is due, wait a moment for what is under way, note what has ended; how many it was about."""
        free = AT_ONCE - len(self._under_way)
        for work in commands.claim(free) if free else ():
            self._under_way[self._pool.submit(post, self._client, work)] = work
        about = len(self._under_way)
        ended, _rest = wait(self._under_way, timeout=_LOOK, return_when=FIRST_COMPLETED)
        self._note([(self._under_way.pop(one), one.result()) for one in ended])
        return about

    def close(self) -> None:
        """Wait for what is under way, and note it."""
        self._pool.shutdown()
        self._note([(work, one.result()) for one, work in self._under_way.items()])
        self._under_way.clear()
        self._client.close()

    def _note(self, results: Sequence[tuple[Work, Outcome]]) -> None:
        if results:
            commands.note(results)


def run(stopping: Event) -> None:
    """Send what is due until told to stop; requests under way are finished first."""
    sender = Sender()
    try:
        while not stopping.is_set():
            if sender.step() == 0:
                _sleep(1.0)
    finally:
        sender.close()


def post(client: httpx.Client, work: Work) -> Outcome:
    """One attempt, in a thread without a database; never raises."""
    at, begun = clock.now(), time.monotonic()
    wait_for, excerpt, status = None, "", 0
    trouble: AttemptTrouble | None = AttemptTrouble.UNREADABLE
    if work.body and work.secrets:
        headers = policy.headers(work.secrets, work.message_id, int(at.timestamp()), work.body)
        try:
            response = client.post(work.url, content=work.body, headers=headers)
        except Exception as error:  # noqa: BLE001  # whatever it is, the attempt has failed and is repeated
            trouble, excerpt = _why(error), f"{type(error).__name__}: {error}"
        else:
            client.cookies.clear()  # no receiver is told apart by another's cookies
            status, trouble, excerpt = (
                response.status_code,
                policy.trouble(response.status_code),
                response.text,
            )
            if trouble:
                wait_for = policy.wait_asked(response.headers.get("retry-after", ""), clock.now())
    took = round((time.monotonic() - begun) * 1000)
    told = excerpt[: policy.EXCERPT].replace("\0", "")
    return Outcome(Attempt(work.attempt, at, took, status, trouble, told), wait_for)


def _why(error: Exception) -> AttemptTrouble:
    known = (
        (outbound.Blocked, AttemptTrouble.BLOCKED),
        (outbound.TooLarge, AttemptTrouble.TOO_LARGE),
        (httpx.TimeoutException, AttemptTrouble.TOO_SLOW),
    )
    return next((trouble for kind, trouble in known if isinstance(error, kind)), AttemptTrouble.UNREACHABLE)


def _sleep(seconds: float) -> None:
    """Until a delivery is enqueued, or for so long: retries and what others left behind are found by looking."""
    connection.ensure_connection()
    raw = connection.connection
    raw.execute(f"LISTEN {CHANNEL}")
    next(raw.notifies(timeout=seconds, stop_after=1), None)


@app.periodic(cron="23 3 * * *")
@app.task(name="webhooks.forget", queueing_lock="webhooks.forget", pass_context=False)
def forget(timestamp: int) -> None:
    """Each night: what is older than thirty days."""
    commands.forget(by=SYSTEM)
