"""What a carrier is: data about it, pure functions that map its words, and requests that ask it.

Differences between carriers are `Capabilities`; nothing outside a carrier's folder knows its name. Mapping never
raises for a word it does not know: the report keeps stage UNKNOWN and a `Notice` tells a person. Aggregators and the
warehouse intake are carriers of this kind too: they answer `Tracking` of other carriers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

import httpx

from opieka.deliveries.carriers.arranging import Arranger
from opieka.deliveries.carriers.listing import Lister
from opieka.deliveries.types import (
    Choosable,
    HandedTo,
    Leg,
    Notice,
    NoticeKind,
    ParcelStage,
    Reason,
    Tracking,
    TrackingReport,
)
from opieka.kernel import clock

Json = dict[str, Any]

REFUSALS = {
    400: "bad_request",
    401: "bad_credentials",
    403: "not_allowed",
    404: "not_found",
    422: "bad_request",
    429: "busy",
}
ACCEPT = {"Accept": "application/json"}
TOKEN_MARGIN = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What a carrier's interface can do. `credentials` are the fields a shop fills in, in the order to ask for them.

    `batch` is how many numbers one question may hold. A webhook with `hint_only` is not proof (it is unsigned): what
    it names is asked for again. `numbers` are patterns a tracking number of this carrier matches in full, most telling
    first; several carriers may share one. An `aggregator` tells of other carriers' parcels; one with `files` also reads
    documents a person uploads. `choices` are what it does for recipients, the usual first.
    """

    polling: bool = False
    webhooks: bool = False
    hint_only: bool = False
    batch: int = 1
    credentials: tuple[str, ...] = ()
    optional_credentials: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    aggregator: bool = False
    files: bool = False
    choices: tuple[Choosable, ...] = ()


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
    """Asks a carrier over the network; `Refused` when it gets no for an answer, `Unreadable` when it gets none."""

    def track(self, numbers: tuple[str, ...]) -> Reading:
        """What the carrier knows of these numbers; one it does not know (yet) is absent."""


