"""Everything that is stored, as text: every column of every table Django knows."""

from __future__ import annotations

import contextlib
import re
import zlib
from collections.abc import Collection, Iterator

from django.apps import apps
from django.db import connection, models

_SILENT = (
    models.AutoField, models.IntegerField, models.BooleanField, models.DateTimeField, models.DateField,
    models.FloatField, models.UUIDField, models.ForeignKey, models.OneToOneField,
)  # fmt: skip
"""Kinds of columns that hold no words. Whatever is not named here is read."""


def columns() -> Iterator[tuple[str, str]]:
    """(table, column) of everything that could hold words."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if not isinstance(field, _SILENT):
                yield model._meta.db_table, str(field.column)


def found(needles: Collection[str]) -> list[str]:
    """Where one of these words is stored, whatever the case: "table.column: word"."""
    return [
        f"{table}.{column}: {needle}"
        for table, column in columns()
        for text in _texts(table, column)
        for needle in needles
        if needle.casefold() in text
    ]


def _texts(table: str, column: str) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(f'select "{column}" from "{table}" where "{column}" is not null')
        for (value,) in cursor.fetchall():
            yield from _readings(value)


def _readings(value: object) -> Iterator[str]:
    """A value as text: bytes also unpacked, escapes also read."""
    texts = [str(value)]
    if isinstance(value, memoryview | bytes):
        data = bytes(value)
        texts = [data.decode(errors="replace")]
        with contextlib.suppress(zlib.error):
            texts.append(zlib.decompress(data).decode(errors="replace"))
    for text in texts:
        yield text.casefold()
        if "\\u" in text:
            yield re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text).casefold()
