"""One key for all forms of a word: learned suffix rules where Snowball errs, else Snowball.

A rule is a word ending (or a whole word, marked by `^`) with an edit: cut so many letters, add these. The
longest ending that fits decides. `build.py` learns the rules from lists of forms and lemmas.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from threading import Lock

import marisa_trie
import msgspec
import Stemmer

SNOWBALL = {"pl": "polish", "ru": "russian", "el": "greek", "en": "english"}
WHOLE = "^"
SHORTEST = 3

Edit = tuple[int, str]
"""How many letters to cut off the end, and what to put there."""

_lock = Lock()


class Rules(msgspec.Struct, array_like=True):
    """The rule file of one language: a trie of reversed endings, and the edit of each by its trie id.

    `edits` holds None where a longer ending is left to Snowball again; `chosen` is one unsigned 16-bit
    little-endian index into `edits` per ending.
    """

    edits: list[Edit | None]
    chosen: bytes
    endings: bytes


@cache
def snowball(language: str) -> Callable[[str], str]:
    """Snowball's stemmer of a language; it keeps state, so only one thread at a time may call it."""
    stem: Callable[[str], str] = Stemmer.Stemmer(SNOWBALL[language], 0).stemWord
    return stem


def stored(language: str) -> Rules:
    """The rule file of pl, ru, el or en."""
    packed = files(__package__).joinpath("rules", f"{language}.msgpack").read_bytes()
    return msgspec.msgpack.decode(packed, type=Rules)


@cache
def _rules(language: str) -> tuple[marisa_trie.Trie, memoryview, list[Edit | None]]:
    rules = stored(language)
    return marisa_trie.Trie().frombytes(rules.endings), memoryview(rules.chosen).cast("H"), rules.edits


def key(word: str, language: str) -> str:
    """The key of a folded word in pl, ru, el or en. A word of one or two letters is its own."""
    if len(word) < SHORTEST:
        return word
    with _lock:
        return reduce(word, snowball(language), *_rules(language))


def reduce(
    word: str,
    stem: Callable[[str], str],
    endings: marisa_trie.Trie,
    chosen: memoryview,
    edits: list[Edit | None],
) -> str:
    """Apply the rule of the longest fitting ending, or Snowball when there is none."""
    found = None
    for _, place in endings.iter_prefixes_with_ids(word[::-1] + WHOLE):
        found = place
    edit = None if found is None else edits[chosen[found]]
    if edit is None:
        return stem(word) or word
    cut, tail = edit
    return word[: len(word) - cut] + tail or word
