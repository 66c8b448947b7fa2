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
_PHONE = re.compile(r"(?<![\d.])(?!\d{4}-\d\d-)\+?\(?\d[\d ()-]{7,}\d")
_WEB = re.compile(r"(?:https?://|www\.)\w")
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
    looked = range(max(start, stop - _MAX_LINES), stop)
    cut = next((at for at in looked if _delimiter(lines, at, stop) or _legal(lines, at, start)), None)
    if cut is None:
        cards = (_visiting_card(lines, at, start, stop) for at in looked)
        cut = next((card for card in cards if card is not None), stop)
    kinds[cut:stop] = [Kind.SIGNATURE] * (stop - cut)
    for at in range(looked.start, cut):
        if _sent_from(lines, at, start, stop) or (_is_notice(lines, at) and at == next_filled(lines, start)):
            kinds[at] = Kind.SIGNATURE
    _mark_dash_name(lines, kinds, start, cut)


def _delimiter(lines: list[Line], at: int, stop: int) -> bool:
    """Whether a line such as "-- " sets off everything below it in the run."""
    line = lines[at]
    if line.blank or at == 0:
        return False
    if _DASHES.match(line.text):
        return _fits(lines, at + 1, stop, most=20, width=160)
    if not is_rule(line) or line.text[:1] in "*=~":
        return False
    small = line.text.startswith("-") and _fits(lines, at + 1, stop, most=3, width=40)
    linked = any(_ADDRESS.search(below.text) for below in lines[at + 1 : stop])
    return small or (linked and _fits(lines, at + 1, stop, most=14, width=_SHORT))


def _legal(lines: list[Line], at: int, start: int) -> bool:
    """Whether a legal notice, below something else, runs from here to the end."""
    return _is_notice(lines, at) and next_filled(lines, start) < at


def _fits(lines: list[Line], start: int, stop: int, most: int, width: int) -> bool:
    filled = [line.text for line in lines[start:stop] if line.text]
    return 0 < len(filled) <= most and all(len(text) <= width or _notice(text) for text in filled)


def _visiting_card(lines: list[Line], at: int, start: int, stop: int) -> int | None:
    """Where the visiting card begins that fills the last paragraphs from `at`: a web address and one more contact.

    A closing and the name below it are left to the customer.
    """
    if lines[at].blank or not fresh(lines, at) or next_filled(lines, start) >= at:
        return None
    above = next((line.text for line in reversed(lines[start:at]) if line.text), "")
    if above.endswith(":"):
        return None
    begin = _below_closing(lines, at, stop)
    card = [line.text for line in lines[begin:stop] if line.text]
    if not 2 <= len(card) <= 10 or any(_is_sentence(text) for text in card):
        return None
    contacts = sum(1 for text in card if _ADDRESS.search(text) or _PHONE.search(text))
    opens = begin > at or _is_name(card[0])
    return begin if opens and contacts >= 2 and any(_WEB.search(text) for text in card) else None


def _below_closing(lines: list[Line], at: int, stop: int) -> int:
    if not key(lines[at].text).startswith(words.CLOSINGS) or len(lines[at].text) > 60:
        return at
    name = next_filled(lines, at + 1)
    return next_filled(lines, name + 1) if name < stop and _is_name(lines[name].text) else name


def _is_name(text: str) -> bool:
    return len(text.split()) <= 5 and not re.search(r"[\d@:/]", text)


def _is_sentence(text: str) -> bool:
    return len(text) > 60 or (_SENTENCE.search(text) is not None and len(text.split()) > 5)


def _is_notice(lines: list[Line], at: int) -> bool:
    return len(lines[at].text) >= 40 and fresh(lines, at) and _notice(lines[at].text)


def _notice(text: str) -> bool:
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
