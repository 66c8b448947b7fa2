"""Signatures: what a mail program, an employer or a virus scanner adds below the words of the customer.

A polite closing ("Pozdrawiam, Anna") is the customer's own and stays; so does a single telephone number.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from opieka.channels.adapters.email.mapping.folding import words
from opieka.channels.adapters.email.mapping.folding.lines import Line, fresh, is_rule, key, next_filled
from opieka.channels.adapters.email.mapping.folding.types import Kind

_MAX_LINES: Final = 80
_SHORT: Final = 80

_DASHES = re.compile(r"(?:--|—|–|――)\Z")
_DASH_NAME = re.compile(r"[-–—]{1,2}\s?[^\W\d_][\w.'’]*(?: [^\W\d_][\w.'’-]*){0,2}\Z")
_URL = re.compile(r"https?://\S+|www\.\S+|<\S+>|\(\S+\)|\[\S+\]")
_WORD = re.compile(r"[^\W\d_][\w'’.&@-]*")
_PHONE = re.compile(r"(?:\+|\(?\d)[\d \t().\-/]{7,}\d")
_ADDRESS = re.compile(r"\S@\w|(?:https?://|www\.)\w")
_SENTENCE = re.compile(r"[.!?]\Z")


def mark(lines: list[Line], kinds: list[Kind], end: int) -> None:
    """Mark the signatures in every run of new lines before `end` (the start of forwarded content)."""
    stop = end
    while stop > 0:
        if kinds[stop - 1] is not Kind.NEW:
            stop -= 1
            continue
        start = stop
        while start > 0 and kinds[start - 1] is Kind.NEW:
            start -= 1
        _mark_run(lines, kinds, start, stop)
        stop = start


def _mark_run(lines: list[Line], kinds: list[Kind], start: int, stop: int) -> None:
    for at in range(max(start, stop - _MAX_LINES), stop):
        if lines[at].blank:
            continue
        if at > 0 and _begins(lines, at, start, stop):
            kinds[at:stop] = [Kind.SIGNATURE] * (stop - at)
            stop = at
            break
        if _sent_from(lines, at, start, stop):
            kinds[at] = Kind.SIGNATURE
    _mark_dash_name(lines, kinds, start, stop)


def _begins(lines: list[Line], at: int, start: int, stop: int) -> bool:
    """Whether everything from this line to the end of the run is signature."""
    line = lines[at]
    if _DASHES.match(line.text):
        return _fits(lines, at + 1, stop, most=20, width=160)
    if is_rule(line):
        return (_fits(lines, at + 1, stop, most=14, width=_SHORT) and _contacts(lines, at + 1, stop) > 0) or (
            line.text.startswith("--") and _fits(lines, at + 1, stop, most=3, width=40)
        )
    return fresh(lines, at) and (_notice(line) or _visiting_card(lines, at, start, stop))


def _fits(lines: list[Line], start: int, stop: int, most: int, width: int) -> bool:
    filled = [line.text for line in lines[start:stop] if line.text]
    return 0 < len(filled) <= most and all(len(text) <= width or _notice_text(text) for text in filled)


def _contacts(lines: list[Line], start: int, stop: int) -> int:
    return sum(1 for line in lines[start:stop] if _ADDRESS.search(line.text) or _PHONE.search(line.text))


def _visiting_card(lines: list[Line], at: int, start: int, stop: int) -> bool:
    """The last paragraph: a name and at least two ways to reach it, no sentence among them."""
    card = [line.text for line in lines[at:stop] if line.text]
    if not 3 <= len(card) <= 10 or next_filled(lines, start) >= at:
        return False
    if any(len(text) > 60 or (_SENTENCE.search(text) and len(text.split()) > 5) for text in card):
        return False
    named = not _ADDRESS.search(card[0]) and not _PHONE.search(card[0]) and not card[0].endswith(":")
    addresses = sum(1 for text in card if _ADDRESS.search(text))
    return named and addresses >= 1 and _contacts(lines, at, stop) >= 2


def _notice(line: Line) -> bool:
    return len(line.text) >= 40 and _notice_text(line.text)


def _notice_text(text: str) -> bool:
    text = key(text[:600])
    return any(
        any(stem in text for stem in first) and any(stem in text for stem in second)
        for first, second in words.NOTICES
    )


def _sent_from(lines: list[Line], at: int, start: int, stop: int) -> bool:
    """Whether the line is what a phone or a mail program adds of itself."""
    text = lines[at].text
    if len(text) > 160:
        return False
    plain = key(_URL.sub(" ", text)).strip(" *_-–—.!|<>[]()")
    if not plain.startswith(words.SENT_FROM) and not plain.endswith(words.SENT_FROM_END):
        return False
    found = _WORD.findall(plain)
    if len(found) > 12 or ", " in plain:
        return False
    if _names_device(found):
        return True
    alone = fresh(lines, at) and next_filled(lines, at + 1) >= stop
    return alone and at > start and len(found) <= 7


def _names_device(found: list[str]) -> bool:
    return any(word.startswith(words.DEVICE_STEMS) or word in words.DEVICES for word in found[1:] + found[:1])


def _mark_dash_name(lines: list[Line], kinds: list[Kind], start: int, stop: int) -> None:
    """ "-Anna" as the last line, or above a few lines of addresses; never the last of a list."""
    filled = [at for at in range(max(start, stop - 12), stop) if lines[at].text and kinds[at] is Kind.NEW]
    for above, at in reversed(list(pairwise(filled))[-4:]):
        if _DASH_NAME.match(lines[at].text):
            if not lines[above].text.startswith(("-", "–", "—", "*", "•")):
                kinds[at:stop] = [Kind.SIGNATURE] * (stop - at)
            return
        if not _ADDRESS.search(lines[at].text):
            return
