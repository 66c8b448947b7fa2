"""Reading balances and coupons. Whoever asks sees only the shops named."""

from __future__ import annotations

from opieka.goodwill.queries.balances import balance, balances, example, movements
from opieka.goodwill.queries.coupons import coupon, coupon_effect, coupons, purse

__all__ = ["balance", "balances", "coupon", "coupon_effect", "coupons", "example", "movements", "purse"]
