"""What the shop sells: searched, and taken over from programs."""

from __future__ import annotations

from typing import Annotated

from ninja import Query
from pydantic import Field

from opieka.catalogue import commands, queries
from opieka.catalogue.types import Wanted
from opieka.rest import paging
from opieka.rest.fields import CLEAN, Paging, PathId, QueryFlag, QueryNumber
from opieka.rest.operations import Request, Resource
from opieka.rest.schemas.money import Applied
from opieka.rest.schemas.products import Product, ProductBatch, ProductPage, categories
from opieka.shops.types import Permission

SOURCE = "api"
"""Whose ids the things are known by that programs report."""

products = Resource("products")


class Seeking(Paging):
    """What is looked for; prices in minor units of the shop's currency."""

    text: Annotated[str, Field(max_length=200, pattern=CLEAN)] = ""
    category: Annotated[str, Field(max_length=200, pattern=CLEAN)] = ""
    price_from: QueryNumber | None = None
    price_to: QueryNumber | None = None
    in_stock: QueryFlag = False


@products.get("/products", Permission.READ, ProductPage)
def list_products(request: Request, query: Query[Seeking]) -> ProductPage:
    """Products that can be bought, by name; categories are counted as if none were chosen."""
    place = paging.decode(query.cursor, tuple[int])
    offset = place[0] if place else 0
    wanted = Wanted(
        text=query.text,
        category=query.category,
        price_from=query.price_from,
        price_to=query.price_to,
        in_stock=query.in_stock,
    )
    found = queries.search(wanted, shop_id=request.caller.shop_id, offset=offset, limit=query.limit)
    after = offset + len(found.products)
    return ProductPage(
        items=[Product.make(card) for card in found.products],
        next=paging.encode([after]) if found.products and after < found.total else None,
        total=found.total,
        categories=categories(found.categories),
    )


@products.post("/products/batch", Permission.IMPORT, Applied)
def take_products(request: Request, body: ProductBatch) -> Applied:
    """Take over products; the newest report of each counts, the same one again is nothing."""
    caller = request.caller
    snapshots = [product.snapshot() for product in body.products]
    applied = commands.apply_products(snapshots, shop_id=caller.shop_id, source=SOURCE, by=caller.actor)
    return Applied.of(applied)


@products.get("/products/{product_id}", Permission.READ, Product)
def get_product(request: Request, product_id: PathId) -> Product:
    """One product."""
    return Product.make(queries.product(product_id, shop_ids=[request.caller.shop_id]))
