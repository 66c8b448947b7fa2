"""What is said about a parcel at the desk."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PromiseForm(forms.Form):
    """The date a customer was told, with a slot if there is one."""

    day = forms.DateField(label=_("New day"))
    to = forms.TimeField(label=pgettext_lazy("time", "Until"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they are
        self.fields["from"] = forms.TimeField(
            label=pgettext_lazy("time", "From"), required=False
        )  # no name in Python
