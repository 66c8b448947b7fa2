"""The database emptied after a test that committed, in a twentieth of the time Django's TRUNCATE of every table takes.

A test leaves few rows, so they are deleted; what migrations have written (content types, permissions, the site) stays,
so nothing has to be written anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations

KEPT = {"django_content_type", "auth_permission", "django_site"}
JOBS = ("procrastinate_events", "procrastinate_periodic_defers", "procrastinate_jobs")
"""Not Django's, so its flush would leave them to the next test."""


def install(patch: pytest.MonkeyPatch) -> None:
    """Let Django's flush work like this."""
    signal = "django.core.management.commands.flush.emit_post_migrate_signal"
    patch.setattr(signal, lambda *_args, **_options: None)
    patch.setattr(DatabaseOperations, "sql_flush", _deletions)


def _deletions(
    operations: DatabaseOperations, _style: Any, tables: Sequence[str], **_options: Any
) -> list[str]:
    """Keys that point to what goes first are not looked at: everything goes."""
    rows = [f"DELETE FROM {operations.quote_name(table)}" for table in (*tables, *JOBS) if table not in KEPT]
    return ["SET LOCAL session_replication_role = replica", *rows]
