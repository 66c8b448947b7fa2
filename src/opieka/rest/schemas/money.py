"""Amounts that belong together."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from opieka.kernel.errors import Invalid
from opieka.rest.fields import MoneyIn, Out


class MixedCurrencies(Invalid):
    code = "mixed_currencies"
    sentence = _("One thing has one currency: %(one)s and %(other)s do not mix.")


class Applied(Out):
    """What a batch did: how many were new, updated, or said nothing new."""

    new: int
    updated: int
    unchanged: int


def of_currency(money: MoneyIn, currency: str) -> int:
    """The minor units of an amount in the currency of the thing it belongs to; MixedCurrencies."""
    if money.currency != currency:
        raise MixedCurrencies(one=currency, other=money.currency)
    return money.amount
