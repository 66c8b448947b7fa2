"""A migrated database that every test process copies: a hundred migrations run once a change, not once a process."""

from __future__ import annotations

import hashlib
import inspect
import sys
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.migrations.loader import MigrationLoader

LOCK = 7_305_019
PREFIX = "opieka_template_"


def name() -> str:
    """The name of the template for the migrations as they are; made if it is not there. Others' wait meanwhile."""
    wanted = PREFIX + _fingerprint()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        there = {row[0] for row in cursor.fetchall()}
        if wanted not in there:
            for stale in there:
                cursor.execute(f'DROP DATABASE "{stale}"')
            _make(cursor, wanted)
    return wanted


def _make(cursor: CursorWrapper, wanted: str) -> None:
    """Migrate a draft and give it its name once it is whole."""
    draft = f"{PREFIX}draft"
    cursor.execute(f'CREATE DATABASE "{draft}"')
    home = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = draft
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = home
    cursor.execute(f'ALTER DATABASE "{draft}" RENAME TO "{wanted}"')


def _fingerprint() -> str:
    found = MigrationLoader(None).disk_migrations.values()
    files = sorted(inspect.getfile(sys.modules[one.__module__]) for one in found)
    return hashlib.sha256(b"".join(Path(file).read_bytes() for file in files)).hexdigest()[:16]
