"""The list of those who were erased, kept apart from the backups: a restore must not bring anybody back."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec
from django.db import connection

from opieka.customers import commands, queries
from opieka.customers.types import Erased
from opieka.kernel.actor import SYSTEM


def known() -> list[Erased]:
    """Everybody this database knows to be erased; nobody where it has no such table yet."""
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('customers_erasure') is not null")
        return queries.erasures() if cursor.fetchone()[0] else []


def write(path: Path) -> int:
    """Write the list, one line each: ids and moments, nothing that says who it was. Returns how many."""
    found = known()
    lines = b"".join(msgspec.json.encode(one) + b"\n" for one in found)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_bytes(lines)
    partial.replace(path)
    return len(found)


def read(path: Path) -> list[Erased]:
    """A list that was written; ends the program when it is none."""
    try:
        return [msgspec.json.decode(line, type=Erased) for line in path.read_bytes().splitlines()]
    except (OSError, msgspec.DecodeError) as error:
        raise SystemExit(f"{path} is no list of erasures: {error}") from error


def erase_again(gone: Iterable[Erased]) -> int:
    """Erase those who came back with a backup; returns how many. The worker does the rest when it starts."""
    return sum(commands.erase_again(one, by=SYSTEM) is not None for one in gone)
