"""`type/subtype; name=value` fields: Content-Type and Content-Disposition, RFC 2231 and how it is broken."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from opieka.channels.adapters.email.mapping import charsets
from opieka.channels.adapters.email.mapping.headers import words

_NAME = re.compile(r"[\s;]*([A-Za-z0-9!#$%&'+\-^_`{|}~.]+(?:\*\d{1,4})?\*?)\s*=[ \t]*")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"(?=\s*(?:;|$|[A-Za-z0-9*-]+\s*=))', re.DOTALL)
_QUOTED_OUTER = re.compile(r'"([^;]*)"\s*(?=;|$)')
_UNESCAPE = re.compile(r'\\(["\\])')
_SECTION = re.compile(r"(.+?)\*(\d{1,4})?(\*)?")
_FREE_TEXT = {"name", "filename", "description", "title"}
_LIMIT = 20_000


def split(value: str) -> tuple[str, dict[str, str]]:
    """The lower-case first token of a structured field and its parameters, decoded, by lower-case name."""
    value = value[:_LIMIT]
    token, _, rest = value.partition(";")
    if "=" in token:
        first = re.match(r"\s*([^\s=;]*)(?=\s|$)", token)
        token, rest = (first[1], value[first.end() :]) if first else ("", value)
    return re.sub(r"\s*/\s*", "/", token.strip().lower().strip("\"' ")), _decoded(_pairs(rest))


def _pairs(rest: str) -> list[tuple[str, str]]:
    out = []
    at = 0
    while at < len(rest):
        name = _NAME.match(rest, at)
        if name is None:
            at = rest.find(";", at) + 1
            if at == 0:
                break
            continue
        raw, at = _value(rest, name.end(), name[1].lower())
        out.append((name[1].lower(), raw))
    return out


def _value(rest: str, at: int, name: str) -> tuple[str, int]:
    if rest[at : at + 1] == '"':
        found = _QUOTED.match(rest, at) or _QUOTED_OUTER.match(rest, at)
        if found:
            return _UNESCAPE.sub(r"\1", found[1]), found.end()
        close = rest.find('"', at + 1)
        if close >= 0:
            return rest[at + 1 : close], close + 1
        return rest[at + 1 :].strip(), len(rest)
    free = name.split("*", 1)[0] in _FREE_TEXT
    found = re.compile(r"[^;]*" if free else r"[^;\s]*").match(rest, at)
    end = found.end() if found else len(rest)
    return rest[at:end].strip().strip("'\"" if free else "\"'"), end


def _decoded(pairs: list[tuple[str, str]]) -> dict[str, str]:
    plain: dict[str, str] = {}
    sections: dict[str, list[tuple[int, bool, str]]] = {}
    for name, raw in pairs:
        section = _SECTION.fullmatch(name)
        if section:
            sections.setdefault(section[1], []).append(
                (int(section[2] or 0), bool(section[3]) or not section[2], raw)
            )
        else:
            plain.setdefault(name, words(raw) if "=?" in raw else raw)
    return plain | {name: _joined(parts) for name, parts in sections.items()}


def _joined(parts: list[tuple[int, bool, str]]) -> str:
    """RFC 2231: `charset'language'percent-encoded`, perhaps in numbered sections, each encoded or not."""
    charset: str | None = None
    data = b""
    for index, (_, encoded, raw) in enumerate(sorted(parts, key=lambda part: part[0])):
        value = raw
        if encoded and index == 0 and raw.count("'") >= 2:
            charset, _, value = raw.split("'", 2)
        data += unquote_to_bytes(value) if encoded else value.encode("utf-8")
    text = charsets.decode(data, charset or None)
    return words(text) if "=?" in text else text
