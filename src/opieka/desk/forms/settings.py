"""What is set about a shop, its people and its keys."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar
from zoneinfo import available_timezones

from babel import Locale
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from opieka.desk.presenters import words
from opieka.desk.presenters.reader import own_name
from opieka.shops.types import Language, Permission, Role

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"(\d{1,2})[:.](\d{2})\s*[-–—]\s*(\d{1,2})[:.](\d{2})")
_CURRENCIES = (
    *("PLN", "EUR", "CZK", "HUF", "RON", "SEK", "DKK", "NOK", "CHF", "GBP", "USD", "UAH", "RUB", "BRL"),
)
_COUNTRIES = (
    *(
        "AT",
        "BE",
        "BG",
        "BR",
        "CH",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GB",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
    ),
    *("LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "RU", "SE", "SI", "SK", "UA", "US"),
)


class SpansField(forms.CharField):
    """The hours of one day: "9:00-13:00, 14:00-18:00"; empty for closed. Spans of minutes after midnight."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=100, **kwargs)

    def clean(self, value: Any) -> tuple[tuple[int, int], ...]:
        text = super().clean(value)
        spans = [tuple(map(int, found.groups())) for found in _SPAN.finditer(text)]
        if _SPAN.sub("", text).strip(" ,;"):
            raise forms.ValidationError(_("Write hours like 9:00-17:00, several with a comma between."))
        return tuple((a * 60 + b, c * 60 + d) for a, b, c, d in spans)


class DatesField(forms.CharField):
    """Dates, one on each line or with commas between."""

    widget = forms.Textarea

    def clean(self, value: Any) -> frozenset[date]:
        text = super().clean(value)
        try:
            return frozenset(date.fromisoformat(word) for word in re.split(r"[\s,;]+", text) if word)
        except ValueError as error:
            raise forms.ValidationError(_("Write dates like 2026-12-24.")) from error


def spans_text(spans: Iterable[tuple[int, int]]) -> str:
    """The hours of a day as they are written in the form."""
    return ", ".join(f"{a // 60}:{a % 60:02}-{b // 60}:{b % 60:02}" for a, b in spans)


