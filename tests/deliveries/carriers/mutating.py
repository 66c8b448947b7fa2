"""Recorded documents turned round, spoiled, and written in codes nobody knows; JSON and XML alike."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from lxml import etree

JUNK: list[Any] = [
    *(None, True, 0, -1, 1e300, "", "junk", "9999-99-99", "0001-01-01T00:00:00+14:00"),
    *([], {}, [[]], [None]),
]
WORDS = ["", "junk", "-1", "9999-99-99", "0001-01-01T00:00:00+14:00", "1e300"]


def turned(path: Path) -> bytes:
    """Every list in it the other way round."""
    if path.suffix == ".json":
        return json.dumps(_reversed(json.loads(path.read_bytes()))).encode()
    root = etree.fromstring(path.read_bytes())
    for found in list(root.iter()):
        found[:] = reversed(found)
    return _bytes(root)


def spoiled(path: Path, data: st.DataObject) -> bytes:
    """With junk in one to three places."""
    times = data.draw(st.integers(1, 3))
    if path.suffix == ".json":
        document = json.loads(path.read_bytes())
        for _ in range(times):
            place = data.draw(st.sampled_from(list(_places(document))))
            document = _replaced(document, place, data.draw(st.sampled_from(JUNK)))
        return json.dumps(document).encode()
    root = etree.fromstring(path.read_bytes())
    for _ in range(times):
        found = data.draw(st.sampled_from(list(root.iter())))
        found[:] = []
        found.text = data.draw(st.sampled_from(WORDS))
    return _bytes(root)


def with_unknown_codes(path: Path, table: Container[str]) -> bytes:
    """With every text that is a code of the table made one that is none."""
    if path.suffix == ".json":
        return json.dumps(_unknown(json.loads(path.read_bytes()), table)).encode()
    root = etree.fromstring(path.read_bytes())
    for found in root.iter():
        found.text = _unknown(found.text, table)
    return _bytes(root)


def _bytes(root: Any) -> bytes:
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


def _reversed(value: Any) -> Any:
    if isinstance(value, list):
        return [_reversed(item) for item in reversed(value)]
    if isinstance(value, dict):
        return {key: _reversed(item) for key, item in value.items()}
    return value


def _places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document, the whole of it first."""
    yield place
    children: Any = ()
    if isinstance(value, dict):
        children = value.items()
    elif isinstance(value, list):
        children = enumerate(value)
    for key, child in children:
        yield from _places(child, (*place, key))


def _replaced(value: Any, place: tuple[Any, ...], junk: Any) -> Any:
    if not place:
        return junk
    key, *rest = place
    if isinstance(value, dict):
        return {**value, key: _replaced(value[key], tuple(rest), junk)}
    return [_replaced(item, tuple(rest), junk) if at == key else item for at, item in enumerate(value)]


def _unknown(value: Any, table: Container[str]) -> Any:
    if isinstance(value, dict):
        return {key: _unknown(item, table) for key, item in value.items()}
    if isinstance(value, list):
        return [_unknown(item, table) for item in value]
    if not isinstance(value, str):
        return value
    code = value.strip().casefold()
    return f"?{value}?" if code in table or code.partition("_")[0] in table else value
