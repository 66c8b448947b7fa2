"""Bring the database up to the version of the code."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from rich.console import Console

from opieka.project import database
from opieka.timeline import reacting

LOCK = 7_301_001


def run() -> None:
    """Migrate, one process at a time; then give new reactions their place in the log."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [LOCK])
        try:
            if pending():
                with Console(stderr=True).status("Bringing the database up to date..."):
                    call_command("migrate", interactive=False, verbosity=0)
            reacting.begin()
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [LOCK])


def ensure() -> None:
    """Run now where the database is the embedded one; elsewhere say that somebody has to."""
    if not pending():
        return
    if not database.holds(settings.OPIEKA.data):
        raise SystemExit("The database is older than the program. Run: opieka migrate")
    run()


def pending() -> bool:
    """Whether there are migrations this database has not seen."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
