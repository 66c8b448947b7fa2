"""Parcels, promises, carriers and figures as others see them. Datetimes are aware."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from opieka.deliveries.types.words import HandedTo, Leg, ParcelStage, PromiseSource, Reason, Remedy, RiskBand


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportCard:
    """One report as others see it; `told_by` is who brought it: a carrier, an aggregator or a warehouse."""

    at: datetime
    received_at: datetime
    told_by: str
    stage: ParcelStage
    reason: Reason
    leg: Leg
    handed_to: HandedTo
    raw_code: str
    raw_text: str
    depot: str
    city: str
    country: str
    collect_by: datetime | None
    expected_from: datetime | None
    expected_to: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ParcelCard:
    """A parcel as others see it. `page` is the carrier's public tracking page, "" when it has none.

    `promised_*` is what the customer was told last, `carrier_*` the carrier's estimate, `expected_*` and `risk` (0 to
    1 of being late) our own, explained by the code `why`. `late_at`, `stale_at` and `lost_at` say since when it is so.
    `reports` are oldest first, and empty where a card is asked for without them.
    """

    id: int
    shop_id: int
    carrier: str
    carrier_title: str
    carrier_word: str
    number: str
    page: str
    service: str
    order_id: int | None
    customer_id: int | None
    shipment_id: int | None
    reference: str
    sender: str
    leg: Leg
    stage: ParcelStage
    reason: Reason
    handed_to: HandedTo
    collect_by: datetime | None
    depot: str
    city: str
    country: str
    destination_country: str
    destination_postcode: str
    attempts: int
    first_attempt: bool | None
    first_reason: Reason
    remedies: tuple[Remedy, ...]
    created_at: datetime
    label_at: datetime | None
    handed_over_at: datetime | None
    ready_at: datetime | None
    delivered_at: datetime | None
    last_report_at: datetime | None
    last_progress_at: datetime | None
    promised_from: datetime | None
    promised_to: datetime | None
    carrier_from: datetime | None
    carrier_to: datetime | None
    expected_from: datetime | None
    expected_to: datetime | None
    risk: float | None
    band: RiskBand | None
    why: str
    late_at: datetime | None
    stale_at: datetime | None
    lost_at: datetime | None
    reports: tuple[ReportCard, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which parcels: each field narrows, empty ones do not. `ids` are just these; `number` is the beginning of a
    tracking number; `open` leaves out what has arrived; `unjoined` are those nobody knows the order of, `to_arrange`
    those about which a person has to arrange what the customer decided."""

    ids: tuple[int, ...] = ()
    stages: tuple[ParcelStage, ...] = ()
    open: bool = False
    band: RiskBand | None = None
    carrier: str = ""
    depot: str = ""
    number: str = ""
    late: bool = False
    stale: bool = False
    lost: bool = False
    unjoined: bool = False
    to_arrange: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """How many open parcels there are: by stage, band of risk and carrier, at the fullest depots, in trouble."""

    stages: dict[ParcelStage, int]
    bands: dict[RiskBand, int]
    carriers: dict[str, int]
    depots: dict[str, int]
    late: int
    stale: int
    lost: int
    to_arrange: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """`k` of `n`, with the 95 % interval of Wilson from `low` to `high`; all of it None without any `n`."""

    k: int
    n: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Scorecard:
    """How a carrier did with the parcels it was handed in a period. `days` is the mean from hand-over to delivery (to
    the point, where it is collected) with its 95 % interval."""

    carrier: str
    carrier_title: str
    parcels: int
    on_time: Share
    first_attempt: Share
    lost: Share
    damaged: Share
    days: float | None
    days_low: float | None
    days_high: float | None
    delivered: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Missed:
    """First attempts that failed for one reason, and the preferences that would have saved them, the best first."""

    reason: Reason
    parcels: int
    remedies: tuple[Remedy, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstAttempts:
    """How many parcels handed over in a period were delivered at the first attempt, and why the others were not.

    `saved` are those of the failed ones that some preference would have saved, `by_remedy` what each would have saved
    of them; one parcel counts under every preference that helps.
    """

    made: Share
    missed: tuple[Missed, ...]
    saved: Share
    by_remedy: dict[Remedy, Share]


@dataclass(frozen=True, kw_only=True, slots=True)
class Delays:
    """Where the lateness of parcels delivered late arose: parcels mainly late by each, and days lost at each."""

    late: int
    by_warehouse: int
    by_carrier: int
    warehouse_days: float
    carrier_days: float


@dataclass(frozen=True, kw_only=True, slots=True)
class PromiseCard:
    """A date or slot the customer was told."""

    promised_from: datetime | None
    promised_to: datetime
    source: PromiseSource
    told_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ConnectionCard:
    """A shop's connection to a carrier as its people see it; `rests_until`: it asked for patience."""

    id: int
    shop_id: int
    carrier: str
    title: str
    active: bool
    polling: bool
    webhooks: bool
    heard_at: datetime | None
    asked_at: datetime | None
    rests_until: datetime | None
    failed_at: datetime | None
    failure: str
    failure_detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CarrierCard:
    """What a shop can be connected to, and the fields of its keys in the order to ask for them."""

    name: str
    title: str
    polling: bool
    webhooks: bool
    files: bool
    aggregator: bool
    credentials: tuple[str, ...]
    optional_credentials: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Webhook:
    """What an incoming webhook is, before it is read. Nothing is to be done for one that is not `authentic`;
    `delivery_id` is the sender's own number for it, the same when it is sent again."""

    shop_id: int
    carrier: str
    delivery_id: str
    authentic: bool
