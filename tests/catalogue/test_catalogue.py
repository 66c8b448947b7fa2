"""Products are taken over once and found by their words, categories, prices and stock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opieka.catalogue import commands, queries
from opieka.catalogue.models import Product, Variant
from opieka.catalogue.types import Applied, Facet, ProductSnapshot, VariantSnapshot, Wanted
from opieka.kernel.actor import SYSTEM
from opieka.kernel.errors import NotFound
from tests.factories import make_shop

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 2, tzinfo=UTC)


def variant(sku: str, price: int, *, stock: int | None = 5) -> VariantSnapshot:
    return VariantSnapshot(
        external_id=sku, sku=sku, name=sku.lower(), price=price, stock=stock, in_stock=stock != 0
    )


MUG = ProductSnapshot(
    external_id="1",
    name="Kubek lniany",
    updated_at=START,
    currency="PLN",
    category="Kuchnia",
    brand="Las",
    variants=(variant("KUB-1", 4990), variant("KUB-2", 5990, stock=0)),
)
RUG = replace(MUG, external_id="2", name="Koc wełniany", category="Salon", variants=(variant("KOC", 16000),))
GONE = replace(MUG, external_id="3", name="Kubek stary", variants=(variant("STARY", 1000, stock=0),))


def apply(shop_id: int, *products: ProductSnapshot) -> Applied:
    return commands.apply_products(products, shop_id=shop_id, source="shopify", by=SYSTEM)


def test_taken_over_once() -> None:
    shop = make_shop()
    assert apply(shop.id, MUG, RUG) == Applied(new=2)
    assert apply(shop.id, MUG, RUG) == Applied(unchanged=2)
    older = replace(MUG, name="Old", updated_at=START - timedelta(days=1))
    assert apply(shop.id, older) == Applied(unchanged=1)
    newer = replace(MUG, name="Kubek", updated_at=START + timedelta(days=1))
    assert apply(shop.id, newer, RUG) == Applied(updated=1, unchanged=1)
    assert [card.name for card in queries.search(Wanted(), shop_id=shop.id).products] == [
        "Koc wełniany",
        "Kubek",
    ]


def test_variants_that_are_gone_are_withdrawn_and_come_back() -> None:
    shop = make_shop()
    apply(shop.id, MUG)
    ids = set(Variant.objects.filter(shop_id=shop.id).values_list("id", flat=True))
    apply(shop.id, replace(MUG, variants=MUG.variants and MUG.variants[:1], updated_at=START + timedelta(1)))
    assert list(queries.variants_by_sku(["KUB-1", "KUB-2"], shop_id=shop.id)) == ["KUB-1"]
    apply(shop.id, replace(MUG, variants=None, updated_at=START + timedelta(2)))
    assert list(queries.variants_by_sku(["KUB-1", "KUB-2"], shop_id=shop.id)) == ["KUB-1"]
    apply(shop.id, replace(MUG, updated_at=START + timedelta(3)))
    assert set(Variant.objects.filter(shop_id=shop.id).values_list("id", flat=True)) == ids
    assert len(queries.variants_by_sku(["KUB-1", "KUB-2"], shop_id=shop.id)) == 2


def test_withdrawn_products_are_not_found_but_stay() -> None:
    shop = make_shop()
    apply(shop.id, MUG)
    commands.withdraw_products(["1"], shop_id=shop.id, source="shopify", by=SYSTEM)
    assert queries.search(Wanted(), shop_id=shop.id).total == 0
    card = queries.products_outside(["1", "x"], shop_id=shop.id, source="shopify")["1"]
    assert card.withdrawn
    assert queries.product(card.id, shop_ids=[shop.id]) == card
    with pytest.raises(NotFound):
        queries.product(card.id, shop_ids=[make_shop().id])


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (Wanted(), ["Koc wełniany", "Kubek lniany", "Kubek stary"]),
        (Wanted(text="kubki"), ["Kubek lniany", "Kubek stary"]),
        (Wanted(text="WELNIANY koc"), ["Koc wełniany"]),
        (Wanted(text="KUB-2"), ["Kubek lniany"]),
        (Wanted(text="las"), ["Koc wełniany", "Kubek lniany", "Kubek stary"]),
        (Wanted(text="'; --"), ["Koc wełniany", "Kubek lniany", "Kubek stary"]),
        (Wanted(text="hat"), []),
        (Wanted(category="Kuchnia"), ["Kubek lniany", "Kubek stary"]),
        (Wanted(in_stock=True), ["Koc wełniany", "Kubek lniany"]),
        (Wanted(price_from=5500), ["Koc wełniany", "Kubek lniany"]),
        (Wanted(price_to=4990), ["Kubek lniany", "Kubek stary"]),
        (Wanted(price_from=6000, price_to=9000), []),
        (Wanted(text="kubek", category="Kuchnia", in_stock=True, price_to=5000), ["Kubek lniany"]),
    ],
)
def test_search(wanted: Wanted, names: list[str]) -> None:
    shop = make_shop()
    apply(shop.id, MUG, RUG, GONE)
    with CaptureQueriesContext(connection) as asked:
        found = queries.search(wanted, shop_id=shop.id)
    assert len(asked) <= 4
    assert [card.name for card in found.products] == names
    assert found.total == len(names)
    assert queries.search(wanted, shop_id=make_shop().id).total == 0


def test_categories_are_counted_as_if_none_were_chosen() -> None:
    shop = make_shop()
    apply(shop.id, MUG, RUG, GONE)
    found = queries.search(Wanted(category="Salon"), shop_id=shop.id)
    assert found.categories == (Facet(value="Kuchnia", count=2), Facet(value="Salon", count=1))
    assert (found.total, found.products[0].low, found.products[0].variants[0].sku) == (1, 16000, "KOC")


HISTORY = [
    MUG,
    replace(MUG, name="Kubek"),
    replace(MUG, updated_at=START + timedelta(1), variants=(variant("KUB-1", 1),)),
    replace(MUG, updated_at=START + timedelta(2), variants=(variant("KUB-1", 2), variant("KUB-3", 3))),
]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations([*range(len(HISTORY)), 1, 2]), together=st.booleans())
def test_any_order_and_repetition_of_reports(order: list[int], together: bool) -> None:
    shop = make_shop()
    if together:
        apply(shop.id, *(HISTORY[number] for number in order))
    else:
        for number in order:
            apply(shop.id, HISTORY[number])
    row = Product.objects.get(shop_id=shop.id)
    assert (row.name, row.low, row.high) == ("Kubek lniany", 2, 3)
    on_sale = Variant.objects.filter(shop_id=shop.id, withdrawn=False).order_by("sku")
    assert [(v.sku, v.price) for v in on_sale] == [("KUB-1", 2), ("KUB-3", 3)]
