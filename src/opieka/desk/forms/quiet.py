"""When texts that no person wrote may leave."""

from __future__ import annotations

from datetime import time

from django import forms
from django.utils.translation import gettext_lazy as _

from opieka.conversations.types import TextPreferences


class QuietForm(forms.Form):
    """The fields of `TextPreferences`, as the shop's clock shows them."""

    quiet_from = forms.TimeField(
        label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=_("Until"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_(
            "What no person wrote waits until then, unless it is urgent. Twice the same time: it never waits."
        ),
    )


def told(wishes: TextPreferences) -> dict[str, object]:
    """Stored preferences as the form shows them."""
    return {"quiet_from": _time(wishes.quiet_from), "quiet_until": _time(wishes.quiet_until)}


def wished(form: QuietForm) -> TextPreferences:
    """What was filled in."""
    start, end = form.cleaned_data["quiet_from"], form.cleaned_data["quiet_until"]
    return TextPreferences(start.hour * 60 + start.minute, end.hour * 60 + end.minute)


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)
