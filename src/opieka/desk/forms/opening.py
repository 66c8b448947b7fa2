"""Writing to a customer first."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opieka.channels.types import AccountCard
from opieka.desk.presenters.reader import language_name
from opieka.shops.types import Language


class OpeningForm(forms.Form):
    """From which mailbox, to whom, about what."""

    account = forms.TypedChoiceField(label=_("From"), coerce=int)
    to = forms.EmailField(label=_("To"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=300, required=False)
    language = forms.ChoiceField(label=_("Language"))
    subject = forms.CharField(label=_("Subject"), max_length=500)
    text = forms.CharField(label=_("Message"), widget=forms.Textarea)
    key = forms.CharField(widget=forms.HiddenInput, max_length=80)

    def __init__(self, *args: object, accounts: Sequence[AccountCard], reader: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # what a form is made of
        named = [(one.id, f"{one.name} <{one.address}>") for one in accounts]
        languages = [(code.value, language_name(code.value, reader)) for code in Language]
        self.fields["account"].choices = named  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["language"].choices = languages  # type: ignore[attr-defined]  # a ChoiceField
