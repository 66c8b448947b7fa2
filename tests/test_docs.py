"""Documentation that fails the build when it no longer tells the truth."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from opieka.project import cli, config
from tests import documents

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("src/opieka/*/README.md")])


@pytest.mark.parametrize("name", documents.PAGES)
def test_pages_made_from_the_code_are_in_step(name: str) -> None:
    assert (documents.DOCS / name).read_text() == documents.PAGES[name](), "run `make docs`"


def test_every_setting_is_explained() -> None:
    text = (ROOT / "docs" / "operate.md").read_text()
    missing = [variable for variable, _ in config.VARIABLES.values() if f"`{variable}`" not in text]
    assert missing == []
    known = {variable for variable, _ in config.VARIABLES.values()}
    assert set(re.findall(r"`(OPIEKA_[A-Z_]+)`", text)) <= known


def verbs(parser: argparse.ArgumentParser, path: str = "") -> Iterator[str]:
    """Every verb of the command line, as it is typed."""
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups and path:
        yield path
    for group in groups:
        for name, below in group.choices.items():
            yield from verbs(below, f"{path} {name}".strip())


def test_every_verb_is_mentioned() -> None:
    text = "\n".join(page.read_text() for page in PAGES)
    missing = [verb for verb in verbs(cli.parser()) if f"opieka {verb}" not in text]
    assert missing == []


def test_links_between_pages_lead_somewhere() -> None:
    broken = [
        f"{page.name}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text())
        if not re.match(r"[a-z]+:", target) and not (page.parent / target).exists()
    ]
    assert broken == []


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(page.name[:4]) for page in (ROOT / "docs" / "adr").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
    for page in (ROOT / "docs" / "adr").glob("*.md"):
        title = page.read_text().splitlines()[0]
        assert title.startswith(f"# {int(page.name[:4])}. "), page.name
