"""What every gateway for SMS offers, and what its calls to us say."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from urllib.parse import parse_qsl

from opieka.channels.adapters.base import Sender
from opieka.channels.types import BounceKind, ProviderCard, Reported


@dataclass(frozen=True)
class Call:
    """A webhook as it came. `url` is the public address that was called, with its query; header names are small."""

    method: str
    url: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def query(self) -> str:
        """What stands behind the question mark, as it came."""
        return self.url.partition("?")[2]

    @property
    def form(self) -> list[tuple[str, str]]:
        """The fields of the body: of a form, or of a flat JSON object."""
        if "json" in self.headers.get("content-type", ""):
            read = json.loads(self.body)
            return [(str(key), str(value)) for key, value in read.items() if value is not None]
        return parse_qsl(self.body.decode(), keep_blank_values=True)

    @property
    def fields(self) -> dict[str, str]:
        """Everything that was told, in the address and in the body."""
        return dict(parse_qsl(self.query, keep_blank_values=True)) | dict(self.form if self.body else [])


@dataclass(frozen=True)
class Part:
    """Which part of a longer text this is: the sender's `reference` is the same for all `total` of them."""

    reference: str
    number: int
    total: int


@dataclass(frozen=True)
class ReceivedText:
    """A text that came in, numbers as the provider writes them. `external_id` is its id there, or ""."""

    external_id: str
    sender: str
    to: str
    text: str
    sent_at: datetime | None = None
    part: Part | None = None


@dataclass(frozen=True)
class TextReport:
    """What became of texts of ours, by our id or the provider's: a report, or that it will not arrive.

    `word` is the provider's own; `Reported.UNKNOWN` when we do not know it.
    """

    ids: frozenset[str]
    word: str
    reported: Reported = Reported.NOTHING
    bounce: BounceKind | None = None


class Gateway(Sender, Protocol):
    """One account at one provider. Reading calls needs no network; what makes no sense raises ValueError."""

    reply: tuple[str, str]
    """Content type and body by which the provider knows that a call was taken."""

    def genuine(self, call: Call) -> bool:
        """Whether the call is signed as this provider signs."""

    def texts(self, call: Call) -> Sequence[ReceivedText]:
        """The texts it hands over."""

    def reports(self, call: Call) -> Sequence[TextReport]:
        """What it tells of texts of ours."""


def told(ids: set[str], word: str, words: Mapping[str, Reported | BounceKind]) -> TextReport:
    """A report in the provider's word."""
    known = words.get(word, Reported.UNKNOWN)
    if isinstance(known, BounceKind):
        return TextReport(frozenset(ids - {""}), word, bounce=known)
    return TextReport(frozenset(ids - {""}), word, known)


def needs(card: ProviderCard, options: Mapping[str, str]) -> list[str]:
    """The keys that are missing."""
    return [key for key in card.keys if not options.get(key)]
