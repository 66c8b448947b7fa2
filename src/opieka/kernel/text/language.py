"""Which of pl, ru, uk, el, en a text is in; also Russian and Greek typed with Latin letters.

The alphabet decides first, then letters only one language has, then the words of short messages,
then tell-tale words, then lingua's letter
statistics weighed by what was known before. The models (16 MB) are loaded at the first text that needs them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from opieka.kernel.text.fold import fold
from opieka.kernel.text.script import Script, script
from opieka.kernel.text.words import Kind, tokens

if TYPE_CHECKING:
    from lingua import LanguageDetector

LANGUAGES = ("pl", "ru", "uk", "el", "en")

_PRIOR_WEIGHT = 4.0
_ENOUGH = 2_000
_ONLY_IN = {
    Script.LATIN: (("pl", frozenset("ąćęłńśźż")),),
    Script.CYRILLIC: (("uk", frozenset("іїєґ")), ("ru", frozenset("ыэъё"))),
}
_WITHIN = {Script.LATIN: ("pl", "en"), Script.CYRILLIC: ("ru", "uk")}

# Common words of Russian and Greek as they are typed with Latin letters; none is a Polish or English word.
_RUSSIAN = re.compile(
    r"(?:da|net|horosho|khorosho|gde|kogda|zakaz\w*|moj|moi|moya|moyu|posylk\w*|zdravstvu[jy]t\w*|privet|spasib\w*|pozhaluista|pozhalujsta"
    r"|poch?emu|skol'?ko|dostavk\w*|den'?gi|vernut'?|vozvrat\w*|tovar\w*|prishlo|prishel|prishla|polu[ch]+il\w*"
    r"|ne|eto|chto|esche|eshche|uzhe|mozhno|hochu|khochu|nuzhno|otmenit'?|razmer\w*|kak|menya|u|dobry[jyi]|den'?"
    r"|vse|ya|ili|dlya|bylo|budet|tolko|ochen'?|zhdu|nomer|vopros\w*)"
)
_GREEK = re.compile(
    r"(?:nai|oxi|ohi|ochi|entaxei|pou|poy|pote|einai|eine|i|paraggeli\w*|parangeli\w*|paragelia\w*|mou|moy|sas|den|dn|exei|exw|exo|echo|thelw"
    r"|thelo|8elw|8elo|kalimera\w*|kalhmera\w*|kalispera\w*|geia|yia|gia|kai|ke|to|ta|tin|thn|ton|apo|mporw|mporo"
    r"|boro|efxaristw|efharisto|euxaristw|euharisto|efcharisto|epistrof\w*|xrimata|lefta|dema|proion\w*|ti|pos|pws"
    r"|akoma|alla|mia|ena|na|parakalw|parakalo|me|se|tha|8a|irthe|hrthe|akyrws\w*|allag\w*|poso|kostizei|poté)"
)
_MANY = 4
"""So many different words that are nobody else's tell in a text of any length."""

_TELLING = 3
"""From so many letters on, a word that is in no other language's everyday use tells by itself."""

