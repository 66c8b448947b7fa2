"""The catalogue's words: what a shop sells, as a connector reports it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class VariantSnapshot:
    """One thing that can be bought. `price` is in minor units; `stock` is None when nobody counts it."""

    external_id: str
    sku: str = ""
    name: str = ""
    price: int = 0
    stock: int | None = None
    in_stock: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class ProductSnapshot:
    """A product as it stood at `updated_at` (aware).

    `variants` are all there are, or None when this report does not tell them. `withdrawn` means the shop no
    longer sells it; it stays, because orders name it.
    """

    external_id: str
    name: str
    updated_at: datetime
    currency: str
    variants: tuple[VariantSnapshot, ...] | None = None
    category: str = ""
    brand: str = ""
    url: str = ""
    image_url: str = ""
    withdrawn: bool = False


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody looks for. Prices in minor units; "" and None do not narrow."""

    text: str = ""
    category: str = ""
    price_from: int | None = None
    price_to: int | None = None
    in_stock: bool = False


@dataclass(frozen=True, kw_only=True)
class VariantCard:
    """A variant as others see it."""

    id: int
    external_id: str
    sku: str
    name: str
    price: int
    stock: int | None
    in_stock: bool


@dataclass(frozen=True, kw_only=True)
class ProductCard:
    """A product as others see it, with the variants that can be bought."""

    id: int
    source: str
    external_id: str
    name: str
    category: str
    brand: str
    url: str
    image_url: str
    currency: str
    low: int
    high: int
    in_stock: bool
    withdrawn: bool
    variants: tuple[VariantCard, ...]


@dataclass(frozen=True, kw_only=True)
class Facet:
    """One category a search can be narrowed to, and how many products it would leave."""

    value: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Found:
    """A page of a search, how many products there are in all, and the categories they lie in."""

    products: tuple[ProductCard, ...]
    total: int
    categories: tuple[Facet, ...]


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What a batch did: how many were new, updated, or said nothing new."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0

    def __add__(self, other: Applied) -> Applied:
        return Applied(
            new=self.new + other.new,
            updated=self.updated + other.updated,
            unchanged=self.unchanged + other.unchanged,
        )
