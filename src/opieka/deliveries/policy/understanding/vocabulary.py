"""The words of one language and what they mean: `words/LANGUAGE.txt`, compiled once.

A *meaning* is a code such as NEIGHBOUR or WD4; the grammar speaks only of meanings, so it is one for all languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from opieka.deliveries.policy.understanding.sounds import sounds
from opieka.kernel.text.fold import fold

_NUMBER = re.compile(r"(?:N|TH|HT)\d")
LANGUAGES = ("pl", "ru", "el", "en")
_SHORTEST_STEM = 2
_SHORT = 3
_ONE_SLIP, _TWO_SLIPS = 5, 9
_TOLD_BY_ITSELF = re.compile(
    r"WD|MO|REL|MORNING|AFTERNOON|EVENING|WEEKEND|BETWEEN|NEIGHBOUR|PARCEL|QUESTION|PLEASE|THANKS|HELLO|NOISE|SORRY|$"
)
"""Meanings that few other words come near to, and those that change no answer: mended in short words, too."""
_LONG_STEM = 7
"""Shorter stems are not mended: thousands of real words are one slip from one (осторожно, оставь)."""


PAST = "\0"
"""Stands for any verb in the past."""
_PAST_ENDINGS = {
    "pl": re.compile(r"[aeiy]l(?:a|o|i|y|am|em|as|es|iscie|yscie|ismy|ysmy)?$"),
    "ru": re.compile(r"[аеиоуыя]л(?:а|о|и|ся|ась|ось|ись)?$"),
    "el": re.compile(r"(?:σατε|ξατε|ψατε|σαμε|ξαμε|ψαμε|ηκε|ηκαν|ξαν|ψαν|ξε|ψε)$"),
    "en": re.compile(r"[a-z]{3}ed$"),
}
_VERBS = {"LEAVE", "GIVE", "BRING", "MOVE", "SEND", "HOLD", "COLLECT", "CHANGE", "CANCEL"}


class Phrase(NamedTuple):
    """A run of words with one meaning; a word ending in `*` stands for all its endings."""

    words: tuple[str, ...]
    meaning: str


class Vocabulary:
    """What is known of a language. `begins` lists the phrases by their first word, the longest first."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.begins: dict[str, list[Phrase]] = {}
        seen: set[tuple[str, ...]] = set()
        for meaning, form in entries(language):
            words = tuple(self._sound(word) for word in fold(form).replace("-", " ").split())
            if words and words not in seen:
                seen.add(words)
                self.begins.setdefault(words[0], []).append(Phrase(words, meaning))
        self.begins[PAST] = [Phrase((PAST,), "PASTDEED")]
        for phrases in self.begins.values():
            phrases.sort(key=lambda phrase: -len(phrase.words))
        known = {word for words in seen for word in words}
        self.whole = {word for word in known if not word.endswith("*")}
        self.stems = {word[:-1] for word in known if word.endswith("*")}
        self._spelt = sorted(word for word in self.whole if len(word) >= _ONE_SLIP)
        self._short = {word: sounds(word, language)[0] for word in self.whole if len(word) <= _SHORT}
        self.keys = lru_cache(maxsize=20_000)(self._keys)

    def _sound(self, word: str) -> str:
        """As it sounds; a short Greek word as it is written, for τη and τι sound alike."""
        if len(word) <= _SHORT and self.language == "el":
            return word
        stem = word.removesuffix("*")
        return sounds(stem, self.language)[0] + ("*" if stem != word else "")

    def _keys(self, word: str) -> tuple[tuple[str, ...], bool]:
        """The words of the vocabulary a folded word may be, the closest first, and whether that took mending."""
        readings = sounds(word, self.language)
        found = [key for reading in readings for key in self._known(reading)]
        if self.language == "el" and len(word) <= _SHORT:
            found = [word] if word in self.whole else []
            if word.isascii():
                found += [short for short, sound in self._short.items() if sound in readings]
        if self._tells_of_the_past(word, readings, found):
            return (PAST,), False
        if found:
            return tuple(dict.fromkeys(found)), False
        return tuple(self._mended(readings[0])), True

    def _tells_of_the_past(self, word: str, readings: tuple[str, ...], found: list[str]) -> bool:
        """A verb in the past that is no word of ours, or only by its stem: `zostawiliscie` is not `zostawcie`."""
        ending = _PAST_ENDINGS.get(self.language)
        if (
            ending is None
            or ending.search(word) is None
            or any(reading in self.whole for reading in readings)
        ):
            return False
        return all(self.meaning(key) in _VERBS for key in found)

    def _known(self, reading: str) -> Iterator[str]:
        if reading in self.whole:
            yield reading
        for length in range(len(reading), _SHORTEST_STEM - 1, -1):
            if reading[:length] in self.stems:
                yield reading[:length] + "*"

    def _mended(self, reading: str) -> list[str]:
        """The one word that is meant if there was a slip, [] when it may be several or none. Slips of the first letter
        and in short words are not mended, `not` and `now` are both words, and nothing is mended to a number."""
        if len(reading) < _ONE_SLIP or not reading.isalpha():
            return []
        slips = 1 if len(reading) < _TWO_SLIPS else 2
        near = process.extract(reading, self._spelt, scorer=OSA.distance, score_cutoff=slips, limit=8)
        found: dict[str, float] = {word: distance for word, distance, _ in near}
        for stem in self._long_stems(reading):
            if min(OSA.distance(reading[: len(stem) + more], stem) for more in (-1, 0, 1)) <= 1:
                found[stem + "*"] = 1
        fitting = {
            word: distance
            for word, distance in found.items()
            if distance <= (1 if len(word.rstrip("*")) < _TWO_SLIPS else 2)
            and self._begins_alike(word, reading)
        }
        closest = min(fitting.values(), default=0)
        words = [word for word, distance in fitting.items() if distance == closest]
        meanings = {self.meaning(word) or "" for word in words}
        meaning = meanings.pop() if len(meanings) == 1 else "N0"
        swapped = all(sorted(word) == sorted(reading) for word in words)
        rash = len(reading) < _LONG_STEM and not swapped and not _TOLD_BY_ITSELF.match(meaning)
        return [] if rash or _NUMBER.match(meaning) else words

    def _long_stems(self, reading: str) -> Iterator[str]:
        return (stem for stem in self.stems if len(stem) >= _LONG_STEM and stem[0] == reading[0])

    @staticmethod
    def _begins_alike(word: str, reading: str) -> bool:
        return word[0] == reading[0] or word[:2] == reading[1::-1]

    def meaning(self, key: str) -> str | None:
        """What a word means by itself."""
        return next((one.meaning for one in self.begins.get(key, ()) if len(one.words) == 1), None)


def entries(language: str) -> Iterator[tuple[str, str]]:
    """Every (meaning, form) of a language's file, as written there."""
    text = files(__package__).joinpath("words", f"{language}.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        meaning, colon, forms = line.partition(":")
        if colon and not line.startswith("#"):
            yield from (
                (meaning, spelt) for form in forms.split(",") for spelt in _alternatives(form) if spelt
            )


def _alternatives(form: str) -> Iterator[str]:
    """ "my (mum|dad) house" stands for both, "(my |)house" with and without."""
    groups = [group.strip("()").split("|") for group in re.findall(r"\([^)]*\)|[^()]+", form)]
    yield from dict.fromkeys(" ".join("".join(chosen).split()) for chosen in product(*groups))


@cache
def vocabulary(language: str) -> Vocabulary:
    """The compiled vocabulary of pl, ru, el or en."""
    return Vocabulary(language)
