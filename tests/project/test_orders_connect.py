"""`opieka orders connect`: the desk's own command, with keys that no list of processes shows."""

from __future__ import annotations

import io

import pytest

from opieka.orders import queries
from opieka.project import cli
from opieka.shops.types import ShopCard
from tests.factories import make_shop

pytestmark = pytest.mark.django_db

KEYS = {"domain": "las.myshopify.com", "access_token": "shpat_1", "webhook_secret": "s"}


@pytest.fixture
def shop() -> ShopCard:
    return make_shop()


def connected(shop: ShopCard) -> dict[str, str]:
    (card,) = queries.connections([shop.id])
    place = queries.place(card.id)
    assert place is not None
    return dict(place[1])


def test_keys_from_lines(
    shop: ShopCard, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        "sys.stdin", io.StringIO("".join(f"{name} = {value}\n" for name, value in KEYS.items()))
    )
    assert cli.main(["orders", "connect", shop.slug, "shopify", "--from-stdin"]) == 0
    assert connected(shop) == KEYS
    said = capsys.readouterr().out
    assert "/inbound/orders/" in said
    assert "shpat_1" not in said


def test_keys_from_the_environment_and_again_with_new_ones(
    shop: ShopCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    for token in ("old", "new"):
        for name, value in (KEYS | {"access_token": token}).items():
            monkeypatch.setenv(f"SHOPIFY_{name.upper()}", value)
        assert cli.main(["orders", "connect", shop.slug, "shopify"]) == 0
    assert connected(shop)["access_token"] == "new"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["SLUG", "shopify"], "These fields are still empty: Domain"),
        (["SLUG", "ebay"], "“ebay” is not something a shop can be connected to"),
        (["nowhere", "shopify"], "There is no shop called “nowhere”"),
    ],
)
def test_what_is_missing_is_said(
    shop: ShopCard,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    said: str,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert cli.main(["orders", "connect", *(word.replace("SLUG", shop.slug) for word in words)]) == 1
    assert said in capsys.readouterr().err
    assert queries.connections([shop.id]) == []
