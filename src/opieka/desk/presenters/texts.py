"""Plain text of people as HTML: escaped, with its line breaks, and with its web addresses as links."""

from __future__ import annotations

import re
from itertools import pairwise

from markupsafe import Markup, escape

_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]'»”]")
# Mail programs break lines at 72 to 78 signs; shorter texts are as their writers broke them.
_NARROWEST, _WIDEST = 60, 80
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


def unwrapped(text: str) -> str:
    """Text whose lines a mail program has broken at a width, with those breaks taken out.

    A break is the program's, not the writer's, where the next word would not have fit into the longest line.
    """
    lines = text.split("\n")
    width = max(map(len, lines))
    if not _NARROWEST <= width <= _WIDEST:
        return text
    made = lines[:1]
    for before, line in pairwise(lines):
        first = line.partition(" ")[0]
        if before and first[:1].isalnum() and len(before) + 1 + len(first) > width:
            made[-1] = f"{made[-1]} {line}"
        else:
            made.append(line)
    return "\n".join(made)


def _short(address: Markup) -> Markup:
    return address if len(address) <= 80 else address[:60] + Markup("…")
