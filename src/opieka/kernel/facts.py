"""Facts: what a domain announces, as frozen dataclasses of ids, numbers and codes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, ClassVar

import msgspec


class Stage(StrEnum):
    """Where in the customer's journey something happened."""

    NEED = "need"
    SEARCH = "search"
    COMPARE = "compare"
    BUY = "buy"
    DELIVER = "deliver"
    USE = "use"
    RESOLVE = "resolve"
    RETURN = "return"
    STAY = "stay"


_registry: dict[str, type[Fact]] = {}


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Base of all facts. A subclass is named in the past tense and holds no personal text.

    A fact is stored for ever: a field is never renamed or removed, and a new one has a default.
    """

    stage: ClassVar[Stage]

    def __init_subclass__(cls, *, abstract: bool = False) -> None:
        """`abstract` bases only share fields: they are never announced."""
        if abstract:
            return
        known = _registry.setdefault(cls.__name__, cls)
        if known.__module__ != cls.__module__:
            raise TypeError(f"two facts are called {cls.__name__}: {known.__module__} and {cls.__module__}")

    @property
    def kind(self) -> str:
        return type(self).__name__


def registered() -> dict[str, type[Fact]]:
    """Every known fact by its kind."""
    return dict(_registry)


def dump(fact: Fact) -> dict[str, Any]:
    """The fact as JSON-ready data."""
    return {field.name: msgspec.to_builtins(getattr(fact, field.name)) for field in fields(fact)}


def load(kind: str, data: dict[str, Any]) -> Fact:
    """The fact stored as `kind` and `data`; KeyError when no module announces that kind."""
    return msgspec.convert(data, _registry[kind])


def decoded(data: str | dict[str, Any]) -> dict[str, Any]:
    """Stored data as a dictionary, whether the database driver has read the JSON already or not."""
    return msgspec.json.decode(data, type=dict[str, Any]) if isinstance(data, str) else data
