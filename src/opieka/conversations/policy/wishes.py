"""The words by which a customer stops texts, and has them again.

A text that is such a word and nothing else counts; "stop" inside a sentence is a sentence. The words are those
of the GSMA's and the CTIA's guides in English, and what shops print on their texts in the other languages.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from enum import StrEnum


class Wish(StrEnum):
    """What such a word asks for."""

    STOP = "stop"
    START = "start"


_WORDS: Mapping[Wish, Mapping[str, str]] = {
    Wish.STOP: {
        "en": "stop stopall unsubscribe cancel end quit optout revoke",
        "pl": "stop koniec wypisz rezygnuję zatrzymaj anuluj",
        "ru": "стоп стой отписка отписаться отпишите хватит прекратите",
        "el": "στοπ σταματα τελοσ διαγραφη διακοπη stamata diagrafi",
    },
    Wish.START: {
        "en": "start unstop yesstart subscribe resume",
        "pl": "start wznów zapisz",
        "ru": "старт начать возобновить подписаться",
        "el": "σταρτ εναρξη ξεκινα enarxi",
    },
}


def _folded(text: str) -> str:
    """Without case, accents, signs and spaces; a final sigma is a sigma."""
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("ł", "l").replace("ς", "σ")
    return "".join(sign for sign in plain if sign.isalnum())


# The Latin STOP is everybody's; a word that two languages share is told by nobody.
_KNOWN: dict[str, tuple[Wish, str]] = {}
for _wish, _languages in _WORDS.items():
    for _language, _words in _languages.items():
        for _word in _words.split():
            known = _KNOWN.get(_folded(_word))
            _KNOWN[_folded(_word)] = (_wish, "" if known else _language)


def wish(text: str) -> tuple[Wish, str] | None:
    """What a text asks for, and the language of its word ("" when several share it); None for any other text."""
    return _KNOWN.get(_folded(text)) if len(text) <= 40 else None
