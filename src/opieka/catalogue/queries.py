"""Reading products: one, many, and a search narrowed by category, price and stock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Q, QuerySet

from opieka.catalogue.models import Product, Variant
from opieka.catalogue.types import Facet, Found, ProductCard, VariantCard, Wanted
from opieka.kernel import text
from opieka.kernel.errors import NotFound

FACETS = 50


def product(product_id: int, *, shop_ids: Collection[int]) -> ProductCard:
    """One product; NotFound. 2 queries."""
    cards = _cards(Product.objects.filter(id=product_id, shop_id__in=shop_ids))
    if not cards:
        raise NotFound
    return cards[0]


def products_outside(external_ids: Collection[str], *, shop_id: int, source: str) -> dict[str, ProductCard]:
    """Products by the ids an order's lines name them with. 2 queries."""
    rows = Product.objects.filter(shop_id=shop_id, source=source, external_id__in=external_ids)
    return {card.external_id: card for card in _cards(rows)}


def variants_by_sku(skus: Collection[str], *, shop_id: int) -> dict[str, VariantCard]:
    """Variants by the shop's own codes."""
    rows = Variant.objects.filter(shop_id=shop_id, sku__in=skus, withdrawn=False).order_by("id")
    return {row.sku: _variant(row) for row in rows}


def search(wanted: Wanted, *, shop_id: int, offset: int = 0, limit: int = 30) -> Found:
    """Products that can be bought in a shop, by name. Categories are counted as if none were chosen. 4 queries."""
    rows = Product.objects.filter(_condition(wanted), shop_id=shop_id, withdrawn=False)
    counted = rows.exclude(category="").values("category").annotate(number=Count("id"))
    categories = tuple(
        Facet(value=row["category"], count=row["number"])
        for row in counted.order_by("-number", "category")[:FACETS]
    )
    chosen = rows.filter(category=wanted.category) if wanted.category else rows
    page = chosen.order_by("name", "id")[offset : offset + limit]
    return Found(products=tuple(_cards(page)), total=chosen.count(), categories=categories)


def _condition(wanted: Wanted) -> Q:
    found = Q()
    if keys := text.query_keys(wanted.text):
        query = text.tsquery(keys)
        found &= Q(search=SearchQuery(query, config="simple", search_type="raw"))
    if wanted.price_from is not None:
        found &= Q(high__gte=wanted.price_from)
    if wanted.price_to is not None:
        found &= Q(low__lte=wanted.price_to)
    return found & Q(in_stock=True) if wanted.in_stock else found


def _cards(rows: QuerySet[Product]) -> list[ProductCard]:
    found = list(rows.defer("search"))
    variants: dict[int, list[VariantCard]] = defaultdict(list)
    for row in _variants_of(found):
        variants[row.product_id].append(_variant(row))
    return [
        ProductCard(
            id=row.pk,
            source=row.source,
            external_id=row.external_id,
            name=row.name,
            category=row.category,
            brand=row.brand,
            url=row.url,
            image_url=row.image_url,
            currency=row.currency,
            low=row.low,
            high=row.high,
            in_stock=row.in_stock,
            withdrawn=row.withdrawn,
            variants=tuple(variants[row.pk]),
        )
        for row in found
    ]


def _variants_of(products: Iterable[Product]) -> QuerySet[Variant]:
    ids = {row.pk: row.shop_id for row in products}
    return Variant.objects.filter(
        shop_id__in=set(ids.values()), product_id__in=ids, withdrawn=False
    ).order_by("id")


def _variant(row: Variant) -> VariantCard:
    return VariantCard(
        id=row.pk,
        external_id=row.external_id,
        sku=row.sku,
        name=row.name,
        price=row.price,
        stock=row.stock,
        in_stock=row.in_stock,
    )
