"""An address to be told of facts, and which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opieka.webhooks.types import EndpointCard, Target

ALL, CHOSEN = "all", "chosen"


class WebhookForm(forms.Form):
    """`groups` are the kinds of facts by the domain that announces them: one field for each, `kinds_DOMAIN`."""

    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=2000,
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Begins with https://. Facts are posted there, signed."),
    )
    description = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("E.g. “stock system”."),
    )
    which = forms.ChoiceField(
        label=gettext_lazy("Facts"),
        choices=[
            (ALL, gettext_lazy("All, also those of later versions")),
            (CHOSEN, gettext_lazy("Only those I choose")),
        ],
    )

    def __init__(self, *args: Any, groups: Mapping[str, tuple[str, list[str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for domain, (label, kinds) in groups.items():
            self.fields[f"kinds_{domain}"] = forms.MultipleChoiceField(
                label=label,
                choices=[(kind, kind) for kind in kinds],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("which") == CHOSEN and not self._chosen(cleaned):
            self.add_error("which", _("Choose at least one."))
        return cleaned

    def target(self) -> Target:
        """What was entered."""
        data = self.cleaned_data
        kinds = self._chosen(data) if data["which"] == CHOSEN else ()
        return Target(data["url"], data["description"], kinds)

    @staticmethod
    def _chosen(data: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(kind for name, kinds in data.items() if name.startswith("kinds_") for kind in kinds)


def initial(card: EndpointCard, groups: Mapping[str, tuple[str, list[str]]]) -> dict[str, Any]:
    """The form of an address that is there."""
    kinds = {
        f"kinds_{domain}": [one for one in known if one in card.kinds]
        for domain, (_l, known) in groups.items()
    }
    which = CHOSEN if card.kinds else ALL
    return {"url": card.url, "description": card.description, "which": which} | kinds


class ReplayForm(forms.Form):
    """How far back failures are sent again."""

    hours = forms.TypedChoiceField(
        label=gettext_lazy("Since"),
        coerce=int,
        choices=[
            (1, gettext_lazy("an hour ago")),
            (24, gettext_lazy("yesterday at this time")),
            (72, gettext_lazy("three days ago")),
            (168, gettext_lazy("a week ago")),
            (720, gettext_lazy("the beginning of the log")),
        ],
        initial=24,
    )
