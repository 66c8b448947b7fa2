"""The embedded PostgreSQL: several processes share it, the last one stops it, a killed one is no trouble."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg

from opieka.project import database

HOLDER = """
import sys
from pathlib import Path
from opieka.project import database
print(database.start_embedded(Path(sys.argv[1])), flush=True)
sys.stdin.readline()
"""


def hold(data: Path, **environment: str) -> tuple[subprocess.Popen[str], str]:
    """A process that uses the server until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def leave(process: subprocess.Popen[str]) -> None:
    process.communicate("\n", timeout=30)


def is_up(address: str) -> bool:
    try:
        psycopg.connect(address, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def test_processes_share_the_server_and_the_last_one_stops_it(tmp_path: Path) -> None:
    one, address = hold(tmp_path)
    two, same = hold(tmp_path)
    assert address == same
    leave(one)
    assert is_up(address)
    leave(two)
    assert not is_up(address)


def test_what_another_user_keeps_in_the_common_folder_does_not_matter(tmp_path: Path) -> None:
    common = tmp_path / "tmp"
    (common / ".lockfile").mkdir(parents=True)  # cannot be opened for writing, like somebody else's file
    holder, address = hold(tmp_path / "data", TMPDIR=str(common), XDG_RUNTIME_DIR=str(tmp_path / "none"))
    assert is_up(address)
    leave(holder)
    assert not is_up(address)


def test_killed_processes_leave_nothing_that_troubles_the_next(tmp_path: Path) -> None:
    holder, address = hold(tmp_path)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("create table kept (n int)")
        postmaster = int((tmp_path / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    holder.kill()
    holder.communicate()
    os.kill(postmaster, signal.SIGKILL)
    again, address = hold(tmp_path)
    with psycopg.connect(address) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (0,)
    leave(again)


def test_an_address_and_its_django_description_are_inverses() -> None:
    url = "postgresql://ola:s3cret@db.example.com:5433/care?sslmode=require"
    described = database.django_settings(url)
    assert described["NAME"] == "care"
    assert described["OPTIONS"] == {"sslmode": "require"}
    assert psycopg.conninfo.conninfo_to_dict(database.address(described)) == {
        "dbname": "care", "user": "ola", "password": "s3cret", "host": "db.example.com", "port": "5433",
        "sslmode": "require",
    }  # fmt: skip
