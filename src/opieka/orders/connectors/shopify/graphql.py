"""Asks Shopify's GraphQL Admin API. Source: shopify.dev, GraphQL Admin API, status and error codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from opieka.kernel import outbound
from opieka.orders.connectors.base import Json, Refused, body, objects, origin, tell, text
from opieka.orders.connectors.shopify.client import VERSION

_WAIT = 10.0


class GraphQL:
    """One shop, with the same token its orders are read by."""

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client) -> None:
        base = origin(credentials["domain"], suffix=".myshopify.com")
        self._url = f"{base}/admin/api/{VERSION}/graphql.json"
        self._headers = {"X-Shopify-Access-Token": credentials["access_token"]}
        self._http = http

    def ask(self, question: str, variables: Mapping[str, Any]) -> Json:
        """The data of an answer; `Refused`, `outbound.Busy`."""
        given = {"query": question, "variables": dict(variables)}
        found = body(tell(self._http, "POST", self._url, headers=self._headers, json=given))
        problems = objects(found, "errors") if isinstance(found, dict) else []
        codes = {text(problem, "extensions", "code") for problem in problems}
        if "THROTTLED" in codes:
            raise outbound.Busy(_WAIT)
        if problems or not isinstance(found, dict):
            reason = "not_allowed" if "ACCESS_DENIED" in codes else "answer"
            raise Refused(reason, "; ".join(text(problem, "message") for problem in problems))
        data = found.get("data")
        return data if isinstance(data, dict) else {}
