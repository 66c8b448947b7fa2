"""What is written down about a person's wishes."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opieka.customers.types import ConsentChannel, Purpose
from opieka.desk.presenters import words

YES, NO = "yes", "no"


class EraseForm(forms.Form):
    """Her name typed once more: what follows cannot be undone."""

    typed = forms.CharField(label=_("Type the name to confirm"), max_length=320)

    def __init__(self, *args: object, name: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # what a form is made of
        self.name = name
        self.fields["typed"].help_text = _("Exactly: %(name)s") % {"name": name}
        self.fields["typed"].widget.attrs["autocomplete"] = "off"

    def clean_typed(self) -> str:
        """The name, letter by letter."""
        typed = str(self.cleaned_data["typed"]).strip()
        if typed != self.name:
            raise forms.ValidationError(_("This is not the name. Nothing was erased."))
        return typed


class ConsentForm(forms.Form):
    """Yes or no to one purpose on one channel."""

    purpose = forms.ChoiceField(
        label=_("What for"),
        choices=[(one.value, words.PURPOSES[one]) for one in Purpose if one is not Purpose.SERVICE],
    )
    channel = forms.ChoiceField(
        label=pgettext_lazy("consent", "How"),
        choices=[(one.value, words.channel(one)) for one in ConsentChannel],
    )
    word = forms.ChoiceField(
        label=_("What was said"), choices=[(YES, words.CONSENT[True]), (NO, words.CONSENT[False])]
    )
    wording = forms.RegexField(
        r"^[\w./-]{0,40}$",
        label=_("Version of the wording"),
        help_text=_("The text that was agreed to, e.g. newsletter/3."),
        required=False,
        max_length=40,
    )
