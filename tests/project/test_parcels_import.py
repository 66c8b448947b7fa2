"""`opieka parcels`: a warehouse's file becomes parcels, what cannot be read is named; old orders are followed."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import pytest

from opieka.deliveries.models import Notice, Parcel
from opieka.orders.types import ShipmentSnapshot, ShipmentStatus
from opieka.project.cli.parcels import run_follow, run_import
from tests.factories import make_shop
from tests.orders import building as ordering

pytestmark = pytest.mark.django_db

TABLE = """tracking_number;carrier;order_number;shipped_at
600000000000000000000001;InPost;1001;2026-11-02 10:00
JJD1;DHL;1002;2026-11-02 11:00
"""


def test_a_table_of_parcels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop = make_shop()
    file = tmp_path / "parcels.csv"
    file.write_text(TABLE)
    assert run_import(Namespace(path=file, shop=shop.slug)) == 0
    assert "2 new" in capsys.readouterr().out
    found = Parcel.objects.filter(shop_id=shop.id).order_by("number")
    assert [(p.carrier, p.stage, p.order_key) for p in found] == [
        ("inpost", "accepted", "1001"),
        ("dhl", "accepted", "1002"),
    ]
    assert run_import(Namespace(path=file, shop=shop.slug)) == 0
    assert "0 new, 0 changed, 0 reports" in capsys.readouterr().out


def test_what_cannot_be_read_is_named_and_the_rest_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = make_shop()
    file = tmp_path / "parcels.csv"
    file.write_text(TABLE + ";DPD;1003;2026-11-02 12:00\n")
    assert run_import(Namespace(path=file, shop=shop.slug)) == 1
    assert "malformed" in capsys.readouterr().out
    assert Parcel.objects.filter(shop_id=shop.id).count() == 2
    assert Notice.objects.filter(shop_id=shop.id, kind="malformed").count() == 1
    assert run_import(Namespace(path=tmp_path / "none.csv", shop=shop.slug)) == 1


def test_orders_that_were_there_before_are_followed_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, other = make_shop(), make_shop()
    shipment = ShipmentSnapshot(
        external_id="s", status=ShipmentStatus.SHIPPED, carrier="DPD", tracking_numbers=("PL1",)
    )
    for number in range(5):
        sent = (replace(shipment, tracking_numbers=(f"PL{number}",)),)
        ordering.apply(shop.id, ordering.report(1, external_id=f"{number}", shipments=sent))
    ordering.apply(other.id, ordering.report(1, shipments=(shipment,)))
    monkeypatch.setattr("opieka.project.cli.parcels.BATCH", 2)
    assert run_follow(Namespace(shop=shop.slug)) == 0
    assert "5 orders are followed" in capsys.readouterr().out
    joined = Parcel.objects.filter(shop_id=shop.id, order__isnull=False)
    assert sorted(joined.values_list("number", flat=True)) == [f"PL{number}" for number in range(5)]
    assert run_follow(Namespace(shop=shop.slug)) == 0
    assert "0 orders are followed" in capsys.readouterr().out
    assert not Parcel.objects.filter(shop_id=other.id).exists()
