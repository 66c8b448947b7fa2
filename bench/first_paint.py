"""How soon is a page seen, and does it stay where it is? Measured in Chromium on the demo shop, in about a minute.

First content counts from the moment the browser asks, so the server's time is in it. "cold": nothing in the
browser's cache; "warm": what was loaded before is there. The shift is the layout shift
(https://web.dev/articles/cls) of the page and everything it fetches by itself. Aims: first content under 100 ms on one
machine that does nothing else, shift under 0.02.
"browser CPU" is what the page's main thread worked until it was seen, whatever else the machine does. The first row is
the floor: two words without markup from the same server in the same run, as soon as this Chromium shows anything here.
The rounds go through all pages in turn, so that what else the machine does hits all of them alike.
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
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from rich.console import Console
from rich.progress import track
from rich.table import Table

LOGIN, PASSWORD = "hanna@polana.example", "wiosna-w-lesie"  # as `make run` prints them
ROUNDS = 7
SETTLED = 400
"""Milliseconds after loading in which a page fetches the rest of itself."""
PATIENCE = 15_000
WATCH = """
    window.shift = 0;
    new PerformanceObserver(list => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
    }).observe({type: "layout-shift", buffered: true});
"""
READ = """() => {
    const [page] = performance.getEntriesByType("navigation");
    const [seen] = performance.getEntriesByName("first-contentful-paint");
    return [page.responseStart, seen?.startTime ?? NaN, window.shift];
}"""
Figures = tuple[float, float, float, float]


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
        "(floor)": f"{address}/healthz",
        "inbox": f"{address}/inbox/",
        "conversation": address + talk,
        "customer": address + person,
        "settings": page.url,
    }


def look(page: Page, session: CDPSession, address: str, *, cold: bool) -> Figures:
    """Open a page once."""
    session.send("Network.setCacheDisabled", {"cacheDisabled": cold})
    page.goto("about:blank")
    before = worked(session)
    page.goto(address, wait_until="load")
    after = worked(session)
    page.wait_for_timeout(SETTLED)
    answer, seen, shift = page.evaluate(READ)
    return answer, seen, after - before, shift


def worked(session: CDPSession) -> float:
    """Milliseconds of CPU the page's main thread has worked so far."""
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return 1000 * float(metrics["TaskDuration"])


def measure(browser: Browser, address: str, email: str) -> dict[tuple[str, bool], list[Figures]]:
    """All pages in turn, round after round; the first round only warms up."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(PATIENCE)
    sign_in(page, address, email)
    pages = addresses(page, address)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.add_init_script(WATCH)
    seen: dict[tuple[str, bool], list[Figures]] = {
        (name, cold): [] for name in pages for cold in (True, False)
    }
    for turn in track(range(ROUNDS + 1), "rounds"):
        for (name, cold), figures in seen.items():
            found = look(page, session, pages[name], cold=cold)
            if turn:
                figures.append(found)
    return seen


def cells(seen: list[Figures]) -> list[str]:
    """Median and worst of the times, the worst shift."""
    *times, shift = (list(one) for one in zip(*seen, strict=True))
    each = (f"{statistics.median(one):.0f} / {max(one):.0f}" for one in times)
    return [*each, f"{max(shift):.4f}"]


def main() -> None:
    given = sys.argv[1:]
    table = Table("page", "cache", "answer ms", "first content ms", "browser CPU ms", "shift")
    before = os.getloadavg()[0]
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with installation() if not given else nothing(given[0]) as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for (name, cold), figures in measure(browser, address, LOGIN).items():
            table.add_row(name, "cold" if cold else "warm", *cells(figures))
        browser.close()
    load = f"load {before:.1f} before, {os.getloadavg()[0]:.1f} after"
    table.caption = f"median / worst of {ROUNDS}; {os.cpu_count()} cores, {load}"
    Console().print(table)


@contextmanager
def nothing(address: str) -> Iterator[str]:
    """An installation that runs already."""
    yield address


if __name__ == "__main__":
    main()
