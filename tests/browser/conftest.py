"""A browser for the tests marked `browser`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import CHROMIUM


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium, one per module; every test opens and closes its own page.

    Not one per run: while it is open an event loop runs in this thread, and Django refuses the database there.
    """
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
