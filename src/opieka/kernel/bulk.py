"""Writing many rows at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from operator import attrgetter
from typing import Any

import msgspec
from django.db import connection, models

FEW, MANY = 50, 1000


def insert(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model and give ids to those without; many go by COPY, which is five times as fast.

    There must be no row with the same unique values. Columns the model does not know get their defaults.
    """
    if not rows:
        return
    model = type(rows[0])
    if len(rows) < FEW:
        model._default_manager.bulk_create(rows)
        return
    unnumbered = [row for row in rows if row.pk is None]
    for row, number in zip(unnumbered, new_ids(model, len(unnumbered)), strict=True):
        row.pk = number
    fields = model._meta.concrete_fields
    values = zip(*(_column(field, rows) for field in fields), strict=True)
    _copy(model, [str(field.column) for field in fields], values)


def insert_values(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> list[int]:
    """Insert rows of plain values (JSON as text) into some columns of a model's table; returns their ids in order."""
    ids = new_ids(model, len(rows))
    _copy(model, ["id", *columns], ((number, *row) for number, row in zip(ids, rows, strict=True)))
    return ids


def _copy(model: type[models.Model], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    with connection.cursor() as cursor, cursor.copy(f"copy {table} ({names}) from stdin") as copy:
        for row in rows:
            copy.write_row(row)


def save(rows: Sequence[models.Model], *, unique: Sequence[str], keep: Collection[str] = ()) -> None:
    """Insert the rows of one model that have no id yet, overwrite the others, found by their `unique` fields.

    Columns named in `keep` are left as they are. Whoever calls this holds a lock that keeps others from inserting
    the same rows.
    """
    known = [row for row in rows if row.pk is not None]
    insert([row for row in rows if row.pk is None])
    if not known:
        return
    model = type(known[0])
    fixed = {"id", *unique, *keep}
    model._default_manager.bulk_create(
        known,
        batch_size=MANY,
        update_conflicts=True,
        unique_fields=unique,
        update_fields=[field.name for field in model._meta.concrete_fields if field.name not in fixed],
    )


def update(rows: Sequence[models.Model], columns: Sequence[str]) -> None:
    """Overwrite some columns (by their field's `attname`, no arrays) of rows of one model that have ids; one
    statement per thousand."""
    if not rows:
        return
    meta = type(rows[0])._meta
    fields = [field for field in meta.concrete_fields if field.attname in set(columns)]
    kinds = [str(field.rel_db_type(connection)).split("(")[0] for field in fields]
    quote = connection.ops.quote_name
    assigned = ", ".join(f"{quote(str(field.column))} = new.c{at}" for at, field in enumerate(fields))
    named = ", ".join(["id", *(f"c{at}" for at in range(len(fields)))])
    given = ", ".join(["%s::bigint[]", *(f"%s::{kind}[]" for kind in kinds)])
    statement = (
        f"update {quote(meta.db_table)} old set {assigned} from unnest({given}) as new ({named}) "  # noqa: S608  # only names of our own columns are put in
        "where old.id = new.id"
    )
    with connection.cursor() as cursor:
        for start in range(0, len(rows), MANY):
            some = rows[start : start + MANY]
            values = [list(_column(field, some)) for field in fields]
            cursor.execute(statement, [[row.pk for row in some], *values])


def new_ids(model: type[models.Model], count: int) -> list[int]:
    """Ids for rows of one model that refer to each other before they are stored."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "select nextval((select pg_get_serial_sequence(%s, 'id')::regclass)) from generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [number for (number,) in cursor.fetchall()]


def _column(field: models.Field[Any, Any], rows: Sequence[models.Model]) -> Any:
    """The values of one column; JSON as text."""
    found = map(attrgetter(field.attname), rows)
    return map(json_text, found) if isinstance(field, models.JSONField) else found


def json_text(value: Any) -> str:
    """A value as JSON; dataclasses, dates and enums too."""
    return msgspec.json.encode(value).decode()