@dataclass(frozen=True, kw_only=True)
class Carrier:
    """One carrier, aggregator or warehouse. `page` is its public tracking page, `{number}` where the number goes.
    `zone` is where its times without an offset are local, `country` (ISO 3166-1 alpha-2) the one whose holidays it
    keeps ("" for the shop's).

    `read` maps the body of a webhook or a file (pure); `genuine` says whether a webhook is authentic, on its raw
    bytes and failing closed when no secret is set; `delivery_id` is the sender's own number for a webhook, the same
    when it is sent again ("" for none). `arrange` asks for those `choices` that are asked. `list_points` asks for all
    points and lockers, where the shop has filled in `points_key` ("" when none is needed). `check` says whether a
    number's check digit holds, None for a shape that has none.
    """

    name: str
    title: str
    capabilities: Capabilities
    zone: str = "UTC"
    country: str = ""
    page: str = ""
    read: Callable[[bytes, Context], Reading] | None = None
    genuine: Callable[[Delivered, Mapping[str, str]], bool] | None = None
    delivery_id: Callable[[Delivered], str] = lambda delivered: ""
    connect: Callable[[Mapping[str, str], Context, httpx.Client], Client] | None = None
    arrange: Callable[[Mapping[str, str], Context, httpx.Client], Arranger] | None = None
    list_points: Lister | None = None
    points_key: str = ""
    check: Callable[[str], bool | None] = lambda number: None


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


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a carrier's code says of the parcel. `collect_within` counts from the report's own time."""

    stage: ParcelStage
    reason: Reason = Reason.NONE
    leg: Leg = Leg.OUTBOUND
    handed_to: HandedTo = HandedTo.UNKNOWN
    collect_within: timedelta | None = None


NO_MEANING = Meaning(ParcelStage.UNKNOWN)
ON_THE_WAY_BACK: Mapping[ParcelStage, ParcelStage] = {
    ParcelStage.ACCEPTED: ParcelStage.RETURNING,
    ParcelStage.IN_TRANSIT: ParcelStage.RETURNING,
    ParcelStage.OUT_FOR_DELIVERY: ParcelStage.RETURNING,
    ParcelStage.AWAITING_COLLECTION: ParcelStage.RETURNING,
    ParcelStage.ATTEMPT_FAILED: ParcelStage.RETURNING,
    ParcelStage.DELIVERED: ParcelStage.RETURNED,
}
"""What a report means once the parcel travels back to the sender."""


def grouped(*groups: tuple[Meaning, str]) -> Mapping[str, Meaning]:
    """A table of codes from groups of one meaning, each with its codes parted by blanks."""
    return {code: meaning for meaning, codes in groups for code in codes.split()}


@dataclass
class Notes:
    """What a person should know about a document, gathered while it is mapped."""

    notices: dict[Notice, None] = field(default_factory=dict)

    def meaning(self, table: Mapping[str, Meaning], code: str, *, where: str) -> Meaning:
        """What `code` means by a table of folded codes; one it does not hold is noted and means nothing."""
        found = table.get(code.strip().casefold())
        if found is None:
            self.note(NoticeKind.UNKNOWN_CODE, where, code)
            return NO_MEANING
        return found

    def malformed(self, problem: Unreadable) -> None:
        self.note(NoticeKind.MALFORMED, problem.where, problem.value)

    def note(self, kind: NoticeKind, where: str, value: str = "") -> None:
        self.notices[Notice(kind=kind, where=where, value=value[:100])] = None

    def reading(self, *tracked: Tracking | None, hints: tuple[str, ...] = ()) -> Reading:
        """What was tracked (None is left out), with the notices so far."""
        told = tuple(one for one in tracked if one is not None)
        return Reading(tracked=told, notices=tuple(self.notices), hints=hints)


def merged(readings: Iterable[Reading]) -> Reading:
    """Several answers as one."""
    found = list(readings)
    return Reading(
        tracked=tuple(one for reading in found for one in reading.tracked),
        notices=tuple(dict.fromkeys(one for reading in found for one in reading.notices)),
    )


def each(
    found: Iterable[Json], read: Callable[[Json], TrackingReport | None], notes: Notes
) -> tuple[TrackingReport, ...]:
    """The reports in a list of events; an event that is none becomes a notice and does not stop the rest."""
    reports = []
    for event in found:
        try:
            report = read(event)
        except Unreadable as problem:
            notes.malformed(problem)
        else:
            if report is not None:
                reports.append(report)
    return tuple(reports)


def homeward(reports: Iterable[TrackingReport]) -> tuple[TrackingReport, ...]:
    """The reports by time. After one that travels back to the sender all do: what is delivered there is returned."""
    ordered = sorted(reports, key=lambda report: (report.at, report.leg is not Leg.RETURNING_TO_SENDER))
    turned = False
    for position, report in enumerate(ordered):
        turned = turned or report.leg is Leg.RETURNING_TO_SENDER
        if turned and report.leg is not Leg.CUSTOMER_RETURN:
            stage = ON_THE_WAY_BACK.get(report.stage, report.stage)
            ordered[position] = replace(
                report, leg=Leg.RETURNING_TO_SENDER, stage=stage, handed_to=HandedTo.UNKNOWN
            )
    return tuple(ordered)


def expecting(
    reports: tuple[TrackingReport, ...], start: datetime | None, end: datetime | None
) -> tuple[TrackingReport, ...]:
    """The reports by time, the last of them with the carrier's own estimate."""
    if not reports or (start is None and end is None):
        return reports
    return (*reports[:-1], replace(reports[-1], expected_from=start, expected_to=end))


def batches(numbers: tuple[str, ...], size: int) -> list[tuple[str, ...]]:
    """The numbers in questions of at most `size`."""
    return [numbers[start : start + size] for start in range(0, len(numbers), size)]


def document(raw: bytes) -> Json:
    """The JSON object in a body; `Unreadable` when it holds none."""
    try:
        found = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Unreadable("json", error) from error
    if not isinstance(found, dict):
        raise Unreadable("json", type(found).__name__)
    return found


