"""An HTML mail as lines; every leaf (text, break, picture) belongs to one, so that the tree can be parted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto
from html import escape
from typing import Any, Final, NamedTuple

from lxml import etree

from opieka.channels.adapters.email.mapping.folding.lines import Hint, Line, names, take_marks, visible
from opieka.channels.adapters.email.mapping.folding.markup import Mark, mark

_MAX_TAGS: Final = 60_000
_MAX_DEPTH: Final = 500
_MAX_ATTRIBUTION: Final = 3

_VOID: Final = names("area br col embed hr img input keygen param source track wbr")
_HIDDEN: Final = names("head style script title meta link base template xml")
_BLOCKS: Final = names("""
    address article aside blockquote body center dd details dir div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hr html li main menu nav ol p pre section summary table tbody tfoot thead
    tr ul
""")
_SPACED: Final = names("p h1 h2 h3 h4 h5 h6 ul ol table pre")
_CELLS: Final = names("td th")
_FRAME: Final = names("html body")
_VERBATIM: Final = names("pre textarea listing plaintext xmp")
_HINTS: Final = {
    Mark.ATTRIBUTION: Hint.ATTRIBUTION,
    Mark.HISTORY: Hint.HISTORY,
    Mark.SIGNATURE: Hint.SIGNATURE,
}
_PARSER: Final[dict[str, Any]] = {
    "encoding": "utf-8",
    "huge_tree": True,
    "remove_comments": True,
    "remove_pis": True,
}
_TAG = re.compile(r"<(/?)([A-Za-z][^\s<>/]*)[^<>]*>")
_UNNESTED: Final = _VOID | names("p li dt dd td th tr thead tbody tfoot option")
_VERBATIM_STYLE = re.compile(r"white-space\s*:\s*(?:pre|break)", re.I)
_PHYSICAL = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_NAME = re.compile(r"[A-Za-z_][\w:.-]*\Z", re.A)


class Part(Enum):
    """What a node of the document is to the fragments."""

    OPEN = auto()
    CLOSE = auto()
    LEAF = auto()
    SPACE = auto()


class Node(NamedTuple):
    """One step through the document: its HTML, and the line it shows in (leaves and space)."""

    part: Part
    html: str
    line: int = 0


@dataclass(slots=True)
class Page:
    """The lines of a mail, and its nodes in the order of the document."""

    lines: list[Line] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    """The lines again, in full length and with their invisible characters."""
    nodes: list[Node] = field(default_factory=list)


def too_large(html: str) -> bool:
    """Whether there are more tags than are looked at."""
    return html.count("<") > _MAX_TAGS


def parse(html: str) -> Any | None:
    """The tree of an HTML text however broken, None if there is nothing in it."""
    if html.count("<") > _MAX_DEPTH:
        html = _flatten(html)
    data = html.replace("\0", "").encode("utf-8", "replace")
    try:
        return etree.fromstring(data, etree.HTMLParser(**_PARSER))
    except etree.XMLSyntaxError:
        return None


def _flatten(html: str) -> str:
    """Without the tags below a depth at which parsers give up and drop what is inside."""
    depth = 0

    def keep(found: re.Match[str]) -> str:
        nonlocal depth
        closing = bool(found.group(1))
        if found.group(2).lower() in _UNNESTED:
            return found.group()
        depth = max(depth + (-1 if closing else 1), 0)
        return found.group() if depth + closing <= _MAX_DEPTH else ""

    return _TAG.sub(keep, html)


def read(root: Any) -> Page:
    """The visible lines of a tree."""
    reader = _Reader()
    stack = [(root, iter(root))]
    reader.enter(root)
    while stack:
        element, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            reader.leave(element)
            reader.text(element.tail)
        elif child.tag in _HIDDEN or not isinstance(child.tag, str):
            reader.text(child.tail)
        else:
            stack.append((child, iter(child)))
            reader.enter(child)
    return reader.finish()


@dataclass(slots=True)
class _Container:
    """An element in which a mail program keeps the attribution, the quotes and what was written between."""

    start: int
    end: int = 0
    quoted: bool = False


@dataclass(slots=True)
class _Level:
    """An open element."""

    mark: Mark
    block: bool
    verbatim: bool
    close: str | None
    """The end tag; None for a leaf."""


class _Reader:
    """Builds the lines: breaks them at blocks, and notes under which marks each one stands."""

    def __init__(self) -> None:
        self._page = Page()
        self._parts: list[str] | None = None
        self._gap = self._start = False
        self._hints: list[Hint] = []
        self._hard = self._soft = self._verbatim = 0
        self._containers: list[_Container] = []
        self._within: list[_Container | None] = []
        self._levels: list[_Level] = []

    def enter(self, element: Any) -> None:
        """Open an element and take its text."""
        tag: str = element.tag
        attributes: dict[str, str] = dict(element.items())  # .attrib refuses odd names
        found = mark(tag, attributes)
        block = tag in _BLOCKS or found is not Mark.NONE
        if block:
            self._break()
            self._gap = self._gap or (tag in _SPACED and not attributes.get("class", "").startswith("Mso"))
        self._push(found)
        leaf = tag in _VOID or (tag in _CELLS and not len(element) and not element.text)
        verbatim = tag in _VERBATIM or _VERBATIM_STYLE.search(attributes.get("style", "")) is not None
        opening, closing = _tags(tag, attributes)
        self._levels.append(_Level(found, block, verbatim, None if leaf else closing))
        self._verbatim += verbatim
        if leaf:
            self._leaf(tag, opening + (closing if tag in _CELLS else ""), attributes)
        else:
            self._page.nodes.append(Node(Part.OPEN, opening))
            if tag in _CELLS:
                self._space()
            self.text(element.text)

    def leave(self, element: Any) -> None:
        """Close an element."""
        level = self._levels.pop()
        if level.block:
            self._break()
        self._gap = self._gap or (level.block and element.tag in _SPACED and self._gap)
        self._pop(level.mark)
        self._verbatim -= level.verbatim
        if level.close is not None:
            self._page.nodes.append(Node(Part.CLOSE, level.close))

    def text(self, text: str | None) -> None:
        """Take a text in the innermost open element."""
        if not text:
            return
        if not self._verbatim:
            self._piece(text)
            return
        for found in _PHYSICAL.finditer(text):
            self._piece(found.group(), whole=True)
            if found.group()[-1] in "\r\n":
                self._break()

    def finish(self) -> Page:
        """The page, when all elements are closed."""
        self._break()
        for line, container in zip(self._page.lines, self._within, strict=True):
            if container is not None:
                line.until = container.end
        take_marks(self._page.lines)
        return self._page

    def _piece(self, text: str, whole: bool = False) -> None:
        if not whole and text.isspace() and "\xa0" not in text:
            self._space()
            self._page.nodes.append(Node(Part.SPACE, text, max(len(self._page.lines) - 1, 0)))
            return
        parts = self._line()
        parts.append(text)
        self._page.nodes.append(Node(Part.LEAF, escape(text, quote=False), len(self._page.lines) - 1))

    def _space(self) -> None:
        if self._parts is not None:
            self._parts.append(" ")

    def _leaf(self, tag: str, html: str, attributes: dict[str, str]) -> None:
        """A break, a drawn line, a picture, an empty cell."""
        if tag in _CELLS:
            self._space()
            at = max(len(self._page.lines) - 1, 0)
        else:
            self._line()
            at = len(self._page.lines) - 1
            line = self._page.lines[at]
            line.rule = line.rule or tag == "hr"
            line.picture = line.picture or (tag == "img" and attributes.get("width") not in {"0", "1"})
        self._page.nodes.append(Node(Part.LEAF, html, at))
        if tag in {"br", "hr"}:
            self._break()

    def _line(self) -> list[str]:
        """The parts of the current line; begins one if none is open."""
        if self._parts is None:
            self._parts = []
            hint = Hint.START if self._start else self._hint()
            line = Line("", depth=self._hard + self._soft, soft=not self._hard and self._soft > 0, hint=hint)
            line.gap, self._gap, self._start = self._gap, False, False
            self._page.lines.append(line)
            self._within.append(self._containers[-1] if self._containers else None)
        return self._parts

    def _hint(self) -> Hint:
        if Hint.HISTORY in self._hints:
            return Hint.HISTORY
        return self._hints[-1] if self._hints else Hint.NONE

    def _break(self) -> None:
        """End the current line."""
        if self._parts is not None:
            shown = " ".join("".join(self._parts).split())
            self._page.lines[-1].text = visible(shown)
            self._page.texts.append(shown)
            self._parts = None

    def _push(self, found: Mark) -> None:
        if found in _HINTS:
            self._hints.append(_HINTS[found])
        elif found is Mark.START:
            self._start = True
        elif found is Mark.CONTAINER:
            self._containers.append(_Container(len(self._page.lines)))
        elif found in {Mark.QUOTE, Mark.SOFT}:
            self._quote(found)

    def _quote(self, found: Mark) -> None:
        container = self._containers[-1] if self._containers else None
        if container is not None and not container.quoted:
            container.quoted = True
            self._attribute(self._page.lines[container.start :])
        self._hard += found is Mark.QUOTE
        self._soft += found is Mark.SOFT

    def _attribute(self, lines: list[Line]) -> None:
        """What stands in a program's container above its first quote is the attribution."""
        filled = [line for line in lines if line.text]
        if len(filled) <= _MAX_ATTRIBUTION and all(line.hint is Hint.NONE for line in filled):
            for line in filled:
                line.hint = Hint.ATTRIBUTION

    def _pop(self, found: Mark) -> None:
        if found in _HINTS:
            self._hints.pop()
        elif found is Mark.CONTAINER:
            self._containers.pop().end = len(self._page.lines)
        elif found is Mark.QUOTE:
            self._hard -= 1
        elif found is Mark.SOFT:
            self._soft -= 1


def _tags(tag: str, attributes: dict[str, str]) -> tuple[str, str]:
    """The start tag and the end tag; names no browser would take for one are left out."""
    if _NAME.match(tag) is None or tag in _FRAME:
        return "", ""
    listed = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items() if _NAME.match(name))
    return f"<{tag}{listed}>", "" if tag in _VOID else f"</{tag}>"
