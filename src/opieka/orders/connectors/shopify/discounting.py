"""Writes discount codes by Shopify's GraphQL Admin API: one code is one basic discount, used once.

Source: shopify.dev, GraphQL Admin API 2025-10, queries codeDiscountNodeByCode, mutations discountCodeBasicCreate and
discountCodeDelete. The token needs the scopes read_discounts and write_discounts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from opieka.kernel import clock
from opieka.kernel.money import Money
from opieka.orders.connectors.base import Context, Json, Refused, objects, text
from opieka.orders.connectors.shopify.graphql import GraphQL
from opieka.orders.types import Discount

_KNOWN = "query($code: String!) { codeDiscountNodeByCode(code: $code) { id } }"
_CREATE = """mutation($given: DiscountCodeBasicInput!) { discountCodeBasicCreate(basicCodeDiscount: $given) {
  codeDiscountNode { id } userErrors { code message } } }"""
_DELETE = """mutation($id: ID!) { discountCodeDelete(id: $id) {
  deletedCodeDiscountId userErrors { code message } } }"""
_TAKEN = "TAKEN"


class ShopifyDiscounts:
    """One shop, with the same token its orders are read by."""

    def __init__(self, credentials: Mapping[str, str], context: Context, http: httpx.Client) -> None:
        self._graphql = GraphQL(credentials, http)

    def write(self, discount: Discount) -> None:
        if self._known(discount.code):
            return
        problems = _problems(
            self._graphql.ask(_CREATE, {"given": _input(discount)}), "discountCodeBasicCreate"
        )
        if problems and {text(one, "code") for one in problems} != {_TAKEN}:
            raise Refused("shop_refused", "; ".join(text(one, "message") for one in problems))

    def remove(self, code: str) -> None:
        node = self._known(code)
        if not node:
            return
        problems = _problems(self._graphql.ask(_DELETE, {"id": node}), "discountCodeDelete")
        if problems and self._known(code):
            raise Refused("shop_refused", "; ".join(text(one, "message") for one in problems))

    def _known(self, code: str) -> str:
        return text(self._graphql.ask(_KNOWN, {"code": code}), "codeDiscountNodeByCode", "id")


def _problems(data: Json, mutation: str) -> list[Json]:
    answer = data.get(mutation)
    if not isinstance(answer, dict):
        raise Refused("answer", mutation)
    return objects(answer, "userErrors")


def _input(discount: Discount) -> dict[str, Any]:
    worth: dict[str, Any] = {"percentage": discount.per_cent / 100}
    if discount.amount:
        amount = str(Money(discount.amount, discount.currency).decimal)
        worth = {"discountAmount": {"amount": amount, "appliesOnEachItem": False}}
    return {
        "title": discount.code,
        "code": discount.code,
        "startsAt": clock.now().isoformat(),
        "endsAt": discount.valid_until.isoformat(),
        "usageLimit": 1,
        "appliesOncePerCustomer": True,
        "customerSelection": {"all": True},
        "customerGets": {"items": {"all": True}, "value": worth},
    }
