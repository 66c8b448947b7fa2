"""The worker process: reactions to what was recorded, webhooks to be sent, and jobs."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable

import psycopg
from django.db import OperationalError, close_old_connections, connection
from procrastinate.contrib.django import app

from opieka.project.privacy import jobs as privacy  # noqa: F401  # registered by being imported
from opieka.timeline import reacting
from opieka.webhooks import jobs as webhooks

log = logging.getLogger(__name__)

IDLE_WAIT = 5.0


def run(concurrency: int) -> None:
    """Work until told to stop (SIGINT or SIGTERM); jobs in hand are finished first."""
    stopping = threading.Event()
    beside = [
        threading.Thread(target=_steadily, args=(work, stopping), name=name)
        for name, work in (("reactions", react), ("webhooks", webhooks.run))
    ]
    for thread in beside:
        thread.start()
    try:
        with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]  # Django's connector has it
            asyncio.run(_jobs(concurrency))
    finally:
        stopping.set()
        for thread in beside:
            thread.join()


async def _jobs(concurrency: int) -> None:
    async with app.open_async():
        await app.run_worker_async(
            concurrency=concurrency,
            delete_jobs="successful",
            shutdown_graceful_timeout=20,
            install_signal_handlers=True,
        )


def react(stopping: threading.Event) -> None:
    """Hand what is recorded to the reactions until told to stop."""
    reacting.begin()
    while not stopping.is_set():
        if reacting.run_all() == 0:
            reacting.wait(0.2 if reacting.behind() else 1.0)


def _steadily(work: Callable[[threading.Event], None], stopping: threading.Event) -> None:
    """Let it work until told to stop; survives a database that went away."""
    while not stopping.is_set():
        try:
            close_old_connections()
            work(stopping)
        except (
            OperationalError,
            psycopg.OperationalError,
        ):  # waiting for a notification raises the driver's own
            log.warning("The database is away; trying again in a second.")
            _pause(stopping)
        except Exception:
            # A mistake of ours must not end for good what nobody would see has ended.
            log.exception("trying again in a second")
            _pause(stopping)
    connection.close()


def _pause(stopping: threading.Event) -> None:
    connection.close()
    stopping.wait(1)
