"""Reading what was stored. The table is the queue; one job, woken when something comes, empties it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from itertools import groupby

from django.db import OperationalError, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from opieka.inbound import commands, deliveries, mail, orders, providers, queries, texts
from opieka.inbound.types import Source, Stored

log = logging.getLogger(__name__)

BATCH = 100
TURN = 60.0
"""Seconds after which a job ends and another goes on, so that a worker can stop in between."""


def wake() -> None:
    """Let a worker look, unless one is about to. Called after the commit, so that it sees what came."""
    for job in (drain, fetch):
        waiting = ProcrastinateJob.objects.filter(queueing_lock=job.queueing_lock, status="todo")
        if not waiting.exists():
            try:
                with transaction.atomic():
                    job.defer()
            except AlreadyEnqueued:
                pass


@app.task(
    name="inbound.drain",
    queueing_lock="inbound.drain",
    retry=RetryStrategy(max_attempts=5, wait=1, retry_exceptions=[OperationalError]),
)
def drain() -> None:
    """Read all that waits."""
    until = time.monotonic() + TURN
    while read_batch():
        if time.monotonic() > until:
            wake()
            return


@app.task(name="inbound.fetch", queueing_lock="inbound.fetch")
def fetch() -> None:
    """Read the providers' calls, which may mean to ask the provider for more."""
    for payload_id in queries.fetching():
        if commands.begin_fetching(payload_id):
            _fetch(payload_id)


@app.periodic(cron="* * * * *")
@app.task(name="inbound.sweep", queueing_lock="inbound.sweep")
def sweep(timestamp: int) -> None:
    """Each minute: try failed payloads again when their pause is over; wake whoever was not woken."""
    commands.retry_due()
    wake()


def read_batch() -> int:
    """Read the next payloads; returns how many were taken.

    That an attempt begins is committed before it begins: a payload that kills its process is then known.
    The locks of the reading itself end with the process, so that another goes on at once.
    """
    with transaction.atomic():
        ids = queries.next_waiting(BATCH)
        commands.begin(ids)
    if not ids:
        return 0
    try:
        with transaction.atomic():
            _apply(queries.lock(ids))
    except OperationalError as error:
        log.warning("payloads %s to %s are tried again: %s", ids[0], ids[-1], error)
        raise
    return len(ids)


def _apply(batch: list[Stored]) -> None:
    mail.apply([stored for stored in batch if stored.source is Source.MAIL])
    texts.apply([stored for stored in batch if stored.source is Source.TEXTS])
    for stored in batch:
        if stored.source is Source.ORDERS:
            _take([stored], lambda some: orders.apply(some[0]))
    reports = [stored for stored in batch if stored.source is Source.TEXT_REPORTS]
    if reports:
        _take(reports, texts.apply_reports)
    tracking = [stored for stored in batch if stored.source is Source.TRACKING]
    for _, calls in groupby(
        sorted(tracking, key=lambda one: (one.owner_id, one.id)), lambda one: one.owner_id
    ):
        _take(list(calls), deliveries.apply)


def _take(some: Sequence[Stored], apply: Callable[[Sequence[Stored]], None]) -> None:
    """Take over some payloads together; when that fails, each alone."""
    try:
        with transaction.atomic():
            apply(some)
            commands.settle([stored.id for stored in some])
    except OperationalError:
        raise
    except Exception as error:
        if len(some) > 1:
            for stored in some:
                _take([stored], apply)
            return
        log.exception("payload %s", some[0].id)
        commands.fail(some[0].id, error=type(error).__name__)


def _fetch(payload_id: int) -> None:
    stored = queries.payload(payload_id)
    try:
        work = providers.read(stored)
        with transaction.atomic():
            providers.apply(stored, work)
            commands.settle([stored.id])
    except OperationalError:
        raise
    except Exception as error:
        log.exception("payload %s", payload_id)
        with transaction.atomic():
            commands.fail(payload_id, error=f"{type(error).__name__}: {error}")
