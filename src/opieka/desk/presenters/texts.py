"""Plain text of people as HTML: escaped, with its line breaks, and with its web addresses as links."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]'»”]")
_GAPS = re.compile(r"\n{3,}")


def html(text: str) -> Markup:
    """Text as a template may show it. Line breaks stay by the stylesheet (`white-space: pre-line`)."""
    shown = Markup()
    at = 0
    for found in _LINK.finditer(text):
        address = escape(found[0])
        link = Markup('<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>')
        shown += escape(text[at : found.start()]) + link.format(found[0], _short(address))
        at = found.end()
    return shown + escape(text[at:])


def tidy(text: str) -> str:
    """Without blank lines around it, and never more than one between."""
    return _GAPS.sub("\n\n", text.strip("\n")).rstrip()


def _short(address: Markup) -> Markup:
    return address if len(address) <= 80 else address[:60] + Markup("…")
