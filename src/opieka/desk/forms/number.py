"""Everything about a number that texts leave from, in one form; what does not apply is not shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from opieka.channels.types import ProviderCard, Sending, TextDetails
from opieka.desk.forms.mailbox import option_name

SENDING = [
    (Sending.PROVIDER.value, _("By a text service")),
    (Sending.CONSOLE.value, _("To the log only, for trying out")),
    (Sending.NONE.value, _("It does not send")),
]
_KEPT = _("Empty: it stays as it is.")
_HELP = {
    "send_url": _("Where texts are handed over, e.g. http://kannel:13013/cgi-bin/sendsms"),
    "parameters": _("What is sent there; {to}, {from}, {text}, {coding} and {report_url} are filled in."),
    "receive": _("Our names and theirs: from=from&to=to&text=text&id=id&time=time&udh=udh"),
    "secret": _("With it each call must be signed: HMAC-SHA256 of the body, or of the query."),
    "signature_header": _("The header the signature stands in; X-Signature if empty."),
}


class NumberForm(forms.Form):
    """The fields of `TextDetails`. Keys are never filled in; empty ones keep what is stored."""

    address = forms.CharField(
        label=_("Number or name"),
        max_length=20,
        help_text=_("A number customers can answer to, or a name of up to eleven letters that they cannot."),
    )
    name = forms.CharField(label=_("Name the team sees"), max_length=200)
    sending = forms.ChoiceField(label=_("How texts leave"), choices=SENDING)
    provider = forms.ChoiceField(label=_("Text service"), required=False)

    def __init__(self, *args: Any, providers: Iterable[ProviderCard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.providers = list(providers)
        named = [("", "—"), *((one.name, one.title) for one in self.providers)]
        self.fields["provider"].choices = named  # type: ignore[attr-defined]  # a ChoiceField
        for one in self.providers:
            for key in (*one.keys, *one.hook_keys):
                self.fields[option_name(one.name, key)] = forms.CharField(
                    label=key, required=False, help_text=_HELP.get(key, _KEPT), strip=True
                )
            if one.regions:
                self.fields[option_name(one.name, "region")] = forms.ChoiceField(
                    label=_("Region"),
                    required=False,
                    choices=[("", "—"), *((region, region.upper()) for region in one.regions)],
                )

    def details(self) -> TextDetails:
        """What was filled in, for `open_number` and `change_number`."""
        data = self.cleaned_data
        chosen = next((one for one in self.providers if one.name == data["provider"]), None)
        keys = (*chosen.keys, *chosen.hook_keys, *(("region",) if chosen.regions else ())) if chosen else ()
        return TextDetails(
            address=data["address"],
            name=data["name"],
            sending=Sending(data["sending"]),
            provider=data["provider"],
            options={key: data[option_name(data["provider"], key)] for key in keys},
        )


def initial(details: TextDetails) -> dict[str, object]:
    """A stored number as the form shows it, without its secrets."""
    shown: dict[str, object] = {
        "address": details.address,
        "name": details.name,
        "sending": details.sending,
        "provider": details.provider,
    }
    open_ones = ("region", "send_url", "receive", "signature_header", "username")
    return shown | {
        option_name(details.provider, key): details.options[key]
        for key in open_ones
        if details.options.get(key)
    }
