"""Parcels, promises and carriers, as they are told and as programs report them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, computed_field

from opieka.deliveries import queries, types
from opieka.deliveries.types import (
    ConnectionCard,
    HandedTo,
    Leg,
    NoticeKind,
    ParcelStage,
    PromiseSource,
    Reason,
    Remedy,
    RiskBand,
    Tracking,
)
from opieka.rest.fields import CLEAN, Code, CountryOrNone, In, Line, Moment, Out, Title

Number = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00]*[A-Za-z0-9][^\x00]*$")]
CarrierCode = Annotated[str, Field(max_length=30, pattern=r"^[a-z0-9_-]*$")]


class Report(Out):
    """One report on a parcel. `raw_code` and `raw_text` are the carrier's own words; `told_by` brought it."""

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


class Parcel(Out):
    """A parcel. `promised` is what the customer was told last, `carrier_*` the carrier's estimate, `expected_*` and
    `risk` (0 to 1 of being late) our own, for the reason `why`: a code and two numbers. `late_at`, `stale_at` and
    `lost_at` say since when it is so. `remedies` would have saved the first attempt. In lists `reports` are left
    out."""

    id: int
    carrier: str
    carrier_title: str
    carrier_word: str
    number: str
    page: str
    service: str
    order_id: int | None
    customer_id: int | None
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
    remedies: list[Remedy]
    created_at: datetime
    label_at: datetime | None
    handed_over_at: datetime | None
    ready_at: datetime | None
    delivered_at: datetime | None
    last_report_at: datetime | None
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
    reports: list[Report]

    @computed_field  # type: ignore[prop-decorator]  # pydantic's own order of the two
    @property
    def explanation(self) -> str:
        """`why` as a sentence in the language asked for."""
        return queries.explain(self.why)


class ParcelCounts(Out):
    """How many open parcels there are: by stage, band of risk, carrier, at the fullest depots, and in trouble."""

    stages: dict[ParcelStage, int]
    bands: dict[RiskBand, int]
    carriers: dict[str, int]
    depots: dict[str, int]
    late: int
    stale: int
    lost: int
    to_arrange: int


class Share(Out):
    """`k` of `n` with its 95 % interval by Wilson."""

    k: int
    n: int
    share: float | None
    low: float | None
    high: float | None


class Scorecard(Out):
    """How a carrier did with the parcels it was handed in a period; `days` from hand-over to delivery, with the 95 %
    interval of the mean."""

    carrier: str
    carrier_title: str
    parcels: int
    delivered: int
    on_time: Share
    first_attempt: Share
    lost: Share
    damaged: Share
    days: float | None
    days_low: float | None
    days_high: float | None


class Delays(Out):
    """Where the lateness of what was delivered late arose: at the warehouse, or with the carrier."""

    late: int
    by_warehouse: int
    by_carrier: int
    warehouse_days: float
    carrier_days: float


class Missed(Out):
    """First attempts that failed for one reason, and the preferences that would have saved them."""

    reason: Reason
    parcels: int
    remedies: list[Remedy]


class FirstAttempts(Out):
    """How first attempts went. `saved` are those of the failed ones some preference would have saved, `by_remedy` what
    each would have; a parcel counts under every preference that helps."""

    made: Share
    missed: list[Missed]
    saved: Share
    by_remedy: dict[Remedy, Share]


class Scores(Out):
    """Carriers' figures for a period, how first attempts went, and where delays arose."""

    carriers: list[Scorecard]
    first_attempts: FirstAttempts
    delays: Delays


class ReportIn(In):
    """One report, in our words; `raw_code` and `raw_text` are the sender's own."""

    at: Moment
    stage: ParcelStage
    reason: Reason = Reason.NONE
    leg: Leg = Leg.OUTBOUND
    handed_to: HandedTo = HandedTo.UNKNOWN
    raw_code: Code = ""
    raw_text: Title = ""
    depot: Code = ""
    city: Code = ""
    country: CountryOrNone = ""
    collect_by: Moment | None = None
    expected_from: Moment | None = None
    expected_to: Moment | None = None


class ParcelIn(In):
    """What is known of a parcel. `carrier` is our code of it; without it `carrier_word` says it in any words. An
    `order_number` joins it with its order, also when that comes later. `collect_code` opens the locker it is in."""

    tracking_number: Number
    carrier: CarrierCode = ""
    carrier_word: Code = ""
    service: Code = ""
    order_number: Code = ""
    reference: Code = ""
    sender: Code = ""
    promised_from: Moment | None = None
    promised_to: Moment | None = None
    collect_code: Code = ""
    reports: Annotated[list[ReportIn], Field(max_length=200, default_factory=list)]

    def tracking(self) -> Tracking:
        """The same as the deliveries take it."""
        told = {name: getattr(self, name) for name in type(self).model_fields if name != "reports"}
        reports = tuple(
            types.TrackingReport(**{name: getattr(one, name) for name in type(one).model_fields})
            for one in self.reports
        )
        return Tracking(**told, reports=reports)


class ParcelBatch(In):
    """Parcels and reports on them, in any order."""

    parcels: Annotated[list[ParcelIn], Field(min_length=1, max_length=1000)]


class Taken(Out):
    """What a batch did: parcels it made, parcels it changed, and reports that were new."""

    created: int
    changed: int
    reports: int


class LeftOut(Out):
    """Something in a file that could not be taken as it stood: `where`, and what was found there."""

    kind: NoticeKind
    where: str
    value: str


class FileTaken(Out):
    """What a file of `parcels` brought."""

    taken: Taken
    parcels: int
    notices: list[LeftOut]


class Promise(Out):
    """A date or slot the customer was told."""

    promised_from: datetime | None
    promised_to: datetime
    source: PromiseSource
    told_at: datetime


class NewPromise(In):
    """A date or slot the customer was told now, and by whom."""

    promised_from: Moment | None = None
    promised_to: Moment
    source: PromiseSource = PromiseSource.SHOP


class GivenUp(In):
    """Why a parcel is taken as lost."""

    why: Annotated[str, Field(min_length=1, max_length=500, pattern=CLEAN)]


class Carrier(Out):
    """Whom a shop can be connected to, and the fields of the keys."""

    name: str
    title: str
    polling: bool
    webhooks: bool
    aggregator: bool
    credentials: list[str]
    optional_credentials: list[str]


class CarrierConnection(Out):
    """A connection to a carrier. `webhook` is the address it reports to, "" when it takes no reports."""

    id: int
    carrier: str
    title: str
    webhook: str
    active: bool
    polling: bool
    heard_at: datetime | None
    asked_at: datetime | None
    rests_until: datetime | None
    failed_at: datetime | None
    failure: str
    failure_detail: str

    @classmethod
    def make(cls, card: ConnectionCard, *, webhook: str) -> Self:
        told = {name: getattr(card, name) for name in cls.model_fields if name != "webhook"}
        return cls(**told, webhook=webhook if card.webhooks else "")


class NewCarrierConnection(In):
    """A carrier to be connected; `credentials` are the fields it asks for."""

    carrier: CarrierCode
    credentials: Annotated[
        dict[Code, Annotated[str, Field(max_length=2000, pattern=CLEAN)]],
        Field(max_length=20, default_factory=dict),
    ]


class ParcelNotice(Out):
    """Something about tracking that a person should look at."""

    id: int
    carrier: str
    kind: str
    where: Line
    value: Line
    times: int
    first_at: datetime
    last_at: datetime
