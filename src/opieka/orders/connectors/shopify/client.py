"""Asks Shopify's REST Admin API.

Pages are named by `page_info` in the Link header; the bucket of calls (40, leaking 2 a second; ten times
that on Plus) is told in `X-Shopify-Shop-Api-Call-Limit`. Source: shopify.dev, REST Admin API, pagination and
rate limits. Shopify prefers GraphQL for new public apps; a shop's own custom app may use REST.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from opieka.orders.connectors.base import (
    Context,
    Page,
    Reading,
    Refused,
    ask,
    body,
    gather,
    objects,
    origin,
    text,
)
from opieka.orders.connectors.shopify import mapping

VERSION = "2025-10"
LIMIT = "250"


class Shopify:
    """One shop, with an access token of a custom app (scopes read_orders, read_all_orders, read_products)."""

    def __init__(self, credentials: Mapping[str, str], context: Context, http: httpx.Client) -> None:
        self._base = f"{origin(credentials['domain'], suffix='.myshopify.com')}/admin/api/{VERSION}"
        self._headers = {"X-Shopify-Access-Token": credentials["access_token"]}
        self._context, self._http = context, http
        self._pause = 0.0

    def orders(self, cursor: str, *, since: datetime | None) -> Page:
        question = {"status": "any", "order": "updated_at asc"}
        if since:
            question["updated_at_min"] = since.isoformat()
        total = None if cursor else self._count("orders", question)
        found, after = self._page("orders", question, cursor)
        return Page(reading=gather(found, mapping.order), cursor=after, total=total)

    def products(self, cursor: str) -> Page:
        found, after = self._page("products", {}, cursor)
        currency = self._context.currency
        return Page(
            reading=Reading(products=tuple(mapping.product(item, currency) for item in found)), cursor=after
        )

    def _count(self, what: str, question: Mapping[str, str]) -> int | None:
        number = text(body(self._get(f"{what}/count.json", question)), "count")
        return int(number) if number.isdigit() else None

    def _page(self, what: str, question: Mapping[str, str], cursor: str) -> tuple[list[Any], str]:
        """The page's documents and the cursor after it. A page_info stands for the whole first question."""
        asked = {"limit": LIMIT, "page_info": cursor} if cursor else {"limit": LIMIT, **question}
        try:
            response = self._get(f"{what}.json", asked)
        except Refused as refusal:
            # A page_info is forgotten after a while; whoever goes on days later begins anew.
            if cursor and refusal.reason == "bad_request":
                raise Refused("cursor_expired", refusal.detail) from refusal
            raise
        following = urlsplit(response.links.get("next", {}).get("url", ""))
        after = parse_qs(following.query).get("page_info", [""])[0]
        return objects(body(response), what), after

    def _get(self, path: str, question: Mapping[str, str]) -> httpx.Response:
        if self._pause:
            time.sleep(self._pause)
        response = ask(self._http, f"{self._base}/{path}", headers=self._headers, params=dict(question))
        self._pause = pause(response.headers.get("x-shopify-shop-api-call-limit", ""))
        return response


def pause(told: str) -> float:
    """Seconds until a bucket told as "36/40" is four fifths full: the rest is for the shop's other apps."""
    used, _, limit = told.partition("/")
    if not (used.isdigit() and limit.isdigit() and int(limit)):
        return 0.0
    return max(0.0, (int(used) - 0.8 * int(limit)) / (int(limit) / 20))
