"""Parting a page into two fragments, each balanced, which together hold every leaf once."""

from __future__ import annotations

from opieka.channels.adapters.email.mapping.folding.page import Node, Page, Part
from opieka.channels.adapters.email.mapping.folding.types import Kind


class _Fragment:
    """Writes leaves, opening the elements around them only when the first leaf comes."""

    def __init__(self) -> None:
        self.html: list[str] = []
        self._around: list[str] = []
        self._opened = 0

    def enter(self, tag: str) -> None:
        self._around.append(tag)

    def leave(self, tag: str) -> None:
        self._around.pop()
        if self._opened > len(self._around):
            self._opened = len(self._around)
            self.html.append(tag)

    def leaf(self, html: str) -> None:
        self.html += self._around[self._opened :]
        self._opened = len(self._around)
        self.html.append(html)

    def space(self, html: str) -> None:
        if self.html and self._opened == len(self._around):
            self.html.append(html)


def part(nodes: list[Node], kinds: list[Kind]) -> tuple[str, str]:
    """The HTML of what is new, and of all else."""
    new, folded = _Fragment(), _Fragment()
    for node in nodes:
        if node.part is Part.OPEN:
            new.enter(node.html)
            folded.enter(node.html)
        elif node.part is Part.CLOSE:
            new.leave(node.html)
            folded.leave(node.html)
        else:
            fragment = new if not kinds or kinds[node.line] is Kind.NEW else folded
            write = fragment.leaf if node.part is Part.LEAF else fragment.space
            write(node.html)
    return "".join(new.html).strip(), "".join(folded.html).strip()


def text(page: Page, kinds: list[Kind], new: bool) -> str:
    """The lines of what is new, or of all else, as plain text with space between paragraphs."""
    shown: list[str] = []
    for line, full, kind in zip(page.lines, page.texts, kinds, strict=True):
        if (kind is Kind.NEW) is new:
            if line.gap and shown and shown[-1]:
                shown.append("")
            shown.append(full)
    return "\n".join(shown).strip()
