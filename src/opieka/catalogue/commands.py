"""Taking over what shops sell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction

from opieka.catalogue import policy
from opieka.catalogue.models import Product, Variant
from opieka.catalogue.types import Applied, ProductSnapshot, VariantSnapshot
from opieka.kernel import bulk, text
from opieka.kernel.actor import Actor

SHORT, LONG = 100, 500
INDEX = """
    update catalogue_product p set search = new.vector::tsvector
    from unnest(%s::bigint[], %s::text[]) as new (id, vector) where p.id = new.id
"""


@dataclass
class _State:
    """Some products of one source by outside id, their variants by the product's and their own."""

    products: dict[str, Product] = field(default_factory=dict)
    variants: defaultdict[str, dict[str, Variant]] = field(default_factory=lambda: defaultdict(dict))
    counting: dict[str, ProductSnapshot] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)


@transaction.atomic
def apply_products(products: Sequence[ProductSnapshot], *, shop_id: int, source: str, by: Actor) -> Applied:
    """Take over products; the newest report of each counts, the same one again is nothing."""
    if not products:
        return Applied()
    _take_turns(shop_id, source)
    names = {snapshot.external_id[:SHORT] for snapshot in products}
    state = _load(shop_id, source, names)
    for snapshot in products:
        _merge(state, snapshot, shop_id, source)
    _save(state, shop_id)
    new = state.counting.keys() - state.known
    updated = len(state.counting) - len(new)
    return Applied(new=len(new), updated=updated, unchanged=len(names) - len(new) - updated)


@transaction.atomic
def withdraw_products(external_ids: Collection[str], *, shop_id: int, source: str, by: Actor) -> None:
    """Note that the shop no longer sells these; they stay, because orders name them."""
    if external_ids:
        Product.objects.filter(shop_id=shop_id, source=source, external_id__in=external_ids).update(
            withdrawn=True
        )


def _take_turns(shop_id: int, source: str) -> None:
    """Two processes that bring products of one source to one shop take turns."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"catalogue:{shop_id}:{source}"]
        )


def _load(shop_id: int, source: str, names: set[str]) -> _State:
    state = _State()
    rows = Product.objects.filter(shop_id=shop_id, source=source, external_id__in=names).defer("search")
    state.products = {row.external_id: row for row in rows}
    state.known = set(state.products)
    outside = {row.pk: name for name, row in state.products.items()}
    for variant in Variant.objects.filter(shop_id=shop_id, product_id__in=outside) if outside else ():
        state.variants[outside[variant.product_id]][variant.external_id] = variant
    return state


def _merge(state: _State, snapshot: ProductSnapshot, shop_id: int, source: str) -> None:
    name = snapshot.external_id[:SHORT]
    version = policy.version(snapshot)
    row = state.products.get(name)
    if row and version <= policy.Version(row.updated_at, row.digest):
        return
    row = row or Product(shop_id=shop_id, source=source, external_id=name, digest="")
    if row.digest != version.digest:
        state.counting[name] = snapshot
    else:
        state.touched.add(name)
    row.updated_at, row.digest = version.updated_at, version.digest
    state.products[name] = row


def _save(state: _State, shop_id: int) -> None:
    variants = [row for name in state.counting for row in _variants(state, name, shop_id)]
    for name, snapshot in state.counting.items():
        _fill(state.products[name], snapshot, state.variants[name])
    written = [state.products[name] for name in sorted(state.counting.keys() | state.touched)]
    bulk.save(written, unique=["shop", "source", "external_id"], keep=["search"])
    for variant in variants:
        variant.product_id = variant.product.pk
    bulk.save(variants, unique=["shop", "product", "external_id"])
    _index(state)


def _fill(row: Product, snapshot: ProductSnapshot, variants: dict[str, Variant]) -> None:
    on_sale = [variant for variant in variants.values() if not variant.withdrawn]
    row.name = snapshot.name[:LONG]
    row.category, row.brand = snapshot.category[:200], snapshot.brand[:200]
    row.url, row.image_url = snapshot.url, snapshot.image_url
    row.currency, row.withdrawn = snapshot.currency, snapshot.withdrawn
    row.low, row.high = policy.price_range([variant.price for variant in on_sale])
    row.in_stock = any(variant.in_stock for variant in on_sale)


def _variants(state: _State, name: str, shop_id: int) -> Iterator[Variant]:
    """The variants as they shall be; those no longer reported withdrawn."""
    reported = state.counting[name].variants
    if reported is None:
        return
    known = state.variants[name]
    told = {variant.external_id[:SHORT]: variant for variant in reported}
    for key in known.keys() | told.keys():
        row = known.setdefault(key, Variant(shop_id=shop_id, external_id=key))
        row.product = state.products[name]
        row.withdrawn = key not in told
        if key in told:
            _fill_variant(row, told[key])
        yield row


def _fill_variant(row: Variant, snapshot: VariantSnapshot) -> None:
    row.sku, row.name = snapshot.sku[:SHORT], snapshot.name[:LONG]
    row.price, row.stock, row.in_stock = snapshot.price, snapshot.stock, snapshot.in_stock


def _index(state: _State) -> None:
    """Make the products findable by the words of their names, brands, categories and codes."""
    ids, vectors = [], []
    for name in state.counting:
        row = state.products[name]
        codes = [variant.sku for variant in state.variants[name].values()]
        words = [row.name, row.brand, row.category, *codes]
        ids.append(row.pk)
        vectors.append(text.tsvector([("A", text.keys(" ".join(words)))]))
    with connection.cursor() as cursor:
        cursor.execute(INDEX, [ids, vectors])
