"""Addresses that are told of facts, and what was sent to them."""

from __future__ import annotations

from dataclasses import dataclass

from opieka.desk.pages.parts import Act, Chip, Choice, Empty, Form, Link, Pager, When
from opieka.desk.pages.settings import SettingsFrame


@dataclass(frozen=True)
class SentRow:
    """One delivery of the log. `answer` is what came back in a few words, `then` when the next attempt is."""

    kind: str
    href: str
    when: When
    state: Chip
    answer: str
    attempts: int
    then: When | None = None
    replay: Act | None = None


@dataclass(frozen=True)
class WebhookPage:
    """`desk/webhook.html`: one address with its log. `secret` is shown this once; `shown` narrows the log."""

    settings: SettingsFrame
    back: Link
    state: Chip
    facts: str
    change: Link
    acts: tuple[Act, ...]
    shown: tuple[Choice, ...]
    rows: tuple[SentRow, ...]
    empty: Empty
    trouble: str = ""
    notice: str = ""
    secret: str = ""
    pager: Pager | None = None
    replay: Form | None = None


@dataclass(frozen=True)
class AttemptRow:
    """One request. `took` is how long in words, `excerpt` how the answer begins."""

    number: int
    when: When
    took: str
    answer: Chip
    excerpt: str


@dataclass(frozen=True)
class SentPage:
    """`desk/webhook_sent.html`: one delivery. While `refresh` is an address, the page looks there for news."""

    settings: SettingsFrame
    back: Link
    state: Chip
    about: tuple[tuple[str, str], ...]
    attempts: tuple[AttemptRow, ...]
    body: str
    replay: Act | None = None
    refresh: str = ""
