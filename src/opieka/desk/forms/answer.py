"""What the composer sends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from opieka.channels.commands import NewFile
from opieka.channels.types import Channel


class AnswerForm(forms.Form):
    """A reply or a note. `anyway` sends what was refused because somebody was quicker."""

    mode = forms.ChoiceField(choices=[("reply", ""), ("note", "")])
    text = forms.CharField(required=False, strip=False)
    channel = forms.ChoiceField(choices=[(one.value, "") for one in Channel], required=False)
    key = forms.CharField(max_length=80)
    seen = forms.IntegerField(min_value=0)
    then = forms.ChoiceField(choices=[("", ""), ("resolve", "")], required=False)
    anyway = forms.ChoiceField(choices=[("", ""), ("send", ""), ("resolve", "")], required=False)

    @property
    def resolves(self) -> bool:
        """Whether the conversation is settled with it."""
        return "resolve" in {self.cleaned_data["then"], self.cleaned_data["anyway"]}


def new_files(sent: Sequence[UploadedFile[Any]]) -> list[NewFile]:
    """Uploaded files as the channels store them."""
    return [
        NewFile(file.read(), content_type=file.content_type or "", filename=(file.name or "")[:200])
        for file in sent
    ]
