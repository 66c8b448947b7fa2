"""What others are shown of parcels: cards, lists, figures. Other shops' are never among it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from opieka.deliveries import commands, queries
from opieka.deliveries.models import Parcel, Usual
from opieka.deliveries.policy.attempts import REMEDIES, remedies
from opieka.deliveries.policy.scoring import parts, share
from opieka.deliveries.policy.working import Week, after, before, between
from opieka.deliveries.types import Leg, ParcelStage, Reason, Remedy, RiskBand, Wanted
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.kernel.errors import NotFound
from tests.deliveries.building import START, parcels, report, take, tracking
from tests.deliveries.building import after as later
from tests.factories import make_shop

database = pytest.mark.django_db

# Rules


@given(st.integers(0, 50), st.integers(0, 50))
def test_an_interval_holds_its_share(k: int, more: int) -> None:
    found = share(k, k + more)
    if found.share is None or found.low is None or found.high is None:
        assert k + more == 0
        return
    assert 0 <= found.low <= found.share + 1e-9
    assert found.share - 1e-9 <= found.high <= 1


def test_wilson_by_the_book() -> None:
    """Newcombe 1998, table I: 81 of 263 is .2553 to .3662."""
    found = share(81, 263)
    assert found.low == pytest.approx(0.2553, abs=5e-5)
    assert found.high == pytest.approx(0.3662, abs=5e-5)


def test_whose_delay_it_is() -> None:
    def days(handed: float, due: float | None, there: float) -> tuple[float, float]:
        found = parts(
            promised_to=START,
            there_at=later(24 * there),
            handed_over_at=later(24 * handed),
            due_at=None if due is None else later(24 * due),
        )
        return found[0] / timedelta(days=1), found[1] / timedelta(days=1)

    assert days(-3, -3, 2) == (0, 2)  # in time: the carrier's
    assert days(-2, -3, 2) == (1, 1)
    assert days(5, -3, 2) == (2, 0)  # never more than it is late
    assert days(-1, None, 2) == (0, 2)
    assert days(1, None, 2) == (1, 1)


def test_what_would_have_saved_the_attempt() -> None:
    assert remedies(Reason.CONSIGNEE_ABSENT)[0] is Remedy.SLOT
    assert remedies(Reason.CONSIGNEE_WRONG_ADDRESS) == (Remedy.ADDRESS_CHECK,)
    assert remedies(Reason.WEATHER) == ()
    assert all(REMEDIES.values())


WEEKS = st.builds(
    Week,
    days=st.sets(st.integers(0, 6), min_size=1).map(frozenset),
    zone=st.sampled_from(["UTC", "Europe/Warsaw", "America/Sao_Paulo"]),
    country=st.sampled_from(["", "PL", "GR"]),
)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1)), st.floats(0.01, 12), WEEKS)  # noqa: DTZ001  # a zone is given below
def test_working_time_goes_forth_and_back(start: datetime, amount: float, week: Week) -> None:
    begin = start.replace(tzinfo=START.tzinfo)
    end = after(begin, amount, week)
    assert between(begin, end, week) == pytest.approx(amount, abs=1e-6)
    assert between(before(end, amount, week), end, week) == pytest.approx(amount, abs=1e-6)


# Cards and lists


@database
def test_a_card_shows_each_event_once_with_the_carriers_words() -> None:
    shop, other = make_shop(), make_shop()
    first = report(8, "accepted", raw_text="Odebrano", depot="WAW", expected_to=later(40))
    again = report(8, "accepted", raw_text="Odebrano", depot="WAW", expected_to=later(60))
    odd = report(20, "unknown", raw_text="Trzepnięto")
    with clock.fixed(later(24)):
        take(shop.id, tracking(first, again, odd, carrier="inpost", number="6" * 24), told_by="aftership")
    (parcel,) = parcels(shop.id)
    card = queries.parcel(parcel.pk, shop_ids=[shop.id])
    assert [(one.raw_text, one.stage, one.told_by) for one in card.reports] == [
        ("Odebrano", ParcelStage.ACCEPTED, "aftership"),
        ("Trzepnięto", ParcelStage.UNKNOWN, "aftership"),
    ]
    assert (card.carrier_title, "6" * 24 in card.page) == ("InPost", True)
    with pytest.raises(NotFound):
        queries.parcel(parcel.pk, shop_ids=[other.id])
    assert queries.search("666", shop_ids=[other.id]) == []
    assert [card.id for card in queries.search("6 66-6", shop_ids=[shop.id])] == [parcel.pk]


@database
def test_lists_are_narrowed_and_paged() -> None:
    shop, other = make_shop(), make_shop()
    stages = ["in_transit", "out_for_delivery", "delivered"]
    with clock.fixed(later(24)):
        take(other.id, tracking(report(8, "in_transit", depot="WAW"), number="N0"))
        for n in range(9):
            told = report(8, stages[n % 3], depot=["WAW", "KRK"][n % 2])
            take(shop.id, tracking(told, number=f"N{n}", carrier=["dpd", "gls"][n % 2]))
    Parcel.objects.filter(shop_id=shop.id, number__in=["N0", "N3"]).update(risk=0.7, late_at=later(20))
    Parcel.objects.filter(shop_id=shop.id, number="N6").update(risk=0.8)
    Parcel.objects.filter(shop_id=shop.id, number="N1").update(risk=0.3)

    def numbers(**wanted: object) -> list[str]:
        found = queries.parcels(shop_ids=[shop.id], wanted=Wanted(**wanted))  # type: ignore[arg-type]  # by name
        return [card.number for card in found]

    assert numbers() == [f"N{n}" for n in range(8, -1, -1)]
    assert numbers(stages=(ParcelStage.DELIVERED,)) == ["N8", "N5", "N2"]
    assert numbers(open=True, depot="KRK") == ["N7", "N3", "N1"]
    assert numbers(carrier="gls", open=True) == ["N7", "N3", "N1"]
    assert numbers(late=True) == ["N3", "N0"]
    assert numbers(band=RiskBand.HIGH) == ["N6"]  # what is late already is no risk any more
    assert numbers(band=RiskBand.MEDIUM) == ["N1"]
    assert numbers(number="n7") == ["N7"]
    assert numbers(stale=True) == numbers(lost=True) == []
    page = queries.parcels(shop_ids=[shop.id], limit=4)
    rest = queries.parcels(shop_ids=[shop.id], after_id=page[-1].id, limit=10)
    assert [card.number for card in [*page, *rest]] == numbers()
    counted = queries.counts(shop_ids=[shop.id])
    assert counted.stages == {ParcelStage.IN_TRANSIT: 3, ParcelStage.OUT_FOR_DELIVERY: 3}
    assert counted.bands == {RiskBand.HIGH: 1, RiskBand.MEDIUM: 1, RiskBand.LOW: 0}
    assert (counted.late, counted.carriers, counted.depots) == (2, {"dpd": 3, "gls": 3}, {"KRK": 3, "WAW": 3})


@database
def test_however_many_parcels_two_queries() -> None:
    shop = make_shop()
    with clock.fixed(later(24)):
        take(shop.id, *(tracking(report(8, "accepted"), number=f"N{n}") for n in range(30)))
    Parcel.objects.filter(shop_id=shop.id).update(customer_id=7)
    with CaptureQueriesContext(connection) as asked:
        found = queries.of_customers([7], shop_ids=[shop.id], reports=True, limit=30)
    assert (len(found), len(found[0].reports), len(asked)) == (30, 1, 2)
    with CaptureQueriesContext(connection) as asked:
        queries.parcels(shop_ids=[shop.id])
    assert len(asked) == 1


# Figures


@database
def test_a_carriers_figures() -> None:
    shop, other = make_shop(), make_shop()
    promise = later(60)
    with clock.fixed(later(24 * 9)):
        for n, hours in enumerate([30, 40, 50, 90]):
            told = [report(10, "accepted"), report(hours, "delivered")]
            take(shop.id, tracking(*told, number=f"N{n}", promised_to=promise))
        failed = [report(10, "accepted"), report(20, "attempt_failed", reason=Reason.CONSIGNEE_ABSENT)]
        take(shop.id, tracking(*failed, number="N4", promised_to=promise))
        broken = [report(10, "accepted"), report(20, "exception", reason=Reason.CARRIER_DAMAGED)]
        take(shop.id, tracking(*broken, report(30, "lost"), number="N5"))
        take(
            shop.id,
            tracking(
                report(10, "accepted"), report(12, "returned", leg=Leg.RETURNING_TO_SENDER), number="N6"
            ),
        )
        take(other.id, tracking(report(10, "accepted"), number="N7"))
        (card,) = queries.scorecards(shop_ids=[shop.id], since=START, until=later(24 * 9), now=later(24 * 9))
    assert (card.carrier, card.parcels, card.delivered) == ("dpd", 7, 4)
    assert (card.on_time.k, card.on_time.n) == (3, 5)
    assert (card.first_attempt.k, card.first_attempt.n) == (4, 5)
    assert (card.lost.k, card.damaged.k) == (1, 1)
    assert card.days == pytest.approx((20 + 30 + 40 + 80) / 4 / 24)
    assert card.days is not None
    assert card.days_low is not None
    assert card.days_high is not None
    assert card.days_low < card.days < card.days_high
    delays = queries.delays(shop_ids=[shop.id], since=START, until=later(24 * 9))
    assert (delays.late, delays.by_carrier, delays.warehouse_days) == (1, 1, 0)
    assert delays.carrier_days == pytest.approx(30 / 24)


# What is learned


@database
def test_what_is_usual_is_learned_from_the_shops_own_parcels() -> None:
    shop, other = make_shop(), make_shop()
    with clock.fixed(later(24 * 40)):
        for n in range(120):
            day = 24 * (n % 28)
            way = [
                report(day, "in_transit"),
                report(day + 24, "in_transit", depot="B"),
                report(day + 30, "delivered"),
            ]
            take(shop.id, tracking(*way, number=f"N{n}"))
        assert commands.learn(shop.id, by=SYSTEM) > 0
        assert commands.learn(other.id, by=SYSTEM) == 0
        (silence,) = Usual.objects.filter(shop_id=shop.id, what=Usual.SILENCE, stage="in_transit")
        assert 0.5 < silence.amount <= 1.1
        assert {row.carrier for row in Usual.objects.filter(what=Usual.TRANSIT)} == {"", "dpd"}
        saturday = Usual.objects.get(shop_id=shop.id, what=Usual.SATURDAY)
        assert saturday.amount > 0.5  # this carrier works on Saturdays
        take(shop.id, tracking(report(24 * 40 - 1, "in_transit"), number="NEW"))
        take(other.id, tracking(report(24 * 40 - 1, "in_transit"), number="NEW"))
    quick, usual = (Parcel.objects.get(shop_id=one.id, number="NEW").stale_due_at for one in (shop, other))
    assert quick is not None
    assert usual is not None
    assert quick < usual


@database
def test_first_attempts_why_they_failed_and_what_would_have_saved_them() -> None:
    shop, other = make_shop(), make_shop()
    absent = report(5, "attempt_failed", reason=Reason.CONSIGNEE_ABSENT)
    address = report(5, "attempt_failed", reason=Reason.CONSIGNEE_WRONG_ADDRESS)
    weather = report(5, "attempt_failed", reason=Reason.WEATHER)
    way = (report(0, "accepted"), report(4, "out_for_delivery"))
    with clock.fixed(later(30)):
        take(shop.id, tracking(*way, report(5, "delivered"), number="GOOD1"))
        for number, failed in enumerate((absent, absent, address, weather)):
            take(shop.id, tracking(*way, failed, number=f"FAILED{number}"))
        take(shop.id, tracking(report(0, "accepted"), number="WAY1"))
        take(other.id, tracking(*way, absent, number="FOREIGN1"))
    period = {"since": later(-1), "until": later(10)}
    found = queries.first_attempts(shop_ids=[shop.id], **period)
    assert (found.made.k, found.made.n) == (1, 5)
    assert (found.missed[0].reason, found.missed[0].parcels) == (Reason.CONSIGNEE_ABSENT, 2)
    assert {one.reason: one.remedies for one in found.missed}[Reason.WEATHER] == ()
    assert (found.saved.k, found.saved.n) == (3, 4)
    assert next(iter(found.by_remedy)) is Remedy.SLOT
    assert {remedy: share.k for remedy, share in found.by_remedy.items()}[Remedy.ADDRESS_CHECK] == 1
    assert all(share.n == 4 for share in found.by_remedy.values())
    nothing = queries.first_attempts(shop_ids=[shop.id], since=later(10), until=later(20))
    assert (nothing.made.share, nothing.missed, nothing.by_remedy) == (None, (), {})


@database
def test_what_is_late_already_is_not_sorted_by_its_risk() -> None:
    shop = make_shop()
    for number, risk in (("A1", 0.9), ("B1", 0.4), ("C1", 0.7)):
        take(shop.id, tracking(report(0, "accepted"), number=number))
        Parcel.objects.filter(number=number).update(risk=risk)
    Parcel.objects.filter(number="A1").update(late_at=later(1))
    found = queries.parcels(shop_ids=[shop.id], order="-risk")
    assert [card.number for card in found] == ["C1", "B1"]
