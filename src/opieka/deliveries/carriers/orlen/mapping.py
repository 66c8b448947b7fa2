"""What ORLEN Paczka says: its statuses, its history of parcels, its pushes.

690 is "at the point", but is also said of a parcel abroad: then its text tells. 710 ("lost, or searched for") is
trouble, 999 ("destroyed or lost") the end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any

from opieka.deliveries.carriers import soap
from opieka.deliveries.carriers.base import (
    NO_MEANING,
    ON_THE_WAY_BACK,
    Context,
    Delivered,
    Json,
    Meaning,
    Notes,
    Reading,
    Refused,
    document,
    each,
    grouped,
    homeward,
    moment,
    required,
    text,
)
from opieka.deliveries.carriers.signing import same
from opieka.deliveries.types import HandedTo, Leg, ParcelStage, Reason, Tracking, TrackingReport

BACK = Leg.RETURNING_TO_SENDER
TEST_PARCEL = "9999999999999"
ABROAD = "w innym kraju"
SAVED = {"", "0", "000", "006", "007", "008"}
WRONG_KEY = {"2", "002"}
LEGS: Mapping[str, Leg] = {
    "POWROT": BACK,
    "2_POWROT": BACK,
    "ZWROT": Leg.CUSTOMER_RETURN,
}

CODES: Mapping[str, Meaning] = grouped(
    (Meaning(ParcelStage.LABEL_CREATED), "200"),
    (Meaning(ParcelStage.CANCELLED, Reason.RETAILER_CANCELLED), "201"),
    (Meaning(ParcelStage.ACCEPTED), "210"),
    (Meaning(ParcelStage.IN_TRANSIT), "100 110 120 230 240 241 300 400 401 450 653 665 670 700"),
    # sent to another locker or point
    (Meaning(ParcelStage.IN_TRANSIT, Reason.OTHER), "193 195"),
    (Meaning(ParcelStage.IN_TRANSIT, Reason.POINT_CLOSED), "677"),
    (Meaning(ParcelStage.IN_TRANSIT, Reason.POINT_FULL), "681"),
    (Meaning(ParcelStage.IN_TRANSIT, Reason.CARRIER_DELAY), "679"),
    (Meaning(ParcelStage.IN_TRANSIT, Reason.CONSIGNEE_NOT_COLLECTED), "708"),
    (Meaning(ParcelStage.OUT_FOR_DELIVERY), "610 660 680 685"),
    (Meaning(ParcelStage.AWAITING_COLLECTION), "620 690 695"),
    # kept at another point, where it can be collected
    (Meaning(ParcelStage.AWAITING_COLLECTION, Reason.POINT_FULL), "691 696"),
    (Meaning(ParcelStage.EXCEPTION, Reason.CARRIER_LOST), "710"),
    (Meaning(ParcelStage.EXCEPTION, Reason.CARRIER_HELD), "711 712"),
    (Meaning(ParcelStage.EXCEPTION, Reason.POINT_CLOSED), "714"),
    (Meaning(ParcelStage.EXCEPTION, Reason.CARRIER_DELAY), "739"),
    (Meaning(ParcelStage.EXCEPTION, Reason.OTHER), "749 780"),
    (Meaning(ParcelStage.LOST, Reason.CARRIER_LOST), "999"),
    (Meaning(ParcelStage.LOST, Reason.CARRIER_DESTROYED), "2000"),
    (Meaning(ParcelStage.DELIVERED, handed_to=HandedTo.COLLECTED_AT_POINT), "1000"),
    (Meaning(ParcelStage.DELIVERED), "1100"),
    (Meaning(ParcelStage.RETURNING, Reason.CONSIGNEE_NOT_COLLECTED, BACK), "709"),
    (Meaning(ParcelStage.RETURNING, Reason.CONSIGNEE_WRONG_ADDRESS, BACK), "729"),
    (Meaning(ParcelStage.RETURNING, Reason.NONE, BACK), "750 790 800 900 1220"),
    (Meaning(ParcelStage.RETURNED, Reason.NONE, BACK), "1200"),
    # put into the archive
    (NO_MEANING, "888"),
)


def answer(raw: bytes, context: Context) -> Reading:
    """What GiveMePackStatusFullHistoryList says of each parcel; one it does not know is absent."""
    rows = list(_rows(soap.document(raw)))
    statuses = [row for row in rows if "Trans" in row]
    if not statuses:
        _refuse(rows)
    notes = Notes()
    by_number = sorted(statuses, key=lambda row: text(row, "PackCode"))
    return notes.reading(
        *(
            _parcel(number, list(some), context, notes)
            for number, some in groupby(by_number, key=lambda row: text(row, "PackCode"))
            if number
        )
    )


def _parcel(number: str, rows: list[Json], context: Context, notes: Notes) -> Tracking:
    reports = each(rows, lambda row: _status(row, context, notes), notes)
    return Tracking(carrier="orlen", tracking_number=number, reports=homeward(reports))


def _status(row: Json, context: Context, notes: Notes) -> TrackingReport:
    code, attribute = required(row, "Trans"), text(row, "Attribute").upper()
    return _report(code, attribute, text(row, "Trans_Des"), required(row, "Data"), context, notes)


def read(raw: bytes, context: Context) -> Reading:
    """A push: one new status of one parcel. The test push that follows the registration tells nothing.

    A parcel that goes back gets a number of its own; it is told of under the number the shop knows.
    """
    data, notes = document(raw), Notes()
    number, status = required(data, "PackCode"), required(data, "Status")
    if number == TEST_PARCEL:
        return Reading()
    code, _, attribute = status.upper().partition("_")
    report = _report(code, attribute, "", required(data, "Updated"), context, notes)
    if report.leg is BACK:
        number = text(data, "PackCodePrev") or number
    return notes.reading(Tracking(carrier="orlen", tracking_number=number, reports=(report,)))


def _report(
    code: str, attribute: str, said: str, told_at: str, context: Context, notes: Notes
) -> TrackingReport:
    meaning = notes.meaning(CODES, code, where="Trans")
    if meaning.stage is ParcelStage.AWAITING_COLLECTION and ABROAD in said.casefold():
        meaning = Meaning(ParcelStage.IN_TRANSIT)
    leg = LEGS.get(attribute, meaning.leg)
    if leg is BACK and meaning.leg is not BACK:
        meaning = replace(meaning, stage=ON_THE_WAY_BACK.get(meaning.stage, meaning.stage))
    return TrackingReport(
        at=moment(told_at.removesuffix("Z"), context.zone, "Data"),
        stage=meaning.stage,
        raw_code=f"{code}_{attribute}" if attribute else code,
        raw_text=said,
        reason=meaning.reason,
        leg=leg,
        handed_to=HandedTo.UNKNOWN if leg is BACK else meaning.handed_to,
    )


def _rows(found: Any) -> Iterator[Json]:
    """Every row of an answer, however deep its data set nests them."""
    if isinstance(found, dict):
        if "Trans" in found or "Err" in found:
            yield found
        for value in found.values():
            yield from _rows(value)
    elif isinstance(found, list):
        for item in found:
            yield from _rows(item)


def _refuse(rows: list[Json]) -> None:
    for row in rows:
        code = text(row, "Err")
        if code not in SAVED:
            reason = "bad_credentials" if code in WRONG_KEY else "answer"
            raise Refused(reason, f"{code} {text(row, 'ErrDes')}")


def genuine(delivered: Delivered, credentials: Mapping[str, str]) -> bool:
    """Whether it brings the token the shop registered."""
    scheme, _, token = delivered.headers.get("authorization", "").partition(" ")
    return scheme.casefold() == "bearer" and same(token.strip(), credentials.get("webhook_token", ""))


def delivery_id(delivered: Delivered) -> str:
    """ORLEN numbers no pushes: the same words about the same moment are the same push."""
    return hashlib.sha256(delivered.raw).hexdigest()
