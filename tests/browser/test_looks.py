"""Every screen in a real browser: accessible, nothing sticking out, nothing refused by the policy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.desk.gallery import served
from tests.desk.screens import SCREENS

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# Whatever reaches over the edge of the window, or of the pane that would cut it off without an ellipsis.
STICKING_OUT = """() => {
  const clips = e => ["hidden", "clip", "auto", "scroll"].includes(getComputedStyle(e).overflowX);
  const edge = e => {
    for (let p = e.parentElement; p; p = p.parentElement) if (clips(p)) return p;
    return null;
  };
  const bad = e => {
    const pane = edge(e);
    if (!pane) return e.getBoundingClientRect().right > innerWidth + 1;
    if (getComputedStyle(pane).textOverflow === "ellipsis") return false;
    return e.getBoundingClientRect().right > pane.getBoundingClientRect().right + 1;
  };
  return [...document.querySelectorAll("body *")]
    .filter(e => e.checkVisibility() && e.getClientRects().length)
    .filter(e => !e.closest(".hidden, .rail-text, .skip, svg") && bad(e))
    .map(e => e.outerHTML.slice(0, 120));
}"""


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture(scope="module")
def window(chromium: Browser) -> Iterator[BrowserContext]:
    """One for all screens, so that each style and script is fetched once."""
    with chromium.new_context() as context:
        yield context


def opened(window: BrowserContext, address: str, width: int) -> tuple[Page, list[str]]:
    """A page of that width, and what its console complains of."""
    page = window.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.set_default_timeout(10_000)
    complaints: list[str] = []
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    return page, complaints


@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize(
    ("width", "language", "theme"), [(1440, "pl", "light"), (900, "el", "dark"), (390, "el", "light")]
)
def test_screen_is_accessible_and_fits(
    window: BrowserContext, gallery: str, name: str, width: int, language: str, theme: str
) -> None:
    page, complaints = opened(window, f"{gallery}/{name}?language={language}&theme={theme}", width)
    found = Axe().run(page, options=RULES)["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(STICKING_OUT) == []
    assert complaints == []
    page.close()


def test_dialogs_are_accessible(window: BrowserContext, gallery: str) -> None:
    page, _ = opened(window, f"{gallery}/customer", 1440)
    for dialog in ("keys", "palette", "merge"):
        page.evaluate("id => document.getElementById(id).showModal()", dialog)
        found = Axe().run(page, options=RULES)["violations"]
        assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
        page.evaluate("id => document.getElementById(id).close()", dialog)
    page.close()
