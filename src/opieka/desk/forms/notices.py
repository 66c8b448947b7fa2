"""A notice to customers: whether it is sent, and in which words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from opieka.desk.presenters.reader import own_name


class AnswersForm(forms.Form):
    """Whether what customers answer is acted on."""

    answers = forms.BooleanField(
        label=gettext_lazy("Do by itself what customers answer"),
        required=False,
        help_text=gettext_lazy(
            "As soon as one notice is on. A day, a neighbour or a pickup point is arranged at once and taken back by"
            " NO; another address or cancelling is asked about first; what is not clear waits for a person."
        ),
    )


class NoticeForm(forms.Form):
    """Its text in the languages of the shop; the first line is the subject."""

    on = forms.BooleanField(label=gettext_lazy("Send it by itself"), required=False)

    def __init__(self, *args: Any, languages: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in languages:
            self.fields[f"text_{code}"] = forms.CharField(
                label=own_name(code), widget=forms.Textarea, required=False, max_length=5000
            )

    def texts(self) -> dict[str, str]:
        """The texts by language."""
        return {
            name.removeprefix("text_"): text.replace("\r\n", "\n")
            for name, text in self.cleaned_data.items()
            if name.startswith("text_")
        }
