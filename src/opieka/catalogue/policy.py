"""Which report of a product counts, and what its variants make of it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter

import msgspec

from opieka.catalogue.types import ProductSnapshot

_content = attrgetter(*(f.name for f in fields(ProductSnapshot) if f.name != "updated_at"))


@dataclass(frozen=True, order=True)
class Version:
    """How new a report is; of two from the same second the content decides, so that arrival never does."""

    updated_at: datetime
    digest: str


def version(snapshot: ProductSnapshot) -> Version:
    """The rank of a report among those of its product."""
    digest = hashlib.blake2b(msgspec.json.encode(_content(snapshot)), digest_size=12).hexdigest()
    return Version(snapshot.updated_at, digest)


def price_range(prices: Collection[int]) -> tuple[int, int]:
    """The cheapest and the dearest, (0, 0) where there is nothing to buy."""
    return (min(prices), max(prices)) if prices else (0, 0)
