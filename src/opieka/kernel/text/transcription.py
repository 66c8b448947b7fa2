"""Greek and Russian words as they are typed with Latin letters: which words of their own script they may be."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import log2

from opieka.kernel.text import lemma

_MOST = 64
_LONGEST = 24
_PER_SIGN = 0.1

# What each Latin sign or group of them may stand for, the likeliest first.
_GREEK = """
    a α; b β μπ; c κ σ; d δ ντ; e ε αι; f φ; g γ γγ γκ; h η χ; i ι η υ ει οι; j ξ τζ; k κ; l λ λλ; m μ μμ; n ν νν;
    o ο ω; p π ππ ρ; q θ; r ρ ρρ; s σ σσ; t τ ττ; u υ ου; v β υ; w ω; x χ ξ; y υ ι η; z ζ; th θ; ch χ; ph φ; ps ψ;
    ks ξ; kh χ; ou ου; oy ου; gg γγ; ng γγ γκ νγ; gk γκ; mp μπ; nt ντ; nd ντ νδ; ts τσ; tz τζ; ei ει; oi οι; ai αι;
    au αυ; av αυ αβ; af αυ αφ; eu ευ; ev ευ εβ; ef ευ εφ
"""
_RUSSIAN = """
    a а; b б; c ц к; d д дь; e е э; f ф; g г; h х г; i и ы й; j й ж ь; k к; l л ль; m м; n н нь; o о; p п; q к; r р рь;
    s с сь; t т ть; u у; v в; w в ш; x х кс; y ы й у; z з; shch щ; sch щ; shh щ; zh ж; ch ч; sh ш щ; kh х; ts ц тс;
    tz ц; ya я; ja я; ia я иа; yu ю; ju ю; iu ю; yo е; jo е; ye е ье; je е ье; ie ие ье; iy ий; ij ий; yj ый; yi ый;
    zhi жи; shi ши
"""


def _table(text: str) -> dict[str, tuple[str, ...]]:
    rows = (row.split() for row in text.split(";"))
    return {row[0]: tuple(row[1:]) for row in rows}


_TABLES: Mapping[str, Mapping[str, tuple[str, ...]]] = {"el": _table(_GREEK), "ru": _table(_RUSSIAN)}


@lru_cache(maxsize=4096)
def readings(word: str) -> tuple[tuple[str, ...], ...]:
    """The keys a folded Latin word may have if it is Greek, and if it is Russian, the likeliest first.

    Only spellings of the same sounds are tried: `paraggelia`, `parangelia` and `paragelia` have παραγγελία's key.
    """
    if not (word.isascii() and word.isalpha() and len(word) <= _LONGEST):
        return ()
    return tuple(
        tuple(dict.fromkeys(lemma.key(spelling, language) for spelling in _spellings(word, table)))
        for language, table in _TABLES.items()
    )


def _spellings(word: str, table: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Spellings of the whole word, the likeliest first; at each place only the likeliest are carried on."""
    best: list[dict[str, float]] = [{"": 0.0}, *({} for _ in word)]
    for place in range(len(word)):
        begun = sorted(best[place].items(), key=lambda item: item[1])[:_MOST]
        for length in range(1, 5):
            for rank, sign in enumerate(table.get(word[place : place + length], ())):
                ends = best[min(place + length, len(word))]
                for spelling, cost in begun:
                    longer, price = spelling + sign, cost + _PER_SIGN + log2(1 + rank)
                    ends[longer] = min(price, ends.get(longer, price))
    return sorted(best[-1], key=best[-1].__getitem__)[:_MOST]
