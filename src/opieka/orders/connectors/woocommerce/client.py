"""Asks WooCommerce's REST API v3: numbered pages, totals in `X-WP-Total` and `X-WP-TotalPages`.

Source: woocommerce.github.io/woocommerce-rest-api-docs (authentication, pagination, list all orders).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx

from opieka.orders.connectors.base import (
    Context,
    Json,
    Page,
    Reading,
    Refused,
    ask,
    body,
    gather,
    origin,
    text,
)
from opieka.orders.connectors.woocommerce import mapping

LIMIT = 100


class WooCommerce:
    """One site, with a REST key of its own (WooCommerce > Settings > Advanced > REST API; read only)."""

    def __init__(self, credentials: Mapping[str, str], context: Context, http: httpx.Client) -> None:
        self._base = f"{origin(credentials['url'])}/wp-json/wc/v3"
        self._auth = httpx.BasicAuth(credentials["consumer_key"], credentials["consumer_secret"])
        self._context, self._http = context, http

    def orders(self, cursor: str, *, since: datetime | None) -> Page:
        # By id: an order changed meanwhile keeps its place, and a new one comes at the end.
        question = {"status": "any", "orderby": "id", "order": "asc"}
        if since:
            question |= {"modified_after": since.strftime("%Y-%m-%dT%H:%M:%S"), "dates_are_gmt": "true"}
        found, after, total = self._page("orders", question, cursor)
        reading = gather(found, lambda data, words: mapping.order(data, words, self._context))
        return Page(reading=reading, cursor=after, total=total)

    def products(self, cursor: str) -> Page:
        found, after, total = self._page("products", {"orderby": "id", "order": "asc"}, cursor)
        products = tuple(
            mapping.product(item, self._context, self._variations(item))
            for item in found
            if isinstance(item, dict)
        )
        return Page(reading=Reading(products=products), cursor=after, total=total)

    def _variations(self, product: Json) -> list[Json] | None:
        if text(product, "type") != "variable":
            return None
        found: list[Json] = []
        cursor = "1"
        while cursor:
            rows, cursor, _ = self._page(f"products/{product['id']}/variations", {}, cursor)
            found += [row for row in rows if isinstance(row, dict)]
        return found

    def _page(self, what: str, question: Mapping[str, str], cursor: str) -> tuple[list[Any], str, int | None]:
        """The page's documents, the number of the next page ("" at the end), and how many there are."""
        number = int(cursor or 1)
        response = self._get(what, {**question, "per_page": str(LIMIT), "page": str(number)})
        found = body(response)
        if not isinstance(found, list):
            raise Refused("not_json", response.text[:200])
        pages = response.headers.get("x-wp-totalpages", "")
        more = number < int(pages) if pages.isdigit() else len(found) == LIMIT
        total = response.headers.get("x-wp-total", "")
        return found, str(number + 1) if more else "", int(total) if total.isdigit() else None

    def _get(self, path: str, question: Mapping[str, str]) -> httpx.Response:
        return ask(self._http, f"{self._base}/{path}", auth=self._auth, params=dict(question))
