"""Money: integer minor units of one currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from functools import cache

from babel.numbers import format_currency, get_currency_precision


@cache
def exponent(currency: str) -> int:
    """How many decimal digits the currency has (PLN 2, JPY 0), by CLDR."""
    return int(get_currency_precision(currency))


@dataclass(frozen=True, order=False)
class Money:
    """An amount in minor units (groszy, cents) and its ISO 4217 currency."""

    amount: int
    currency: str

    @classmethod
    def parse(cls, text: str | Decimal, currency: str) -> Money:
        """Read a decimal amount ("12.50"); ValueError when it is none. Rounds half to even."""
        try:
            value = Decimal(text)
            minor = value.scaleb(exponent(currency)).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
        except InvalidOperation as error:
            raise ValueError(f"{text!r} is not an amount") from error
        return cls(int(minor), currency)

    @property
    def decimal(self) -> Decimal:
        return Decimal(self.amount).scaleb(-exponent(self.currency))

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.amount < other.amount

    def format(self, language: str) -> str:
        """As a person of that language writes it, e.g. `12,50 zł`."""
        return str(format_currency(self.decimal, self.currency, locale=language))

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not mix")
