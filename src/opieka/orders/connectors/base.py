"""What a connector is: data about a source of orders, pure functions that map its words, and a client that
asks it.

Differences between sources are `Capabilities`; nothing outside a connector's folder knows its name. Mapping
never raises for a word it does not know: it answers UNKNOWN and adds a `Notice` that a person sees.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from http import HTTPStatus
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

import httpx

from opieka.catalogue.types import ProductSnapshot
from opieka.kernel import outbound
from opieka.kernel.money import Money
from opieka.orders.connectors.changing import Canceller, Discounter
from opieka.orders.types import Notice, NoticeKind, OrderPart, OrderSnapshot

Json = dict[str, Any]
Word = TypeVar("Word")

REFUSALS = {400: "bad_request", 401: "bad_credentials", 403: "not_allowed", 404: "not_found"}
LARGEST = 10**15
LARGEST_NUMBER = 10**9
BATCH = 1000
"""How many orders of a file are mapped and applied at once."""


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What a source can do. `credentials` are the fields a shop fills in, in the order to ask for them."""

    webhooks: bool = False
    backfill: bool = False
    files: bool = False
    signature_header: str = ""
    topic_header: str = ""
    delivery_header: str = ""
    credentials: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a mapping needs where its source is silent: the shop's zone and currency, the data's age."""

    zone: tzinfo = UTC
    currency: str = ""
    as_of: datetime = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one delivery, page or batch said. `withdrawn` are external ids of products no longer sold."""

    orders: tuple[OrderSnapshot | OrderPart, ...] = ()
    products: tuple[ProductSnapshot, ...] = ()
    withdrawn: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    disconnected: bool = False


@dataclass(frozen=True, kw_only=True)
class Source:
    """An opened file or folder: how many orders it holds, and its content in batches."""

    total: int
    readings: Iterator[Reading]


@dataclass(frozen=True, kw_only=True)
class Page:
    """One answer of a source. `cursor` continues after it, empty at the end; `total` may not be told."""

    reading: Reading
    cursor: str = ""
    total: int | None = None


class Client(Protocol):
    """Asks a source over the network, page by page; raises `Refused` when it gets no for an answer."""

    def orders(self, cursor: str, *, since: datetime | None) -> Page:
        """The page of orders after `cursor` ("" for the first), only those changed since `since`."""

    def products(self, cursor: str) -> Page:
        """The page of products after `cursor` ("" for the first)."""


@dataclass(frozen=True, kw_only=True)
class Connector:
    """One source of orders. `source` names its ids: two connectors that read the same ids share it."""

    name: str
    source: str
    capabilities: Capabilities
    read: Callable[[str, bytes, Context], Reading] | None = None
    open: Callable[[Path, Context], Source] | None = None
    connect: Callable[[Mapping[str, str], Context, httpx.Client], Client] | None = None
    canceller: Callable[[Mapping[str, str], Context, httpx.Client], Canceller] | None = None
    discounter: Callable[[Mapping[str, str], Context, httpx.Client], Discounter] | None = None
    is_ping: Callable[[bytes], bool] = lambda raw: False


class Refused(Exception):
    """The source answered, and the answer was no. `reason` is a code, `detail` the source's own words."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail = reason, detail


class Unreadable(Exception):
    """A document lacks what an order must have, or has nonsense there."""

    def __init__(self, where: str, value: object = "") -> None:
        self.where, self.value = where, clean(str(value))[:100]
        super().__init__(f"{where}: {self.value}" if self.value else where)


@dataclass
class Words:
    """Translates a source's words by a table and remembers those it did not know."""

    notices: list[Notice] = field(default_factory=list)

    def look_up(self, table: Mapping[str, Word], word: str, *, where: str, unknown: Word) -> Word:
        found = table.get(word.strip().casefold())
        if found is None:
            self.notices.append(Notice(kind=NoticeKind.UNKNOWN_WORD, where=where, value=word[:100]))
            return unknown
        return found


