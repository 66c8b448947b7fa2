"""What a shop does about incidents."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from opieka.care.types import Severity, StepKind
from opieka.desk.presenters import care as words
from opieka.kernel.money import Money


def _steps() -> list[tuple[str, str]]:
    return [(kind.value, str(word)) for kind, word in words.STEPS.items()]


def _limits() -> list[tuple[str, str]]:
    never = ("0", str(gettext_lazy("Never: a person decides each time")))
    said = gettext_lazy("Up to: %(severity)s")
    return [never, *((str(int(one)), str(said) % {"severity": words.SEVERITIES[one][0]}) for one in Severity)]


class PlaybookForm(forms.Form):
    """The steps for one kind of incident, up to where no person is needed, and what is given."""

    steps = forms.MultipleChoiceField(
        label=gettext_lazy("What is done"), choices=_steps, widget=forms.CheckboxSelectMultiple
    )
    by_itself_to = forms.TypedChoiceField(
        label=gettext_lazy("Messages are sent, and gifts given, by themselves"),
        help_text=gettext_lazy("By how bad it is for the customer. Everything else waits for a person."),
        choices=_limits,
        coerce=int,
    )
    gift = forms.DecimalField(
        label=gettext_lazy("Worth of the coupon given as a sign of goodwill"),
        help_text=gettext_lazy("Within the budgets. 0: a person decides what to give."),
        min_value=0,
        max_value=100_000,
        decimal_places=2,
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._currency = currency
        field = self.fields["gift"]
        field.label = f"{field.label} ({currency})"

    def amount(self) -> int:
        """What is given, in minor units."""
        return Money.parse(self.cleaned_data["gift"], self._currency).amount

    def chosen(self) -> tuple[StepKind, ...]:
        """The steps, in the order in which they are done."""
        wanted = set(self.cleaned_data["steps"])
        return tuple(kind for kind in words.STEPS if kind.value in wanted)


class CareForm(forms.Form):
    """How a shop cares in general."""

    hours = forms.IntegerField(
        label=gettext_lazy("Hours in which a person does what a plan asks"),
        help_text=gettext_lazy("Of opening time."),
        min_value=1,
        max_value=200,
    )
    high_value = forms.DecimalField(
        label=gettext_lazy("An order is valuable from"),
        help_text=gettext_lazy("Trouble with it counts as worse. 0: no order does."),
        min_value=0,
        max_value=1_000_000,
        decimal_places=2,
    )
    storm_from = forms.IntegerField(
        label=gettext_lazy("Parcels of one depot that are a storm"), min_value=3, max_value=10_000
    )
    hold_out = forms.IntegerField(
        label=gettext_lazy("Per cent of customers who are not contacted"),
        help_text=gettext_lazy(
            "Drawn by chance, only when a parcel is late or waits. It shows what contacting is worth. 0: nobody."
        ),
        min_value=0,
        max_value=50,
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["high_value"]
        field.label = f"{field.label} ({currency})"
