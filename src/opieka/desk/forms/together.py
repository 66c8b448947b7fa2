"""What is to be done with many parcels, and how far it is."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

MOST = 200
"""How many parcels can be chosen one by one; more are named by a filter."""


class Deed(StrEnum):
    """What can be done with many parcels at once."""

    ASK = "ask"
    PROMISE = "promise"
    LOST = "lost"
    EXPORT = "export"


class TogetherForm(forms.Form):
    """One deed for the parcels chosen, or for `all` the address names; `moment`, `before`, `seen`, `done` and `total`
    go along from batch to batch."""

    do = forms.ChoiceField(choices=[(deed.value, deed.value) for deed in Deed])
    all = forms.BooleanField(required=False)
    day = forms.DateField(label=gettext_lazy("New day"), required=False)
    to = forms.TimeField(label=pgettext_lazy("time", "Until"), required=False)
    why = forms.CharField(label=gettext_lazy("Why"), max_length=500, required=False)
    moment = forms.IntegerField(min_value=0, required=False)
    before = forms.IntegerField(min_value=0, required=False)
    seen = forms.IntegerField(min_value=0, required=False)
    done = forms.IntegerField(min_value=0, required=False)
    total = forms.IntegerField(min_value=0, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from"] = forms.TimeField(label=pgettext_lazy("time", "From"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        deed, first, last = data.get("do"), data.get("from"), data.get("to")
        if deed == Deed.PROMISE and not data.get("day"):
            raise forms.ValidationError(_("Say a day."))
        if deed == Deed.PROMISE and first and last and first > last:
            raise forms.ValidationError(_("A slot ends after it begins."))
        if deed == Deed.LOST and not data.get("why"):
            raise forms.ValidationError(_("Say why these parcels are lost."))
        return data

    def ids(self) -> tuple[int, ...]:
        """The parcels chosen one by one."""
        given = self.data.getlist("parcel")[:MOST]  # type: ignore[attr-defined]  # it is a QueryDict
        return tuple(int(one) for one in given if one.isdigit() and len(one) < 19)
