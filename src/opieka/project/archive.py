"""Backup and restore: one file with the database and the installation's key."""

from __future__ import annotations

import io
import json
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db import connection
from rich.console import Console

from opieka.project import upgrade
from opieka.project.privacy import repeating
from opieka.timeline import commands as timeline

FORMAT = 1


def save(file: Path) -> None:
    """Write the backup; it appears under its name only when it is whole."""
    partial = file.with_name(f".{file.name}.partial")
    with Console(stderr=True).status("Saving the database..."), tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "database"
        _run("pg_dump", "--format=custom", f"--file={dump}", f"--dbname={settings.OPIEKA.database_url}")
        with tarfile.open(partial, "w") as archive:
            os.chmod(partial, 0o600)
            archive.add(dump, "database")
            _add(archive, "secret.key", settings.SECRET_KEY)
            _add(archive, "manifest.json", json.dumps({"format": FORMAT}))
    partial.replace(file)


def load(file: Path, *, replace: bool, erasures: Sequence[Path] = ()) -> int:
    """Restore a backup; refuses a file that is none, and an installation that has shops unless told to replace.

    Who was erased since, as told by the database thrown away and by lists kept apart, is erased again; returns
    how many came back. No worker may run meanwhile.
    """
    gone = [*repeating.known(), *(one for path in erasures for one in repeating.read(path))]
    with tempfile.TemporaryDirectory() as folder:
        _unpack(file, Path(folder))
        if not replace and _has_shops():
            raise SystemExit("There are shops here already. Add --replace to throw them away.")
        connection.close()
        with Console(stderr=True).status("Restoring the database..."):
            _run(
                "pg_restore",
                "--clean",
                "--if-exists",
                "--no-owner",
                "--single-transaction",
                f"--dbname={settings.OPIEKA.database_url}",
                str(Path(folder) / "database"),
            )
        _keep_key((Path(folder) / "secret.key").read_text())
    timeline.rebase()
    upgrade.run()
    return repeating.erase_again(gone)


def _unpack(file: Path, folder: Path) -> None:
    try:
        with tarfile.open(file) as archive:
            archive.extractall(folder, filter="data")
        format_ = json.loads((folder / "manifest.json").read_text())["format"]
    except (OSError, tarfile.TarError, ValueError, KeyError) as error:
        raise SystemExit(f"{file} is no backup of Opieka: {error}") from error
    if format_ != FORMAT:
        raise SystemExit(
            f"{file} was written by another version (format {format_}); restore it with that one."
        )


def _has_shops() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('shops_shop') is not null")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("select exists(select 1 from shops_shop)")
        return bool(cursor.fetchone()[0])


def _keep_key(key: str) -> None:
    if key == settings.SECRET_KEY:
        return
    if os.environ.get("OPIEKA_SECRET_KEY"):
        raise SystemExit(
            "The data is restored, but OPIEKA_SECRET_KEY is not the key it was saved under: stored passwords"
            " of mailboxes cannot be read. Set the old key."
        )
    path = settings.OPIEKA.data / "secret.key"
    path.write_text(key)
    path.chmod(0o600)


def _add(archive: tarfile.TarFile, name: str, text: str) -> None:
    entry = tarfile.TarInfo(name)
    data = text.encode()
    entry.size = len(data)
    entry.mode = 0o600
    archive.addfile(entry, io.BytesIO(data))


def _run(program: str, *arguments: str) -> None:
    """One of PostgreSQL's programs, of the package that also brings the embedded server."""
    from opieka.project import database

    command = [database.program(program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # our own words
    if done.returncode:
        raise SystemExit(f"{program} failed: {done.stderr.strip()}")