class ShopForm(forms.Form):
    """The shop itself: who it is, and when it works."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    slug = forms.SlugField(
        label=gettext_lazy("Short name"), help_text=gettext_lazy("It stands in addresses."), max_length=60
    )
    country = forms.ChoiceField(label=gettext_lazy("Country"))
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=[(one, one) for one in _CURRENCIES])
    timezone = forms.ChoiceField(
        label=gettext_lazy("Time zone"), choices=[(zone, zone) for zone in sorted(available_timezones())]
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages of its customers"),
        choices=[(code.value, own_name(code.value)) for code in Language],
        widget=forms.CheckboxSelectMultiple,
    )
    default_language = forms.ChoiceField(
        label=gettext_lazy("Language when nothing is known"),
        choices=[(code.value, own_name(code.value)) for code in Language],
    )
    accent = forms.CharField(
        label=gettext_lazy("Accent colour"), widget=forms.TextInput(attrs={"type": "color"})
    )
    mon = SpansField(label=gettext_lazy("Monday"))
    tue = SpansField(label=gettext_lazy("Tuesday"))
    wed = SpansField(label=gettext_lazy("Wednesday"))
    thu = SpansField(label=gettext_lazy("Thursday"))
    fri = SpansField(label=gettext_lazy("Friday"))
    sat = SpansField(label=gettext_lazy("Saturday"))
    sun = SpansField(label=gettext_lazy("Sunday"))
    closed_days = DatesField(
        label=gettext_lazy("Closed on"),
        help_text=gettext_lazy("Public holidays of the country are known already."),
        required=False,
    )
    open_days = DatesField(
        label=gettext_lazy("Open although it is a holiday"), help_text="2026-12-24", required=False
    )

    SECTIONS: ClassVar = (
        ("name", "slug", "country", "currency", "timezone", "accent"),
        ("languages", "default_language"),
        (*DAYS, "closed_days", "open_days"),
    )

    def __init__(self, *args: Any, reader: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = Locale.parse(reader).territories
        here = self.initial.get("country", "")
        codes = dict.fromkeys([*([here] if here else []), *_COUNTRIES])
        choices = sorted(((code, str(names.get(code, code))) for code in codes), key=lambda one: one[1])
        self.fields["country"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


class PreferencesForm(forms.Form):
    """How the inbox of a shop behaves."""

    first_response_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes to the first answer"),
        help_text=gettext_lazy("Of opening time. 0: no target."),
        min_value=0,
        max_value=100_000,
    )
    reopen_days = forms.IntegerField(
        label=gettext_lazy("Days in which a resolved conversation is reopened"),
        help_text=gettext_lazy("A message that comes later begins a new conversation. 0: always reopened."),
        min_value=0,
        max_value=3650,
    )
    keep_sources_months = forms.IntegerField(
        label=gettext_lazy("Months for which mails are kept as they came and went"),
        help_text=gettext_lazy("Their texts and files stay. 0: as long as the customer."),
        min_value=0,
        max_value=240,
    )
    keep_spam_months = forms.IntegerField(
        label=gettext_lazy("Months for which spam and automatic mails are kept"),
        help_text=gettext_lazy("Afterwards only that they came is known. 0: as long as the customer."),
        min_value=0,
        max_value=240,
    )


def _roles() -> list[tuple[str, str]]:
    return [(role.value, f"{name}: {what}") for role, (name, what) in words.ROLES.items()]


class RoleForm(forms.Form):
    """What a colleague is in this shop."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=_roles, initial=Role.AGENT)


class ColleagueForm(forms.Form):
    """An account for somebody new, or a role for somebody who has one."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=200)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=[(code.value, own_name(code.value)) for code in Language]
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=_roles, initial=Role.AGENT)
    password = forms.CharField(
        label=gettext_lazy("First password"),
        help_text=gettext_lazy(
            "Ten characters at least. Tell it to her yourself; she changes it in her profile. "
            "Not needed for somebody who works in another of your shops."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        required=False,
    )


class TokenForm(forms.Form):
    """A key for a program."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("What uses it, e.g. “stock system”."),
        max_length=100,
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("It may"),
        choices=lambda: [(one.value, words.SCOPES[one]) for one in Permission],
        widget=forms.CheckboxSelectMultiple,
        initial=[Permission.READ.value],
    )


class MacroForm(forms.Form):
    """A saved answer: its name, and its text in the languages of the shop."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)

    def __init__(self, *args: Any, languages: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in languages:
            self.fields[f"text_{code}"] = forms.CharField(
                label=own_name(code), widget=forms.Textarea, required=False, strip=False
            )

    def texts(self) -> dict[str, str]:
        """The texts by language."""
        return {
            name.removeprefix("text_"): text
            for name, text in self.cleaned_data.items()
            if name.startswith("text_")
        }


class KeysForm(forms.Form):
    """The keys of a connection to a shop's system; they are never shown again."""

    def __init__(self, *args: Any, keys: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in keys:
            secret = any(part in key for part in ("secret", "token", "key"))
            widget = forms.PasswordInput(attrs={"autocomplete": "off"}) if secret else forms.TextInput()
            self.fields[key] = forms.CharField(label=_key_label(key), widget=widget, max_length=1000)


def _key_label(key: str) -> str:
    known = {
        "url": _("Address of the shop (https://…)"),
        "domain": _("Domain (name.myshopify.com)"),
        "access_token": _("Admin API access token"),
        "consumer_key": _("Consumer key"),
        "consumer_secret": _("Consumer secret"),
        "webhook_secret": _("Webhook secret"),
    }
    return known.get(key, key)
