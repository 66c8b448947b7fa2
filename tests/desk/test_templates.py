"""What every template must keep to, whatever it shows."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

import opieka.desk
from opieka.project import vendor
from tests.desk.gallery import render
from tests.desk.screens import PIECES, SCREENS

DESK = Path(opieka.desk.__file__).parent
ALL = [*SCREENS, *PIECES]


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("language", ["pl", "el"])
def test_renders_within_the_content_security_policy(name: str, language: str) -> None:
    html = render(name, language)
    assert not re.findall(r"<[^>]+\s(?:style|on\w+|hx-on[:\w-]*)=", html)
    assert not re.findall(r"<script(?![^>]+src=)", html)
    assert "<style" not in html
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", html)


@pytest.mark.parametrize("name", SCREENS)
def test_ids_are_unique(name: str) -> None:
    ids = Counter(re.findall(r'\sid="([^"]+)"', render(name)))
    assert [one for one, times in ids.items() if times > 1] == []


@pytest.mark.parametrize("name", SCREENS)
def test_every_posting_form_carries_the_token(name: str) -> None:
    forms = re.findall(r"<form[^>]*method=\"post\"[^>]*>.*?</form>", render(name), re.DOTALL)
    assert all("csrfmiddlewaretoken" in form for form in forms)


@pytest.mark.parametrize("name", ALL)
def test_icons_are_in_the_sprite(name: str) -> None:
    assert set(re.findall(r"sprite\.\w+\.svg#([\w-]+)", render(name))) <= vendor.icons()


def test_markup_from_people_is_escaped() -> None:
    html = render("customers")
    assert "<b>" not in html
    assert "Ó Súilleabháin" in html


def test_all_modules_are_asked_for_at_once() -> None:
    imported = re.findall(r'^import "\./(\w+)\.js";', (DESK / "static/desk/js/desk.js").read_text(), re.M)
    assert re.findall(r'rel="modulepreload" href="[\w/]+/(\w+)\.\w+\.js"', render("inbox")) == imported


def test_scripts_stay_small() -> None:
    long = {
        file.name: lines
        for file in (DESK / "static/desk/js").glob("*.js")
        if (lines := len(file.read_text().splitlines())) > 150
    }
    assert long == {}


def test_only_tokens_name_colours() -> None:
    for file in sorted((DESK / "static/desk/css").glob("*.css")):
        if file.name != "tokens.css":
            assert not set(re.findall(r"#[0-9a-fA-F]{3,8}\b", file.read_text())), file.name
