"""Filling in what is written to customers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

PLACEHOLDERS = (
    "order",
    "shop",
    "carrier",
    "place",
    "until",
    "when",
    "expected",
    "tracking",
    "proof",
    "code",
    "page",
)
_PLACEHOLDER = re.compile(r"\{\{\s*([a-z_]*)\s*\}\}")
_GAPS = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Letter:
    """What is written, ready to be sent."""

    subject: str
    text: str


def unknown(text: str) -> list[str]:
    """The placeholders in a text that there are not."""
    return [name for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDERS]


def letter(template: str, values: Mapping[str, str]) -> Letter:
    """A template filled in; its first line is the subject. A line of which something is not known is left out."""
    subject, _, text = template.strip().partition("\n")
    lines = (_filled(line, values) for line in text.split("\n"))
    written = "\n".join(line for line in lines if line is not None)
    return Letter(" ".join((_filled(subject, values) or "").split()), _GAPS.sub("\n\n", written).strip())


def _filled(line: str, values: Mapping[str, str]) -> str | None:
    if not all(values.get(name) for name in _PLACEHOLDER.findall(line)):
        return None
    return _PLACEHOLDER.sub(lambda found: values[found[1]], line)
