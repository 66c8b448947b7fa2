"""`opieka parcels import`: a warehouse's file becomes parcels; what cannot be read is named."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest

from opieka.deliveries.models import Notice, Parcel
from opieka.project.cli.parcels import run_import
from tests.factories import make_shop

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
