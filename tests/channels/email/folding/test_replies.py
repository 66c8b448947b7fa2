"""Replies of every program and language come apart where a person would part them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from opieka.channels.adapters.email.mapping.folding import Kind, fold, fold_html

KINDS = {"+": Kind.NEW, "-": Kind.QUOTE, "~": Kind.SIGNATURE}
MINIMUM = {"pl": 12, "ru": 12, "el": 12, "en": 12, "others": 45}


class Case(NamedTuple):
    language: str
    form: str
    name: str
    lines: list[tuple[Kind, str]]


def read_cases() -> list[Case]:
    cases: list[Case] = []
    for path in sorted((Path(__file__).parent / "replies").glob("*.txt")):
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("# "):
                _, form, name = line.split(" ", 2)
                cases.append(Case(path.stem, form, name, []))
            else:
                cases[-1].lines.append((KINDS[line[0]], line[1:]))
    return cases


CASES = read_cases()
PLAIN = [case for case in CASES if case.form == "plain"]
HTML = [case for case in CASES if case.form == "html"]


def label(case: Case) -> str:
    return f"{case.language}: {case.name}"


def kinds_by_line(text: str) -> list[tuple[Kind, str]]:
    return [(s.kind, line) for s in fold(text).segments for line in s.text.splitlines()]


def shown(html: str) -> str:
    """The visible characters of a fragment, without white space."""
    text = re.sub(r"<[^<>]*>", "", html).replace("&nbsp;", "").replace("&lt;", "<").replace("&gt;", ">")
    return "".join(text.split())


@pytest.mark.parametrize("case", PLAIN, ids=label)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_plain(case: Case, end: str) -> None:
    text = end.join(line for _, line in case.lines) + end
    filled = [(kind, line) for kind, line in kinds_by_line(text) if line.strip()]
    assert filled == [(kind, line) for kind, line in case.lines if line.strip()]


@pytest.mark.parametrize("case", HTML, ids=label)
def test_html(case: Case) -> None:
    folded = fold_html("\n".join(line for _, line in case.lines))
    new = shown("".join(line for kind, line in case.lines if kind is Kind.NEW))
    rest = shown("".join(line for kind, line in case.lines if kind is not Kind.NEW))
    assert ("".join(folded.reply.split()), "".join(folded.quoted.split())) == (new, rest)
    assert (shown(folded.reply_html), shown(folded.quoted_html)) == (new, rest)


def test_every_language_is_well_covered() -> None:
    counts = {language: sum(case.language == language for case in CASES) for language in MINIMUM}
    assert all(counts[language] >= least for language, least in MINIMUM.items()), counts
