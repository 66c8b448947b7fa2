"""What every test can ask for. The embedded PostgreSQL starts before Django reads its settings."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import django
import hypothesis
import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker

from opieka.project import assets, database

if TYPE_CHECKING:
    from opieka.orders.connectors.memory.client import Shelf

ROOT = Path(__file__).parent.parent
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "'2GB'"}
SHARED = Path(os.environ.get("OPIEKA_SHARED") or ROOT.parent / "shared")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

# The parts of the suite that need something of the machine: is it there, and what is missing otherwise?
PARTS = {
    "browser": (CHROMIUM is not None, "no Chromium on this machine"),
    "dovecot": (Path("/usr/sbin/dovecot").exists(), "no Dovecot on this machine"),
    "kannel": (
        Path("/usr/lib/kannel/test/fakesmsc").exists(),
        "no Kannel with its test tools on this machine",
    ),
    "postgres": ("OPIEKA_TEST_DATABASE_URL" in os.environ, "no server in OPIEKA_TEST_DATABASE_URL"),
    "shared": ((SHARED / "fixtures").is_dir(), "no folder of real material (OPIEKA_SHARED)"),
}

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
assets.collect()
settings.PASSWORD_HASHERS = ["tests.passwords.QuickHasher"]

# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, by name, what this machine cannot run; with OPIEKA_TEST_REQUIRE=all that is a failure instead."""
    required = os.environ.get("OPIEKA_TEST_REQUIRE") == "all"
    for item in items:
        for part, (there, reason) in PARTS.items():
            if item.get_closest_marker(part) and not there:
                if required:
                    pytest.exit(f"OPIEKA_TEST_REQUIRE=all, but for the part “{part}”: {reason}", returncode=4)
                item.add_marker(pytest.mark.skip(reason=f"part “{part}”: {reason}"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the parts that did not run."""
    for part, (there, reason) in PARTS.items():
        if not there:
            terminalreporter.write_line(f"Part “{part}” was skipped: {reason}.", yellow=True)


@pytest.fixture(scope="session", autouse=True)
def _emptied_quickly() -> Iterator[None]:
    from tests import emptying

    with pytest.MonkeyPatch.context() as patch:
        emptying.install(patch)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Every process's database begins as a copy of the migrated one."""
    from django.db import connection

    from tests import template

    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = template.name()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real material beside the checkout; its tests carry the marker `shared`."""
    return SHARED


@pytest.fixture
def noon() -> Iterator[datetime]:
    """The clock stands still on a Monday at noon."""
    from opieka.kernel import clock

    at = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    with clock.fixed(at):
        yield at


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    """A shop system in memory, by the name “las”."""
    from opieka.orders.connectors.memory import client

    client.SHELVES["las"] = client.Shelf()
    yield client.SHELVES["las"]
    del client.SHELVES["las"]
