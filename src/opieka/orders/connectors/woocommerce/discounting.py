"""Writes coupons by WooCommerce's REST API v3.

Source: woocommerce.github.io/woocommerce-rest-api-docs (create, list and delete a coupon). The key must be allowed to
write. WooCommerce keeps codes in lower case and finds them in any.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from opieka.kernel.money import Money
from opieka.orders.connectors.base import Context, Refused, ask, body, origin, tell, text
from opieka.orders.types import Discount


class WooCommerceDiscounts:
    """One site, with the key its orders are read by, which must be allowed to write here."""

    def __init__(self, credentials: Mapping[str, str], context: Context, http: httpx.Client) -> None:
        self._url = f"{origin(credentials['url'])}/wp-json/wc/v3/coupons"
        self._auth = httpx.BasicAuth(credentials["consumer_key"], credentials["consumer_secret"])
        self._http = http

    def write(self, discount: Discount) -> None:
        if self._known(discount.code):
            return
        try:
            tell(self._http, "POST", self._url, auth=self._auth, json=_coupon(discount))
        except Refused:
            # Another asked at the same moment: WooCommerce refuses a second coupon of one code.
            if not self._known(discount.code):
                raise

    def remove(self, code: str) -> None:
        for number in self._known(code):
            address = f"{self._url}/{number}"
            tell(self._http, "DELETE", address, auth=self._auth, params={"force": "true"})

    def _known(self, code: str) -> list[str]:
        found = body(ask(self._http, self._url, auth=self._auth, params={"code": code}))
        listed = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
        return [text(one, "id") for one in listed if text(one, "code").casefold() == code.casefold()]


def _coupon(discount: Discount) -> dict[str, Any]:
    amount = Money(discount.amount, discount.currency).decimal if discount.amount else discount.per_cent
    return {
        "code": discount.code,
        "discount_type": "fixed_cart" if discount.amount else "percent",
        "amount": str(amount),
        "date_expires_gmt": discount.valid_until.strftime("%Y-%m-%dT%H:%M:%S"),
        "usage_limit": 1,
    }
