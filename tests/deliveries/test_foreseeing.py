"""What is to be expected of parcels, reckoned from the shop's own history or by rules, and announced once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from opieka.deliveries import commands, jobs
from opieka.deliveries.models import Foresight, Parcel
from opieka.deliveries.queries import explain, history
from opieka.deliveries.types import DelayCause
from opieka.kernel import bulk, clock
from opieka.kernel.actor import SYSTEM
from opieka.shops.types import ShopCard
from opieka.timeline.models import Touchpoint
from tests.factories import make_shop

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
"""A Monday."""


def made(shop: ShopCard, number: str, **changes: object) -> Parcel:
    usual = {
        "carrier": "dpd", "stage": "in_transit", "created_at": NOW - timedelta(days=2),
        "handed_over_at": NOW - timedelta(days=1), "promised_to": NOW + timedelta(days=2), "foresee_at": NOW,
        "origin_country": "PL", "origin_postcode": "30-001", "destination_country": "PL",
        "destination_postcode": "00-950",
    }  # fmt: skip
    return Parcel(shop_id=shop.id, number=number, **(usual | changes))


def foreseen(*parcels: Parcel, at: datetime = NOW) -> list[Parcel]:
    bulk.insert([parcel for parcel in parcels if parcel.pk is None])
    with clock.fixed(at):
        commands.foresee(100, by=SYSTEM)
    return list(Parcel.objects.filter(id__in=[parcel.pk for parcel in parcels]).order_by("id"))


def announced(shop: ShopCard) -> list[Touchpoint]:
    return list(Touchpoint.objects.filter(shop_id=shop.id, kind="ParcelDelayExpected").order_by("id"))


def past(shop: ShopCard, count: int = 400) -> None:
    """A history in which Gdańsk takes five days and Warszawa one and a half."""
    chance = np.random.default_rng(0)
    rows = []
    for i in range(count):
        begin = NOW - timedelta(days=200 * (1 - i / count) + 6)
        days = (5.0 if i % 2 else 1.5) * chance.lognormal(0, 0.25)
        place = {"destination_postcode": "80-001" if i % 2 else "00-950"}
        times = {"created_at": begin, "handed_over_at": begin, "delivered_at": begin + timedelta(days=days)}
        promise = {"promised_to": begin + timedelta(days=5), "foresee_at": None}
        rows.append(made(shop, f"OLD{i}", stage="delivered", **place, **times, **promise))
    bulk.insert(rows)


def test_a_shop_without_history_goes_by_rules() -> None:
    shop = make_shop()
    near, far, out, open_ended = foreseen(
        made(shop, "A1"),
        made(shop, "A2", promised_to=NOW + timedelta(days=9)),
        made(shop, "A3", stage="out_for_delivery"),
        made(shop, "A4", promised_to=None),
    )
    assert (near.risk, near.why) == (0.6, "not_out_yet:0:2")
    assert (far.risk, far.why, open_ended.risk) == (None, "", None)
    assert out.risk == 0.1
    (told,) = announced(shop)
    assert told.subject == f"parcel:{near.pk}"
    assert (told.data["probability"], told.data["why"]) == (0.6, "not_out_yet:0:2")


def test_each_promise_is_doubted_once() -> None:
    shop = make_shop()
    (parcel,) = foreseen(made(shop, "A1"))
    assert parcel.foresee_at == NOW + commands.foreseeing.AGAIN
    foreseen(parcel, at=NOW + timedelta(hours=7))
    assert len(announced(shop)) == 1
    Parcel.objects.filter(id=parcel.pk).update(promised_to=NOW + timedelta(days=3), foresee_at=NOW)
    foreseen(parcel, at=NOW + timedelta(hours=8))
    assert len(announced(shop)) == 2


def test_what_is_late_already_is_no_longer_expected_to_be() -> None:
    shop = make_shop()
    (parcel,) = foreseen(made(shop, "A1", promised_to=NOW - timedelta(days=2)))
    assert (parcel.risk, announced(shop)) == (1.0, [])


def test_what_waits_for_its_order_is_not_announced_before() -> None:
    shop = make_shop()
    waiting = made(shop, "A1", order_key="1001", created_at=NOW - timedelta(hours=2))
    foreseen(waiting)
    assert announced(shop) == []
    foreseen(waiting, at=NOW + timedelta(days=1))
    assert len(announced(shop)) == 1


def test_a_shop_learns_its_slow_lane_by_night_and_foresees_by_it() -> None:
    shop, other = make_shop(), make_shop()
    past(shop)
    with clock.fixed(NOW):
        jobs.learn_lateness.func(shop_id=shop.id)
        jobs.learn_lateness.func(shop_id=other.id)
    assert Foresight.objects.get().parcels == 400
    slow, fast, foreign = foreseen(
        made(shop, "B1", destination_postcode="80-001"),
        made(shop, "B2"),
        made(other, "B3", stage="in_transit"),
    )
    assert slow.risk is not None
    assert fast.risk is not None
    assert slow.risk > 0.6
    assert fast.risk < 0.4
    assert slow.why.split(":")[0] in {DelayCause.LANE_SLOW, DelayCause.PROMISE_SHORT}
    assert slow.expected_to is not None
    assert fast.expected_to is not None
    assert slow.expected_to > fast.expected_to > NOW
    assert foreign.risk == 0.6  # by the rules: one shop learns nothing from another
    assert {told.subject for told in announced(shop)} == {f"parcel:{slow.pk}"}


def test_learning_again_replaces_what_was_learned() -> None:
    shop = make_shop()
    past(shop, 300)
    for at in (NOW, NOW + timedelta(days=1)):
        with clock.fixed(at):
            jobs.learn_lateness.func(shop_id=shop.id)
    assert Foresight.objects.get().learned_at == NOW + timedelta(days=1)


def test_a_model_of_another_version_gives_way_to_the_rules() -> None:
    shop = make_shop()
    with clock.fixed(NOW):
        commands.keep_foresight(shop.id, data=b"of another version", parcels=1, by=SYSTEM)
    (parcel,) = foreseen(made(shop, "A1"))
    assert parcel.risk == 0.6
    assert history.foresight(shop.id) is None


@pytest.mark.parametrize("cause", list(DelayCause))
def test_every_cause_has_a_sentence(cause: DelayCause) -> None:
    assert explain(f"{cause}:4:2").endswith(".")
    assert "%(" not in explain(f"{cause}:1:1")


def test_sentences() -> None:
    assert explain("sender_slow:4:1") == "Parcels of this sender usually take 4 days; 1 day is left."
    assert explain("lane_held_up:30:2") == "Parcels there take 30% longer at the moment; 2 days are left."
    for unknown in ("", "rumour:1:2", "lane_slow:1", "lane_slow:a:b"):
        assert explain(unknown) == ""
