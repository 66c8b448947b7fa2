"""Mistakes seen in others' mappings: each is one line here, so that it is never made again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from opieka.deliveries.carriers import CARRIERS
from opieka.deliveries.carriers.base import homeward
from opieka.deliveries.carriers.dhl.mapping import poland
from opieka.deliveries.types import HandedTo, Leg, NoticeKind, ParcelStage, Reason, TrackingReport
from tests.deliveries.carriers.samples import codes, context

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

DELIVERED = {
    "inpost": {"delivered"},
    "dpd": {
        *("190101", "190102", "190103", "190104", "190105", "190201", "190202", "190203", "190204", "190205"),
        *("501300", "501304", "501340", "701901", "701902"),
    },
    "dhl": {"delivered", "dor", "dor_poc", "dor_rdz", "dor_sas", "dor_oth", "dor_lok", "dor_owl", "ppdor"},
    "poczta_polska": {"p_d", "p_owu", "p_wupd"},
    "orlen": {"1000", "1100"},
    "packeta": {"7"},
    "gls": {"delivered", "delivd.normal"},
    "ups": {"011", "026"},
    "fedex": {"dl"},
}
"""The only codes of each carrier that say the customer has it."""

NOT_WHAT_IT_SOUNDS_LIKE = [
    # The name of the parcel's van is no invitation to a locker.
    ("inpost", "out_for_delivery", ParcelStage.OUT_FOR_DELIVERY),
    # The signed receipt travels to the sender: the parcel neither arrived by it nor came back.
    ("inpost", "return_pickup_confirmation_to_sender", ParcelStage.UNKNOWN),
    # The parcel has set out on the way back; it is not there yet.
    ("inpost", "returned_to_sender", ParcelStage.RETURNING),
    # The courier met nobody; a locker has nothing to do with it.
    ("inpost", "pickup_reminder_sent_address", ParcelStage.ATTEMPT_FAILED),
    # The customer may still be faster than the courier.
    ("inpost", "pickup_time_expired", ParcelStage.RETURNING),
    # A parcel shop has it; the customer has not.
    ("gls", "deliveredps", ParcelStage.AWAITING_COLLECTION),
    ("gls", "delivd.parcelshop", ParcelStage.AWAITING_COLLECTION),
    ("ups", "161", ParcelStage.AWAITING_COLLECTION),
    ("ups", "144", ParcelStage.AWAITING_COLLECTION),
    ("fedex", "hl", ParcelStage.AWAITING_COLLECTION),
    ("dpd", "511901", ParcelStage.AWAITING_COLLECTION),
    ("packeta", "5", ParcelStage.AWAITING_COLLECTION),
    # "History closed" is no end of any kind.
    ("gls", "final", ParcelStage.UNKNOWN),
    ("orlen", "888", ParcelStage.UNKNOWN),
    # "Delivered to agent": to a partner that goes on with it.
    ("ups", "143", ParcelStage.IN_TRANSIT),
    # "Odebranie w urzędzie wymiany": taken in at an exchange office.
    ("poczta_polska", "p_owuwpp", ParcelStage.IN_TRANSIT),
    # The sender has it.
    ("ups", "034", ParcelStage.RETURNED),
    ("packeta", "10", ParcelStage.RETURNED),
    ("orlen", "1200", ParcelStage.RETURNED),
    # "Unknown" is neither a delay nor in transit.
    ("dhl", "unknown", ParcelStage.UNKNOWN),
    ("packeta", "999", ParcelStage.UNKNOWN),
    # A label is no hold.
    ("dhl", "pre-transit", ParcelStage.LABEL_CREATED),
]
LATE = {Reason.CARRIER_DELAY, Reason.WEATHER, Reason.CUSTOMS_DELAY, Reason.CARRIER_VEHICLE}


@pytest.mark.parametrize(("carrier", "code", "stage"), NOT_WHAT_IT_SOUNDS_LIKE)
def test_a_code_means_what_the_carrier_says_not_what_it_sounds_like(
    carrier: str, code: str, stage: ParcelStage
) -> None:
    assert codes(carrier)[code].stage is stage


@pytest.mark.parametrize("carrier", sorted(DELIVERED))
def test_only_these_codes_are_a_delivery(carrier: str) -> None:
    found = {code for code, meaning in codes(carrier).items() if meaning.stage is ParcelStage.DELIVERED}
    assert found == DELIVERED[carrier]


@pytest.mark.parametrize("carrier", sorted(DELIVERED))
def test_what_went_back_to_the_sender_was_handed_to_nobody(carrier: str) -> None:
    for code, meaning in codes(carrier).items():
        assert meaning.leg is Leg.OUTBOUND or meaning.handed_to is HandedTo.UNKNOWN, code


def test_a_locker_that_expired_can_still_be_opened() -> None:
    """The customer was faster: the delivery that follows is hers, so the leg has not turned yet."""
    assert codes("inpost")["pickup_time_expired"].leg is Leg.OUTBOUND


@pytest.mark.parametrize("carrier", sorted(DELIVERED))
def test_what_tells_nothing_is_no_delay(carrier: str) -> None:
    """An alarm needs a code that says so: `unknown` is none."""
    silent = [meaning for meaning in codes(carrier).values() if meaning.stage is ParcelStage.UNKNOWN]
    assert not [meaning for meaning in silent if meaning.reason in LATE]


@pytest.mark.parametrize(
    "back", ["inpost", "gls", "ups", "fedex", "dhl", "dpd", "poczta_polska", "orlen", "packeta"]
)
def test_a_delivery_after_the_parcel_turned_back_is_a_return(back: str) -> None:
    """Some carriers write the hand-back to the sender as a delivery; whoever reads one line alone is deceived."""
    delivered = next(meaning for meaning in codes(back).values() if meaning.stage is ParcelStage.DELIVERED)
    reports = homeward(
        (
            TrackingReport(at=NOON + timedelta(days=4), stage=delivered.stage, handed_to=delivered.handed_to),
            TrackingReport(at=NOON + timedelta(days=3), stage=ParcelStage.OUT_FOR_DELIVERY),
            TrackingReport(at=NOON, stage=ParcelStage.RETURNING, leg=Leg.RETURNING_TO_SENDER),
            TrackingReport(at=NOON - timedelta(days=1), stage=ParcelStage.OUT_FOR_DELIVERY),
        )
    )
    assert [report.stage for report in reports] == [
        ParcelStage.OUT_FOR_DELIVERY,
        ParcelStage.RETURNING,
        ParcelStage.RETURNING,
        ParcelStage.RETURNED,
    ]
    assert reports[-1].handed_to is HandedTo.UNKNOWN


def test_placeholders_of_a_recording_are_codes_nobody_knows() -> None:
    """DHL Poland's public test recording has "string" in every field: nothing may be learned from it."""
    raw = (
        b"<r><getTrackAndTraceInfoResult><shipmentId>24333892874</shipmentId><events><item><status>string</status>"
        b"<description>string</description><terminal>string</terminal><timestamp>2012-10-12 07:40:31</timestamp>"
        b"</item></events></getTrackAndTraceInfoResult></r>"
    )
    reading = poland.answer(raw, context(CARRIERS["dhl"]))
    assert [report.stage for report in reading.tracked[0].reports] == [ParcelStage.UNKNOWN]
    assert [notice.kind for notice in reading.notices] == [NoticeKind.UNKNOWN_CODE]
