"""People as avatars and names show them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from opieka.customers.types import CustomerCard
from opieka.desk.pages.parts import Person


def initials(name: str) -> str:
    """One or two letters: of the first and last word of a name, or the first letter of an address."""
    words = [word for word in name.replace(",", " ").split() if word[0].isalnum()]
    if not words or "@" in name:
        letter = next((sign for sign in name if sign.isalnum()), "?")
        return letter.upper()
    return "".join(word[0] for word in (words[:1] if len(words) == 1 else (words[0], words[-1]))).upper()


def staff(name: str) -> Person:
    """A colleague, or one who was."""
    return Person(name or _("A former colleague"), initials(name), ours=True)


def named(name: str) -> Person:
    """A customer, known by a name or an address; or by nothing."""
    return Person(name or _("Unknown"), initials(name))


def customer(card: CustomerCard | None) -> Person:
    """A customer; of one who was erased not even a name."""
    if card and card.erased:
        return Person(_("Erased person"), "–")
    return named(card.title if card else "")
