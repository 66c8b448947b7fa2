"""A shop's accent colour is corrected until it can be read."""

from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from opieka.kernel.colours import ENOUGH, contrast, readable
from tests.factories import make_shop


@given(st.integers(0, 0xFFFFFF))
def test_any_accent_is_readable_on_light_and_dark(colour: int) -> None:
    light, dark = readable(f"#{colour:06x}")
    assert all(contrast(light, ground) >= ENOUGH for ground in ("#ffffff", "#f6f5f2", "#fdf1d9"))
    assert all(contrast(dark, ground) >= ENOUGH for ground in ("#171613", "#1f1e1b", "#3a2c13"))


def test_a_good_colour_stays_and_nonsense_becomes_the_usual_one() -> None:
    assert readable("#0F766E")[0] == "#0f766e"
    assert readable("red;}")[0] == "#0f766e"
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.django_db
def test_the_look_of_a_shop_is_a_style_sheet() -> None:
    shop = make_shop(accent="#ffcc00")
    answer = Client().get(f"/my/look/{shop.slug}.css")
    assert answer["Content-Type"].startswith("text/css")
    assert "#ffcc00" in answer.content.decode()  # on dark pages it is bright enough
