"""What every test can ask for. The embedded PostgreSQL starts before Django reads its settings."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import django
import pytest

from opieka.project import database

ROOT = Path(__file__).parent.parent
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "'2GB'"}

if "PYTEST_XDIST_WORKER" not in os.environ:
    home = (
        Path(tempfile.gettempdir())
        / f"opieka-tests-{os.getuid()}-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}"
    )
    os.environ["OPIEKA_DATA"] = str(home)
    os.environ["OPIEKA_DATABASE_URL"] = os.environ.get("OPIEKA_TEST_DATABASE_URL") or database.start_embedded(
        home, settings=FAST
    )
os.environ["OPIEKA_INTERNAL_HOSTS"] = ""
os.environ["OPIEKA_SECRET_KEY"] = "a key for tests only, never for a shop"
os.environ["DJANGO_SETTINGS_MODULE"] = "opieka.project.settings"
django.setup()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real material beside the checkout; tests that need it are skipped without it."""
    folder = Path(os.environ.get("OPIEKA_SHARED") or ROOT.parent / "shared")
    if not (folder / "fixtures").is_dir():
        pytest.skip("no folder of real material (OPIEKA_SHARED)")
    return folder


@pytest.fixture
def noon() -> Iterator[datetime]:
    """The clock stands still on a Monday at noon."""
    from opieka.kernel import clock

    at = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    with clock.fixed(at):
        yield at
