"""From texts and queries to the same keys."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import phonenumbers

from opieka.kernel.text import lemma
from opieka.kernel.text.fold import fold
from opieka.kernel.text.script import LANGUAGES, script_of
from opieka.kernel.text.spaced import Code, codes
from opieka.kernel.text.words import Kind, Token, tokens, words

LONGEST = 64
"""Keys are cut to so many letters, on both sides alike; longer ones are never typed."""

_SHORT_PART = 3
_TRUNK = {10: ("0",), 11: ("0", "8")}


def keys(text: str, language: str | None = None) -> list[str]:
    """What to index for a text, in reading order, repeated words repeated.

    `language` (ISO 639-1) decides how Latin-script words are reduced when it is pl or en; in any other text
    they get the keys of both. Cyrillic words are reduced as Russian, Greek ones as Greek. Codes written in groups
    also stand in one piece at the end.
    """
    found = [key for word in words(text) for key in _index(word, language)]
    return found + [code.joined[:LONGEST] for code in codes(text)]


def word_keys(word: str) -> tuple[str, ...]:
    """What is indexed for one word as `tokens` cuts it out of a text of unknown language."""
    return _index(word, None)


def query_keys(text: str) -> list[list[str]]:
    """What to look for: for each word the keys of which one must occur.

    A code written in groups is looked for in one piece, too: any of its groups is satisfied by the whole.
    """
    wholes = list(codes(text))
    return [[*found, *_held(token, wholes)] for token in tokens(text) for found in _alternatives(token)]


def _held(token: Token, wholes: Iterable[Code]) -> list[str]:
    return [code.joined[:LONGEST] for code in wholes if code.start <= token.start and token.end <= code.end]


@lru_cache(maxsize=1 << 16)
def _index(word: str, language: str | None) -> tuple[str, ...]:
    if word.isalpha():
        return _reduced(fold(word), language)
    token = Token(word, 0, len(word))
    if token.kind is Kind.WORD:
        return _reduced(token.whole, language)
    parts = [key for part in token.parts for key in _reduced(part, language)]
    return _unique([*_wholes(token, language), *parts])


def _alternatives(token: Token) -> list[tuple[str, ...]]:
    if token.kind is not Kind.COMPOUND:
        return [_wholes(token, None)]
    parts = token.parts
    if min(map(len, parts), default=0) < _SHORT_PART:
        return [_reduced(token.whole, None)]
    return [_reduced(part, None) for part in parts]


def _wholes(token: Token, language: str | None) -> tuple[str, ...]:
    whole = token.whole
    if token.kind in {Kind.WORD, Kind.COMPOUND}:
        return _reduced(whole, language)
    return _unique([whole[:LONGEST], *_national(whole)])


def _reduced(word: str, language: str | None) -> tuple[str, ...]:
    """The keys of one folded word: those of its script's languages, or of `language` if it is one of them."""
    word = word[:LONGEST]
    languages = LANGUAGES[script_of(word)] if word.isalpha() else ()
    if language in languages:
        return (lemma.key(word, language),)
    return _unique(lemma.key(word, one) for one in languages) if languages else _unique((word,))


def _national(digits: str) -> list[str]:
    """A phone number as it is dialled at home, when these digits are an international or a trunk one."""
    if not (digits.isdecimal() and digits.isascii() and 10 <= len(digits) <= 16):
        return []
    if len(digits) <= 11 and digits.startswith(_TRUNK[len(digits)]):
        return [digits[1:]]
    try:
        number = phonenumbers.parse("+" + digits.removeprefix("00"))
    except phonenumbers.NumberParseException:
        return []
    return [str(number.national_number)] if phonenumbers.is_valid_number(number) else []


def _unique(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, found)))
