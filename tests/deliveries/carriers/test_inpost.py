"""InPost: whom we believe, and what its own example answer says."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from opieka.deliveries.carriers import CARRIERS
from opieka.deliveries.carriers.base import Delivered
from opieka.deliveries.types import ParcelStage
from tests.deliveries.carriers.samples import client

INPOST = CARRIERS["inpost"]


@pytest.mark.parametrize(
    ("remote", "believed"),
    [
        ("91.216.25.0", True),
        ("91.216.25.255", True),
        ("91.216.26.1", False),
        ("192.0.2.1", False),
        ("::ffff:91.216.25.7", False),
        ("", False),
        ("91.216.25.7, 192.0.2.1", False),
    ],
)
def test_only_inposts_own_addresses_are_heard(remote: str, believed: bool) -> None:
    assert INPOST.genuine is not None
    assert INPOST.genuine(Delivered(raw=b"{}", remote=remote), {}) is believed


def test_a_webhook_sent_again_is_the_same() -> None:
    first, again, other = (INPOST.delivery_id(Delivered(raw=raw)) for raw in (b"{1}", b"{1}", b"{2}"))
    assert first == again != other


@pytest.mark.shared
def test_the_documentations_own_answer_is_understood(shared: Path) -> None:
    raw = (shared / "fixtures" / "webhooks" / "inpost" / "InpostCourierGetStatusSuccess.json").read_bytes()
    reading = client(INPOST, lambda request: httpx.Response(200, content=raw)).track(
        ("612345678901234567890123",)
    )
    (tracked,) = reading.tracked
    assert [report.stage for report in tracked.reports] == [ParcelStage.LABEL_CREATED, ParcelStage.ACCEPTED]
    assert reading.notices == ()


@pytest.mark.shared
def test_the_documentations_own_refusal_is_no_error(shared: Path) -> None:
    raw = (shared / "fixtures" / "webhooks" / "inpost" / "InpostCourierActionFailure.json").read_bytes()
    asked = client(INPOST, lambda request: httpx.Response(404, content=raw))
    assert asked.track(("612345678901234567890123",)).tracked == ()
