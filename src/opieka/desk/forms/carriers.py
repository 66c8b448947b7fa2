"""What is set about carriers: the keys of a connection, and when a parcel counts as a matter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from opieka.desk.presenters.carrier_keys import LABELS

_SECRET = ("secret", "token", "key", "password")
_LONG = "settings"


class CarrierKeysForm(forms.Form):
    """The keys of a connection to a carrier; they are never shown again."""

    def __init__(self, *args: Any, required: Iterable[str], optional: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, needed in (*((one, True) for one in required), *((one, False) for one in optional)):
            self.fields[name] = forms.CharField(
                label=str(LABELS.get(name, name)), widget=_widget(name), max_length=2000, required=needed
            )


class WatchForm(forms.Form):
    """When the team is told of an order that is not sent, and of a parcel nothing is heard of."""

    hand_over_hours = forms.IntegerField(
        label=gettext_lazy("Opening hours from payment until the carrier has an order"),
        help_text=gettext_lazy("What has not left by then is an alarm. 0: no alarm."),
        min_value=0,
        max_value=1000,
    )
    lost_after_days = forms.IntegerField(
        label=gettext_lazy("Working days of silence after which a parcel is taken as lost"),
        min_value=1,
        max_value=365,
    )


def _widget(name: str) -> forms.Widget:
    if name == _LONG:
        return forms.Textarea(attrs={"autocomplete": "off", "spellcheck": "false"})
    if any(part in name for part in _SECRET):
        return forms.PasswordInput(attrs={"autocomplete": "off"})
    return forms.TextInput(attrs={"autocomplete": "off"})
