"""Everything about a mailbox, in one form; what does not apply is not shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from opieka.channels.types import (
    AccountDetails,
    OAuth,
    ProviderCard,
    Receiving,
    Security,
    Sending,
    Server,
)

RECEIVING = [
    (Receiving.NONE.value, _("It does not receive")),
    (Receiving.IMAP.value, _("From a mail server (IMAP)")),
    (Receiving.SMTP.value, _("Mail is delivered to Opieka's own listener")),
    (Receiving.WEBHOOK.value, _("By a mail service (webhook)")),
]
SENDING = [
    (Sending.NONE.value, _("It does not send")),
    (Sending.SMTP.value, _("By a mail server (SMTP)")),
    (Sending.PROVIDER.value, _("By a mail service")),
    (Sending.CONSOLE.value, _("To the log only, for trying out")),
]
SECURITY = [
    (Security.TLS.value, _("Encrypted from the start (TLS)")),
    (Security.STARTTLS.value, _("Encrypted after a greeting (STARTTLS)")),
    (Security.PLAIN.value, _("Not encrypted")),
]
_KEPT = _("Empty: it stays as it is.")
IMAP_PORT, SMTP_PORT = 993, 465
_OAUTH = ("token_url", "client_id", "client_secret", "refresh_token", "scope")
_SHOWN = ("token_url", "client_id", "scope")


class MailboxForm(forms.Form):
    """The fields of `AccountDetails`. Passwords are never filled in; empty ones keep what is stored."""

    address = forms.EmailField(label=_("Address"), max_length=320)
    name = forms.CharField(
        label=_("Name customers see"), max_length=200, help_text=_("e.g. the name of the shop")
    )
    receiving = forms.ChoiceField(label=_("How mail comes in"), choices=RECEIVING)
    imap_host = forms.CharField(label=_("IMAP server"), required=False)
    imap_port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, required=False)
    imap_security = forms.ChoiceField(label=_("Encryption"), choices=SECURITY, required=False)
    imap_user = forms.CharField(label=_("User name"), required=False)
    imap_password = forms.CharField(
        label=_("Password"),
        required=False,
        help_text=_KEPT,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    folders = forms.CharField(
        label=_("Folders"), required=False, help_text=_("Several with a comma between, e.g. INBOX, Junk.")
    )
    history = forms.BooleanField(label=_("Read what lies there already"), required=False)
    sending = forms.ChoiceField(label=_("How mail leaves"), choices=SENDING)
    smtp_host = forms.CharField(label=_("SMTP server"), required=False)
    smtp_port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, required=False)
    smtp_security = forms.ChoiceField(label=_("Encryption"), choices=SECURITY, required=False)
    smtp_user = forms.CharField(label=_("User name"), required=False)
    smtp_password = forms.CharField(
        label=_("Password"),
        required=False,
        help_text=_KEPT,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    plus_addressing = forms.BooleanField(
        label=_("Mail to name+anything@ arrives too"),
        required=False,
        help_text=_("Then answers find their conversation even when a mail program drops the references."),
    )
    oauth_token_url = forms.URLField(
        label=_("Address for tokens"),
        required=False,
        assume_scheme="https",
        help_text=_(
            "For Gmail and Microsoft 365, which take no passwords. Empty: the passwords above are used."
        ),
    )
    oauth_client_id = forms.CharField(label=_("Client ID"), required=False)
    oauth_client_secret = forms.CharField(
        label=_("Client secret"),
        required=False,
        help_text=_KEPT,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    oauth_refresh_token = forms.CharField(
        label=_("Refresh token"),
        required=False,
        help_text=_KEPT,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    oauth_scope = forms.CharField(label=_("Scope"), required=False)
    provider = forms.ChoiceField(label=_("Mail service"), required=False)

    def __init__(self, *args: Any, providers: Iterable[ProviderCard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.providers = list(providers)
        named = [("", "—"), *((one.name, one.title) for one in self.providers)]
        self.fields["provider"].choices = named  # type: ignore[attr-defined]  # a ChoiceField
        for one in self.providers:
            for key in (*one.keys, *one.hook_keys):
                self.fields[option_name(one.name, key)] = forms.CharField(
                    label=key, required=False, help_text=_KEPT
                )
            if one.regions:
                self.fields[option_name(one.name, "region")] = forms.ChoiceField(
                    label=_("Region"),
                    required=False,
                    choices=[("", "—"), *((region, region.upper()) for region in one.regions)],
                )

    def details(self) -> AccountDetails:
        """What was filled in, for `open_account` and `change_account`."""
        data = self.cleaned_data
        receiving, sending = Receiving(data["receiving"]), Sending(data["sending"])
        return AccountDetails(
            address=data["address"],
            name=data["name"],
            receiving=receiving,
            sending=sending,
            plus_addressing=data["plus_addressing"],
            imap=_server(data, "imap", IMAP_PORT) if receiving is Receiving.IMAP else None,
            folders=tuple(one.strip() for one in data["folders"].split(",") if one.strip()) or ("INBOX",),
            history=data["history"],
            smtp=_server(data, "smtp", SMTP_PORT) if sending is Sending.SMTP else None,
            provider=data["provider"],
            options=self._options(data),
        )

    def _options(self, data: Mapping[str, Any]) -> dict[str, str]:
        chosen = next((one for one in self.providers if one.name == data["provider"]), None)
        if chosen is None:
            return {}
        keys = (*chosen.keys, *chosen.hook_keys, *(("region",) if chosen.regions else ()))
        return {key: data[option_name(chosen.name, key)] for key in keys}


def option_name(provider: str, key: str) -> str:
    """The name of a provider's key in the form."""
    return f"option_{provider}_{key}"


def initial(details: AccountDetails) -> dict[str, object]:
    """A stored mailbox as the form shows it, without its secrets."""
    shown: dict[str, object] = {
        "address": details.address,
        "name": details.name,
        "receiving": details.receiving,
        "sending": details.sending,
        "plus_addressing": details.plus_addressing,
        "folders": ", ".join(details.folders),
        "history": details.history,
        "provider": details.provider,
    }
    for side, server in (("imap", details.imap), ("smtp", details.smtp)):
        if server is not None:
            shown |= {
                f"{side}_host": server.host,
                f"{side}_port": server.port,
                f"{side}_security": server.security,
                f"{side}_user": server.user,
            }
            if server.oauth is not None:
                shown |= {f"oauth_{name}": getattr(server.oauth, name) for name in _OAUTH if name in _SHOWN}
    if details.options.get("region"):
        shown[option_name(details.provider, "region")] = details.options["region"]
    return shown


def _server(data: Mapping[str, Any], side: str, port: int) -> Server:
    return Server(
        host=data[f"{side}_host"],
        port=data[f"{side}_port"] or port,
        security=Security(data[f"{side}_security"] or Security.TLS),
        user=data[f"{side}_user"],
        password=data[f"{side}_password"],
        oauth=_oauth(data),
    )


def _oauth(data: Mapping[str, Any]) -> OAuth | None:
    return OAuth(**{name: data[f"oauth_{name}"] for name in _OAUTH}) if data["oauth_token_url"] else None