# Words of those that are, or look like, words of Polish or English (without diacritics: moj, zakaz, pos).
_SHARED = re.compile(
    r"da|net|nai|oxi|ohi|ochi|ne|i|u|me|se|to|ta|ton|den|na|ti|tin|gia|ya|kak|vse|mo[ijy]|pote|alla|ke|mia|nomer|zakaz\w*|eto|pos|pou"
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ANYBODYS = _words("ok okay oki super ок οκ супер bravo top hm hmm m s l xl info stop test pdf sms")
"""Words that tell nothing: people write them in every language."""

_SHORT = 5
_SAID: Mapping[str, frozenset[str]] = {
    "pl": _words("""
        witam czesc hej dziekuje dzieki dziekujemy tak nie dobrze dobra prosze poprosze jasne zgoda niestety gdzie
        kiedy juz jeszcze jest pozdrawiam potwierdzam rozumiem swietnie dzien dobry wieczor halo
    """),
    "en": _words("""
        thank thanks thx ty you hello hi hey yes no not please great sure cheers perfect done where when got it fine
        good nothing any yet still received a lot much for the my is regards best sorry
    """),
    "ru": _words("""
        ладно спасибо да нет хорошо привет понятно жду отлично здравствуйте где когда пока готово
        spasibo privet horosho khorosho zdravstvuyte zdravstvujte
    """),
    "uk": _words("добре дякую добрий так ні привіт чекаю де коли гаразд чудово"),
    "el": _words("""
        efxaristo efxaristw efharisto efcharisto euxaristo euxaristw eyxaristo eyxaristw entaxei endaxi entaksi
        kalimera kalhmera kalispera
    """),
}
"""What short messages are made of, folded."""


class Guess(NamedTuple):
    """A language (ISO 639-1, None when nothing tells) and how sure that is, 0 to 1."""

    language: str | None
    confidence: float


def detect(text: str, prior: str | None = None) -> Guess:
    """The language of a text; `prior` is the language expected of its writer.

    A text without words (`??`, a number, an address) is in the prior language, with confidence 0.
    """
    words = [token.text for token in tokens(text[:_ENOUGH]) if token.kind in {Kind.WORD, Kind.COMPOUND}]
    letters = "".join(words).lower()
    counts = Counter(found for found in map(script, letters) if found is not Script.OTHER)
    if not counts:
        return Guess(prior, 0.0)
    main, count = max(counts.items(), key=_script_weight)
    if main is Script.GREEK:
        return Guess("el", count / counts.total())
    return (
        _by_letter(main, letters)
        or _short(words, prior)
        or _transcribed(main, words)
        or _by_statistics(main, words, prior)
    )


def _script_weight(counted: tuple[Script, int]) -> int:
    """Products and places stand in Latin letters in every text; nobody else's text has Greek or Cyrillic words."""
    script_found, count = counted
    return count if script_found is Script.LATIN else 3 * count


def _short(words: list[str], prior: str | None) -> Guess | None:
    """Of a few words those everybody knows, or what the writer's language makes of them."""
    folded = [word for word in map(fold, words) if word not in _ANYBODYS]
    if len(folded) > _SHORT:
        return None
    if not folded:
        return Guess(prior, 0.5) if prior else None
    latin = {"ru": _RUSSIAN, "el": _GREEK}.get(prior or "")
    if latin and all(latin.fullmatch(word) for word in folded):
        return Guess(prior, 0.8)
    votes = Counter({language: sum(word in said for word in folded) for language, said in _SAID.items()})
    (best, most), (_, second) = votes.most_common(2)
    return Guess(best, round(most / len(folded), 3)) if most * 2 >= len(folded) and most > second else None


def _by_letter(main: Script, letters: str) -> Guess | None:
    seen = Counter(letters)
    found = Counter({language: sum(seen[one] for one in own) for language, own in _ONLY_IN[main]})
    (language, most), total = found.most_common(1)[0], found.total()
    return Guess(language, round(1 - 0.1 / most, 3)) if most and most * 2 > total else None


def _transcribed(main: Script, words: list[str]) -> Guess | None:
    """Russian or Greek, when two fifths of the words are theirs and one is nobody else's, or when many are."""
    if main is not Script.LATIN:
        return None
    folded = [fold(word) for word in words]
    found = {
        language: [word for word in folded if pattern.fullmatch(word)]
        for language, pattern in (("ru", _RUSSIAN), ("el", _GREEK))
    }
    language = max(found, key=lambda one: len(found[one]))
    telling = [word for word in found[language] if not _SHARED.fullmatch(word) and len(word) >= _TELLING]
    enough = len(set(telling)) >= _MANY or (telling and len(found[language]) * 5 >= len(folded) * 2)
    if not enough:
        return None
    return Guess(language, round(len(found[language]) / len(folded), 3))


def _by_statistics(main: Script, words: list[str], prior: str | None) -> Guess:
    likely = _WITHIN[main]
    values = _detector().compute_language_confidence_values(" ".join(words))
    found = {value.language.iso_code_639_1.name.lower(): value.value for value in values}
    weighed = {one: (found.get(one, 0.0) + 0.01) * (_PRIOR_WEIGHT if one == prior else 1) for one in likely}
    best = max(weighed, key=lambda one: weighed[one])
    return Guess(best, round(weighed[best] / sum(weighed.values()), 3))


@cache
def _detector() -> LanguageDetector:
    from lingua import Language, LanguageDetectorBuilder

    known = (Language.POLISH, Language.RUSSIAN, Language.UKRAINIAN, Language.GREEK, Language.ENGLISH)
    return LanguageDetectorBuilder.from_languages(*known).with_low_accuracy_mode().build()
