"""Single lines: what programs write before history, what phones add, and what customers write that looks alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from opieka.channels.adapters.email.mapping.folding import Kind, fold, fold_html


def lines(name: str) -> list[str]:
    return (Path(__file__).parent / "lines" / f"{name}.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("attribution", lines("attributions"))
@pytest.mark.parametrize(
    "history", ["\nBare history.\nMore of it.", "> Marked history."], ids=["bare", "marked"]
)
def test_attribution(attribution: str, history: str) -> None:
    folded = fold(f"What is new.\n\n{attribution}\n{history}\n")
    assert (folded.reply, folded.quoted) == ("What is new.", f"{attribution}\n{history}")


@pytest.mark.parametrize("attribution", lines("attributions"))
def test_attribution_below_which_is_answered(attribution: str) -> None:
    assert fold(f"{attribution}\n> Which colour?\n\nBlue\n\n> Which size?\n\n42\n").reply == "Blue\n\n42"


@pytest.mark.parametrize("attribution", lines("attributions"))
def test_attribution_in_html(attribution: str) -> None:
    escaped = attribution.replace("<", "&lt;").replace(">", "&gt;")
    folded = fold_html(f"<div>New</div><div>{escaped}</div><blockquote>Old</blockquote><div>Below</div>")
    assert (folded.reply, folded.quoted) == ("New\nBelow", f"{attribution}\nOld")


@pytest.mark.parametrize("device", lines("devices"))
def test_device(device: str) -> None:
    kinds = [segment.kind for segment in fold(f"What is new.\n\n{device}\n").segments]
    assert kinds == [Kind.NEW, Kind.SIGNATURE]


@pytest.mark.parametrize("sentence", lines("sentences"))
def test_sentence(sentence: str) -> None:
    text = f"Dzień dobry,\n{sentence}\nDalszy tekst."
    assert fold(text).reply == text