def origin(typed: str, *, suffix: str = "") -> str:
    """The address a shop typed in, as one to put paths behind; `suffix` completes a bare name.

    Plain http would show the keys to everybody on the way: it is `Refused`, except inside the installation.
    """
    parts = urlsplit(typed.strip() if "://" in typed else f"https://{typed.strip()}")
    host = parts.netloc if "." in parts.netloc or ":" in parts.netloc else parts.netloc + suffix
    if not host or parts.scheme not in {"http", "https"}:
        raise Refused("bad_address", typed)
    if parts.scheme == "http" and not outbound.internal(parts.hostname or ""):
        raise Refused("needs_https", typed)
    return f"{parts.scheme}://{host}{parts.path.rstrip('/')}"


def ask(client: httpx.Client, url: str, **options: Any) -> httpx.Response:
    """The answer to a GET; `Refused` says in a code why there is none. Waiting is `outbound.fetch`'s."""
    try:
        response = outbound.fetch(client, url, **options)
    except httpx.HTTPError as error:
        raise Refused("unreachable", str(error)) from error
    return _granted(response)


def tell(client: httpx.Client, method: str, url: str, **options: Any) -> httpx.Response:
    """The answer to a request that changes something, which is sent once; `Refused` and `outbound.Busy`.

    After "unreachable" nobody knows whether it was done.
    """
    try:
        response = client.request(method, url, **options)
    except httpx.HTTPError as error:
        raise Refused("unreachable", str(error)) from error
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        raise outbound.Busy(outbound.asked_to_wait(response, default=30))
    return _granted(response)


def _granted(response: httpx.Response) -> httpx.Response:
    if response.is_redirect:
        raise Refused("moved", response.headers.get("location", ""))
    if response.status_code in REFUSALS:
        raise Refused(REFUSALS[response.status_code], response.text[:200])
    if not response.is_success:
        raise Refused("answer", f"{response.status_code} {response.text[:200]}")
    return response


def body(response: httpx.Response) -> Any:
    """The JSON of an answer; `Refused` when it is none (a login page, a firewall's words)."""
    try:
        return response.json()
    except ValueError as error:
        raise Refused("not_json", response.text[:200]) from error


def signature_holds(header: str, raw: bytes, secret: str) -> bool:
    """Whether `header` is base64(HMAC-SHA256(secret, raw)); no secret, no trust. Constant time."""
    if not secret:
        return False
    try:
        given = base64.b64decode(header.strip(), validate=True)
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(given, hmac.new(secret.encode(), raw, hashlib.sha256).digest())


def documents(raw: bytes, key: str) -> list[Any]:
    """The documents in a JSON file: a list, `{"orders": [...]}` for key "order", one object, or one per line.

    Raises `Unreadable` when it is none of these.
    """
    text = raw.decode("utf-8-sig", errors="replace")
    try:
        found = json.loads(text)
    except ValueError as error:
        found = _lines(text, error)
    if isinstance(found, dict):
        found = found.get(f"{key}s", found.get(key, found))
    return found if isinstance(found, list) else [found]


def _lines(text: str, error: ValueError) -> list[Any]:
    rows = [line for line in text.splitlines() if line.strip()]
    try:
        return [json.loads(line) for line in rows] if len(rows) > 1 else _refuse(error)
    except ValueError:
        return _refuse(error)


def _refuse(error: ValueError) -> list[Any]:
    raise Unreadable("json", error)


def gather(
    found: Iterable[Any],
    read: Callable[[Json, Words], OrderSnapshot | None],
    *,
    where: Callable[[Any], str] | None = None,
    first: int = 1,
) -> Reading:
    """Map each document; one that cannot be an order becomes a notice and does not stop the rest.

    `where` names a document in its notice; without it documents are numbered from `first`.
    """
    words, orders = Words(), []
    for position, document in enumerate(found, first):
        try:
            order = read(mapping(document, "document"), words)
        except Unreadable as problem:
            place = where(document) if where else str(position)
            words.notices.append(
                Notice(kind=NoticeKind.REFUSED, where=f"{place}: {problem.where}", value=problem.value)
            )
        else:
            if order is not None:
                orders.append(order)
    return Reading(orders=tuple(orders), notices=tuple(words.notices))


