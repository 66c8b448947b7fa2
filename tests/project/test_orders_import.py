"""`opieka orders import` takes over files, says what it did, and changes nothing the second time."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from opieka.orders import queries
from opieka.orders.models import Order
from opieka.project import cli
from opieka.project.cli.orders import run_import
from opieka.shops.types import ShopCard
from tests.factories import make_shop
from tests.orders.shapes import shopify_order, woocommerce_order

pytestmark = pytest.mark.django_db

TABLE = """\
order_id,placed_at,total,email,sku,quantity,price,status
1,2026-11-01,99.80,anna@example.pl,KUB,2,49.90,open
2,2026-11-02,160,jan@example.pl,KOC,1,160,lost
3,01/11/2026,160,jan@example.pl,KOC,1,160,open
"""


def run(path: Path, name: str, shop: ShopCard | None) -> int:
    words = ["orders", "import", str(path), "--format", name, *(["--shop", shop.slug] if shop else [])]
    return run_import(cli.parser().parse_args(words))


def test_a_table_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop = make_shop()
    path = tmp_path / "orders.csv"
    path.write_text(TABLE)
    assert run(path, "csv", shop) == 1
    said = capsys.readouterr().out
    assert "2 new, 0 updated, 0 unchanged, 1 refused" in said
    assert "refused  line 4: placed_at: '01/11/2026'" in said
    assert "unknown  status 'lost', 1 times" in said
    os.utime(path, (2_000_000_000, 2_000_000_000))  # a later copy of the same file
    assert run(path, "csv", shop) == 1
    assert "0 new, 0 updated, 2 unchanged, 1 refused" in capsys.readouterr().out
    path.write_text(TABLE.replace("99.80", "89.80"))
    os.utime(path, (2_000_000_001, 2_000_000_001))
    run(path, "csv", shop)
    assert "0 new, 1 updated, 1 unchanged" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "document"), [("shopify", shopify_order()), ("woocommerce", woocommerce_order())]
)
def test_exports_of_shops(tmp_path: Path, name: str, document: object) -> None:
    shop = make_shop()
    path = tmp_path / "export.json"
    path.write_text(json.dumps({"orders": [document]}))
    assert run(path, name, shop) == 0
    assert len(queries.latest(shop_ids=[shop.id])) == 1


@pytest.mark.parametrize("content", [b"", b"{", b"\x00\x01"])
@pytest.mark.parametrize("name", ["csv", "json", "shopify", "woocommerce", "olist"])
def test_what_cannot_be_read_is_said(
    tmp_path: Path, content: bytes, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "orders"
    path.write_bytes(content)
    assert run(path, name, make_shop()) == 1
    assert "cannot be read" in " ".join(capsys.readouterr().out.split())
    assert run(tmp_path / "nothing", name, make_shop()) == 1


@pytest.mark.shared
@pytest.mark.django_db(transaction=True)  # so many rows are checked quickly only as they are committed
def test_a_part_of_the_olist_folder(shared: Path, tmp_path: Path) -> None:
    from pyarrow import parquet

    for path in (shared / "data/olist").glob("*.parquet"):
        table = parquet.read_table(path)
        small = table.slice(0, 300) if path.stem in {"orders", "products"} else table
        parquet.write_table(small, tmp_path / path.name)
    shop = make_shop()
    assert run(tmp_path, "olist", shop) == 0
    assert Order.objects.filter(shop_id=shop.id).count() == 300
    (card,) = queries.by_number("2e7a8482f6fb09756ca50c10d7bfc047", shop_ids=[shop.id])
    assert [dot.done for dot in card.strip] == [True, True, True, False, False]
    assert card.customer_id
