"""The mark by which an answer finds its thread: `c17.<signature>`, in our Message-IDs and reply addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

_KINDS = {"c": "conversation"}
_CODES = {name: code for code, name in _KINDS.items()}
_TAG = re.compile(r"(?:^|[.+])([a-z])([0-9]{1,18})\.([a-z2-7]{16})@", re.IGNORECASE)


def tag(thread: str, signature: str) -> str:
    """The mark of a thread ("conversation:17"); KeyError for a kind that has none."""
    kind, _, number = thread.partition(":")
    return f"{_CODES[kind]}{int(number)}.{signature}"


def read(address: str) -> Iterator[tuple[str, str]]:
    """(thread, signature) of every mark in a Message-ID or address; the signatures are not checked."""
    for found in _TAG.finditer(address):
        kind = _KINDS.get(found[1].lower())
        if kind is not None:
            yield f"{kind}:{int(found[2])}", found[3].lower()


def with_tag(address: str, mark: str) -> str:
    """`name+mark@host`."""
    local, _, host = address.rpartition("@")
    return f"{local}+{mark}@{host}"


def without_tag(address: str) -> str:
    """The mailbox itself, lower case: `name@host` of `Name+anything@host`."""
    local, _, host = address.rpartition("@")
    return f"{local.partition('+')[0] or local}@{host}".lower()
