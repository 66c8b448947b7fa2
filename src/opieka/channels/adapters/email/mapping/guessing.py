"""Which charset do these bytes look like? By trying, and by how plausible the letters are."""

from __future__ import annotations

import re
from functools import lru_cache

# Letters by how common they are in the languages behind a code page: the frequent ones first, then the rest.
_CYRILLIC = ("оеаинтсрвлкмдпуяыьгзб", "чйхжшюцщэфъёіїєґўђјљњћџѓѕќ")
_GREEK = ("αοιετσνηυρπκλμςωάίόέή", "θδγχύφβώξζψϊϋΐΰ")
_POLISH = ("ąęłóśżćńź", "áéíýčďěňřšťůžúäöüőűôľĺŕâăîșțşţđß")
_WESTERN = ("éèàçùâêîôûëïüöäßñáíóúãõøåæ", "ìòœýþð¡¿«»°ªº")
_TURKISH = ("ıığşçöü", "âî")
_BALTIC = ("āēīūčšžėąęįų", "ģķļņõäöü")

_PAGES: tuple[tuple[str, tuple[str, str]], ...] = (
    ("cp1252", _WESTERN),
    ("cp1250", _POLISH),
    ("iso8859-2", _POLISH),
    ("cp1251", _CYRILLIC),
    ("koi8-r", _CYRILLIC),
    ("iso8859-5", _CYRILLIC),
    ("cp866", _CYRILLIC),
    ("mac_cyrillic", _CYRILLIC),
    ("cp1253", _GREEK),
    ("iso8859-7", _GREEK),
    ("cp1254", _TURKISH),
    ("cp1257", _BALTIC),
    ("cp852", _POLISH),
)
_EAST_ASIAN = ("cp932", "euc_jp", "gb18030", "cp949", "big5hkscs")
_SAMPLE = 6000
_HIGH = re.compile(rb"[\x80-\xff]")


def guess(data: bytes, label: str | None) -> str:
    """Text of bytes that are not UTF-8. The one-byte codec `label` wins unless another is far likelier."""
    first = _HIGH.search(data)
    begin = max(first.start() - 40, 0) if first else 0
    sample = data[begin : begin + _SAMPLE]
    if label is None and (east := _east_asian(sample)):
        return data.decode(east, "replace")
    return data.decode(_likeliest(sample, label), "replace")


def _likeliest(sample: bytes, label: str | None) -> str:
    high = len(_HIGH.findall(sample))
    best = label or "cp1252"
    best_score = _score(sample, best, _letters(best))
    # Few letters prove nothing; what was claimed, or is most common, needs a clear case against it.
    best_score += max(2.5, 0.35 * high) if label else max(1.2, 0.1 * high)
    for name, letters in _PAGES:
        score = _score(sample, name, letters)
        if score > best_score:
            best, best_score = name, score
    return best


def _letters(label: str) -> tuple[str, str] | None:
    return dict(_PAGES).get(label)


def _score(sample: bytes, name: str, letters: tuple[str, str] | None) -> float:
    """Sum over the non-ASCII characters: likely letters speak for the code page, lost symbols against it."""
    weights = _weights(letters)
    words = (word for word in sample.decode(name, "replace").split() if not word.isascii())
    return sum(_word(word, weights) for word in words)


def _word(word: str, weights: dict[str, float]) -> float:
    total = 0.0
    inside = False
    shouted = word.isupper()
    for char in word:
        if char > "\x7f":
            total += weights.get(char) or _other(char, inside, weights, len(word) > 1)
            if inside and not shouted and char.isupper():
                total -= 1.0
        inside = char.isalpha()
    return total


def _other(char: str, inside: bool, weights: dict[str, float], joined: bool) -> float:
    if char == "\ufffd" or "\x80" <= char <= "\x9f":
        return -3.0
    if (low := char.lower()) != char:
        return 0.4 * weights.get(low, -0.5) if weights.get(low, 0) > 0 else -0.5
    if char.isalpha():
        return -0.5 if weights else 0.5
    if char in "®™©´" and not inside:
        return 0.0
    if char in "\u2013\u2014\u2018\u2019\u201a\u201c\u201d\u201e\u2026\u20ac\xa0\xab\xbb\xa7\xb0\u2022\u2116":
        return 0.3
    return -1.5 if inside or joined else -0.2


@lru_cache(maxsize=16)
def _weights(letters: tuple[str, str] | None) -> dict[str, float]:
    if letters is None:
        return {}
    return dict.fromkeys(letters[1], 0.6) | dict.fromkeys(letters[0], 1.0)


def _east_asian(sample: bytes) -> str | None:
    """A two-byte charset that reads the whole sample as letters of its own script, else None."""
    for name in _EAST_ASIAN:
        for cut in range(3):
            try:
                text = sample[: len(sample) - cut].decode(name)
            except UnicodeDecodeError:
                continue
            wide = [char for char in text if char > "\x7f"]
            if len(wide) >= 4 and all(_east_asian_char(char) for char in wide) and _plausible(name, wide):
                return name
            break
    return None


def _east_asian_char(char: str) -> bool:
    return (
        "\u3000" <= char <= "\u30ff"
        or "\u4e00" <= char <= "\u9fff"
        or "\uac00" <= char <= "\ud7a3"
        or char > "\uff00"
    )


def _plausible(name: str, wide: list[str]) -> bool:
    if name in {"cp932", "euc_jp"}:
        return sum("\u3040" <= char <= "\u30ff" for char in wide) * 4 >= len(wide)
    if name == "cp949":
        return sum("\uac00" <= char <= "\ud7a3" for char in wide) * 2 >= len(wide)
    common = sum(char in "的一是不了在人有我他这個中大来上國們你好请謝谢您單单訂订，。、" for char in wide)
    return common * 12 >= len(wide)
