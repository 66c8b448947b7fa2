"""Mistakes seen in others' mappings: each is one line here, so that it is never made again."""

from __future__ import annotations

import pytest

from opieka.deliveries.types import HandedTo, Leg, ParcelStage
from tests.deliveries.carriers.samples import codes

DELIVERED = {
    "inpost": {"delivered"},
    "dpd": {
        *("190101", "190102", "190103", "190104", "190105", "190201", "190202", "190203", "190204", "190205"),
        *("501300", "501304", "501340", "701901", "701902"),
    },
    "dhl": {"delivered"},
    "dhl_poland": {"dor", "dor_poc", "dor_rdz", "dor_sas", "dor_oth", "dor_lok", "dor_owl", "ppdor"},
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
]


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
