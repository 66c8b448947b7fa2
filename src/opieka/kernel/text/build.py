"""Learn the rule files of `lemma.py`: `python -m opieka.kernel.text.build`.

simplemma's lists and our own of everyday words pair a form with its lemma. The key of a lemma is its Snowball
stem; a form whose stem is another one needs an edit. The edits are generalised to endings: going from the last
letter to the first, an ending gets a rule when its commonest edit corrects at least `SUPPORT` more forms than the
rule of the shorter ending; what is still wrong then becomes a rule for the whole word. So the listed forms come
out exactly, and unlisted ones as their likes do.
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from struct import pack

import marisa_trie
import msgspec
from rich.progress import track

from opieka.kernel.text.fold import fold
from opieka.kernel.text.lemma import SHORTEST, SNOWBALL, WHOLE, Edit, Rules, snowball

SUPPORT = 2
_PARADIGM = 2
RULES = Path(__file__).parent / "rules"
_BEYOND = chr(sys.maxunicode)


def listed(language: str) -> dict[str, str]:
    """Folded form to folded lemma, by simplemma's list and before it by ours.

    Where folding makes two forms one, the one that is written without capitals and diacritics wins. The list takes
    some lemmas for forms of others (the noun "order" for the verb); with forms of its own such a one is its own.
    """
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    lemmas: dict[str, str] = {}
    rank: dict[str, tuple[bool, ...]] = {}
    for form, lemma in DefaultDictionaryFactory().get_dictionary(language).items():
        folded = fold(form)
        likely = (form.islower(), folded == form)
        if folded.isalpha() and len(folded) >= SHORTEST and likely > rank.get(folded, ()):
            lemmas[folded], rank[folded] = fold(lemma), likely
    counts = Counter(lemmas.values())
    lemmas |= {lemma: lemma for lemma in lemmas if counts[lemma] >= _PARADIGM}
    return lemmas | {form: row[0] for row in everyday(language) for form in row}


def everyday(language: str) -> list[list[str]]:
    """All forms of each everyday word of shops, folded, the lemma first.

    A line of the file is a stem and its endings (`-` is none), then after `|` the forms that have another stem.
    """
    lines = (RULES / "everyday" / f"{language}.txt").read_text("utf-8").splitlines()
    return [_forms(line) for line in lines]


def _forms(line: str) -> list[str]:
    regular, _, others = line.partition(" | ")
    stem, *endings = regular.split()
    forms = [stem + ending.removeprefix("-") for ending in endings] + others.split()
    return [form for form in dict.fromkeys(map(fold, forms)) if len(form) >= SHORTEST]


def targets(lemmas: Mapping[str, str], stem: Callable[[str], str]) -> dict[str, str]:
    """The key every form should have: the Snowball stem of its lemma."""
    keys = {lemma: stem(lemma) or lemma for lemma in set(lemmas.values())}
    return {form: keys[lemma] for form, lemma in lemmas.items()}


def edit(form: str, wanted: str) -> Edit:
    """What turns `form` into `wanted`, at the end."""
    same = 0
    for ours, theirs in zip(form, wanted, strict=False):
        if ours != theirs:
            break
        same += 1
    return len(form) - same, wanted[same:]


def learn(edits: Mapping[str, Edit | None], support: int = SUPPORT) -> dict[str, Edit | None]:
    """Rules by reversed ending (whole words end in `^`) that give every form its edit; None is Snowball."""
    ordered = sorted((form[::-1], wanted) for form, wanted in edits.items())
    forms, wanted = [form for form, _ in ordered], [edit for _, edit in ordered]
    rules: dict[str, Edit | None] = {}
    todo: list[tuple[int, int, int, Edit | None]] = [(0, len(forms), 0, None)]
    while todo:
        low, high, depth, rule = todo.pop()
        counts = Counter(wanted[low:high])
        if counts[rule] == high - low:
            continue
        better = _better(counts, rule, depth, support)
        if better != rule:
            rules[forms[low][:depth]] = rule = better
        if len(forms[low]) == depth or high - low < support:
            rest = high if high - low < support else low + 1
            rules.update((forms[at] + WHOLE, wanted[at]) for at in range(low, rest) if wanted[at] != rule)
            low = rest
        while low < high:
            end = bisect_left(forms, forms[low][: depth + 1] + _BEYOND, low, high)
            todo.append((low, end, depth + 1, rule))
            low = end
    return rules


def _better(counts: Counter[Edit | None], rule: Edit | None, depth: int, support: int) -> Edit | None:
    """The commonest edit that cuts no further than the ending reaches, if it corrects enough forms."""
    fits = [edit for edit in counts if depth and (edit is None or edit[0] <= depth)]
    best = max(fits, key=lambda edit: (counts[edit], edit or (0, "")), default=rule)
    return best if counts[best] >= counts[rule] + support else rule


def train(lemmas: Mapping[str, str], stem: Callable[[str], str]) -> Rules:
    """The rules for one list of forms."""
    wanted = targets(lemmas, stem)
    rules = learn({form: None if stem(form) == goal else edit(form, goal) for form, goal in wanted.items()})
    edits = sorted(set(rules.values()), key=lambda e: (e is not None, e or (0, "")))
    number = {edit: at for at, edit in enumerate(edits)}
    endings = marisa_trie.Trie(sorted(rules))
    chosen = [0] * len(rules)
    for ending, choice in rules.items():
        chosen[endings[ending]] = number[choice]
    return Rules(edits, pack(f"<{len(chosen)}H", *chosen), endings.tobytes())


def write(folder: Path, languages: Iterable[str]) -> None:
    """Write the rule file of each language into `folder`."""
    for language in languages:
        packed = msgspec.msgpack.encode(train(listed(language), snowball(language)))
        (folder / f"{language}.msgpack").write_bytes(packed)


if __name__ == "__main__":
    write(RULES, track(SNOWBALL, "Learning the endings"))
