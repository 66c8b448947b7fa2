"""How long customers may cancel by themselves."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy


class CancellingForm(forms.Form):
    """Until when an order is cancelled without anybody looking."""

    cancel_hours = forms.IntegerField(
        label=gettext_lazy("Hours after the order in which it is cancelled without anybody looking"),
        help_text=gettext_lazy("0: until it leaves. Later wishes wait for somebody among the cases."),
        min_value=0,
        max_value=2000,
    )
