"""What the shop sells."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field

from opieka.catalogue.types import (
    Facet,
    ProductCard,
    ProductSnapshot,
    VariantCard,
    VariantSnapshot,
)
from opieka.rest.fields import Code, Currency, Flag, In, Link, Moment, Money, MoneyIn, Out, Page, Title
from opieka.rest.schemas.money import of_currency


class Variant(Out):
    """One thing that can be bought; `stock` is null when nobody counts it."""

    id: int
    external_id: str
    sku: str
    name: str
    price: Money
    stock: int | None
    in_stock: bool


class Product(Out):
    """A product with the variants that can be bought; `low` and `high` are their cheapest and dearest."""

    id: int
    source: str
    external_id: str
    name: str
    category: str
    brand: str
    url: str
    image_url: str
    low: Money
    high: Money
    in_stock: bool
    withdrawn: bool
    variants: list[Variant]

    @classmethod
    def make(cls, card: ProductCard) -> Self:
        alike = ("id", "source", "external_id", "name", "category", "brand", "url", "image_url")
        return cls(
            **{name: getattr(card, name) for name in alike},
            low=Money(amount=card.low, currency=card.currency),
            high=Money(amount=card.high, currency=card.currency),
            in_stock=card.in_stock,
            withdrawn=card.withdrawn,
            variants=[_variant(variant, card.currency) for variant in card.variants],
        )


def _variant(card: VariantCard, currency: str) -> Variant:
    return Variant(
        id=card.id,
        external_id=card.external_id,
        sku=card.sku,
        name=card.name,
        price=Money(amount=card.price, currency=currency),
        stock=card.stock,
        in_stock=card.in_stock,
    )


class Category(Out):
    """A category a search can be narrowed to, and how many products it would leave."""

    value: str
    count: int


class ProductPage(Page[Product]):
    """A page of products, how many there are in all, and the categories they lie in."""

    total: int
    categories: list[Category]


def categories(facets: tuple[Facet, ...]) -> list[Category]:
    """The categories of a search."""
    return [Category.of(facet) for facet in facets]


class NewVariant(In):
    """One thing that can be bought; `stock` null when nobody counts it."""

    external_id: Annotated[Code, Field(min_length=1)]
    sku: Code = ""
    name: Title = ""
    price: MoneyIn
    stock: Annotated[int, Field(strict=True, ge=-(10**9), le=10**9)] | None = None
    in_stock: Flag = True

    def snapshot(self, currency: str) -> VariantSnapshot:
        """As the catalogue takes it."""
        return VariantSnapshot(
            external_id=self.external_id,
            sku=self.sku,
            name=self.name,
            price=of_currency(self.price, currency),
            stock=self.stock,
            in_stock=self.in_stock,
        )


class NewProduct(In):
    """A product as it stood at `updated_at`. `variants` are all there are; null leaves those known."""

    external_id: Annotated[Code, Field(min_length=1)]
    name: Annotated[Title, Field(min_length=1)]
    updated_at: Moment
    currency: Currency
    variants: Annotated[list[NewVariant], Field(max_length=500)] | None = None
    category: Annotated[Title, Field(max_length=200)] = ""
    brand: Annotated[Title, Field(max_length=200)] = ""
    url: Link = ""
    image_url: Link = ""
    withdrawn: Flag = False

    def snapshot(self) -> ProductSnapshot:
        """As the catalogue takes it."""
        told = self.model_dump(exclude={"variants"})
        variants = None
        if self.variants is not None:
            variants = tuple(variant.snapshot(self.currency) for variant in self.variants)
        return ProductSnapshot(**told, variants=variants)


class ProductBatch(In):
    """Products to be taken over; the newest report of each counts."""

    products: Annotated[list[NewProduct], Field(min_length=1, max_length=500)]
