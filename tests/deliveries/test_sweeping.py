"""Late, stale, lost: announced when it becomes true, once, however many look."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from opieka.deliveries import commands, queries
from opieka.deliveries.models import Parcel
from opieka.deliveries.types import Wanted
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.timeline.models import Touchpoint
from tests.deliveries.building import after, parcels, report, take, told, tracking
from tests.factories import make_shop

pytestmark = pytest.mark.django_db

PROMISE = after(48)


def sweep(at: datetime) -> int:
    with clock.fixed(at):
        return commands.sweep(by=SYSTEM)


def moving(shop_id: int, number: str = "PL1", stage: str = "in_transit", **changes: object) -> None:
    with clock.fixed(after(10)):
        take(shop_id, tracking(report(9, stage, **changes), number=number, promised_to=PROMISE))


def test_a_parcel_is_late_the_moment_its_promise_ends_and_once() -> None:
    shop = make_shop()
    moving(shop.id)
    assert sweep(PROMISE - timedelta(seconds=1)) == 0
    assert sweep(PROMISE) == 1
    assert sweep(PROMISE + timedelta(minutes=1)) == 0
    (late,) = Touchpoint.objects.filter(shop_id=shop.id, kind="ParcelLate")
    assert (late.at, late.data["promised_to"][:16]) == (PROMISE, PROMISE.isoformat()[:16])
    assert [card.number for card in queries.parcels(shop_ids=[shop.id], wanted=Wanted(late=True))] == ["PL1"]


@pytest.mark.parametrize("stage", ["delivered", "awaiting_collection", "returning", "returned", "cancelled"])
def test_what_is_there_or_will_not_come_is_not_late(stage: str) -> None:
    shop = make_shop()
    moving(shop.id, stage=stage)
    sweep(PROMISE)
    assert "ParcelLate" not in told(shop.id)


def test_delivered_late_is_told_in_days_and_collection_counts_from_the_point() -> None:
    shop = make_shop()
    with clock.fixed(after(24 * 6)):
        slow = tracking(report(48 + 25, "delivered"), number="PL1", promised_to=PROMISE)
        point = [report(40, "awaiting_collection"), report(90, "delivered")]
        take(shop.id, slow, tracking(*point, number="PL2", promised_to=PROMISE))
    days = Touchpoint.objects.filter(shop_id=shop.id, kind="ParcelDelivered").order_by("at")
    assert [fact.data["late_days"] for fact in days] == [2, 0]


def test_silence_is_news_after_working_days_only() -> None:
    """From Friday afternoon on, a weekend says nothing."""
    shop = make_shop()
    friday = datetime(2026, 11, 6, 15, tzinfo=UTC)
    with clock.fixed(friday):
        take(shop.id, tracking(report(0, "in_transit"), report(102, "out_for_delivery")))
    monday_noon = datetime(2026, 11, 9, 12, tzinfo=UTC)
    assert sweep(monday_noon) == 0
    assert sweep(datetime(2026, 11, 10, 20, tzinfo=UTC)) == 1
    (stale,) = Touchpoint.objects.filter(shop_id=shop.id, kind="ParcelStale")
    assert stale.data["last_at"].startswith("2026-11-06T15:00")
    assert parcels(shop.id)[0].stale_at is not None


def test_a_holiday_says_nothing_either() -> None:
    """The eleventh of November is Poland's national day."""
    shop = make_shop()
    with clock.fixed(after(24 * 8)):
        take(shop.id, tracking(report(24 * 8, "out_for_delivery")))  # Tuesday the tenth
    due = parcels(shop.id)[0].stale_due_at
    assert due is not None
    assert due.date().isoformat() == "2026-11-12"


@pytest.mark.parametrize("stage", ["label_created", "unknown"])
def test_silence_about_a_fresh_label_is_never_an_alert(stage: str) -> None:
    shop = make_shop()
    with clock.fixed(after(1)):
        take(shop.id, tracking(report(0, stage)))
        take(shop.id, tracking(number="NOTFOUND1"))
    assert sweep(after(24 * 40)) == 0
    assert set(told(shop.id)) <= {"ParcelAnnounced"}


