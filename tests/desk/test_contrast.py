"""Every pair of text and ground the stylesheets put together can be read, in light and in dark (WCAG 1.4.3, 1.4.11)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import opieka.desk

TOKENS = Path(opieka.desk.__file__).parent / "static/desk/css/tokens.css"
VALUE = re.compile(r"--([\w-]+): (?:light-dark\((#\w{6}), (#\w{6})\)|(#\w{6}));")
COLOURS = {
    name: (both or light, both or dark) for name, light, dark, both in VALUE.findall(TOKENS.read_text())
}
GROUNDS = ("canvas", "surface", "sunken", "hover")
TEXTS = {
    "ink": (*GROUNDS, "accent-soft", "note", "accent-line"),
    "ink-2": (*GROUNDS, "note", "accent-soft", "face"),
    "ink-3": (*GROUNDS, "note"),
    "accent": (*GROUNDS, "accent-soft", "note"),
    "accent-strong": ("canvas", "surface", "accent-soft"),
    "on-accent": (
        "accent-fill",
        "accent-fill-hover",
        "note-fill",
        "note-fill-hover",
        "late-fill",
        "late-fill-hover",
    ),
    "done": ("canvas", "surface", "done-soft"),
    "soon": ("canvas", "surface", "soon-soft", "note"),
    "late": (*GROUNDS, "late-soft"),
    "new": ("new-soft",),
    "on-toast": ("toast",),
    "toast-accent": ("toast",),
}
SHAPES = {"control-line": ("canvas", "surface"), "accent": GROUNDS, "new": ("canvas", "hover")}


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("theme", "place"), [("light", 0), ("dark", 1)])
@pytest.mark.parametrize(("pairs", "least"), [(TEXTS, 4.5), (SHAPES, 3.0)])
def test_pairs_can_be_read(theme: str, place: int, pairs: dict[str, tuple[str, ...]], least: float) -> None:
    found = {
        f"{front} on {ground}, {theme}": round(contrast(COLOURS[front][place], COLOURS[ground][place]), 2)
        for front, grounds in pairs.items()
        for ground in grounds
    }
    assert {pair: value for pair, value in found.items() if value < least} == {}
