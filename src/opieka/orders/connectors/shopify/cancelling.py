"""Cancels orders by Shopify's GraphQL Admin API (`orderCancel`), which works in the background.

Source: shopify.dev, GraphQL Admin API 2025-10, mutation orderCancel, objects Order and Job. The token needs the
scopes read_orders and write_orders; without the refund permission Shopify refuses the whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from opieka.orders.connectors.base import Context, Json, Refused, objects, text
from opieka.orders.connectors.changing import Answer
from opieka.orders.connectors.shopify.graphql import GraphQL
from opieka.orders.types import CancelOutcome, RefundState

_STANDING = """query($id: ID!) { order(id: $id) {
  cancelledAt displayFulfillmentStatus displayFinancialStatus } }"""
_JOB = "query($id: ID!) { job(id: $id) { done } }"
_CANCEL = """mutation($id: ID!) { orderCancel(orderId: $id, reason: CUSTOMER, restock: true, notifyCustomer: false,
  refundMethod: {originalPaymentMethodsRefund: true}) {
  job { id done } orderCancelUserErrors { code message } } }"""
_SENT = frozenset({"FULFILLED", "PARTIALLY_FULFILLED"})
_UNPAID = frozenset({"PENDING", "AUTHORIZED", "EXPIRED", "VOIDED"})
_RETURNED = frozenset({"REFUNDED", "PARTIALLY_REFUNDED"})


class ShopifyOrders:
    """One shop, with the same token its orders are read by."""

    def __init__(self, credentials: Mapping[str, str], context: Context, http: httpx.Client) -> None:
        self._graphql = GraphQL(credentials, http)

    def cancel(self, external_id: str, *, reference: str) -> Answer:
        order_id = f"gid://shopify/Order/{external_id}"
        order = self._ask(_STANDING, order_id).get("order")
        if not isinstance(order, dict):
            raise Refused("not_found", external_id)
        if text(order, "cancelledAt"):
            # Its job pays back after it has cancelled: until it has ended nobody is told to pay by hand.
            if reference and _refund(order) is RefundState.BY_HAND and self._at_work(reference):
                return Answer(outcome=None, reference=reference)
            return Answer(outcome=CancelOutcome.CANCELLED, refund=_refund(order))
        if text(order, "displayFulfillmentStatus") in _SENT:
            return Answer(outcome=CancelOutcome.TOO_LATE)
        if reference:
            return self._waited(order_id, reference)
        return _begun(self._ask(_CANCEL, order_id).get("orderCancel"))

    def _waited(self, order_id: str, job: str) -> Answer:
        """The order still stands: its job is at work, or it has ended without cancelling."""
        if self._at_work(job):
            return Answer(outcome=None, reference=job)
        order = self._ask(_STANDING, order_id).get("order") or {}
        if text(order, "cancelledAt"):
            return Answer(outcome=CancelOutcome.CANCELLED, refund=_refund(order))
        return Answer(outcome=CancelOutcome.NEEDS_PERSON, why="shop_refused")

    def _at_work(self, job: str) -> bool:
        found = self._ask(_JOB, job).get("job")
        return isinstance(found, dict) and found.get("done") is False

    def _ask(self, question: str, node: str) -> Json:
        return self._graphql.ask(question, {"id": node})


def _begun(answer: Any) -> Answer:
    given: Json = answer if isinstance(answer, dict) else {}
    problems = objects(given, "orderCancelUserErrors")
    if problems:
        detail = "; ".join(text(problem, "message") for problem in problems)
        return Answer(outcome=CancelOutcome.NEEDS_PERSON, why="shop_refused", detail=detail)
    job = text(given, "job", "id")
    if not job:
        raise Refused("answer", "orderCancel")
    return Answer(outcome=None, reference=job)


def _refund(order: Json) -> RefundState:
    status = text(order, "displayFinancialStatus")
    if status in _UNPAID:
        return RefundState.NOT_DUE
    return RefundState.ON_ITS_WAY if status in _RETURNED else RefundState.BY_HAND
