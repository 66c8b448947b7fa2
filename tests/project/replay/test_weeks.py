"""Announcements are weighed honestly: only before the promise, against all that were late."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from opieka.orders.types import OrderSnapshot, OrderStatus, ShipmentSnapshot, ShipmentStatus
from opieka.project.replay import show
from opieka.project.replay.weeks import Outcome, Week, by_week, outcome, total

MONDAY = datetime(2018, 3, 5, 23, 59, 59, tzinfo=UTC)
DAY = timedelta(days=1)
END = MONDAY + 30 * DAY


def came(days_late: int | None, *, promised: datetime = MONDAY) -> Outcome:
    return Outcome(
        promised_to=promised, delivered_at=None if days_late is None else promised + days_late * DAY
    )


def weigh(outcomes: dict[str, Outcome], announced: dict[str, datetime]) -> list[Week]:
    return by_week(outcomes, announced, zone=UTC, until=END)


def test_a_week_counts_what_was_late_and_what_was_told_in_time() -> None:
    outcomes = {"late": came(2), "missed": came(1), "fine": came(-3), "feared": came(-1), "never": came(None)}
    told = {"late": MONDAY - 4 * DAY, "feared": MONDAY - DAY, "never": MONDAY - 2 * DAY}
    (week,) = weigh(outcomes, told)
    assert (week.begins, week.due, week.late, week.announced, week.right) == (date(2018, 3, 5), 5, 3, 3, 2)
    assert (week.recall, week.precision, week.days_ahead) == (2 / 3, 2 / 3, 3.0)


def test_what_is_told_after_the_promise_is_no_announcement() -> None:
    (week,) = weigh({"late": came(9)}, {"late": MONDAY + DAY})
    assert (week.late, week.announced, week.recall, week.precision) == (1, 0, 0.0, None)


def test_a_promise_that_is_still_open_does_not_count() -> None:
    assert weigh({"open": came(None, promised=END + DAY)}, {"open": END}) == []


def test_weeks_follow_the_calendar_of_the_shop_and_add_up() -> None:
    weeks = weigh({"a": came(1), "b": came(1, promised=MONDAY + 7 * DAY)}, {"b": MONDAY})
    assert [week.begins.day for week in weeks] == [5, 12]
    whole = total(weeks)
    assert (whole.due, whole.late, whole.right, whole.days_ahead) == (2, 2, 1, 7.0)
    assert show.table(weeks).row_count == 2


def test_an_empty_shop_has_an_empty_table() -> None:
    assert show.table([]).row_count == 0


def sent(delivered: datetime | None) -> ShipmentSnapshot:
    return ShipmentSnapshot(external_id="p", status=ShipmentStatus.SHIPPED, delivered_at=delivered)


def snapshot(*shipments: ShipmentSnapshot, status: OrderStatus = OrderStatus.OPEN) -> OrderSnapshot:
    return OrderSnapshot(
        external_id="o", number="o", placed_at=MONDAY, updated_at=MONDAY, currency="BRL", total=1,
        status=status, promised_at=MONDAY + DAY, shipments=shipments,
    )  # fmt: skip


def test_an_order_is_there_when_its_last_parcel_is() -> None:
    whole = outcome(snapshot(sent(MONDAY), sent(MONDAY + 2 * DAY)))
    assert whole == Outcome(promised_to=MONDAY + DAY, delivered_at=MONDAY + 2 * DAY)
    for missing in (outcome(snapshot(sent(MONDAY), sent(None))), outcome(snapshot())):
        assert missing is not None
        assert missing.delivered_at is None
        assert missing.late


def test_an_order_that_was_called_off_is_never_late() -> None:
    assert outcome(snapshot(status=OrderStatus.CANCELLED)) is None
