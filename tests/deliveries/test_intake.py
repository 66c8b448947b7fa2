"""The warehouse's tables and aggregators' webhooks, all the way to parcels."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest
from django.test import Client as Browser

from opieka.deliveries import commands
from opieka.deliveries.models import Notice, Parcel
from opieka.inbound import jobs as inbound
from opieka.inbound.models import Payload
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from tests.deliveries.building import parcels
from tests.factories import make_shop

pytestmark = pytest.mark.django_db

TABLE = """Numer przesyłki;Kurier;Etap;Data;Termin dostawy
13500012345679;DPD;nadana;02.11.2026 16:05;05.11.2026
J-77;Gołąb;nadana;02.11.2026 17:00;
;DPD;nadana;02.11.2026 17:00;
""".encode("cp1250")


@pytest.fixture(autouse=True)
def _monday() -> object:
    with clock.fixed(datetime(2026, 11, 3, 9, tzinfo=UTC)):
        yield


def test_a_table_of_the_warehouse_becomes_parcels_at_the_shop_s_own_time() -> None:
    shop = make_shop(timezone="Europe/Warsaw")
    keys = {"webhook_secret": "s"}
    connection_id = commands.connect(shop.id, carrier="generic", credentials=keys, by=SYSTEM)
    commands.receive(connection_id, raws=[TABLE, TABLE], by=SYSTEM)
    first, second = parcels(shop.id)
    assert (first.carrier, first.stage, second.carrier, second.carrier_word) == (
        "dpd",
        "accepted",
        "",
        "Gołąb",
    )
    assert first.handed_over_at == datetime(2026, 11, 2, 15, 5, tzinfo=UTC)
    assert first.promised_to == datetime(2026, 11, 5, 22, 59, 59, tzinfo=UTC)
    kinds = set(Notice.objects.filter(shop_id=shop.id).values_list("kind", flat=True))
    assert kinds == {"malformed", "unknown_carrier"}


def test_an_aggregator_tells_of_another_carrier_s_parcel_once_however_often_it_calls() -> None:
    shop = make_shop()
    keys = {"api_key": "the key"}
    connection_id = commands.connect(shop.id, carrier="seventeentrack", credentials=keys, by=SYSTEM)
    event = {
        "time_iso": "2026-11-02T10:00:00+01:00",
        "sub_status": "InTransit_PickedUp",
        "description": "Picked up",
    }
    providers = [{"provider": {"name": "InPost (PL)"}, "events": [event]}]
    data = {"number": "6" + "0" * 23, "track_info": {"tracking": {"providers": providers}}}
    raw = json.dumps({"event": "TRACKING_UPDATED", "data": data}).encode()
    sign = hashlib.sha256(raw + b"/the key").hexdigest()
    path = f"/inbound/tracking/{connection_id}/"
    answers = [
        Browser()
        .generic("POST", path, raw, content_type="application/json", headers={"sign": told})
        .status_code
        for told in (sign, sign, "0" * 64)
    ]
    assert answers == [200, 200, 401]
    while inbound.read_batch():
        pass
    parcel = Parcel.objects.get(shop_id=shop.id)
    assert (parcel.carrier, parcel.stage) == ("inpost", "accepted")
    assert set(Payload.objects.values_list("state", flat=True)) == {"done"}


def test_a_warehouse_s_webhook_is_signed() -> None:
    shop = make_shop()
    connection_id = commands.connect(
        shop.id, carrier="generic", credentials={"webhook_secret": "s"}, by=SYSTEM
    )
    raw = b'{"tracking_number": "VAN-1", "status": "out_for_delivery", "at": "2026-11-02T10:00:00Z"}'
    told = {
        "x-opieka-signature": f"sha256={hmac.digest(b's', raw, 'sha256').hex()}",
        "x-opieka-delivery": "d-1",
    }
    path = f"/inbound/tracking/{connection_id}/"
    posts = [
        Browser().generic("POST", path, raw, content_type="application/json", headers=told) for _ in range(2)
    ]
    assert [post.status_code for post in posts] == [200, 200]
    assert Payload.objects.count() == 1
