"""Mistakes seen in others' mappings of aggregators: each is one line here, so that it is never made again."""

from __future__ import annotations

import pytest

from opieka.deliveries.types import Leg, ParcelStage, Reason
from tests.deliveries.carriers.test_aggregators import aftership, easypost_event, seventeen

LATE = {Reason.CARRIER_DELAY, Reason.WEATHER, Reason.CUSTOMS_DELAY}


def test_easypost_return_to_sender_is_no_failed_delivery() -> None:
    report, _ = easypost_event("return_to_sender", "return")
    assert (report.stage, report.leg) == (ParcelStage.RETURNING, Leg.RETURNING_TO_SENDER)


def test_easypost_pre_transit_is_no_hold() -> None:
    report, _ = easypost_event("pre_transit", "label_created")
    assert (report.stage, report.reason) == (ParcelStage.LABEL_CREATED, Reason.NONE)


@pytest.mark.parametrize("status", ["unknown", "error", "teleported"])
def test_easypost_unknown_is_no_delay_and_not_in_transit(status: str) -> None:
    report, _ = easypost_event(status, "unknown")
    assert (report.stage, report.reason) == (ParcelStage.UNKNOWN, Reason.NONE)


def test_easypost_arrival_at_a_pickup_location_is_no_delivery() -> None:
    assert (
        easypost_event("delivered", "arrived_at_pickup_location")[0].stage is ParcelStage.AWAITING_COLLECTION
    )
    assert (
        easypost_event("available_for_pickup", "arrived_at_destination")[0].stage
        is ParcelStage.AWAITING_COLLECTION
    )


def test_a_delivery_to_the_sender_is_no_delivery() -> None:
    """Canada Post writes the hand-back as a Delivered event."""
    reading = aftership(("Exception", "Exception_010"), ("Delivered", "Delivered_001"))
    last = reading.tracked[0].reports[-1]
    assert (last.stage, last.leg) == (ParcelStage.RETURNED, Leg.RETURNING_TO_SENDER)


def test_a_refusal_that_was_followed_by_a_delivery_is_one() -> None:
    reading = aftership(("Exception", "Exception_003"), ("Delivered", "Delivered_003"))
    assert reading.tracked[0].reports[-1].stage is ParcelStage.DELIVERED


@pytest.mark.parametrize("tag", ["Pending", "Expired", "Teleported"])
def test_aftership_silence_is_no_stage_and_no_delay(tag: str) -> None:
    report = aftership((tag, "")).tracked[0].reports[0]
    assert report.stage is ParcelStage.UNKNOWN
    assert report.reason not in LATE


@pytest.mark.parametrize("sub", ["NotFound_Other", "NotFound_InvalidCode", "Expired_Other"])
def test_17track_not_found_for_days_is_no_error(sub: str) -> None:
    report, reading = seventeen("", sub)
    assert (report.stage, report.reason, reading.notices) == (ParcelStage.UNKNOWN, Reason.NONE, ())


def test_an_appointment_is_no_van() -> None:
    assert (
        aftership(("OutForDelivery", "OutForDelivery_004")).tracked[0].reports[0].stage
        is ParcelStage.IN_TRANSIT
    )


def test_destroyed_is_lost_and_damaged_is_not() -> None:
    assert seventeen("", "Exception_Destroyed")[0].stage is ParcelStage.LOST
    assert seventeen("", "Exception_Damage")[0].stage is ParcelStage.EXCEPTION
    assert easypost_event("failure", "damaged")[0].stage is ParcelStage.EXCEPTION
    assert easypost_event("failure", "lost")[0].stage is ParcelStage.LOST
