"""The words of deliveries: stages, reasons, legs, and tracking as a carrier's mapping reports it.

Datetimes are aware. An empty string means "not told". *Late* and *stale* are no stages: the shop computes them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar


class ParcelStage(StrEnum):
    """Where a parcel is on its way, in one vocabulary for every carrier."""

    UNKNOWN = "unknown"
    LABEL_CREATED = "label_created"
    ACCEPTED = "accepted"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    AWAITING_COLLECTION = "awaiting_collection"
    ATTEMPT_FAILED = "attempt_failed"
    EXCEPTION = "exception"
    DELIVERED = "delivered"
    RETURNING = "returning"
    RETURNED = "returned"
    LOST = "lost"
    CANCELLED = "cancelled"


class Reason(StrEnum):
    """Why something did not go on as it should; the first word says with whom it lies."""

    NONE = ""
    CARRIER_DELAY = "carrier_delay"
    CARRIER_MISSORTED = "carrier_missorted"
    CARRIER_CAPACITY = "carrier_capacity"
    CARRIER_VEHICLE = "carrier_vehicle"
    CARRIER_STRIKE = "carrier_strike"
    CARRIER_DAMAGED = "carrier_damaged"
    CARRIER_LOST = "carrier_lost"
    CARRIER_DESTROYED = "carrier_destroyed"
    CARRIER_OVERSIZED = "carrier_oversized"
    CARRIER_REJECTED = "carrier_rejected"
    CARRIER_HELD = "carrier_held"
    POINT_FULL = "point_full"
    POINT_CLOSED = "point_closed"
    RETAILER_NOT_HANDED_OVER = "retailer_not_handed_over"
    RETAILER_LABEL = "retailer_label"
    RETAILER_DOCUMENTS = "retailer_documents"
    RETAILER_CANCELLED = "retailer_cancelled"
    CONSIGNEE_ABSENT = "consignee_absent"
    CONSIGNEE_REFUSED = "consignee_refused"
    CONSIGNEE_WRONG_ADDRESS = "consignee_wrong_address"
    CONSIGNEE_UNKNOWN = "consignee_unknown"
    CONSIGNEE_NO_ACCESS = "consignee_no_access"
    CONSIGNEE_NO_PAYMENT = "consignee_no_payment"
    CONSIGNEE_NO_IDENTIFICATION = "consignee_no_identification"
    CONSIGNEE_CLOSED = "consignee_closed"
    CONSIGNEE_RESCHEDULED = "consignee_rescheduled"
    CONSIGNEE_REDIRECTED = "consignee_redirected"
    CONSIGNEE_NOT_COLLECTED = "consignee_not_collected"
    CUSTOMS_DELAY = "customs_delay"
    CUSTOMS_DOCUMENTS = "customs_documents"
    CUSTOMS_DUTIES = "customs_duties"
    CUSTOMS_REFUSED = "customs_refused"
    WEATHER = "weather"
    SECURITY = "security"
    OTHER = "other"


class Leg(StrEnum):
    """Which way a parcel travels: to the customer, back because it could not stay, or a return she sends."""

    OUTBOUND = "outbound"
    RETURNING_TO_SENDER = "returning_to_sender"
    CUSTOMER_RETURN = "customer_return"


class HandedTo(StrEnum):
    """Who has a delivered parcel."""

    UNKNOWN = "unknown"
    RECIPIENT = "recipient"
    NEIGHBOUR = "neighbour"
    SAFE_PLACE = "safe_place"
    COLLECTED_AT_POINT = "collected_at_point"
    SHOP_STAFF = "shop_staff"


class PromiseSource(StrEnum):
    """Who told the customer a date."""

    SHOP = "shop"
    WAREHOUSE = "warehouse"
    CARRIER = "carrier"
    AGENT = "agent"
    CUSTOMER = "customer"


class NoticeKind(StrEnum):
    """What a person should know about tracking that came in."""

    UNKNOWN_CARRIER = "unknown_carrier"
    UNKNOWN_CODE = "unknown_code"
    MALFORMED = "malformed"
    IN_FUTURE = "in_future"
    SHARED_NUMBER = "shared_number"


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """Something that could not be taken over as it came: `where` it stood, and the word or value found."""

    kind: NoticeKind
    where: str
    value: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class WantedNotices:
    """Which notices: each field narrows, empty ones do not. `told_by` is the carrier or program that brought them."""

    id: int | None = None
    kind: NoticeKind | None = None
    where: str = ""
    told_by: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackingReport:
    """One carrier report on a parcel. `at` is the carrier's time; `raw_code` and `raw_text` are its own words.

    `stage` is UNKNOWN for a code nobody mapped. `depot` is the carrier's name or number of the place, `city` and
    `country` (ISO 3166-1 alpha-2) where it lies. `expected_from` and `expected_to` are the carrier's own estimate.
    """

    at: datetime
    stage: ParcelStage
    raw_code: str = ""
    raw_text: str = ""
    reason: Reason = Reason.NONE
    leg: Leg = Leg.OUTBOUND
    handed_to: HandedTo = HandedTo.UNKNOWN
    collect_by: datetime | None = None
    expected_from: datetime | None = None
    expected_to: datetime | None = None
    depot: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tracking:
    """What a carrier, an aggregator or a warehouse said of one tracking number, in any order.

    `carrier` is our code of the carrier ("" when an aggregator's word for it is unknown: `carrier_word` keeps it).
    `order_number`, `reference` and `sender` (which of the shop's warehouses or sellers) are the sender's own words for
    the parcel. `promised_*` are told by a warehouse. `collect_code` opens the locker; it stands in no log.
    """

    carrier: str
    tracking_number: str
    reports: tuple[TrackingReport, ...] = ()
    carrier_word: str = ""
    service: str = ""
    order_number: str = ""
    reference: str = ""
    sender: str = ""
    promised_from: datetime | None = None
    promised_to: datetime | None = None
    collect_code: str = field(default="", repr=False)


TERMINAL = (ParcelStage.DELIVERED, ParcelStage.RETURNED, ParcelStage.LOST, ParcelStage.CANCELLED)
"""Stages in which nothing more is expected of a parcel."""


@dataclass(frozen=True, kw_only=True)
class DeliveryPreferences:
    """A shop's preferences. Opening hours from payment until the carrier has an order (0: no such watch), and working
    days of a carrier's silence after which a parcel is taken as lost."""

    key: ClassVar[str] = "deliveries"
    hand_over_hours: int = 24
    lost_after_days: int = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What came of tracking: parcels it made, parcels it changed, and reports that were new."""

    created: int = 0
    changed: int = 0
    reports: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class FileCard:
    """What a file holds: `parcels` of which so many are `known`, and what in it could not be read."""

    parcels: int
    reports: int
    known: int
    sample: tuple[Tracking, ...]
    notices: tuple[Notice, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FileTaken:
    """How far a file was taken over: `seen` of its `parcels`."""

    taken: Taken
    seen: int
    parcels: int
    notices: tuple[Notice, ...]


class RiskBand(StrEnum):
    """How probably a parcel will be late: from 50 of 100 high, from 20 medium."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class DelayCause(StrEnum):
    """Why a parcel will probably be late. In `why` it comes with two numbers: `lane_slow:7:4`.

    They are days, usual and left; for PROMISE_PASSED days since and none; for LANE_HELD_UP per cent slower and days
    left; for LONG_UNDER_WAY and NOT_HANDED_OVER days so far and usual.
    """

    PROMISE_PASSED = "promise_passed"
    LONG_UNDER_WAY = "long_under_way"
    LANE_HELD_UP = "lane_held_up"
    SENDER_SLOW = "sender_slow"
    LANE_SLOW = "lane_slow"
    PROMISE_SHORT = "promise_short"
    NOT_OUT_YET = "not_out_yet"
    NOT_HANDED_OVER = "not_handed_over"


class Remedy(StrEnum):
    """What would have saved a first attempt that failed."""

    SLOT = "slot"
    NEIGHBOUR = "neighbour"
    SAFE_PLACE = "safe_place"
    INSTRUCTIONS = "instructions"
    ADDRESS_CHECK = "address_check"
    PREPAYMENT = "prepayment"
    PICKUP_POINT = "pickup_point"
    OPENING_HOURS = "opening_hours"
