"""Reading what moved customers' balances. Whoever asks sees only the shops named."""

from __future__ import annotations

from opieka.goodwill.queries.balances import balance, balances, movements

__all__ = ["balance", "balances", "movements"]
