"""Message-ID, In-Reply-To and References, without angle brackets."""

from __future__ import annotations

import re

_BRACKETED = re.compile(r"<\s*([^<>]+?)\s*>")
_BLANK = re.compile(r"\s+")
_LIMIT = 200_000
_MOST = 1000


def one(value: str) -> str | None:
    """The first id of a field, as the sender wrote it; without brackets the whole value."""
    if found := _BRACKETED.search(value[:_LIMIT]):
        return _BLANK.sub("", found[1])
    return _BLANK.sub("", value[:_LIMIT]).strip("<>,;") or None


def every(value: str) -> tuple[str, ...]:
    """All ids of a field in order, each once; words around them are dropped."""
    text = value[:_LIMIT]
    found = [_BLANK.sub("", inside) for inside in _BRACKETED.findall(text)]
    if not found:
        found = [word.strip("<>,;\"'") for word in text.split() if "@" in word]
    return tuple(dict.fromkeys(found))[:_MOST]
