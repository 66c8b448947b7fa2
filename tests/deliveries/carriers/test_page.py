"""docs/carriers.md tells of every carrier what it asks a shop to fill in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from opieka.deliveries.carriers import CARRIERS
from opieka.deliveries.carriers.generic.columns import column
from opieka.deliveries.types import HandedTo, Leg, ParcelStage

PAGE = (Path(__file__).parents[3] / "docs" / "carriers.md").read_text()
ROWS = {found[1]: found[0] for found in re.finditer(r"^\| [^|]+ \| `(\w+)` \|.*$", PAGE, re.MULTILINE)}


@pytest.mark.parametrize("name", CARRIERS)
def test_every_carrier_has_its_row(name: str) -> None:
    can = CARRIERS[name].capabilities
    assert name in ROWS
    missing = [
        word for word in (*can.credentials, *can.optional_credentials) if f"`{word}`" not in ROWS[name]
    ]
    assert missing == []


def test_every_row_is_a_carrier() -> None:
    assert set(ROWS) <= set(CARRIERS)


def test_the_own_format_is_described_as_it_is_read() -> None:
    columns = PAGE.partition("### Columns")[2]
    told = {
        name
        for row in re.findall(r"^\| (`.+?) \|", columns, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", row)
    }
    assert {name for name in told if column(name) != name} == set()
    for word in (*ParcelStage, *Leg, *HandedTo):
        assert word == "unknown" or f"`{word}`" in columns
