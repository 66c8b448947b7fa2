"""What is changed about a customer."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opieka.customers.types import ContactKind
from opieka.desk.presenters import words
from opieka.desk.presenters.reader import language_name
from opieka.shops.types import Language

_ADDED_BY_HAND = (
    ContactKind.EMAIL,
    ContactKind.PHONE,
    ContactKind.WHATSAPP,
    ContactKind.TELEGRAM,
    ContactKind.VIBER,
)


class PointForm(forms.Form):
    """One more way to reach her."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(kind.value, words.POINTS[kind][0]) for kind in _ADDED_BY_HAND]
    )
    value = forms.CharField(label=_("Address or number"), max_length=320)


class CustomerForm(forms.Form):
    """Her name and language."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=300, required=False)
    language = forms.ChoiceField(label=_("Language"), help_text=_("She is written to in it."))

    def __init__(self, *args: object, reader: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # what a form is made of
        choices = [(code.value, language_name(code.value, reader)) for code in Language]
        self.fields["language"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
