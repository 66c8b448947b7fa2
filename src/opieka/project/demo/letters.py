"""One mail as a value, and its bodies as the author's mail program writes them, history and all."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from datetime import datetime
from html import escape

from opieka.project.demo import moments
from opieka.project.demo.content import Attachment, Sender
from opieka.project.demo.programs import Program

_QUOTE_COLUMN = 76
_LABEL = re.compile(r"(?m)^(\w+:)")


@dataclass(frozen=True)
class Letter:
    """`id` with angle brackets; `answers` is the mail this one replies to."""

    id: str
    text: str
    at: datetime
    author: Sender
    reader: Sender
    subject: str
    program: Program
    language: str
    answers: Letter | None = None
    attachments: tuple[Attachment, ...] = ()

    @property
    def ancestors(self) -> tuple[str, ...]:
        """The ids for References, the oldest first."""
        return (*self.answers.ancestors, self.answers.id) if self.answers else ()

    @property
    def new(self) -> str:
        """What the author wrote, with what the program signs below it."""
        signature = self.program.signature.get(self.language)
        return f"{self.text}\n\n{signature}" if signature else self.text


def plain(letter: Letter) -> str:
    """The plain text, ending in a line end."""
    text = _wrapped(letter.new, letter.program.wrap, flowed=letter.program.flowed)
    if not (quoted := _quoted(letter)):
        return text + "\n"
    history = _wrapped(plain(quoted).rstrip(), _QUOTE_COLUMN if letter.program.wrap else 0)
    marked = "\n".join((letter.program.mark + line).rstrip() for line in history.splitlines())
    gap = "\n" if letter.program.mark else "\n\n"
    return f"{text}\n\n{_attribution(letter, quoted)}{gap}{marked}\n"


def page(letter: Letter) -> str:
    """The HTML document."""
    return letter.program.html.page.format(new=_lines(letter), quote=_quote(letter))


def _quoted(letter: Letter) -> Letter | None:
    return letter.answers if letter.program.attribution else None


def _attribution(letter: Letter, quoted: Letter) -> str:
    pattern, template = letter.program.attribution[letter.language]
    when = moments.pattern(quoted.at, pattern, letter.language)
    return template.format(
        who=quoted.author.name or quoted.author.email,
        address=quoted.author.email,
        when=when,
        When=when[:1].upper() + when[1:],
        to=quoted.reader.email,
        subject=quoted.subject,
    )


def _wrapped(text: str, column: int, *, flowed: bool = False) -> str:
    if not column:
        return text
    end = " \n" if flowed else "\n"
    broken = (
        textwrap.wrap(line, column, break_long_words=False, break_on_hyphens=False)
        for line in text.split("\n")
    )
    return "\n".join(end.join(lines) for lines in broken)


def _lines(letter: Letter) -> str:
    html = letter.program.html
    lines = letter.new.split("\n")
    return "".join(html.line.format(line=escape(line, quote=False)) if line else html.blank for line in lines)


def _quote(letter: Letter) -> str:
    if not (quoted := _quoted(letter)):
        return ""
    above = escape(_attribution(letter, quoted), quote=False)
    if not letter.program.mark:
        above = _LABEL.sub(r"<b>\1</b>", above).replace("\n", "<br>")
    return letter.program.html.quote.format(attribution=above, quoted=_lines(quoted) + _quote(quoted))
