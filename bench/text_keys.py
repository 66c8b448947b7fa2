"""Do all forms of a word get one key, and how fast? `python bench/text_keys.py [LANGUAGE ...]`

* listed: forms of 4,000 lemmas of simplemma's lists share the key of their lemma, with the committed rules.
* unseen pairs: the same, with rules learned from a list that lacks every 50th form.
* unseen lemmas: the same, with rules learned from a list that lacks all forms of every 50th lemma.
* Snowball: the same, with no rules at all.
* apart: how many of those lemmas keep a key of their own.
"""

from __future__ import annotations

import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from zlib import crc32

import marisa_trie

from opieka.kernel.text import keys, lemma, search
from opieka.kernel.text.build import listed, train

SAMPLE = 4_000
Key = Callable[[str], str]


def agreement(pairs: list[tuple[str, str]], key: Key) -> float:
    return sum(key(form) == key(base) for form, base in pairs) / len(pairs)


def sample(lemmas: Mapping[str, str], chosen: Callable[[str, str], bool]) -> list[tuple[str, str]]:
    """Up to three forms of up to 4,000 lemmas, each beside its lemma (or the first form, if that is not listed)."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for form, base in lemmas.items():
        groups[base].append(form)
    found = []
    for base, forms in sorted(groups.items()):
        beside = base if base in forms else forms[0]
        pairs = [(form, beside) for form in forms if form != beside and chosen(form, base)]
        if pairs:
            found.append(random.sample(pairs, min(3, len(pairs))))
    random.shuffle(found)
    return [pair for pairs in found[:SAMPLE] for pair in pairs]


def learned(lemmas: Mapping[str, str], language: str) -> Key:
    stem = lemma.snowball(language)
    rules = train(lemmas, stem)
    endings, chosen = marisa_trie.Trie().frombytes(rules.endings), memoryview(rules.chosen).cast("H")
    return lambda word: lemma.reduce(word, stem, endings, chosen, rules.edits)


def every_50th(word: str) -> bool:
    return crc32(word.encode()) % 50 == 0


def report(language: str) -> None:
    lemmas = listed(language)
    known = sample(lemmas, lambda form, base: True)
    pairs = sample(lemmas, lambda form, base: every_50th(form))
    unseen = sample(lemmas, lambda form, base: every_50th(base))
    no_pairs = learned({f: b for f, b in lemmas.items() if f == b or not every_50th(f)}, language)
    no_lemmas = learned({f: b for f, b in lemmas.items() if not every_50th(b)}, language)
    bases = {base for _, base in known}
    row = [
        agreement(known, lambda word: lemma.key(word, language)),
        agreement(pairs, no_pairs),
        agreement(unseen, no_lemmas),
        agreement(known, lemma.snowball(language)),
        len({lemma.key(base, language) for base in bases}) / len(bases),
    ]
    print(f"{language:8} {len(lemmas):>9,} " + " ".join(f"{value:>14.3f}" for value in row), flush=True)


def speed() -> None:
    """Words a second over a text in which words recur as they do in letters (Zipf), and over new words only."""
    for language in lemma.SNOWBALL:
        words = random.sample(sorted(listed(language)), 30_000)
        weights = [1 / rank for rank in range(1, len(words) + 1)]
        mail = [" ".join(random.choices(words, weights, k=200)) for _ in range(1_000)]
        rates = []
        for texts in ([" ".join(words)], mail):
            search._index.cache_clear()
            start = time.process_time()
            count = sum(len(keys(text, language)) for text in texts)
            rates.append(count / (time.process_time() - start))
        print(
            f"{language:8} {rates[1]:>12,.0f} words/s in mails, {rates[0]:>12,.0f} words/s never met before"
        )


if __name__ == "__main__":
    random.seed(20)
    chosen = sys.argv[1:] or list(lemma.SNOWBALL)
    print(
        f"{'':8} {'forms':>9} "
        + " ".join(f"{name:>14}" for name in ("listed", "unseen pairs", "unseen lemmas", "Snowball", "apart"))
    )
    for one in chosen:
        report(one)
    speed()
