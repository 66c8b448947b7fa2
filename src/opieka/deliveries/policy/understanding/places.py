"""Where the parcel shall be left, in the customer's own words: `text[start:end]` of the pieces that tell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from opieka.deliveries.policy.understanding.pieces import UNKNOWN, Piece

_NUMBERS = ("N", "HOUSE", "CODE", "DATE", "TH")
LINKS = {"IN", "ON", "AT", "WITH", "SAFEPREP", "BEFORE", "OLD", "FROM", "UNTIL", "TO", "BETWEEN", "TOWHOM"}
_SHOWS_PLACE = {"NEIGHBOUR", "NEXTDOOR", "POINT", "BRAND", "PORTER"}
_ADDRESS = {UNKNOWN, "HOUSE", "CODE", "DATE", "FLAT", "FLOOR", "STREET", ",", "-", "/", "AT", "ON", "MAY"}
_BEFORE_SAFE = {UNKNOWN, "SAFE", "SIDE", *LINKS}
_AFTER_SAFE = {UNKNOWN, "SAFE", "HOME", "PORTER", "FLOOR", "FLATNO", "ORD", "COURIER", "SIDE", *LINKS}
_FEW, _MOST = 3, 4
_LOCKER = re.compile(r"[A-Za-z]{3}\d{2,3}[A-Za-z]{0,3}")


@dataclass(frozen=True, slots=True)
class Place:
    """A kind of place (an intent's name) and its words, None where she gives none."""

    kind: str
    words: str | None


class Finder:
    """Looks for places among the pieces of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        letters = [letter for letter in text if letter.isalpha()]
        self.shouting = sum(map(str.isupper, letters)) * 2 > len(letters)

    def words(self, pieces: Sequence[Piece]) -> str | None:
        """The text of the pieces, spaces and signs at the ends put right."""
        if not pieces:
            return None
        found = " ".join(self.text[pieces[0].start : pieces[-1].end].split()).strip(" .,;:!?-–—")
        return found or None

    def is_name(self, piece: Piece, *, first: bool = False) -> bool:
        """An unknown word with a capital, unless everything has capitals or it begins a sentence (and `first` is not
        expected of it)."""
        if piece.meaning not in {UNKNOWN, "MAY"} or not self.text[piece.start].isupper() or self.shouting:
            return False
        before = self.text[: piece.start].rstrip()
        return first or (bool(before) and before[-1] not in ".!?")

    def addresses(self, pieces: list[Piece]) -> list[Piece]:
        """With the words of an address in one piece. An address is a street or a name with its number."""
        meant = any(one.meaning in {"ADDRESS", "SEND", "OFFICE"} for one in pieces)
        near = {one.meaning for one in pieces} & _SHOWS_PLACE
        if near - {"POINT", "BRAND"} and not any(one.meaning == "ADDRESS" for one in pieces):
            return pieces
        meant = meant and (not near or any(one.meaning == "ADDRESS" for one in pieces))
        for place, piece in enumerate(pieces):
            street = piece.meaning == "STREET" and len(self.text[piece.start : piece.end]) > 1
            goes_to = meant or (
                place > 0 and pieces[place - 1].meaning in {"ON", "UNTIL", "TO"} and self.is_name(piece)
            )
            numbered = (
                self._named(piece, goes_to) and place + 1 < len(pieces) and self._in_digits(pieces[place + 1])
            ) and not any(one.meaning.startswith("MO") for one in pieces[place + 2 : place + 3])
            if (street and self._number_near(pieces, place)) or numbered or (meant and _dated(pieces, place)):
                first, last = self._around(pieces, place)
                whole = Piece(
                    "ADDR", pieces[first].start, pieces[last - 1].end, self.words(pieces[first:last])
                )
                return [*pieces[:first], whole, *pieces[last:]]
        return pieces

    def _in_digits(self, piece: Piece) -> bool:
        """A number written in digits: "second one" is no address."""
        return _is_number(piece) and any(map(str.isdigit, self.text[piece.start : piece.end]))

    def _named(self, piece: Piece, meant: bool) -> bool:
        written = self.text[piece.start : piece.end]
        name = piece.meaning == UNKNOWN or (
            piece.meaning == "SAFE" and written[0].isupper() and not self.shouting
        )
        return meant and name and len(written) > 3

    def _number_near(self, pieces: list[Piece], place: int) -> bool:
        """A number on either side, with nothing but unknown words between."""
        for step in (-1, 1):
            at = place + step
            while 0 <= at < len(pieces) and (
                pieces[at].meaning in {UNKNOWN, "STREET", ".", "MAY"} or _DAY.fullmatch(pieces[at].meaning)
            ):
                at += step
            if 0 <= at < len(pieces) and (_is_number(pieces[at]) or pieces[at].meaning == "FLAT"):
                return True
        return False

    def _around(self, pieces: list[Piece], place: int) -> tuple[int, int]:
        first, last = place, place + 1
        while first > 0 and self._belongs_before(pieces, first - 1):
            first -= 1
        while last < len(pieces) and self._belongs_after(pieces, last):
            last += 1
        while pieces[last - 1].meaning in {",", "-", "/", "AT", "ON", "."}:
            last -= 1
        while pieces[first].meaning in {",", "-", "/", "AT", "ON", "."}:
            first += 1
        return first, last

    def _belongs_before(self, pieces: list[Piece], at: int) -> bool:
        piece = pieces[at]
        if piece.meaning == ",":
            return at > 0 and (_is_number(pieces[at - 1]) or self.is_name(pieces[at - 1]))
        return (
            _is_number(piece)
            or piece.meaning == "FLAT"
            or (_DAY.fullmatch(piece.meaning) is not None and pieces[at + 1].meaning == "STREET")
            or (
                piece.meaning == UNKNOWN
                and (
                    self.text[piece.start].isupper()
                    or (
                        self.is_name(pieces[at + 1], first=True)
                        and (at == 0 or pieces[at - 1].meaning in {",", "."})
                    )
                    or _is_number(pieces[max(0, at - 1)])
                    or (
                        (_is_number(pieces[at + 1]) or pieces[at + 1].meaning == "FLAT")
                        and piece.end - piece.start > _FEW
                    )
                )
            )
        )

    def _belongs_after(self, pieces: list[Piece], at: int) -> bool:
        piece = pieces[at]
        if piece.meaning == ".":
            return pieces[at - 1].meaning in {"STREET", "FLAT"}
        if _DAY.fullmatch(piece.meaning):
            return _in_name(pieces, at)
        strange = piece.meaning == UNKNOWN or piece.mended
        if strange and pieces[at - 1].meaning == ",":
            return self.text[piece.start].isupper()
        return strange or piece.meaning in _ADDRESS or _is_number(piece)

    def people(self, pieces: list[Piece]) -> list[Piece]:
        """With flats, lockers' codes and the people given a parcel marked: "give it to Mrs Novak", "third floor"."""
        done: list[Piece] = []
        given = any(one.meaning in {"GIVE", "TAKE"} for one in pieces)
        neighbours = any(one.meaning == "NEIGHBOUR" for one in pieces)
        for at, piece in enumerate(pieces):
            after = pieces[at + 1].meaning if at + 1 < len(pieces) else ""
            meaning = self._of_people(piece, done, after, given or neighbours, given and not neighbours)
            done.append(replace(piece, meaning=meaning) if meaning else piece)
        return done

    def _of_people(self, piece: Piece, done: list[Piece], after: str, given: bool, alone: bool) -> str | None:
        before, earlier = (*(one.meaning for one in reversed(done[-2:])), "", "")[:2]
        linked = before in LINKS
        if _is_number(piece) and after != "OCLOCK":
            at_door = linked and earlier == "NEIGHBOUR" and self.words(done[-1:]) == "at"
            if at_door:
                return "FLATNO"  # "the neighbours at 15"
            named = linked and bool(earlier) and (earlier == "PERSON" or self.is_name(done[-2], first=True))
            if before in {"FLAT", "FLOOR", "PERSON"} or after in {"FLAT", "FLOOR"} or (named and given):
                return "FLATNO"
        if (
            piece.meaning == "CODE"
            and (linked or before in {"LEAVE", "SEND", "BRING", "BUT"} or (not before and after == "BUT"))
            and self._is_locker(piece)
        ):
            return "LOCKER"
        flat = piece.meaning == "FLAT" or _is_number(piece)
        begins = before in ({"", ".", "!", "GIVE"} if alone else {"GIVE"}) or (linked and earlier == "GIVE")
        person = piece.meaning == "TITLE" or self.is_name(piece)
        handed = (flat and begins) or (person and before != "SAFEPREP" and (linked or before == "GIVE"))
        left = (
            person
            and earlier in {"LEAVE", "NEIGHBOUR"}
            and (before == "WITH" or (before == "TOWHOM" and after in {"SAFEPREP", "NEXTDOOR"}))
        )
        return "PERSON" if (given and handed) or left else None

    def _is_locker(self, piece: Piece) -> bool:
        return _LOCKER.fullmatch(self.text[piece.start : piece.end]) is not None

    def neighbour(self, pieces: Sequence[Piece], at: int) -> str | None:
        """What tells which neighbour: name, flat, floor, side."""
        first = last = at
        while first > 0 and self._of_person(pieces[first - 1]):
            first -= 1
        while last + 1 < len(pieces) and self._of_person(pieces[last + 1]):
            last += 1
        run = list(pieces[first : last + 1])
        telling = [place for place in range(len(run)) if self._tells(run, place)]
        if not telling:
            return None
        begin, end = telling[0], telling[-1]
        if run[end].meaning == "FLAT" and end + 1 < len(run) and run[end + 1].meaning == UNKNOWN:
            end += 1  # "the one in flat B"
        while begin > 0 and run[begin - 1].meaning in LINKS | {"FLAT", "FLOOR"} and _is_flat(run[begin]):
            begin -= 1
        while begin > 0 and run[begin].meaning == "NEXTDOOR" and run[begin - 1].meaning in {UNKNOWN, "HOME"}:
            begin -= 1
            if run[begin - 1].meaning in {UNKNOWN} and begin > 0:
                begin -= 1
            break
        return self.words(run[begin : end + 1])

    def _of_person(self, piece: Piece) -> bool:
        return piece.meaning in {
            UNKNOWN,
            "FLAT",
            "FLOOR",
            "NEIGHBOUR",
            "NEXTDOOR",
            "PERSON",
            "TITLE",
            "MAY",
            "SIDE",
            *LINKS,
        } or _is_number(piece)

    def _tells(self, run: list[Piece], place: int) -> bool:
        piece = run[place]
        first = place + 1 < len(run) and run[place + 1].meaning in {"NEXTDOOR", "NEIGHBOUR", "FLATNO", *LINKS}
        telling = piece.meaning in {"FLAT", "FLOOR", "NEXTDOOR", "TITLE", "PERSON", "SIDE"}
        telling = telling or (piece.meaning == "SAFEPREP" and 0 < place == len(run) - 1)
        if telling or _is_number(piece) or self.is_name(piece, first=first):
            return True
        return piece.meaning == UNKNOWN and place > 0 and run[place - 1].meaning == "TITLE"

    def safe(self, pieces: Sequence[Piece], at: int) -> str | None:
        """All of a safe place with its preposition: "behind the back door"."""
        first, last = at, at
        while first > 0 and (pieces[first - 1].meaning in _BEFORE_SAFE or self._is_box(pieces, first - 1)):
            first -= 1
        while first < at and pieces[first].meaning not in LINKS:
            first += 1
        taken = 0
        while last + 1 < len(pieces) and pieces[last + 1].meaning in _AFTER_SAFE and taken < _MOST:
            last += 1
            taken = 0 if pieces[last].meaning == "SAFE" else taken + 1
        while (
            last > at and pieces[last].meaning in LINKS and " " not in self.text[slice(*_span(pieces[last]))]
        ):
            last -= 1
        return self.words(pieces[self._from_link(pieces, first) : last + 1])

    @staticmethod
    def _from_link(pieces: Sequence[Piece], first: int) -> int:
        """The preposition a place begins with, if no more than two words of its own stand between."""
        for link in range(first - 1, max(first - 4, -1), -1):
            if pieces[link].meaning in LINKS:
                return first if pieces[first].meaning in LINKS else link
            if pieces[link].meaning not in {UNKNOWN, "BACK", "SIDE", "NEXTDOOR", "PARCEL"}:
                break
        return first

    @staticmethod
    def _is_box(pieces: Sequence[Piece], at: int) -> bool:
        """A word for a parcel that is a place here: "in the blue box by the door", not "leave the box by the door"."""
        return pieces[at].meaning == "PARCEL" and at > 0 and pieces[at - 1].meaning in {UNKNOWN, *LINKS}

    def strange(self, pieces: Sequence[Piece]) -> str | None:
        """Where something is to be put, by words nobody told us: "in the coal bunker". Names and numbers are none."""
        puts = next((at for at, one in enumerate(pieces) if one.meaning == "LEAVE"), None)
        links = [
            at
            for at, one in enumerate(pieces)
            if one.meaning in LINKS - {"WITH", "TOWHOM", "FROM", "BEFORE", "OLD"}
        ]
        if puts is None or not links:
            return None
        begin = end = links[0]
        while (
            end + 1 < len(pieces) and pieces[end + 1].meaning == UNKNOWN and not self.is_name(pieces[end + 1])
        ):
            end += 1
        rest = {one.meaning for one in pieces[end + 1 :]} - {"PLEASE", "THANKS", "LEAVE", "D", "T"}
        found = begin < end <= begin + _FEW and not rest and not self.shouting
        return self.words(pieces[begin : end + 1]) if found else None

    def point(self, pieces: Sequence[Piece], at: int) -> str | None:
        """Code, name, street or town of a point; None for a locker anywhere."""
        last = at
        allowed = {UNKNOWN, "STREET", "HOUSE", "BRAND", "MAY", "ADDR", "FLAT", "SAFE", *LINKS}
        while last + 1 < len(pieces) and (
            pieces[last + 1].meaning in allowed or _is_number(pieces[last + 1])
        ):
            last += 1
        run = list(pieces[at : last + 1])
        while run and run[-1].meaning in LINKS | {"FLAT"}:
            run.pop()
        telling = [
            place
            for place, one in enumerate(run)
            if one.meaning in {"CODE", "STREET", "ADDR", "BRAND", "LOCKER"}
            or _is_number(one)
            or self.is_name(one)
            or self._in(run, place)
        ]
        if not telling or (len(telling) == 1 and run[telling[0]].meaning == "BRAND"):
            return None
        begin = telling[0]
        while begin > 0 and run[begin - 1].meaning in LINKS and run[begin].meaning != "CODE":
            begin -= 1
        return self.words(run[begin : telling[-1] + 1])

    def _in(self, run: list[Piece], place: int) -> bool:
        """ "in sopot": what stands after a preposition, however it is written."""
        before = run[place - 1].meaning if place else ""
        return run[place].meaning == UNKNOWN and (
            before in LINKS or (before == UNKNOWN and self._in(run, place - 1))
        )


_DAY = re.compile(r"MO\d+|WD\d")


def _in_name(pieces: Sequence[Piece], at: int) -> bool:
    """A month or weekday a street is called after: "ul. 3 Maja 12", "Friday Street"."""
    before = [one.meaning for one in pieces[max(0, at - 3) : at] if one.meaning != "."]
    called = before[-1:] == ["STREET"] or (
        len(before) > 1 and before[-2] == "STREET" and _is_number(pieces[at - 1])
    )
    return called or _dated(pieces, at - 1)


def _dated(pieces: Sequence[Piece], at: int) -> bool:
    """ "To 28 October 15": a day of a month with a number behind it is a street and its house."""
    row = pieces[max(0, at - 1) : at + 3]
    return (
        len(row) == 4
        and row[0].meaning in {"ON", "TO", "AT", "UNTIL"}
        and _is_number(row[1])
        and row[2].meaning.startswith("MO")
        and _is_number(row[3])
    )


def _span(piece: Piece) -> tuple[int, int]:
    return piece.start, piece.end


def _is_flat(piece: Piece) -> bool:
    return _is_number(piece) or piece.meaning in {"FLAT", "FLOOR"}


def _is_number(piece: Piece) -> bool:
    return (
        piece.meaning in _NUMBERS
        or piece.meaning.lstrip("NTH").isdigit()
        or piece.meaning in {"FLATNO", "ORD"}
    )
