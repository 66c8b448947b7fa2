"""A browser for the tests marked `browser`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import CHROMIUM


@pytest.fixture(scope="session", autouse=True)
def _static_files_as_always(monkeypatch_session: pytest.MonkeyPatch) -> None:
    """Django's test server would look for the files in the source; the application itself serves what it collected."""

    def itself(application: Callable[..., Any]) -> Callable[..., Any]:
        return application

    monkeypatch_session.setattr("django.contrib.staticfiles.handlers.StaticFilesHandler", itself)


@pytest.fixture(scope="session")
def monkeypatch_session() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium, one per module; every test opens and closes its own page.

    Not one per run: while it is open an event loop runs in this thread, and Django refuses the database there.
    """
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
