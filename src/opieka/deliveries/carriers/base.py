"""What a carrier is: data about it, pure functions that map its words, and requests that ask it.

Differences between carriers are `Capabilities`; nothing outside a carrier's folder knows its name. Mapping never
raises for a word it does not know: the report keeps stage UNKNOWN and a `Notice` tells a person. Aggregators and the
warehouse intake are carriers of this kind too: they answer `Tracking` of other carriers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Protocol

import httpx

from opieka.deliveries.types import Notice, Tracking


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What a carrier's interface can do. `credentials` are the fields a shop fills in, in the order to ask for them.

    `batch` is how many numbers one question may hold. A webhook with `hint_only` is not proof (it is unsigned): what
    it names is asked for again. `numbers` are patterns a tracking number of this carrier matches in full, most telling
    first; several carriers may share one.
    """

    polling: bool = False
    webhooks: bool = False
    hint_only: bool = False
    batch: int = 1
    credentials: tuple[str, ...] = ()
    optional_credentials: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    aggregator: bool = False


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a mapping needs where its source is silent: the carrier's local zone."""

    zone: tzinfo = UTC


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one webhook, answer or file said. `hints` are numbers to ask the carrier about again."""

    tracked: tuple[Tracking, ...] = ()
    notices: tuple[Notice, ...] = ()
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """A webhook as it came: header names in lower case, the raw body, the sender's address."""

    raw: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    remote: str = ""


class Client(Protocol):
    """Asks a carrier over the network; raises `Refused` when it gets no for an answer."""

    def track(self, numbers: tuple[str, ...]) -> Reading:
        """What the carrier knows of these numbers; one it does not know (yet) is absent."""


@dataclass(frozen=True, kw_only=True)
class Carrier:
    """One carrier, aggregator or warehouse. `page` is its public tracking page, `{number}` where the number goes.

    `read` maps a body (pure); `genuine` says whether a webhook is authentic, on its raw bytes and failing closed
    when no secret is set; `delivery_id` is the sender's own number for a webhook, the same when it is sent again
    ("" for none).
    """

    name: str
    title: str
    capabilities: Capabilities
    zone: str = "UTC"
    page: str = ""
    read: Callable[[bytes, Context], Reading] | None = None
    genuine: Callable[[Delivered, Mapping[str, str]], bool] | None = None
    delivery_id: Callable[[Delivered], str] = lambda delivered: ""
    connect: Callable[[Mapping[str, str], Context, httpx.Client], Client] | None = None


class Refused(Exception):
    """The carrier answered, and the answer was no. `reason` is a code, `detail` its own words."""

    def __init__(self, reason: str, detail: str = "", *, retry_after: datetime | None = None) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail, self.retry_after = reason, detail, retry_after


class Unreadable(Exception):
    """A document is none of this carrier's."""

    def __init__(self, where: str, value: object = "") -> None:
        self.where, self.value = where, str(value)[:100]
        super().__init__(f"{where}: {self.value}" if self.value else where)
