"""Telephone numbers and names as SMS have them for senders and recipients."""

from __future__ import annotations

import re

import phonenumbers

_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 .&_-]{1,11}")
_SHORT = re.compile(r"[0-9]{3,8}")


def e164(value: str, country: str = "") -> str:
    """A number as +48601234567, or "". Providers leave the plus away; people dial as in their `country`."""
    plain = "".join(sign for sign in value if sign in "+0123456789")
    with_plus = _parsed(f"+{plain.lstrip('+').removeprefix('00')}", "")
    if with_plus and phonenumbers.is_valid_number(with_plus):
        return _formatted(with_plus)
    local = _parsed(plain, country)
    return _formatted(local) if local and phonenumbers.is_valid_number(local) else ""


def is_sender(value: str) -> bool:
    """Whether texts can come from it: a number, a short number, or a name of up to eleven Latin characters."""
    return bool(e164(value) == value or _SHORT.fullmatch(value) or _NAME.fullmatch(value))


def answers_to(value: str) -> bool:
    """Whether one can write back to such a sender: not to a name."""
    return value.startswith("+") or bool(_SHORT.fullmatch(value))


def _parsed(value: str, country: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(value, country or None)
    except phonenumbers.NumberParseException:
        return None


def _formatted(number: phonenumbers.PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
