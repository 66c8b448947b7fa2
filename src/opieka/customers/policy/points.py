"""How contact points are normalised, and who is recognised by which."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping

import idna
import phonenumbers

from opieka.customers.types import ContactKind, ContactPoint

_ADDRESS = re.compile(r"[^@\s<>\",;]+@([^@\s<>\",;]+)")
_NUMBERS = (ContactKind.PHONE, ContactKind.WHATSAPP, ContactKind.VIBER)
LONGEST_VALUE = 320


def normalise(point: ContactPoint, country: str) -> ContactPoint | None:
    """The unique form of a contact point, or None when nobody can be reached by it.

    E-mail: lower case, the domain in its ASCII form (RFC 5891). Phone: E.164, read as dialled in `country`.
    WhatsApp and Viber: the digits of the E.164 number. Others: trimmed.
    """
    value = _RULES[point.kind](unicodedata.normalize("NFKC", point.value).strip(), country)
    return ContactPoint(point.kind, value) if value and len(value) <= LONGEST_VALUE else None


def recognised_by(point: ContactPoint) -> tuple[ContactPoint, ...]:
    """The normal forms that are the same person: a WhatsApp or Viber id is a phone number."""
    if point.kind not in _NUMBERS:
        return (point,)
    digits = point.value.lstrip("+")
    others = [ContactPoint(kind, digits) for kind in _NUMBERS[1:]]
    return tuple(dict.fromkeys([point, ContactPoint(ContactKind.PHONE, f"+{digits}"), *others]))


def normalised(points: Iterable[ContactPoint], country: str) -> list[ContactPoint]:
    """All that can be used, in order, each once."""
    usable = (normalise(point, country) for point in points)
    return list(dict.fromkeys(point for point in usable if point))


def _email(value: str, _country: str) -> str:
    found = _ADDRESS.fullmatch(value.removeprefix("mailto:"))
    if not found:
        return ""
    local, _, domain = found.group().lower().rpartition("@")
    try:
        return (
            f"{local}@{idna.encode(domain, uts46=True).decode()}"
            if not domain.isascii()
            else found.group().lower()
        )
    except idna.IDNAError:
        return ""


def _phone(value: str, country: str) -> str:
    number = _parsed(value, country)
    if number is None or not phonenumbers.is_possible_number(number):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _messenger_number(value: str, country: str) -> str:
    # Providers send the international number without its plus; people write any form.
    with_plus = _parsed(f"+{value.lstrip('+')}", country)
    if with_plus is not None and phonenumbers.is_valid_number(with_plus):
        value = f"+{value.lstrip('+')}"
    return _phone(value, country).lstrip("+")


def _parsed(value: str, country: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(value, country)
    except phonenumbers.NumberParseException:
        return None


def _handle(value: str, _country: str) -> str:
    return value.lstrip("@").lower()


def _as_written(value: str, _country: str) -> str:
    return value


_RULES: Mapping[ContactKind, Callable[[str, str], str]] = {
    ContactKind.EMAIL: _email,
    ContactKind.PHONE: _phone,
    ContactKind.WHATSAPP: _messenger_number,
    ContactKind.VIBER: _messenger_number,
    ContactKind.TELEGRAM: _handle,
    ContactKind.MESSENGER: _as_written,
    ContactKind.PUSH: _as_written,
    ContactKind.SHOP_ACCOUNT: _as_written,
}


def written(point: ContactPoint) -> tuple[str, ...]:
    """How people may type a normalised contact point when they look for it: a number also without its country."""
    if point.kind not in _NUMBERS:
        return (point.value,)
    number = phonenumbers.parse(f"+{point.value.lstrip('+')}")
    return (point.value, str(phonenumbers.national_significant_number(number)))


def display(point: ContactPoint) -> str:
    """How people write it: phone numbers in the international form with spaces, domains in their own script."""
    if point.kind is ContactKind.PHONE:
        number = phonenumbers.parse(point.value)
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
    if point.kind is ContactKind.EMAIL and "xn--" in point.value:
        local, _, domain = point.value.rpartition("@")
        try:
            return f"{local}@{idna.decode(domain)}"
        except idna.IDNAError:
            return point.value
    return point.value
