"""Giving a coupon, and what may be given."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opieka.desk.presenters import balance as balances
from opieka.desk.presenters import coupons as words
from opieka.goodwill.types import (
    HEAVIEST,
    WEIGHTS,
    BalancePreferences,
    Experience,
    Gift,
    GiftReason,
    GoodwillPreferences,
)
from opieka.kernel.money import Money


def _reasons() -> list[tuple[str, str]]:
    return [(reason.value, str(word)) for reason, word in words.REASONS.items()]


class GiftForm(forms.Form):
    """A coupon for one customer: an amount, or a percentage of one order."""

    amount = forms.DecimalField(
        label=gettext_lazy("Amount"), required=False, min_value=0, max_value=100_000, decimal_places=2
    )
    per_cent = forms.IntegerField(
        label=gettext_lazy("Or per cent of one order"), required=False, min_value=1, max_value=100
    )
    reason = forms.ChoiceField(label=gettext_lazy("What for"), choices=_reasons)
    key = forms.CharField(max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._currency = currency
        field = self.fields["amount"]
        field.label = f"{field.label} ({currency})"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if bool(cleaned.get("amount")) == bool(cleaned.get("per_cent")):
            self.add_error("amount", _("Enter an amount or a percentage."))
        return cleaned

    def gift(self, matter: str) -> Gift:
        """What was entered."""
        data = self.cleaned_data
        amount = Money.parse(data["amount"] or "0", self._currency).amount
        return Gift(
            reason=GiftReason(data["reason"]),
            amount=amount,
            per_cent=data["per_cent"] or 0,
            currency=self._currency,
            matter=matter,
        )


class WeightsForm(forms.Form):
    """What each experience weighs in a shop, and how long."""

    half_life_days = forms.IntegerField(
        label=gettext_lazy("Days after which an experience weighs half"),
        help_text=gettext_lazy("0: it never fades."),
        min_value=0,
        max_value=3650,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one, word in balances.EXPERIENCES.items():
            self.fields[one.value] = forms.IntegerField(
                label=str(word),
                help_text=_("Usual: %(weight)d") % {"weight": WEIGHTS[one]},
                min_value=-HEAVIEST,
                max_value=HEAVIEST,
            )

    def told(self) -> BalancePreferences:
        """What was entered; only what differs from the usual is kept."""
        data = self.cleaned_data
        weights = {one.value: data[one.value] for one in Experience if data[one.value] != WEIGHTS[one]}
        return BalancePreferences(weights=weights, half_life_days=data["half_life_days"])


class BudgetForm(forms.Form):
    """What a shop gives away."""

    per_month = forms.DecimalField(
        label=gettext_lazy("In a calendar month, in all"),
        help_text=gettext_lazy("0: nothing is given."),
        min_value=0,
        max_value=100_000_000,
        decimal_places=2,
    )
    per_customer = forms.DecimalField(
        label=gettext_lazy("To one customer, within a year"),
        min_value=0,
        max_value=1_000_000,
        decimal_places=2,
    )
    usual_order = forms.DecimalField(
        label=gettext_lazy("What an order usually comes to"),
        help_text=gettext_lazy("By it a gift of a percentage is reckoned."),
        min_value=0,
        max_value=1_000_000,
        decimal_places=2,
    )
    valid_days = forms.IntegerField(label=gettext_lazy("Days a coupon is valid"), min_value=1, max_value=1095)

    MONEY = ("per_month", "per_customer", "usual_order")

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._currency = currency
        for name in self.MONEY:
            self.fields[name].label = f"{self.fields[name].label} ({currency})"

    def told(self) -> GoodwillPreferences:
        """What was entered, in minor units."""
        data = self.cleaned_data
        amounts = {name: Money.parse(data[name], self._currency).amount for name in self.MONEY}
        return GoodwillPreferences(**amounts, valid_days=data["valid_days"])
