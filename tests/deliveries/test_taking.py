"""In whatever order, however often and by however many at once tracking comes: the same parcel, the same facts."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opieka.deliveries.models import Notice, Parcel, Report
from opieka.deliveries.types import HandedTo, Leg, NoticeKind, Reason, Taken, Tracking, TrackingReport
from opieka.kernel import clock
from opieka.timeline.models import Touchpoint
from tests.deliveries.building import after, parcels, report, stored, take, told, tracking
from tests.factories import make_shop

pytestmark = pytest.mark.django_db

JOURNEY = (
    report(0, "label_created"),
    report(8, "accepted", depot="WAW"),
    report(20, "in_transit", raw_text="Przesyłka w drodze", depot="KRK", city="Kraków", country="PL"),
    report(44, "out_for_delivery", expected_to=after(52)),
    report(46, "attempt_failed", reason=Reason.CONSIGNEE_ABSENT),
    report(68, "out_for_delivery"),
    report(70, "delivered", handed_to=HandedTo.NEIGHBOUR),
)
NEWS = [
    "ParcelAnnounced", "ParcelShipped", "ParcelOutForDelivery", "ParcelAttemptFailed", "ParcelOutForDelivery",
    "ParcelDelivered",
]  # fmt: skip
LATER = after(24 * 5)


def notices(shop_id: int) -> set[tuple[str, str, str]]:
    return set(Notice.objects.filter(shop_id=shop_id).values_list("kind", "where", "value"))


def test_a_parcels_way() -> None:
    shop = make_shop()
    with clock.fixed(LATER):
        assert take(shop.id, tracking(*JOURNEY)) == Taken(created=1, reports=7)
    (parcel,) = parcels(shop.id)
    assert (parcel.carrier, parcel.number, parcel.stage, parcel.attempts) == ("dpd", "PL100", "delivered", 1)
    assert (parcel.first_attempt, parcel.first_reason) == (False, "consignee_absent")
    assert (parcel.delivered_at, parcel.look_at, parcel.handed_to) == (after(70), None, "neighbour")
    assert told(shop.id) == NEWS
    delivered = Touchpoint.objects.get(shop_id=shop.id, kind="ParcelDelivered")
    assert (delivered.at, delivered.subject) == (after(70), f"parcel:{parcel.pk}")
    assert delivered.data["handed_to"] == "neighbour"


def test_the_same_again_is_nothing() -> None:
    shop = make_shop()
    with clock.fixed(LATER):
        take(shop.id, tracking(*JOURNEY))
        before = stored(shop.id)
        assert take(shop.id, tracking(*JOURNEY), tracking(*JOURNEY[2:5])) == Taken()
        assert (stored(shop.id), told(shop.id)) == (before, NEWS)


def test_a_parcel_that_goes_on_is_not_read_again() -> None:
    shop = make_shop()
    with clock.fixed(LATER):
        take(shop.id, tracking(*JOURNEY[:3]))
        with CaptureQueriesContext(connection) as going_on:
            take(shop.id, tracking(JOURNEY[2], report(30, "in_transit", depot="WRO")))
        with CaptureQueriesContext(connection) as turning:
            take(shop.id, tracking(report(29, "in_transit", depot="POZ")))
    read = [sum("raw_text" in each["sql"] for each in made) for made in (going_on, turning)]
    assert read[1] - read[0] == 1
    assert (parcels(shop.id)[0].depot, Report.objects.filter(shop_id=shop.id).count()) == ("WRO", 5)


def test_a_number_is_one_however_it_is_written() -> None:
    shop = make_shop()
    take(shop.id, tracking(JOURNEY[0], number="pl 10-0"), tracking(JOURNEY[1], number=" PL100 "))
    assert [parcel.number for parcel in parcels(shop.id)] == ["PL100"]


MOMENTS = st.integers(0, 30).map(lambda step: after(step * 4))
REPORTS = st.builds(
    TrackingReport,
    at=MOMENTS,
    stage=st.sampled_from([each.stage for each in JOURNEY]),
    raw_code=st.sampled_from(["", "A"]),
    reason=st.sampled_from([Reason.NONE, Reason.CARRIER_DAMAGED]),
    depot=st.sampled_from(["", "WAW"]),
)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.lists(REPORTS, min_size=1, max_size=5), min_size=1, max_size=4),
    st.randoms(use_true_random=False),
)
def test_any_order_repetition_and_batching_gives_the_same_parcel_and_facts(
    batches: list[list[TrackingReport]], random: object
) -> None:
    whole, parts = make_shop(), make_shop()
    everything = list(chain.from_iterable(batches))
    again = [*batches, everything[:3]]
    random.shuffle(again)  # type: ignore[attr-defined]  # hypothesis' random.Random
    with clock.fixed(LATER):
        take(whole.id, tracking(*everything))
        for batch in again:
            take(parts.id, tracking(*batch[::-1]))
        assert stored(whole.id) == stored(parts.id)
    assert sorted(told(whole.id)) == sorted(told(parts.id))


def test_one_by_one_in_order_tells_exactly_what_all_at_once_tells() -> None:
    whole, parts = make_shop(), make_shop()
    with clock.fixed(LATER):
        take(whole.id, tracking(*JOURNEY))
        for each in JOURNEY:
            take(parts.id, tracking(each))

    def facts(shop_id: int) -> list[tuple[object, ...]]:
        rows = Touchpoint.objects.filter(shop_id=shop_id).order_by("id")
        return [
            (row.kind, row.at, {k: v for k, v in row.data.items() if k not in {"parcel_id", "first_attempt"}})
            for row in rows
        ]

    assert facts(whole.id) == facts(parts.id)


def test_other_shops_have_their_own_parcels() -> None:
    shop, other = make_shop(), make_shop()
    take(shop.id, tracking(*JOURNEY[:2]))
    take(other.id, tracking(JOURNEY[0]))
    assert [parcel.stage for parcel in parcels(shop.id)] == ["accepted"]
    assert [parcel.stage for parcel in parcels(other.id)] == ["label_created"]


def test_an_unknown_carrier_is_kept_and_shown_and_becomes_known() -> None:
    shop = make_shop()
    take(shop.id, tracking(JOURNEY[0], carrier="", carrier_word="Gołębie Pocztowe"))
    (parcel,) = parcels(shop.id)
    assert (parcel.carrier, parcel.carrier_word, parcel.stage) == ("", "Gołębie Pocztowe", "label_created")
    assert notices(shop.id) == {(NoticeKind.UNKNOWN_CARRIER, "PL100", "Gołębie Pocztowe")}
    take(shop.id, tracking(JOURNEY[1], carrier="gls"))
    assert [(p.pk, p.carrier, p.stage) for p in parcels(shop.id)] == [(parcel.pk, "gls", "accepted")]
    take(shop.id, tracking(JOURNEY[2], carrier="", carrier_word="Gołębie Pocztowe"))
    assert [(p.pk, p.stage) for p in parcels(shop.id)] == [(parcel.pk, "in_transit")]


def test_known_and_unknown_carrier_in_one_batch_are_one_parcel() -> None:
    shop = make_shop()
    take(shop.id, tracking(JOURNEY[0], carrier="", carrier_word="?"), tracking(JOURNEY[1], carrier="gls"))
    assert [(p.carrier, p.stage) for p in parcels(shop.id)] == [("gls", "accepted")]
    assert Report.objects.filter(shop_id=shop.id).count() == 2


def test_a_number_two_carriers_share_is_two_parcels_and_a_notice() -> None:
    shop = make_shop()
    take(shop.id, tracking(JOURNEY[0], carrier="dpd"), tracking(*JOURNEY, carrier="gls"))
    assert [(p.carrier, p.stage) for p in parcels(shop.id)] == [
        ("dpd", "label_created"),
        ("gls", "out_for_delivery" if clock.now() < after(70) else "delivered"),
    ]
    assert (NoticeKind.SHARED_NUMBER, "PL100", "dpd, gls") in notices(shop.id)
    take(shop.id, tracking(JOURNEY[1], carrier="", carrier_word="?"))
    assert next((p.carrier, p.stage) for p in parcels(shop.id)) == ("", "accepted")


def test_what_cannot_be_right_is_noticed_and_stops_nothing() -> None:
    shop = make_shop()
    naive = TrackingReport(at=datetime(2026, 11, 2, 9), stage=JOURNEY[1].stage, raw_code="N")  # noqa: DTZ001  # on purpose
    ancient = TrackingReport(at=datetime(1, 1, 1, tzinfo=UTC), stage=JOURNEY[1].stage, raw_code="OLD")
    odd = report(9, "in_transit", raw_text="\0\ud800" + "x" * 600, depot="d" * 300, collect_by=ancient.at)
    with clock.fixed(LATER):
        take(
            shop.id,
            tracking(JOURNEY[0], number=" - "),
            tracking(naive, ancient, odd),
            tracking(*JOURNEY, number="PL200", carrier="No Such Carrier!"),
        )
    assert [(p.number, p.carrier, p.stage) for p in parcels(shop.id)] == [
        ("PL100", "dpd", "in_transit"),
        ("PL200", "", "delivered"),
    ]
    kept = Report.objects.get(shop_id=shop.id, raw_code="IN_TRANSIT", parcel__number="PL100")
    assert (kept.raw_text[:2], len(kept.raw_text), len(kept.depot), kept.collect_by) == ("?x", 500, 100, None)
    assert {kind for kind, _, _ in notices(shop.id)} == {"malformed", "unknown_carrier"}
    assert {where for kind, where, _ in notices(shop.id) if kind == "malformed"} == {
        "tracking_number",
        "PL100: at",
    }


def test_a_date_in_the_future_is_kept_shown_and_waits() -> None:
    shop = make_shop()
    with clock.fixed(after(30)):
        take(shop.id, tracking(*JOURNEY[:3], JOURNEY[6]))
        (parcel,) = parcels(shop.id)
        assert (parcel.stage, parcel.ahead_at) == ("in_transit", after(70))
        assert parcel.look_at is not None
        assert parcel.look_at <= after(70)
        assert notices(shop.id) == {(NoticeKind.IN_FUTURE, "PL100", after(70).isoformat())}
        assert "ParcelDelivered" not in told(shop.id)


def test_a_parcel_comes_back_to_the_sender() -> None:
    shop = make_shop()
    back = report(90, "delivered", leg=Leg.RETURNING_TO_SENDER)
    with clock.fixed(LATER):
        take(shop.id, tracking(*JOURNEY[:5], back))
    assert [(p.stage, p.leg, p.first_attempt) for p in parcels(shop.id)] == [
        ("returned", "returning_to_sender", False)
    ]
    assert told(shop.id)[-1] == "ParcelReturned"


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_one_parcel_and_tell_each_thing_once() -> None:
    shop = make_shop()
    start = threading.Barrier(4)
    errors: list[BaseException] = []

    def work(turn: int) -> None:
        try:
            start.wait(10)
            for step in range(12):
                picked = JOURNEY[(turn + step) % 7 :: 2]
                take(shop.id, *(tracking(*picked, number=f"PL{(turn * 5 + step + n) % 9}") for n in range(4)))
        except BaseException as error:  # noqa: BLE001  # shown by the assertion below
            errors.append(error)
        finally:
            connection.close()

    with clock.fixed(LATER):
        threads = [threading.Thread(target=work, args=(turn,)) for turn in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        take(shop.id, *(tracking(*JOURNEY, number=f"PL{n}") for n in range(9)))
    found = parcels(shop.id)
    assert [(p.number, p.stage) for p in found] == [(f"PL{n}", "delivered") for n in range(9)]
    for parcel in found:
        rows = Touchpoint.objects.filter(shop_id=shop.id, subject=f"parcel:{parcel.pk}")
        assert sorted(rows.values_list("kind", flat=True)) == sorted(NEWS)
        assert Report.objects.filter(shop_id=shop.id, parcel_id=parcel.pk).count() == len(JOURNEY)


def test_many_parcels_at_once() -> None:
    shop = make_shop()
    many = [tracking(*JOURNEY, number=f"N{n}") for n in range(1200)]
    with clock.fixed(LATER):
        assert take(shop.id, *many) == Taken(created=1200, reports=8400)
        more = [tracking(report(71, "in_transit", depot="X"), number=f"N{n}") for n in range(1200)]
        assert take(shop.id, *more) == Taken(changed=1200, reports=1200)
    assert Parcel.objects.filter(shop_id=shop.id, stage="delivered").count() == 1200


def test_looking_again_is_planned_for_what_could_go_wrong() -> None:
    shop = make_shop()
    with clock.fixed(after(10)):
        take(shop.id, Tracking(carrier="dpd", tracking_number="A", reports=(JOURNEY[0],)))
        take(shop.id, tracking(*JOURNEY[:2], number="B"))
    label, moving = parcels(shop.id)
    assert label.look_at is None  # a fresh label may wait as long as the shop needs
    assert moving.look_at is not None
    assert moving.look_at > after(8) + timedelta(days=1)
