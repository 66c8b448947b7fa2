"""Which charset do these bytes look like? By trying, and by how plausible the letters are."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import NamedTuple


class Script(Enum):
    """How letters outside ASCII stand in a word: among Latin ones, or all in a row."""

    LATIN = "latin"
    OWN = "own"


class Page(NamedTuple):
    """A code page with the letters of its languages: the frequent ones, the usual ones, the rest."""

    codec: str
    script: Script
    frequent: str
    usual: str
    rare: str
    handicap: float = 0.0


_CYRILLIC = (Script.OWN, "оеаинтсрвл", "кмдпуяыьгзб", "чйхжшюцщэфъёіїєґўђјљњћџѓѕќ")
_GREEK = (Script.OWN, "αοιετσνη", "υρπκλμςωάίόέήύώ", "θδγχφβξζψϊϋΐΰ")
_CENTRAL = (Script.LATIN, "ąęłóśżćńźáéíýčěřšžů", "ďňťúäöüőűôľĺŕâăîșțşţđß", "")
_WESTERN = (Script.LATIN, "éèàçùâîôûäöüßñáíóúãõøå", "ëïæêœ", "ìòýþðÿ")
_TURKISH = (Script.LATIN, "ıığşçöü", "âî", "")
_BALTIC = (Script.LATIN, "āēīūčšžėęįų", "ąģķļņõäöü", "")
_PAGES = {
    page.codec: page
    for page in (
        Page("cp1252", *_WESTERN),
        Page("cp1250", *_CENTRAL),
        Page("iso8859-2", *_CENTRAL),
        Page("cp1251", *_CYRILLIC),
        Page("koi8-r", *_CYRILLIC),
        Page("koi8-u", *_CYRILLIC, 0.5),
        Page("iso8859-5", *_CYRILLIC, 1.0),
        Page("cp866", *_CYRILLIC, 1.0),
        Page("mac-cyrillic", *_CYRILLIC, 2.0),
        Page("cp1253", *_GREEK),
        Page("iso8859-7", *_GREEK),
        Page("cp1254", *_TURKISH, 1.0),
        Page("cp1257", *_BALTIC, 1.0),
        Page("cp852", *_CENTRAL, 1.5),
    )
}
_OFTEN_WRONG = {*_PAGES, "iso8859-15", "mac-roman", "cp437", "cp850"} - {"cp866", "mac-cyrillic", "cp852"}
"""Labels programs put on what they do not know; the others are believed when letters come out."""
_EAST_ASIAN = ("cp932", "euc_jp", "gb18030", "cp949", "big5hkscs")
_COMMON_CHINESE = frozenset("的一是不了在人有我他这個中大来上國们你好请謝谢您單单訂订，。、")
_COMMON_KOREAN = frozenset("이다는가을의에하고지도를은한기로사아시요니해주")
_PUNCTUATION = frozenset("–—‘’‚“”„…€\xa0«»§°•№")
_VOWELS = frozenset("аеиоуыэюяёіїєαειουηωάέίόύήώ")
_MARKS = frozenset("®™©´")
_SAMPLE = 6000
_HIGH = re.compile(rb"[\x80-\xff]")


def guess(data: bytes, label: str | None) -> str:
    """Text of bytes that are not UTF-8. The one-byte codec `label` wins unless another is far likelier."""
    first = _HIGH.search(data)
    begin = max(first.start() - 40, 0) if first else 0
    sample = data[begin : begin + _SAMPLE]
    if label is None and (east := _east_asian(sample)):
        return data.decode(east, "replace")
    if label and label not in _OFTEN_WRONG and _reads_well(sample, label):
        return data.decode(label, "replace")
    return data.decode(_likeliest(sample, label), "replace")


def _reads_well(sample: bytes, label: str) -> bool:
    """Whether nearly all that is not ASCII comes out as letters or common signs."""
    wide = [char for char in sample.decode(label, "replace") if char > "\x7f"]
    return sum(char.isalpha() or char in _PUNCTUATION for char in wide) * 10 >= len(wide) * 9


def _likeliest(sample: bytes, label: str | None) -> str:
    """Few letters prove nothing: what was claimed, or is most common, needs a clear case against it."""
    best = label or "cp1252"
    claimed = _PAGES.get(best)
    claim = _score(sample, best, claimed)
    advantage = max(2.5, 0.35 * len(_HIGH.findall(sample))) if label else 0.3
    best_score = claim + advantage
    for page in _PAGES.values():
        score = _score(sample, page.codec, page) - page.handicap
        sibling = claimed is not None and page.frequent == claimed.frequent
        if score > (min(best_score, claim + 0.8) if sibling and best == (label or "cp1252") else best_score):
            best, best_score = page.codec, score
    return best


def _score(sample: bytes, name: str, page: Page | None) -> float:
    """Sum over the non-ASCII characters: likely letters speak for the code page, lost symbols against it."""
    words = (word for word in sample.decode(name, "replace").split() if not word.isascii())
    return sum(_word(word, page) for word in words)


def _word(word: str, page: Page | None) -> float:
    weights = _weights(page)
    own = page is not None and page.script is Script.OWN
    if word.isupper() and len(word) > 1:
        word = word.lower()  # the case tells nothing here
    total = -2.0 * (own and len(word) > 3 and word.isalpha() and _VOWELS.isdisjoint(word.lower()))
    run = 0
    for previous, char, following in zip(" " + word, word, word[1:] + " ", strict=False):
        if char <= "\x7f":
            run = 0
            total -= 1.5 * (previous > "\x7f" and previous.islower() and char.isupper())
            continue
        run += 1
        total += weights.get(char) or _other(char, previous)
        if char.isalpha():
            total -= (
                _against_own(char, previous, following) if own else _against_latin(previous, following, run)
            )
            total -= char.isupper() and previous.isalpha()
    return total


def _against_own(char: str, previous: str, following: str) -> float:
    """A letter of another script beside an ASCII one or a digit."""
    return 2.0 * any(other <= "\x7f" and other.isalnum() for other in (previous, following))


def _against_latin(previous: str, following: str, run: int) -> float:
    """Accented letters in a row, or one on its own."""
    alone = not previous.isalpha() and not following.isalpha()
    return 1.5 * (run > 2) + alone


def _other(char: str, previous: str) -> float:
    """A character that is no letter of the languages of the page."""
    if char == "\ufffd" or "\x80" <= char <= "\x9f":
        return -3.0
    if char.isalpha():
        return -0.5
    if char in _PUNCTUATION:
        return 0.1
    if char in _MARKS:
        return 0.0
    return -1.5 if previous.isalpha() else -0.5


@lru_cache(maxsize=32)
def _weights(page: Page | None) -> dict[str, float]:
    if page is None:
        return {}
    tiers = dict.fromkeys(page.rare, 0.3) | dict.fromkeys(page.usual, 0.6) | dict.fromkeys(page.frequent, 1.0)
    return tiers | {char.upper(): 0.6 * weight for char, weight in tiers.items() if len(char.upper()) == 1}


def _east_asian(sample: bytes) -> str | None:
    """A two-byte charset that reads the whole sample as letters of its own script, else None."""
    return next((name for name in _EAST_ASIAN if _reads_as(name, sample)), None)


def _reads_as(name: str, sample: bytes) -> bool:
    for cut in range(3):  # the sample may end within a character
        try:
            text = sample[: len(sample) - cut].decode(name)
        except UnicodeDecodeError:
            continue
        wide = [char for char in text if char > "\x7f"]
        return len(wide) >= 4 and all(map(_is_east_asian, wide)) and _plausible(name, wide)
    return False


def _is_east_asian(char: str) -> bool:
    return (
        "\u3000" <= char <= "\u30ff"
        or "\u4e00" <= char <= "\u9fff"
        or "\uac00" <= char <= "\ud7a3"
        or char > "\uff00"
    )


def _plausible(name: str, wide: list[str]) -> bool:
    if name in {"cp932", "euc_jp"}:
        return sum("\u3040" <= char <= "\u30ff" for char in wide) * 4 >= len(wide)
    common = _COMMON_KOREAN if name == "cp949" else _COMMON_CHINESE
    return sum(char in common for char in wide) * 10 >= len(wide)
