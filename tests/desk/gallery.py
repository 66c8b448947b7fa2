"""The gallery: every screen of the desk with made-up people, to be looked at before and beside real data.

`python -m tests.desk.gallery` serves it until Enter; `python -m tests.desk.gallery FOLDER [NAME...]`
photographs it there with Chromium at three widths, light and dark, in Polish and Greek.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import jinja2
from django.conf import settings
from django.utils import translation
from markupsafe import Markup

from opieka.project.protect import POLICY
from opieka.project.templating import environment
from tests.desk.screens import PIECES, SCREENS

WIDTHS = (1440, 900, 390)
HEIGHT = 900
GREEK = str.maketrans("abdefghiklmnoprstuvxyz", "αβδεφγηικλμνοπρστυβχυζ")


@cache
def templates() -> jinja2.Environment:
    made = environment()
    made.install_gettext_callables(  # type: ignore[attr-defined]  # jinja2.ext.i18n adds it
        _said, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    return made


def _said(text: str) -> str:
    """As the catalogue says it; while it does not, as long as Greek and Russian would be."""
    said = translation.gettext(text)
    if said != text or translation.get_language() != "el":
        return said
    return (text + text[-len(text) // 3 :].replace(" ", "")).translate(GREEK)


def render(name: str, language: str = "pl", theme: str = "") -> str:
    """One screen as HTML."""
    template, context = (SCREENS | PIECES)[name](language)
    if "frame" in context:
        context["frame"] = replace(context["frame"], theme=theme)
    token = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="t">')
    with translation.override(language):
        return templates().get_template(template).render(csrf_input=token, csrf_token="t", **context)


class Handler(BaseHTTPRequestHandler):
    """Answers /NAME?language=&theme= and /static/ under the desk's own Content-Security-Policy."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        name = address.path.strip("/") or "inbox"
        if name.startswith("static/"):
            file = Path(settings.STATIC_ROOT) / name.removeprefix("static/")
            return self._answer(guess_type(file.name)[0] or "text/plain", file.read_bytes())
        if name not in SCREENS | PIECES:
            return self._answer("text/plain", b"", 404)
        html = render(name, query.get("language", "pl"), query.get("theme", ""))
        return self._answer("text/html; charset=utf-8", html.encode())

    def _answer(self, kind: str, body: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the base class's name
        """Silence: the tests say what matters."""


@contextmanager
def served(port: int = 0) -> Iterator[str]:
    """The gallery on a free local port; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def photograph(folder: Path, names: list[str], *, languages: list[str], themes: list[str]) -> None:
    """Write NAME-LANGUAGE-THEME-WIDTH.png for each."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    with served() as address, sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for width in WIDTHS:
            page = browser.new_page(viewport={"width": width, "height": HEIGHT})
            for name in names:
                for language in languages:
                    for theme in themes:
                        page.goto(f"{address}/{name}?language={language}&theme={theme}")
                        page.screenshot(path=folder / f"{name}-{language}-{theme}-{width}.png")
            page.close()
        browser.close()


def main(arguments: list[str]) -> None:
    if not arguments:
        with served(8001) as address:
            sys.stdout.write(f"{address}/inbox?language=el&theme=dark  (Enter ends it)\n")
            sys.stdin.readline()
        return
    names = arguments[1:] or list(SCREENS)
    photograph(Path(arguments[0]), names, languages=["pl", "el"], themes=["light", "dark"])


if __name__ == "__main__":
    import django

    from opieka.project import assets

    django.setup()
    assets.collect()
    main(sys.argv[1:])
