"""Cancels orders by WooCommerce's REST API v3: the status first, so that nobody packs it, then the money.

Source: woocommerce.github.io/woocommerce-rest-api-docs (update an order, create a refund with `api_refund`). The key
must be allowed to write. A gateway that cannot pay back leaves the refund to a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from opieka.orders.connectors.base import (
    Context,
    Json,
    Refused,
    ask,
    body,
    mapping,
    objects,
    origin,
    tell,
    text,
)
from opieka.orders.connectors.changing import Answer
from opieka.orders.types import CancelOutcome, RefundState

_OPEN = frozenset({"pending", "on-hold", "processing", "checkout-draft"})
_OVER = frozenset({"cancelled", "refunded", "failed", "trash"})
_OURS = "cancelled"
"""The reference after our own step: what was paid is ours to pay back. A shop that cancelled before us may have
paid back elsewhere."""


class WooCommerceOrders:
    """One site, with the key its orders are read by, which must be allowed to write here."""

    def __init__(self, credentials: Mapping[str, str], context: Context, http: httpx.Client) -> None:
        self._base = f"{origin(credentials['url'])}/wp-json/wc/v3/orders"
        self._auth = httpx.BasicAuth(credentials["consumer_key"], credentials["consumer_secret"])
        self._http = http

    def cancel(self, external_id: str, *, reference: str) -> Answer:
        url = f"{self._base}/{external_id}"
        order = mapping(body(ask(self._http, url, auth=self._auth)), "order")
        status = text(order, "status")
        if status in _OPEN:
            self._tell("PUT", url, {"status": "cancelled"})
            return Answer(outcome=None, reference=_OURS)
        if status == "completed":
            return Answer(outcome=CancelOutcome.TOO_LATE)
        if status not in _OVER:
            return Answer(outcome=CancelOutcome.NEEDS_PERSON, why="unknown_status", detail=status)
        return Answer(outcome=CancelOutcome.CANCELLED, refund=self._paid_back(url, order, reference))

    def _paid_back(self, url: str, order: Json, reference: str) -> RefundState:
        if not text(order, "date_paid"):
            return RefundState.NOT_DUE
        if objects(order, "refunds") or text(order, "status") == "refunded":
            return RefundState.ON_ITS_WAY
        if reference != _OURS:
            return RefundState.BY_HAND
        asked = {"amount": text(order, "total"), "api_refund": True}
        try:
            self._tell("POST", f"{url}/refunds", asked)
        except Refused:
            # The gateway cannot, or nobody knows whether it did: trying again might pay twice.
            return RefundState.BY_HAND
        return RefundState.ON_ITS_WAY

    def _tell(self, method: str, url: str, given: Mapping[str, Any]) -> None:
        tell(self._http, method, url, auth=self._auth, json=dict(given))
