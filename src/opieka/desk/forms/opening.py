"""Writing to a customer first."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opieka.channels.types import AccountCard, Channel
from opieka.desk.presenters.reader import language_name
from opieka.shops.types import Language


class OpeningForm(forms.Form):
    """From which mailbox or number, to whom, about what."""

    account = forms.TypedChoiceField(label=_("From"), coerce=int)
    to = forms.CharField(
        label=_("To"),
        max_length=320,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("An address, or a telephone number when it leaves from a number."),
    )
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=300, required=False)
    language = forms.ChoiceField(label=_("Language"))
    subject = forms.CharField(
        label=_("Subject"), max_length=500, required=False, help_text=_("Texts have none.")
    )
    text = forms.CharField(label=_("Message"), widget=forms.Textarea)
    key = forms.CharField(widget=forms.HiddenInput, max_length=80)

    def __init__(self, *args: object, accounts: Sequence[AccountCard], reader: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # what a form is made of
        named = [(one.id, f"{one.name} <{one.address}>") for one in accounts]
        languages = [(code.value, language_name(code.value, reader)) for code in Language]
        self.fields["account"].choices = named  # type: ignore[attr-defined]  # a ChoiceField
        self.texting = {one.id for one in accounts if one.channel is Channel.SMS}
        self.fields["language"].choices = languages  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, object]:
        """A mail needs an address and a subject; a text has neither."""
        data = super().clean() or {}
        if data.get("account") in self.texting or "to" not in data:
            return data
        try:
            validate_email(data["to"])
        except ValidationError as error:
            self.add_error("to", error)
        if not data.get("subject"):
            self.add_error("subject", self.fields["text"].error_messages["required"])
        return data
