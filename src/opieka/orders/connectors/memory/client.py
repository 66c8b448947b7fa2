"""Pages over what a test or the demo has put on a shelf."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from opieka.catalogue.types import ProductSnapshot
from opieka.orders.connectors.base import Context, Page, Reading, Refused
from opieka.orders.connectors.changing import Answer
from opieka.orders.types import CancelOutcome, Discount, OrderSnapshot

PAGE = 50


@dataclass
class Shelf:
    """One shop's orders, products and discount codes; `answers` to the wish to cancel, by order, the last one again
    and again; `trouble` is what befalls whoever asks for a code."""

    orders: list[OrderSnapshot] = field(default_factory=list)
    answers: dict[str, list[Answer | Exception]] = field(default_factory=dict)
    products: list[ProductSnapshot] = field(default_factory=list)
    discounts: dict[str, Discount] = field(default_factory=dict)
    trouble: Exception | None = None


SHELVES: dict[str, Shelf] = {}


class Memory:
    """Asks the shelf named in the credentials."""

    def __init__(self, credentials: Mapping[str, str], context: Context, http: httpx.Client) -> None:
        self._name = credentials.get("shelf", "")

    def orders(self, cursor: str, *, since: datetime | None) -> Page:
        found = [order for order in self._shelf().orders if since is None or order.updated_at >= since]
        first = int(cursor or 0)
        rest = len(found) > first + PAGE
        return Page(
            reading=Reading(orders=tuple(found[first : first + PAGE])),
            cursor=str(first + PAGE) if rest else "",
            total=len(found),
        )

    def products(self, cursor: str) -> Page:
        return Page(reading=Reading(products=tuple(self._shelf().products)))

    def cancel(self, external_id: str, *, reference: str) -> Answer:
        shelf = self._shelf()
        listed = shelf.answers.get(external_id) or [Answer(outcome=CancelOutcome.CANCELLED)]
        answer = listed.pop(0) if len(listed) > 1 else listed[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def write(self, discount: Discount) -> None:
        self._untroubled().discounts.setdefault(discount.code, discount)

    def remove(self, code: str) -> None:
        self._untroubled().discounts.pop(code, None)

    def _untroubled(self) -> Shelf:
        shelf = self._shelf()
        if shelf.trouble is not None:
            raise shelf.trouble
        return shelf

    def _shelf(self) -> Shelf:
        shelf = SHELVES.get(self._name)
        if shelf is None:
            raise Refused("not_found", self._name)
        return shelf
