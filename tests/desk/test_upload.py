"""A warehouse's file: looked into, taken over at once or batch by batch, and what could not be read."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from opieka.deliveries import queries
from opieka.deliveries.models import Parcel
from opieka.desk.views import upload
from opieka.shops.types import Role
from tests.desk.conftest import World, tuesday, world
from tests.factories import make_shop

__all__ = ["tuesday", "world"]
WHERE = "/parcels/file/"
GOOD = "tracking_number;carrier;order_number;status;at\n" + "".join(
    f"N{n};DPD;1001;accepted;2026-11-0{n} 10:00\n" for n in range(1, 8)
)
BAD = GOOD + "N8;DPD;;accepted;31.02.2026\n;DPD;;accepted;2026-11-01\n"


def sent(client: Client, content: str, **given: Any) -> tuple[int, str]:
    headers = {"HX-Request": "true"} if given.pop("piece", False) else {}
    file = SimpleUploadedFile("parcels.csv", content.encode())
    answer = client.post(WHERE, {"file": file, **given}, headers=headers)
    return answer.status_code, answer.content.decode()


@pytest.fixture
def lead(world: World) -> Client:
    return world.client(Role.LEAD)


def test_a_file_is_looked_into_and_nothing_is_taken(lead: Client) -> None:
    status, page = sent(lead, BAD, do="read")
    assert status == 200
    assert "8 parcels with 7 reports; 0 of them are known already." in page
    assert "2 places were not understood." in page
    assert "Line 9, at" in page
    assert "31.02.2026" in page
    assert 'value="take"' in page
    assert not Parcel.objects.exists()


def test_it_is_taken_over_and_the_same_again_is_nothing(world: World, lead: Client) -> None:
    _status, page = sent(lead, BAD, do="take")
    assert "Taken over: 8 new parcels, 0 changed, 7 new reports." in page
    assert queries.notices([world.shop.id]).count() == 2
    assert Parcel.objects.get(number="N1").order_id == world.order
    _status, page = sent(lead, BAD, do="take")
    assert "Taken over: 0 new parcels, 0 changed, 0 new reports." in page
    assert "8 of them are known already" in sent(lead, BAD, do="read")[1]


def test_a_browser_with_scripts_goes_on_batch_by_batch(lead: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "_BATCH", 3)
    _status, page = sent(lead, GOOD, do="take", piece=True)
    steps = 0
    while "<progress" in page:
        steps += 1
        part = page.split("<progress")[0].split('id="uploaded"')[1]
        along = dict(re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]*)"', part))
        _status, page = sent(lead, GOOD, piece=True, **along)
    assert steps == 2
    assert "Taken over: 7 new parcels, 0 changed, 7 new reports." in page


@pytest.mark.parametrize("content", ["", "Dear Sir or Madam\n", '{"parcels": 7', "\x00\x01"])
def test_what_is_no_file_of_parcels_is_refused_in_words(lead: Client, content: str) -> None:
    status, page = sent(lead, content, do="read")
    assert status == 422
    assert 'role="alert"' in page


def test_it_goes_only_into_shops_one_may_import_to(world: World, lead: Client) -> None:
    other = make_shop(slug="other")
    assert sent(lead, GOOD, do="take", shop=other.id)[0] == 403
    assert world.client(Role.AGENT).get(WHERE).status_code == 403
    assert "/parcels/file/" not in world.client(Role.AGENT).get("/parcels/").content.decode()


def test_looking_into_a_file_costs_few_queries(lead: Client) -> None:
    sent(lead, GOOD, do="read")
    with CaptureQueriesContext(connection) as asked:
        sent(lead, GOOD, do="read")
    assert len(asked) <= 15