def text(data: Any, *path: str) -> str:
    """The text at a path of keys, trimmed; "" when something on the way is absent, null or no text."""
    for key in path:
        data = data.get(key) if isinstance(data, Mapping) else None
    if data is None or isinstance(data, Mapping | list | bool):
        return ""
    return str(data).replace("\0", "").encode("utf-8", "replace").decode().strip()


def objects(data: Any, *path: str) -> list[Json]:
    """The objects listed at a path of keys; a single object counts as a list of one, the rest is passed over."""
    for key in path:
        data = data.get(key) if isinstance(data, Mapping) else None
    if isinstance(data, dict):
        return [data]
    return [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []


def required(data: Any, *path: str) -> str:
    """The text at a path of keys; `Unreadable` when there is none."""
    if found := text(data, *path):
        return found
    raise Unreadable(".".join(path))


def moment(found: str, zone: tzinfo, where: str = "time") -> datetime:
    """An ISO 8601 moment in UTC; one without an offset is read in `zone`. `Unreadable` when it is none."""
    try:
        at = datetime.fromisoformat(found.replace(" +", "+").replace(" -", "-").replace(" Z", "Z"))
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Unreadable(where, found) from error


def perhaps(found: str, zone: tzinfo) -> datetime | None:
    """A moment as `moment` reads it, None when it is absent or none."""
    try:
        return moment(found, zone) if found else None
    except Unreadable:
        return None


def ask(http: httpx.Client, method: str, url: str, **options: Any) -> httpx.Response:
    """The answer to one request (options as for `httpx.Client.request`); `Refused` says in a code why there is none.

    It does not wait and try again: a carrier that is `busy` or `unavailable` may say when in `retry_after`.
    """
    return accepted(sent(http, method, url, **options))


def sent(http: httpx.Client, method: str, url: str, **options: Any) -> httpx.Response:
    """The response to one request, whatever it says; `Refused` when there is none."""
    try:
        return http.request(method, url, **options)
    except httpx.HTTPError as error:
        raise Refused("unreachable", str(error)) from error


def accepted(response: httpx.Response) -> httpx.Response:
    """The response when it is a yes; else `Refused` with its reason."""
    if response.is_success:
        return response
    if response.is_redirect:
        raise Refused("moved", response.headers.get("location", ""))
    reason = REFUSALS.get(response.status_code, "unavailable" if response.is_server_error else "answer")
    raise Refused(
        reason,
        f"{response.status_code} {response.text[:200]}",
        retry_after=_retry_after(response.headers.get("retry-after", "")),
    )


def answered(response: httpx.Response) -> bytes:
    """The body of an answer that is JSON; `Refused` when it is none (a login page, a firewall's words)."""
    if response.text.lstrip()[:1] not in {"{", "["}:
        raise Refused("not_json", response.text[:200])
    return response.content


def _retry_after(header: str) -> datetime | None:
    """When a Retry-After header asks to come back: it is a number of seconds or a date."""
    try:
        return clock.now() + timedelta(seconds=float(header))
    except (ValueError, OverflowError):
        pass
    try:
        at = parsedate_to_datetime(header)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


@dataclass
class Bearer:
    """A token of OAuth 2.0 client credentials: asked for when it is first needed, and anew before it runs out."""

    http: httpx.Client
    url: str
    form: Mapping[str, str] = field(default_factory=dict)
    auth: tuple[str, str] | None = None
    _token: str = ""
    _until: datetime | None = None

    def headers(self) -> dict[str, str]:
        if self._until is None or clock.now() >= self._until:
            self._renew()
        return {"Authorization": f"Bearer {self._token}"}

    def _renew(self) -> None:
        form = {"grant_type": "client_credentials", **self.form}
        options: dict[str, Any] = {"auth": self.auth} if self.auth else {}
        try:
            answer = document(answered(ask(self.http, "POST", self.url, data=form, **options)))
        except Unreadable as problem:
            raise Refused("not_json", problem.value) from problem
        self._token = text(answer, "access_token")
        if not self._token:
            raise Refused("bad_credentials", text(answer, "error"))
        lasts = text(answer, "expires_in")
        self._until = clock.now() + timedelta(seconds=int(lasts) if lasts.isdigit() else 0) - TOKEN_MARGIN
