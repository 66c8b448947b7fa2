"""What the contract needs to know of each carrier beside its own data, and how a reading is written down.

A carrier's recorded documents lie in fixtures/<carrier>: `answer-*` is what it answers when asked (`answer-NUMBER` when
it was asked for another number than ours), `webhook-*` what it sends by itself; the .txt beside each is what our
mapping makes of it, one report a line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from opieka.deliveries.carriers import CARRIERS
from opieka.deliveries.carriers.base import Carrier, Client, Context, Meaning, Reading
from opieka.deliveries.types import HandedTo, Leg, Reason, Tracking, TrackingReport

FIXTURES = Path(__file__).parent / "fixtures"

NUMBERS: Mapping[str, str] = {
    "inpost": "612345678901234567890123",
    "dpd": "13500012345679",
    "dhl": "00340434292135100124",
    "gls": "42249028960",
    "ups": "1Z999AA10123456784",
    "fedex": "986578788855",
    "acs": "7227889174",
    "elta": "SE101046219GR",
    "boxnow": "5109823441",
    "speedex": "220012345678",
    "nova_poshta": "20450059800767",
    "cdek": "1106394821",
    "poczta_polska": "RR123456785PL",
    "orlen": "2100012345678",
    "packeta": "1234567890",
    "memory": "MEM1",
    "console": "CON1",
}
"""A tracking number of each carrier."""

INSIDE = {"memory", "console", "karrio"}
"""Carriers that ask nobody over our network client."""

TOKEN = {"access_token": "the-token", "token_type": "Bearer", "expires_in": 3600}

Handler = Callable[[httpx.Request], httpx.Response]


def context(carrier: Carrier) -> Context:
    return Context(zone=ZoneInfo(carrier.zone or "UTC"))


def credentials(carrier: Carrier) -> dict[str, str]:
    """Something in every field a shop could fill in."""
    capabilities = carrier.capabilities
    return {name: f"the-{name}" for name in (*capabilities.credentials, *capabilities.optional_credentials)}


def client(carrier: Carrier, handler: Handler, filled: Mapping[str, str] | None = None) -> Client:
    """The carrier's client, with `handler` instead of a network; tokens are granted."""

    def granting(request: httpx.Request) -> httpx.Response:
        if "token" in request.url.path or "auth-sessions" in request.url.path:
            return httpx.Response(200, json=TOKEN)
        if b"CreateSession" in request.content:
            return httpx.Response(200, content=(FIXTURES / "speedex" / "session.xml").read_bytes())
        return handler(request)

    assert carrier.connect is not None
    http = httpx.Client(transport=httpx.MockTransport(granting))
    return carrier.connect(credentials(carrier) if filled is None else filled, context(carrier), http)


def codes(name: str) -> Mapping[str, Meaning]:
    """A carrier's table of codes, empty for one that has none."""
    try:
        mapping = import_module(f"opieka.deliveries.carriers.{name}.mapping")
    except ModuleNotFoundError:
        return {}
    found: Mapping[str, Meaning] = getattr(mapping, "CODES", {})
    return found


def fixtures(kind: str) -> list[tuple[str, Path]]:
    """The recorded documents of one kind: the carrier's name and the file."""
    found = sorted(path for path in FIXTURES.glob(f"*/{kind}-*") if path.suffix != ".txt")
    return [(path.parent.name, path) for path in found if path.parent.name in CARRIERS]


def replay(name: str, path: Path, raw: bytes | None = None) -> Reading:
    """What becomes of a recorded document (or of `raw` in its place) on the way it would come in."""
    carrier = CARRIERS[name]
    body = path.read_bytes() if raw is None else raw
    if path.name.startswith("webhook-"):
        assert carrier.read is not None
        return carrier.read(body, context(carrier))
    _, _, asked_for = path.stem.partition("-")
    number = asked_for if asked_for.isdigit() else NUMBERS[name]
    return client(carrier, lambda request: httpx.Response(200, content=body)).track((number,))


def written(reading: Reading) -> str:
    """A reading as lines to compare and to review."""
    lines = []
    for one in reading.tracked:
        lines.append(_heading(one))
        lines += [f"  {_line(report)}" for report in one.reports]
    lines += [f"? {notice.kind} {notice.where} {notice.value}".rstrip() for notice in reading.notices]
    lines += [f"! {number}" for number in reading.hints]
    return "\n".join(lines) + "\n"


def _heading(one: Tracking) -> str:
    fields = ("service", "carrier_word", "order_number", "reference")
    told = [f"{name}={getattr(one, name)}" for name in fields if getattr(one, name)]
    return " | ".join([f"{one.carrier} {one.tracking_number}", *told])


def _line(report: TrackingReport) -> str:
    parts = [f"{_time(report.at)} {report.stage} <{report.raw_code}> {report.raw_text}".rstrip()]
    if report.reason is not Reason.NONE:
        parts.append(f"reason={report.reason}")
    if report.leg is not Leg.OUTBOUND:
        parts.append(f"leg={report.leg}")
    if report.handed_to is not HandedTo.UNKNOWN:
        parts.append(f"to={report.handed_to}")
    times = {name: getattr(report, name) for name in ("collect_by", "expected_from", "expected_to")}
    parts += [f"{name}={_time(at)}" for name, at in times.items() if at is not None]
    place = [part for part in (report.depot, report.city, report.country) if part]
    return " | ".join([*parts, *([f"at {', '.join(place)}"] if place else [])])


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
