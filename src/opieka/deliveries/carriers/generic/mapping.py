"""Our own format of parcels to our words: a table with one row per event, or JSON with the same names.

One row or object may say as little as a number and a time of dispatch. What cannot be read becomes a notice that names
the line, and the rest is read.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from opieka.deliveries.carriers.aggregating import alpha2
from opieka.deliveries.carriers.base import (
    NO_MEANING,
    Context,
    Delivered,
    Json,
    Meaning,
    Notes,
    Reading,
    Unreadable,
    homeward,
    objects,
    text,
)
from opieka.deliveries.carriers.generic.columns import column, decoded, folded, number, when
from opieka.deliveries.carriers.generic.words import HANDED, LEGS, REASONS, STAGES
from opieka.deliveries.carriers.names import named
from opieka.deliveries.carriers.signing import digest, hex_holds
from opieka.deliveries.types import NoticeKind, ParcelStage, Tracking, TrackingReport

Word = TypeVar("Word")

PREFIX = "sha256="
OWN = "generic"
MILESTONES = {
    "shipped_at": Meaning(ParcelStage.ACCEPTED),
    "delivered_at": Meaning(ParcelStage.DELIVERED),
}
"""Columns that are an event by themselves."""


def genuine(delivered: Delivered, secrets: Mapping[str, str]) -> bool:
    """Whether the body is signed with the shop's webhook secret."""
    secret, header = (
        secrets.get("webhook_secret", ""),
        delivered.headers.get("x-opieka-signature", "").strip(),
    )
    return header.startswith(PREFIX) and hex_holds(
        header.removeprefix(PREFIX), digest(delivered.raw, secret), secret
    )


def delivery_id(delivered: Delivered) -> str:
    """The sender's own number for this webhook."""
    return delivered.headers.get("x-opieka-delivery", "")


def read(raw: bytes, context: Context) -> Reading:
    """A table or JSON document; `Unreadable` when it is neither."""
    notes, content = Notes(), decoded(raw)
    found = _documents(content) if content.lstrip()[:1] in {"{", "["} else _rows(content)
    parcels: dict[tuple[str, str], Tracking] = {}
    for where, data in found:
        try:
            tracking = _tracking(data, context, notes, where)
        except Unreadable as problem:
            notes.malformed(Unreadable(f"{where}: {problem.where}", problem.value))
            continue
        key = (tracking.carrier or tracking.carrier_word, tracking.tracking_number)
        parcels[key] = _joined(parcels[key], tracking) if key in parcels else tracking
    told = (replace(one, reports=homeward(one.reports)) for one in parcels.values())
    return notes.reading(*told)


def _rows(content: str) -> Iterator[tuple[str, Json]]:
    """The lines of a table; the delimiter is the one that cuts the header into most columns."""
    header = content.partition("\n")[0]
    reader = csv.reader(content.splitlines(keepends=True), delimiter=max(",;\t|", key=header.count))
    try:
        names = [column(name) for name in next(reader, [])]
        if "tracking_number" not in names:
            raise Unreadable("header", header.strip())
        for cells in reader:
            row = {name: cell for name, cell in zip(names, cells, strict=False) if cell.strip()}
            if row:
                yield f"line {reader.line_num}", row
    except csv.Error as error:
        raise Unreadable(f"line {reader.line_num}", error) from error


def _documents(content: str) -> Iterator[tuple[str, Json]]:
    """The objects of a JSON document: one, a list, or a list under `parcels` or `events`."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Unreadable("json", error) from error
    if isinstance(data, dict):
        named_well = _resolved(data)
        inner = named_well.get("parcels")
        data = inner if isinstance(inner, list) else _flat(named_well)
    for position, item in enumerate(data, 1):
        if not isinstance(item, dict):
            raise Unreadable(f"parcel {position}", item)
        yield f"parcel {position}", _resolved(item)


def _flat(data: Json) -> list[Any]:
    """Events without a parcel around them name their own."""
    events = data.get("events")
    return events if isinstance(events, list) and not text(data, "tracking_number") else [data]


def _resolved(data: Json) -> Json:
    return {column(key): value for key, value in data.items()}


def _joined(one: Tracking, more: Tracking) -> Tracking:
    """Two rows of one parcel: all their events, and of the rest what the first leaves out."""
    return replace(
        one,
        reports=one.reports + more.reports,
        service=one.service or more.service,
        order_number=one.order_number or more.order_number,
        reference=one.reference or more.reference,
        promised_from=one.promised_from or more.promised_from,
        promised_to=one.promised_to or more.promised_to,
        collect_code=more.collect_code or one.collect_code,
    )


def _tracking(data: Json, context: Context, notes: Notes, where: str) -> Tracking:
    word, line = text(data, "carrier"), _Line(context, notes, where)
    shared = {"leg": data["leg"]} if "leg" in data else {}
    events = [{**shared, **_resolved(event)} for event in objects(data, "events")] or [data]
    return Tracking(
        carrier=named(word) if word else OWN,
        carrier_word=word,
        tracking_number=number(data),
        reports=tuple(report for event in events for report in line.reports(event)),
        service=text(data, "service"),
        order_number=text(data, "order_number"),
        reference=text(data, "reference"),
        promised_from=when(data, "promised_from", context.zone),
        promised_to=when(data, "promised_to", context.zone),
        collect_code=text(data, "collect_code"),
    )


@dataclass
class _Line:
    """A line or object being read: what it needs to know, and where to complain."""

    context: Context
    notes: Notes
    where: str

    def reports(self, event: Json) -> tuple[TrackingReport, ...]:
        """The events it tells: a status with its time, and columns that are one by themselves."""
        try:
            return tuple(self._all(event))
        except Unreadable as problem:
            self.notes.malformed(Unreadable(f"{self.where}: {problem.where}", problem.value))
            return ()

    def _all(self, event: Json) -> Iterator[TrackingReport]:
        if text(event, "status") or text(event, "code"):
            at = when(event, "at", self.context.zone)
            if at is None:
                raise Unreadable("at")
            yield self._report(event, self._word(STAGES, event, "status") or NO_MEANING, at)
        for key, meaning in MILESTONES.items():
            if milestone := when(event, key, self.context.zone):
                yield replace(self._report(event, meaning, milestone), raw_code=key)

    def _report(self, event: Json, meaning: Meaning, at: datetime) -> TrackingReport:
        zone = self.context.zone
        return TrackingReport(
            at=at,
            stage=meaning.stage,
            reason=self._word(REASONS, event, "reason") or meaning.reason,
            leg=self._word(LEGS, event, "leg") or meaning.leg,
            handed_to=self._word(HANDED, event, "handed_to") or meaning.handed_to,
            raw_code=text(event, "code") or text(event, "status"),
            raw_text=text(event, "text"),
            collect_by=when(event, "collect_by", zone),
            expected_from=when(event, "expected_from", zone),
            expected_to=when(event, "expected_to", zone),
            depot=text(event, "depot"),
            city=text(event, "city"),
            country=alpha2(text(event, "country")),
        )

    def _word(self, table: Mapping[str, Word], event: Json, key: str) -> Word | None:
        """What the word under `key` means; None when there is none, or one nobody knows (which is noted)."""
        told = text(event, key)
        found = table.get(folded(told)) if told else None
        if told and found is None:
            self.notes.note(NoticeKind.UNKNOWN_CODE, f"{self.where}: {key}", told)
        return found
