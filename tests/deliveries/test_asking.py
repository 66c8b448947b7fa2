"""Carriers are asked when news is likely, by one worker at a time, and their refusals are seen."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from hypothesis import given
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from opieka.deliveries import commands, jobs, queries
from opieka.deliveries.carriers.base import Refused, Unreadable
from opieka.deliveries.carriers.memory.client import SHELVES
from opieka.deliveries.carriers.memory.mapping import SIGNATURE, sign
from opieka.deliveries.models import Connection, Notice, Parcel
from opieka.deliveries.policy.asking import SLOWEST, next_ask
from opieka.deliveries.types import TERMINAL, ParcelStage
from opieka.inbound import jobs as inbound
from opieka.inbound.models import Payload
from opieka.kernel import clock, outbound
from opieka.kernel.actor import SYSTEM
from opieka.kernel.errors import NotFound
from tests.deliveries.building import START, after, parcels, report, take, told, tracking
from tests.factories import make_shop

pytestmark = pytest.mark.django_db


def connect(shop_id: int, shelf: str = "") -> int:
    keys = {"shelf": shelf or f"shelf-{shop_id}", "webhook_secret": "s"}
    return commands.connect(shop_id, carrier="memory", credentials=keys, by=SYSTEM)


def shelve(shop_id: int, *reports: Any, number: str = "MEM1") -> None:
    SHELVES[f"shelf-{shop_id}"][number] = tracking(*reports, number=number, carrier="memory")


def waiting(shop_id: int, number: str = "MEM1") -> None:
    with clock.fixed(START):
        take(shop_id, tracking(number=number, carrier="memory"))


# Rules


@given(st.sampled_from([s for s in ParcelStage if s not in TERMINAL]), st.integers(0, 24 * 50))
def test_the_pause_grows_with_the_silence(stage: ParcelStage, hours: int) -> None:
    now = after(hours)
    soon = next_ask(stage, last_at=START, now=now)
    later = next_ask(stage, last_at=START, now=now + timedelta(hours=5))
    assert soon is not None
    assert later is not None
    assert timedelta(0) < soon - now <= max(SLOWEST, timedelta(hours=12))
    assert later - (now + timedelta(hours=5)) >= soon - now


def test_who_is_asked_how_often() -> None:
    def pause(stage: str, **more: Any) -> timedelta | None:
        found = next_ask(ParcelStage(stage), last_at=START, now=START, **more)
        return None if found is None else found - START

    assert pause("delivered") is None
    assert pause("lost") is None
    out, moving, label = pause("out_for_delivery"), pause("in_transit"), pause("label_created")
    assert out is not None
    assert moving is not None
    assert label is not None
    assert out < moving < label
    assert pause("in_transit", expected_to=START) == timedelta(hours=1)
    assert next_ask(ParcelStage.IN_TRANSIT, last_at=START, now=START + timedelta(days=61)) is None


# Asking


def test_asking_brings_news_and_plans_the_next_question() -> None:
    shop = make_shop()
    waiting(shop.id)
    with clock.fixed(after(10)):
        connection_id = connect(shop.id)
        shelve(shop.id, report(1, "accepted"), report(9, "out_for_delivery"))
        assert queries.to_be_asked(clock.now()) == [connection_id]
        jobs.ask_carrier(connection_id)
        assert queries.to_be_asked(clock.now()) == []
    (parcel,) = parcels(shop.id)
    assert (parcel.stage, parcel.ask_at) == ("out_for_delivery", after(10) + timedelta(minutes=20))
    with clock.fixed(after(11)):
        shelve(shop.id, report(1, "accepted"), report(9, "out_for_delivery"), report(10.5, "delivered"))
        jobs.ask_carrier(connection_id)
    assert (parcels(shop.id)[0].stage, parcels(shop.id)[0].ask_at) == ("delivered", None)
    assert told(shop.id) == ["ParcelShipped", "ParcelOutForDelivery", "ParcelDelivered"]
    assert Connection.objects.get(id=connection_id).asked_at == after(11)


def test_each_carrier_with_something_due_is_asked_by_one_job() -> None:
    shop, idle = make_shop(), make_shop()
    waiting(shop.id)
    with clock.fixed(after(2)):
        connection_id = connect(shop.id)
        connect(idle.id)
        jobs.ask(0)
        jobs.ask(60)
    (job,) = ProcrastinateJob.objects.filter(task_name="deliveries.ask_carrier")
    assert job.args == {"connection_id": connection_id}


def test_a_number_the_carrier_does_not_know_yet_is_asked_again_later_and_is_no_alarm() -> None:
    shop = make_shop()
    waiting(shop.id)
    with clock.fixed(after(1)):
        jobs.ask_carrier(connect(shop.id))
    (parcel,) = parcels(shop.id)
    assert (parcel.stage, parcel.ask_at) == ("unknown", after(7))
    assert told(shop.id) == []
    assert not Notice.objects.filter(shop_id=shop.id).exists()


class Stubborn:
    """A carrier that answers with an error."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __call__(self, *ignored: object) -> Stubborn:
        return self

    def track(self, numbers: tuple[str, ...]) -> Any:
        assert not connection.in_atomic_block or connection.savepoint_ids == []
        raise self.error


