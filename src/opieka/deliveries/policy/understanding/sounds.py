"""One spelling for each sound, so that `pozhaluysta`, `pozalujsta` and `пожалуйста` are the same word.

Russian and Greek are taken to Latin letters, and so is what people type with Latin letters; endings that sound alike
become alike, which forgives most spelling mistakes of native writers, too. Polish and English stay as folded.
"""

from __future__ import annotations

import re
from itertools import product


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in text.split())


_CYRILLIC = _pairs(
    "а=a б=b в=v г=g д=d е=e ж=zh з=z и=i й=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=h ц=c ч=ch ш=sh "
    "щ=sh ъ= ы=i ь= э=e ю=iu я=ia"
)
_RUSSIAN = (
    ("shch", "sh"), ("sch", "sh"), ("shh", "sh"), ("tch", "ch"), ("kh", "h"), ("ts", "c"), ("tz", "c"), ("w", "v"),
    ("q", "k"), ("x", "h"), ("ph", "f"), ("'", ""), ("`", ""), ("yo", "e"), ("jo", "e"), ("ye", "e"), ("je", "e"),
    ("ya", "ia"), ("ja", "ia"), ("yu", "iu"), ("ju", "iu"), ("yy", "i"), ("y", "i"), ("j", "i"), ("4", "ch"),
    ("6", "sh"), ("zhe", "ze"), ("zh", "z"),
)  # fmt: skip
_GREEK_LETTERS = (
    ("ου", "u"), ("ει", "i"), ("οι", "i"), ("υι", "i"), ("αι", "e"), ("αυ", "av"), ("ευ", "ev"), ("μπ", "b"),
    ("ντ", "d"), ("γκ", "g"), ("γγ", "g"), ("γχ", "gh"), ("τζ", "tz"),
)  # fmt: skip
_GREEK = _pairs(
    "α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=ks ο=o π=p ρ=r σ=s τ=t υ=i φ=f χ=h ψ=ps ω=o"
)
_GREEKLISH = (
    ("8", "th"), ("9", "th"), ("3", "ks"), ("4", "ps"), ("q", "th"), ("ch", "h"), ("kh", "h"), ("ph", "f"),
    ("ou", "u"), ("oy", "u"), ("ei", "i"), ("oi", "i"), ("ai", "e"), ("au", "av"), ("eu", "ev"), ("ay", "av"),
    ("ey", "ev"), ("mp", "b"), ("nt", "d"), ("nd", "d"), ("gk", "g"), ("gg", "g"), ("ng", "g"), ("y", "i"), ("w", "o"),
    ("c", "k"),
)  # fmt: skip
_VOICELESS = re.compile(r"([ae])f(?=[kptshf]|th)")
_TWICE = re.compile(r"(.)\1+")
_MANY = re.compile(r"(.)\1{2,}")
_CHOICES = {"h": ("h", "i"), "x": ("h", "ks"), "u": ("u", "i"), "j": ("ks", "i")}
_MOST_CHOICES = 4
_LONG = 5
"""From so many letters on, an unstressed о may be written as it is heard: харашо."""


def sounds(word: str, language: str) -> tuple[str, ...]:
    """How a folded word may sound, the likeliest first; the first is the only one for words in their own script."""
    word = _MANY.sub(r"\1", word)
    if language == "ru":
        return (_russian(word),)
    if language == "el":
        return _greek(word)
    return (word,)


def _russian(word: str) -> str:
    latin = "".join(_CYRILLIC.get(letter, letter) for letter in word)
    for sign, sound in _RUSSIAN:
        latin = latin.replace(sign, sound)
    latin = _TWICE.sub(r"\1", latin)
    return latin.replace("o", "a") if len(latin) >= _LONG else latin


def _greek(word: str) -> tuple[str, ...]:
    if not word.isascii():
        for sign, sound in _GREEK_LETTERS:
            word = word.replace(sign, sound)
        return (_alike("".join(_GREEK.get(letter, letter) for letter in word)),)
    readings = []
    for sign, sound in _GREEKLISH:
        if sign == "ch":  # the h of th and ch is no choice
            word = word.replace("th", "þ").replace("ps", "ψ").replace("ks", "ξ")
            word = word.replace("ch", "χ").replace("kh", "χ").replace("ou", "ŭ").replace("oy", "ŭ")
            word = word.replace("eu", "ev").replace("au", "av")
        word = word.replace(sign, sound)
    unsure = [place for place, letter in enumerate(word) if letter in _CHOICES][:_MOST_CHOICES]
    for chosen in product(*(_CHOICES[word[place]] for place in unsure)):
        letters = list(word)
        for place, letter in zip(unsure, chosen, strict=True):
            letters[place] = letter
        sound = "".join(letters).replace("þ", "th").replace("ψ", "ps").replace("ξ", "ks")
        readings.append(_alike(sound.replace("χ", "h").replace("ŭ", "u")))
    return tuple(dict.fromkeys(readings))


def _alike(sound: str) -> str:
    """β and μπ, the voiceless αυ, and double letters sound like one."""
    return _TWICE.sub(r"\1", _VOICELESS.sub(r"\1v", sound).replace("b", "v"))
