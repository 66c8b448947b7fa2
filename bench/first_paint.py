"""How soon is a page seen, and does it stay where it is? Measured in Chromium on the demo shop.

First paint and first contentful paint count from the moment the browser asks, so the server's time is in them.
"cold": nothing in the browser's cache; "warm": what was loaded before is there. The shift is the layout shift
(https://web.dev/articles/cls) of the page and everything it fetches by itself. Aims: first paint under 100 ms on one
machine that does nothing else, shift under 0.02.
"browser CPU" is what the page's main thread worked until it was loaded, whatever else the machine does.
Run: python bench/first_paint.py [ADDRESS]   (without an address a demo installation is started for it)
"""

from __future__ import annotations

import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from rich.console import Console
from rich.progress import track
from rich.table import Table

LOGIN, PASSWORD = "hanna@polana.example", "wiosna-w-lesie"  # as `make run` prints them
ROUNDS = 12
SETTLED = 1_000
"""Milliseconds after loading in which a page fetches the rest of itself."""
WATCH = """
    window.shift = 0;
    new PerformanceObserver(list => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
    }).observe({type: "layout-shift", buffered: true});
"""
READ = """() => {
    const [page] = performance.getEntriesByType("navigation");
    const paint = name => performance.getEntriesByName(name)[0]?.startTime ?? NaN;
    return [page.responseStart, paint("first-paint"), paint("first-contentful-paint"), window.shift];
}"""
Figures = tuple[float, float, float, float, float]


@contextmanager
def installation() -> Iterator[str]:
    """A demo shop of its own."""
    port = 8_500 + os.getpid() % 400
    with tempfile.TemporaryDirectory(prefix="opieka-bench-") as folder:
        environment = os.environ | {
            "OPIEKA_DATA": folder,
            "OPIEKA_PORT": str(port),
            "OPIEKA_SMTP_PORT": "0",
        }
        command = [sys.executable, "-m", "opieka.project.cli", "serve", "--demo"]
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        address = f"http://127.0.0.1:{port}"
        try:
            until(lambda: httpx.get(f"{address}/healthz", trust_env=False).is_success)
            yield address
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def until(ready: Callable[[], bool]) -> None:
    """Wait until something answers, at most two minutes."""
    for _ in range(600):
        try:
            if ready():
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise TimeoutError


def sign_in(page: Page, address: str, email: str) -> None:
    page.goto(f"{address}/accounts/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("form button.btn-primary")
    page.wait_for_selector("#rows .entry")


def addresses(page: Page, address: str) -> dict[str, str]:
    """What is measured."""
    talk = page.locator("#rows .entry").first.get_attribute("href") or ""
    page.goto(address + talk)
    person = page.locator("#beside .beside-name a").get_attribute("href") or ""
    page.goto(f"{address}/settings/")
    return {
        "login": f"{address}/accounts/login/",
        "inbox": f"{address}/inbox/",
        "conversation": address + talk,
        "customer": address + person,
        "settings": page.url,
    }


def look(context: BrowserContext, address: str, *, cold: bool) -> Figures:
    """Open a page once."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": cold})
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.add_init_script(WATCH)
    page.goto(address, wait_until="load")
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    page.wait_for_timeout(SETTLED)
    answer, paint, content, shift = page.evaluate(READ)
    page.close()
    return answer, paint, content, 1000 * metrics["TaskDuration"], shift


def measure(browser: Browser, address: str, email: str, table: Table) -> None:
    seat = browser.new_context(viewport={"width": 1440, "height": 900})
    page = seat.new_page()
    sign_in(page, address, email)
    pages = addresses(page, address)
    page.close()
    stranger = browser.new_context(viewport={"width": 1440, "height": 900})
    for name, place in track(pages.items(), "pages"):
        context = stranger if name == "login" else seat
        for cold in (True, False):
            seen = [look(context, place, cold=cold) for _ in range(ROUNDS)]
            table.add_row(name, "cold" if cold else "warm", *cells(seen))


def cells(seen: list[Figures]) -> list[str]:
    """Median and 95th percentile of the times, the worst shift."""
    *times, shift = (list(one) for one in zip(*seen, strict=True))
    each = (f"{statistics.median(one):.0f} / {statistics.quantiles(one, n=20)[-1]:.0f}" for one in times)
    return [*each, f"{max(shift):.4f}"]


def main() -> None:
    given = sys.argv[1:]
    table = Table(
        "page", "cache", "answer ms", "first paint ms", "first content ms", "browser CPU ms", "shift"
    )
    table.caption = f"median / p95 of {ROUNDS}; load of the machine {os.getloadavg()[0]:.1f}"
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with installation() if not given else nothing(given[0]) as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        measure(browser, address, LOGIN, table)
        browser.close()
    Console().print(table)


@contextmanager
def nothing(address: str) -> Iterator[str]:
    """An installation that runs already."""
    yield address


if __name__ == "__main__":
    main()