def batched(
    found: list[Any],
    read: Callable[[Json, Words], OrderSnapshot | None],
    *,
    where: Callable[[Any], str] | None = None,
) -> Source:
    """A file's documents as a source, mapped batch by batch while they are taken."""
    starts = range(0, len(found), BATCH)
    readings = (gather(found[at : at + BATCH], read, where=where, first=at + 1) for at in starts)
    return Source(total=len(found), readings=readings)


def text(data: Mapping[str, Any], *path: str) -> str:
    """The text at a path of keys; "" when something on the way is absent, null or not text."""
    here: Any = data
    for key in path:
        here = here.get(key) if isinstance(here, Mapping) else None
    if here is None or isinstance(here, Mapping | list | bool):
        return ""
    return clean(str(here))


def clean(found: str) -> str:
    """Text as the database can hold it: trimmed, without NUL, half surrogate pairs shown as "?"."""
    return found.replace("\0", "").encode("utf-8", "replace").decode().strip()


def mapping(value: Any, where: str) -> Json:
    """`value` as an object; `Unreadable` when it is none."""
    if not isinstance(value, dict):
        raise Unreadable(where, value)
    return value


def objects(data: Mapping[str, Any], key: str) -> list[Json]:
    """The objects listed under `key`; whatever else stands there is passed over."""
    listed = data.get(key)
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []


def strings(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """The texts under `key`, which may be a list or a single one; blanks are left out."""
    found = data.get(key)
    listed = found if isinstance(found, list) else [found]
    texts = (clean(str(item)) for item in listed if isinstance(item, str | int))
    return tuple(item for item in texts if item)


def required(data: Mapping[str, Any], *keys: str) -> str:
    """The first of `keys` that holds text; `Unreadable` when none does."""
    for key in keys:
        if found := text(data, key):
            return found
    raise Unreadable(keys[0])


def currency(data: Mapping[str, Any], default: str = "") -> str:
    """The ISO 4217 code under `currency`, or `default`; `Unreadable` when it is no code."""
    found = (text(data, "currency") or default).upper()
    if not re.fullmatch("[A-Z]{3}", found):
        raise Unreadable("currency", found)
    return found


def minor(data: Mapping[str, Any], key: str, code: str) -> int:
    """The decimal amount under `key` in minor units of currency `code`; absent counts as nothing."""
    found = text(data, key)
    try:
        amount = Money.parse(found or "0", code).amount
    except ValueError as error:
        raise Unreadable(key, found) from error
    if abs(amount) > LARGEST:
        raise Unreadable(key, found)
    return amount


def whole(data: Mapping[str, Any], key: str, *, default: int = 0) -> int:
    """The whole number under `key`."""
    found = text(data, key)
    try:
        number = int(float(found)) if found else default
    except (ValueError, OverflowError) as error:
        raise Unreadable(key, found) from error
    if abs(number) > LARGEST_NUMBER:
        raise Unreadable(key, found)
    return number


def moment(data: Mapping[str, Any], key: str, zone: tzinfo = UTC) -> datetime | None:
    """The ISO 8601 moment under `key` in UTC; one without an offset is read in `zone`."""
    found = text(data, key)
    if not found or found.startswith("0000"):
        return None
    try:
        at = datetime.fromisoformat(found)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Unreadable(key, found) from error


def last_of_day(midnight: datetime | None, zone: tzinfo) -> datetime | None:
    """The last second of the day that begins at `midnight` in `zone`: a promised day is kept until it is over."""
    if midnight is None:
        return None
    return midnight.astimezone(zone).replace(hour=23, minute=59, second=59).astimezone(UTC)


def present(*candidates: datetime | None) -> datetime | None:
    """The first moment that is told."""
    return next((at for at in candidates if at is not None), None)
