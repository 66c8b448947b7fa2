"""`opieka serve`, `web`, `worker`: the processes."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import Any

from opieka.project.cli import Needs, verb


def register(verbs: Any) -> None:
    """Add the verbs of the processes."""
    whole = verb(
        verbs,
        "serve",
        serve,
        text="Run everything on this machine: web, worker, mail listener.",
        needs=Needs.DATABASE,
    )
    whole.add_argument("--demo", action="store_true", help="fill an empty installation with the demo shop")
    verb(verbs, "web", web, text="Run one web process.")
    verb(verbs, "worker", worker, text="Run one worker process.")
    verb(verbs, "migrate", migrate, text="Bring the database up to this version.", needs=Needs.DATABASE)


def serve(arguments: argparse.Namespace) -> int:
    """The whole installation as one supervised process tree."""
    from opieka.project import supervise, upgrade

    upgrade.run()
    if arguments.demo:
        from opieka.project.demo import load

        load.fill_if_empty()
    import_module("opieka.project.asgi")  # loaded once for all children
    import_module("uvicorn")
    return supervise.run()


def web(arguments: argparse.Namespace) -> int:
    """One web process."""
    import uvicorn
    from django.conf import settings

    uvicorn.run(
        "opieka.project.asgi:application",
        factory=True,
        host=settings.OPIEKA.host,
        port=settings.OPIEKA.port,
        log_level="warning",
        timeout_graceful_shutdown=3,
        proxy_headers=settings.OPIEKA.trusted_proxy,
        server_header=False,
    )
    return 0


def worker(arguments: argparse.Namespace) -> int:
    """One worker process."""
    from django.conf import settings

    from opieka.project import work

    work.run(settings.OPIEKA.worker_concurrency)
    return 0


def migrate(arguments: argparse.Namespace) -> int:
    """Migrations, then places in the log for new reactions."""
    from opieka.project import upgrade

    upgrade.run()
    return 0