def test_news_ends_a_silence_and_another_silence_is_told_again() -> None:
    shop = make_shop()
    moving(shop.id)
    sweep(after(24 * 8))
    with clock.fixed(after(24 * 8 + 1)):
        take(shop.id, tracking(report(24 * 8, "in_transit", depot="KRK"), number="PL1"))
    assert parcels(shop.id)[0].stale_at is None
    sweep(after(24 * 16))
    assert told(shop.id).count("ParcelStale") == 2


def test_a_long_silence_means_lost_and_a_later_scan_finds_it() -> None:
    shop = make_shop()
    moving(shop.id)
    for day in range(30):
        sweep(after(24 * day))
    (lost,) = Touchpoint.objects.filter(shop_id=shop.id, kind="ParcelLost")
    assert lost.data["presumed"] is True
    assert [card.number for card in queries.parcels(shop_ids=[shop.id], wanted=Wanted(lost=True))] == ["PL1"]
    with clock.fixed(after(24 * 30)):
        take(shop.id, tracking(report(24 * 30 - 1, "in_transit"), number="PL1"))
    assert (parcels(shop.id)[0].lost_at, parcels(shop.id)[0].stale_at) == (None, None)


def test_a_carriers_own_word_for_lost_is_told_at_once() -> None:
    shop = make_shop()
    moving(shop.id, stage="lost")
    assert told(shop.id)[-1] == "ParcelLost"
    assert sweep(after(24 * 60)) == 0


def test_at_a_point_silence_is_normal_until_the_time_to_collect_is_over() -> None:
    shop = make_shop()
    moving(shop.id, stage="awaiting_collection", collect_by=after(24 * 7))
    assert sweep(after(24 * 7)) == 0
    assert sweep(after(24 * 10)) == 1
    assert told(shop.id)[-1] == "ParcelStale"


def test_a_report_of_the_future_is_taken_up_when_its_moment_comes() -> None:
    shop = make_shop()
    with clock.fixed(after(10)):
        take(shop.id, tracking(report(9, "out_for_delivery"), report(14, "delivered")))
    assert sweep(after(13)) == 0
    assert sweep(after(14)) == 1
    assert parcels(shop.id)[0].stage == "delivered"
    assert told(shop.id) == ["ParcelShipped", "ParcelOutForDelivery", "ParcelDelivered"]
    assert sweep(after(24 * 60)) == 0


@pytest.mark.django_db(transaction=True)
def test_many_sweepers_tell_each_thing_once() -> None:
    shop = make_shop()
    with clock.fixed(after(10)):
        take(
            shop.id,
            *(tracking(report(9, "in_transit"), number=f"N{n}", promised_to=PROMISE) for n in range(300)),
        )

    def work() -> None:
        try:
            while commands.sweep(20, by=SYSTEM):
                pass
        finally:
            connection.close()

    with clock.fixed(after(24 * 60)):
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        while commands.sweep(by=SYSTEM):
            pass
    kinds = Touchpoint.objects.filter(shop_id=shop.id).values_list("kind", "subject")
    assert set(Counter(kinds).values()) == {1}
    assert Counter(kind for kind, _ in kinds) == {
        "ParcelShipped": 300, "ParcelLate": 300, "ParcelStale": 300, "ParcelLost": 300,
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_parcel_that_is_being_changed_is_left_for_the_next_sweep() -> None:
    shop = make_shop()
    moving(shop.id)
    swept: list[int] = []

    def elsewhere() -> None:
        try:
            swept.append(commands.sweep(by=SYSTEM))
        finally:
            connection.close()

    with clock.fixed(PROMISE):
        with transaction.atomic():
            list(Parcel.objects.select_for_update().filter(shop_id=shop.id))
            thread = threading.Thread(target=elsewhere)
            thread.start()
            thread.join(20)
        assert swept == [0]
        assert commands.sweep(by=SYSTEM) == 1
