"""`opieka lateness evaluate` on folders as people have them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from opieka.project import cli

pa = pytest.importorskip("pyarrow")
from pyarrow import parquet  # noqa: E402  # after it is known to be there

BEGIN = datetime(2018, 1, 1)  # noqa: DTZ001  # wall clock, as in the files
ORDERS = 900
Table = dict[str, list[Any]]


def orders(count: int = ORDERS) -> Table:
    """One order every few hours; every tenth comes late, and one in thirty never."""
    placed = [BEGIN + timedelta(hours=7 * i) for i in range(count)]
    days = np.random.default_rng(0).lognormal(1, 0.4, count)
    return {
        "order_id": [f"o{i}" for i in range(count)],
        "customer_id": [f"c{i}" for i in range(count)],
        "order_status": ["shipped" if i % 30 == 0 else "delivered" for i in range(count)],
        "order_purchase_timestamp": placed,
        "order_approved_at": [at + timedelta(hours=1) for at in placed],
        "order_delivered_carrier_date": [at + timedelta(days=1) for at in placed],
        "order_delivered_customer_date": [
            None if i % 30 == 0 else at + timedelta(days=1 + float(days[i])) for i, at in enumerate(placed)
        ],
        "order_estimated_delivery_date": [
            datetime.combine(at.date() + timedelta(days=5 + i % 3), datetime.min.time())
            for i, at in enumerate(placed)
        ],
    }


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def write(**tables: Table) -> Path:
        for name, table in tables.items():
            parquet.write_table(pa.table(table), tmp_path / f"{name}.parquet")
        return tmp_path

    return write


def evaluate(folder: Path, capsys: pytest.CaptureFixture[str], *more: str, before: str = "2018-07-01") -> Any:
    status = cli.main(
        ["lateness", "evaluate", str(folder), "--train-before", before, "--at", "handover", *more]
    )
    out, err = capsys.readouterr()
    return status, out, err


def refusal(folder: Path, capsys: pytest.CaptureFixture[str], **more: str) -> str:
    status, out, err = evaluate(folder, capsys, "--json", **more)
    assert (status, out) == (1, "")
    assert len(err.strip().splitlines()) == 1, err
    return str(err)


def test_the_orders_alone_are_enough(write: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = evaluate(write(orders=orders()), capsys, "--json")
    assert status == 0
    found = json.loads(out)
    assert list(found) == [
        "n", "late", "auc", "average_precision", "brier", "ece", "precision_at_10pct", "recall_at_10pct",
    ]  # fmt: skip
    assert found["n"] == sum(
        at >= datetime(2018, 7, 1) and i % 30 != 0  # noqa: DTZ001  # as in the files
        for i, at in enumerate(orders()["order_purchase_timestamp"])
    )
    assert 0 < found["late"] < found["n"]


def test_a_table_for_people(write: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = evaluate(write(orders=orders()), capsys)
    assert status == 0
    assert "average precision" in out


def test_other_tables_may_lack_columns_and_hold_nothing(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    ids = [f"o{i}" for i in range(0, ORDERS, 2)]
    folder = write(
        orders=orders(),
        items={"order_id": ids, "seller_id": [None if i % 3 else "s" for i in range(len(ids))]},
        customers={"customer_id": [f"c{i}" for i in range(ORDERS)], "customer_state": ["SP"] * ORDERS},
        sellers={"seller_id": ["s"], "seller_zip_code_prefix": [None]},
        products={"product_id": ["p"], "product_weight_g": ["heavy"]},
        zip_centroids={"zip_code_prefix": ["01001"], "lat": [None], "lng": [-46.6]},
    )
    assert evaluate(folder, capsys, "--json")[0] == 0


def test_strange_dates_are_survived(write: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    table = orders()
    for name, row, year in (
        ("order_delivered_customer_date", 5, 9000),
        ("order_delivered_carrier_date", 6, 1970),
        ("order_approved_at", 7, 2500),
        ("order_estimated_delivery_date", 8, 1971),
        ("order_delivered_carrier_date", 899, 9000),
        ("order_purchase_timestamp", 898, 9000),
    ):
        table[name][row] = datetime(year, 1, 1)  # noqa: DTZ001  # as in the files
    for name in table:
        if name.startswith("order_") and name not in {"order_id", "order_status"}:
            table[name][20] = None
    assert evaluate(write(orders=table), capsys, "--json")[0] == 0


def test_texts_for_times_are_read(write: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    table = {
        name: [at.isoformat(sep=" ") if isinstance(at, datetime) else at for at in column]
        for name, column in orders().items()
    }
    assert evaluate(write(orders=table), capsys, "--json")[0] == 0


def test_nothing_late_is_no_failure(write: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    table = orders()
    table["order_estimated_delivery_date"] = [
        at + timedelta(days=90) for at in table["order_purchase_timestamp"]
    ]
    status, out, _ = evaluate(write(orders=table), capsys, "--json", before="2018-08-01")
    assert status == 0
    assert json.loads(out)["auc"] is None


def test_what_cannot_be_evaluated_is_said_in_a_sentence(
    write: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "there is no orders.parquet" in refusal(tmp_path / "nowhere", capsys)
    lacking = {name: column for name, column in orders().items() if name != "order_approved_at"}
    assert "lacks order_approved_at" in refusal(write(orders=lacking), capsys)
    (tmp_path / "orders.parquet").write_bytes(b"no parquet")
    assert "orders.parquet cannot be read" in refusal(tmp_path, capsys)
    assert "no order placed on or after 2030-01-01" in refusal(
        write(orders=orders()), capsys, before="2030-01-01"
    )
    assert "too few to learn from" in refusal(write(orders=orders()), capsys, before="2018-01-20")
    never = orders() | {"order_delivered_customer_date": pa.array([None] * ORDERS, pa.timestamp("us"))}
    assert "no order placed" in refusal(write(orders=never), capsys)
    words = orders() | {"order_purchase_timestamp": ["soon"] * ORDERS}
    assert "does not hold times" in refusal(write(orders=words), capsys)
    assert "no order placed" in refusal(write(orders={n: c[:0] for n, c in orders().items()}), capsys)


@pytest.mark.parametrize("date", ["yesterday", "01/05/2018", ""])
def test_a_date_that_is_none(date: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        evaluate(tmp_path, capsys, before=date)
    assert "is not a date such as 2018-05-01" in capsys.readouterr().err


@pytest.mark.shared
def test_real_orders_are_foretold() -> None:
    """From the first half of 2017 the ten months after it."""
    folder = Path(os.environ.get("OPIEKA_SHARED") or Path(__file__).parents[3] / "shared") / "data" / "olist"
    command = [sys.executable, "-m", "opieka.project.cli", "lateness", "evaluate", str(folder), "--json"]
    more = ["--train-before", "2017-07-01", "--at", "handover"]
    done = subprocess.run([*command, *more], capture_output=True, text=True, check=True, env=os.environ)
    found = json.loads(done.stdout)
    assert found["auc"] > 0.79
    assert found["average_precision"] > 0.35