@pytest.mark.parametrize(
    ("error", "failure", "rests"),
    [
        (Refused("busy", "slow down", retry_after=after(3)), "busy", after(3)),
        (Refused("unavailable", "503"), "unavailable", after(2) + timedelta(minutes=5)),
        (Refused("bad_credentials", "401\0"), "bad_credentials", after(3)),
        (outbound.Busy(90), "busy", after(2) + timedelta(seconds=90)),
    ],
)
def test_a_refusal_is_seen_and_the_carrier_rests(
    error: Exception, failure: str, rests: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = make_shop()
    waiting(shop.id)
    with clock.fixed(after(2)):
        connection_id = connect(shop.id)
        monkeypatch.setattr("opieka.deliveries.jobs.client_of", Stubborn(error))
        jobs.ask_carrier(connection_id)
        assert queries.to_be_asked(clock.now()) == []
        assert commands.claim(connection_id, by=SYSTEM) == {}
    card = queries.connection(connection_id, shop_ids=[shop.id])
    assert (card.failure, card.rests_until, card.failed_at) == (failure, rests, after(2))


def test_trying_a_connection_takes_over_what_the_carrier_says() -> None:
    shop = make_shop()
    waiting(shop.id)
    with clock.fixed(after(10)):
        connection_id = connect(shop.id)
        shelve(shop.id, report(1, "accepted"), report(9, "out_for_delivery"))
        assert commands.try_connection(connection_id, shop_ids=[shop.id], by=SYSTEM)
    assert parcels(shop.id)[0].stage == "out_for_delivery"
    assert queries.connection(connection_id, shop_ids=[shop.id]).asked_at == after(10)


@pytest.mark.parametrize(
    ("error", "known", "answers"),
    [
        (Refused("bad_credentials", "401"), True, False),
        (Refused("bad_credentials", "401"), False, False),
        (outbound.Busy(90), False, False),
        (Refused("not_found", "404"), True, False),
        # Nobody's number is refused only to those who were let in.
        (Refused("not_found", "404"), False, True),
        (Refused("bad_request", "400"), False, True),
        (Unreadable("json", "<html>"), True, True),
    ],
)
def test_trying_a_connection_tells_a_no_from_a_number_nobody_has(
    error: Exception, known: bool, answers: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = make_shop()
    if known:
        waiting(shop.id)
    with clock.fixed(after(2)):
        connection_id = connect(shop.id)
        monkeypatch.setattr("opieka.deliveries.commands.trying.client_of", Stubborn(error))
        assert commands.try_connection(connection_id, shop_ids=[shop.id], by=SYSTEM) is answers
    card = queries.connection(connection_id, shop_ids=[shop.id])
    assert (card.failure == "") is answers


def test_who_is_not_connected_or_only_reports_cannot_be_tried() -> None:
    shop, other = make_shop(), make_shop()
    keys = {"webhook_secret": "s"}
    reporting = commands.connect(shop.id, carrier="generic", credentials=keys, by=SYSTEM)
    gone = connect(shop.id)
    commands.disconnect(gone, shop_id=shop.id, by=SYSTEM)
    for connection_id in (reporting, gone):
        with pytest.raises(commands.CannotBeAsked):
            commands.try_connection(connection_id, shop_ids=[shop.id], by=SYSTEM)
    with pytest.raises(NotFound):
        commands.try_connection(connect(shop.id), shop_ids=[other.id], by=SYSTEM)


def test_an_unreadable_answer_is_a_notice_and_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make_shop()
    waiting(shop.id)
    with clock.fixed(after(2)):
        connection_id = connect(shop.id)
        monkeypatch.setattr("opieka.deliveries.jobs.client_of", Stubborn(Unreadable("json", "<html>")))
        jobs.ask_carrier(connection_id)
    assert Notice.objects.get(shop_id=shop.id).value == "<html>"
    assert parcels(shop.id)[0].ask_at is not None


def test_a_killed_asker_leaves_its_parcels_to_others_after_a_while() -> None:
    shop = make_shop()
    waiting(shop.id)
    with clock.fixed(after(2)):
        connection_id = connect(shop.id)
        assert list(commands.claim(connection_id, by=SYSTEM).values()) == ["MEM1"]
        assert commands.claim(connection_id, by=SYSTEM) == {}
    with clock.fixed(after(2) + timedelta(minutes=10)):
        assert list(commands.claim(connection_id, by=SYSTEM).values()) == ["MEM1"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_ask_about_one_parcel_at_once() -> None:
    shop = make_shop()
    for number in range(250):
        waiting(shop.id, f"MEM{number}")
    asked: list[int] = []
    with clock.fixed(after(2)):
        connection_id = connect(shop.id)

        def work() -> None:
            try:
                while claimed := commands.claim(connection_id, by=SYSTEM):
                    asked.extend(claimed)
            finally:
                connection.close()

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        while claimed := commands.claim(connection_id, by=SYSTEM):
            asked.extend(claimed)
    assert len(asked) == len(set(asked)) == 250


def test_keys_are_asked_for_and_hidden() -> None:
    shop = make_shop()
    with pytest.raises(commands.UnknownCarrier):
        commands.connect(shop.id, carrier="pigeon", credentials={}, by=SYSTEM)
    with pytest.raises(commands.MissingKeys):
        commands.connect(shop.id, carrier="memory", credentials={"shelf": "a"}, by=SYSTEM)
    connection_id = connect(shop.id)
    row = Connection.objects.get(id=connection_id)
    assert "webhook_secret" not in row.credentials
    assert connect(shop.id) == connection_id
    commands.disconnect(connection_id, shop_id=shop.id, by=SYSTEM)
    assert queries.access(connection_id) is None


# Webhooks


def post(connection_id: int, body: Any, *, secret: str = "s") -> int:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = Browser().generic(
        "POST",
        f"/inbound/tracking/{connection_id}/",
        raw,
        content_type="application/json",
        headers={SIGNATURE: sign(raw, secret)},
    )
    status: int = answer.status_code
    return status


def event(number: str = "MEM1", stage: str = "accepted", **more: Any) -> dict[str, Any]:
    reports = [{"at": "2026-11-02T10:00:00Z", "stage": stage}]
    return {"id": f"{number}-{stage}", "tracking_number": number, "reports": reports} | more


def read_all() -> None:
    while inbound.read_batch():
        pass


def test_a_webhook_is_stored_acknowledged_and_read_later() -> None:
    shop = make_shop()
    connection_id = connect(shop.id)
    assert post(connection_id, event()) == 200
    assert parcels(shop.id) == []
    read_all()
    assert [parcel.stage for parcel in parcels(shop.id)] == ["accepted"]
    assert Payload.objects.get().state == "done"
    assert Connection.objects.get(id=connection_id).heard_at is not None


def test_the_same_delivery_twice_is_kept_once() -> None:
    shop = make_shop()
    connection_id = connect(shop.id)
    assert [post(connection_id, event()), post(connection_id, event(note="sent again"))] == [200, 200]
    assert Payload.objects.count() == 1


def test_only_genuine_calls_are_kept() -> None:
    shop = make_shop()
    connection_id = connect(shop.id)
    assert post(connection_id, event(), secret="another") == 401
    assert post(connection_id + 1000, event()) == 404
    commands.disconnect(connection_id, shop_id=shop.id, by=SYSTEM)
    assert post(connection_id, event()) == 404
    assert Payload.objects.count() == 0


def test_the_address_answers_a_carrier_that_tries_it() -> None:
    connection_id = connect(make_shop().id)
    assert Browser().get(f"/inbound/tracking/{connection_id}/").status_code == 200
    assert Browser().head(f"/inbound/tracking/{connection_id}/").status_code == 200
    assert Browser().get("/inbound/tracking/99999/").status_code == 404
    assert Browser().put(f"/inbound/tracking/{connection_id}/").status_code == 405


def test_an_unreadable_webhook_is_shown_and_the_others_are_read() -> None:
    shop = make_shop()
    connection_id = connect(shop.id)
    for body in (event("MEM1"), b"\xff not json", event("MEM2"), {"id": "x"}):
        assert post(connection_id, body) == 200
    read_all()
    assert [parcel.number for parcel in parcels(shop.id)] == ["MEM1", "MEM2"]
    assert Notice.objects.filter(shop_id=shop.id, kind="malformed").count() == 2
    assert set(Payload.objects.values_list("state", flat=True)) == {"done"}


def test_a_hint_is_no_proof_but_a_reason_to_ask() -> None:
    shop = make_shop()
    keys: dict[str, str] = {}
    connection_id = commands.connect(shop.id, carrier="inpost", credentials=keys, by=SYSTEM)
    raw = json.dumps(
        {
            "event_ts": "2026-11-02 15:08:42 +0100",
            "event": "shipment_status_changed",
            "organization_id": 1,
            "payload": {"shipment_id": 49, "status": "delivered", "tracking_number": "6" + "0" * 23},
        }
    ).encode()
    path = f"/inbound/tracking/{connection_id}/"
    stranger = Browser().generic("POST", path, raw, content_type="application/json", REMOTE_ADDR="8.8.8.8")
    assert stranger.status_code == 401
    with clock.fixed(after(8)):
        genuine = Browser().generic(
            "POST", path, raw, content_type="application/json", REMOTE_ADDR="91.216.25.7"
        )
        assert genuine.status_code == 200
        read_all()
        (parcel,) = Parcel.objects.filter(shop_id=shop.id)
        assert (parcel.stage, parcel.ask_at) == ("unknown", after(8))
        assert told(shop.id) == []
