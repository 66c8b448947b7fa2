"""What is said in a text: wishes and refusals clause by clause, with what speaks for and against each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from opieka.deliveries.policy.understanding.days import Days
from opieka.deliveries.policy.understanding.hours import Hours
from opieka.deliveries.policy.understanding.pieces import UNKNOWN, Piece
from opieka.deliveries.policy.understanding.places import LINKS, Finder, Place

DEEDS = {"LEAVE", "GIVE", "BRING", "MOVE", "SEND", "HOLD", "COLLECT", "CHANGE", "CANCEL"}
KINDS = {
    "NEIGHBOUR": "neighbour", "NEXTDOOR": "neighbour", "PERSON": "neighbour", "SAFE": "safe_place",
    "PORTER": "safe_place", "SAFEANY": "safe_place", "POINT": "pickup_point", "BRAND": "pickup_point",
    "ADDR": "address", "OFFICE": "address", "LOCKER": "pickup_point",
}  # fmt: skip
_AGAINST_ALL = {"CANNOT", "ABSENT", "NO", "TRIP"}
_LEFTOVER = {
    "WEEK", "WEEKN", "MONTHN", "FEAST", "MIDDLE", "FORTNIGHT", "NEXT", "NIGHT", "MIDNIGHT", "HOURN", "GONE", "WEEKSON",
    "DATE", "CLOCK", "OTHER", "START", "END", "C", "DAYAFTER",
}  # fmt: skip
_SUPPORTS = DEEDS | {"WANT", "SAIDSO", "CANYOU", "PRESENT", "YES", "BUT", "PLEASE"}
_SAYS_NOTHING = {"THANKS", "HELLO", "PLEASE", "ANGRY", "YES", "NO", "AND", "BUT", "COURIER", "PARCEL"}
_SILENT_BEFORE_QUESTION = _SAYS_NOTHING | {"SORRY"}


@dataclass(frozen=True)
class Clause:
    """A part of a sentence up to a comma or `but`; `asked`: it asks us something."""

    pieces: tuple[Piece, ...]
    asked: bool
    exclaimed: bool = False

    @property
    def meanings(self) -> list[str]:
        return [one.meaning for one in self.pieces]

    @property
    def told(self) -> set[str]:
        """What it says, without courtesies."""
        return set(self.meanings) - _SAYS_NOTHING


@dataclass(frozen=True)
class Item:
    """A day, hours or place that was said. `sure`: the clause is about the delivery and nothing else; `past`: it tells
    what has been; `agreed`: it says yes to it."""

    value: Days | Hours | Place
    sure: bool
    past: bool
    agreed: bool = False
    deed: bool = False


@dataclass
class Said:
    """Everything a text says, gathered over its clauses. `marks` are the meanings that were met."""

    wanted: list[Item] = field(default_factory=list)
    declined: list[Item] = field(default_factory=list)
    back: list[Item] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    wished: set[str] = field(default_factory=set)
    marks: set[str] = field(default_factory=set)
    unknown: int = 0
    conditions: int = 0
    strange_conditions: int = 0
    plain_yes: bool = False
    plain_no: bool = False
    past: bool = False
    exclaimed: bool = False


def clauses(pieces: Sequence[Piece]) -> Iterator[Clause]:
    """The clauses of a text."""
    sentence: list[Piece] = []
    for piece in [*pieces, Piece(".", 0, 0)]:
        if piece.meaning in {".", "?", "!"}:
            yield from _parts(sentence, piece.meaning)
            sentence = []
        else:
            sentence.append(piece)


def _parts(sentence: list[Piece], mark: str) -> Iterator[Clause]:
    parts: list[list[Piece]] = [[]]
    for piece in sentence:
        if piece.meaning in {",", "-", "/"}:
            parts.append([])
        elif piece.meaning in {"BUT", "SO", "BECAUSE"}:
            parts.append([piece])
        else:
            parts[-1].append(piece)
    parts = [one for one in parts if one]
    begun = False
    meanings = {piece.meaning for piece in sentence}
    marked = mark == "?" and ("CANYOU" not in meanings or "QUESTION" in meanings)
    for number, one in enumerate(parts):
        asked = _asks(one, first=not begun, marked=marked and number == len(parts) - 1)
        yield Clause(
            tuple(one), asked and (mark != "!" or "QASK" in meanings), exclaimed=asked and mark == "!"
        )
        begun = begun or bool({piece.meaning for piece in one} - _SILENT_BEFORE_QUESTION)


def _asks(part: list[Piece], *, first: bool, marked: bool) -> bool:
    """A question mark, a question word that opens the sentence, or a phrase that only asks; but not what asks us to do
    something."""
    meanings = [one.meaning for one in part if one.meaning not in _SILENT_BEFORE_QUESTION]
    if not meanings:
        return False
    if "QASK" in meanings or (first and meanings[0] in {"QUESTION", "QSTART"}):
        return True
    return marked


def listen(pieces: Sequence[Piece], finder: Finder) -> Said:
    """Gather what the clauses say."""
    said = Said()
    for clause in clauses(pieces):
        _hear(clause, said, finder)
    return said


def _hear(clause: Clause, said: Said, finder: Finder) -> None:
    meanings = set(clause.meanings)
    said.marks |= meanings
    said.unknown += sum(one in {UNKNOWN, "LIFE"} for one in clause.meanings)
    if any(one.lstrip("NTH").isdigit() for one in meanings):
        said.marks.add("NUMBER")
    if clause.asked:
        said.marks.add("ASKED")
        return
    said.exclaimed = said.exclaimed or clause.exclaimed
    if "NEG" in meanings and "MESSAGEN" in meanings and meanings & {"SEND", "WANT"}:
        said.marks.add("STOPME")
    if "IF" in meanings and "GRATEFUL" not in said.marks:
        said.conditions += 1
        said.strange_conditions += not meanings & {"ABSENT", "NOANSWER", "CANNOT"}
    if _LEFTOVER & meanings and not meanings & {"PASTDEED", "BECAUSE", "ABSENT", "TRIP"}:
        said.marks.add("LEFTOVER")
    if meanings <= {"NEG", *_SAYS_NOTHING} and meanings & {"NEG", "NO"}:
        said.plain_no = True
        return
    if _strange_place(clause.meanings) or _left_somewhere(meanings):
        said.marks.add("STRANGEPLACE")
    said.plain_yes = said.plain_yes or (clause.told <= {"PRESENT"} and "YES" in meanings)
    said.past = said.past or "PASTDEED" in meanings
    _Walk(clause, said, finder).walk()


def _strange_place(meanings: list[str]) -> bool:
    """A clause that is only a preposition and unknown words: a place we do not know."""
    told = [one for one in meanings if one not in {"PLEASE", "THANKS", "BUT"}]
    return 1 < len(told) <= _FEW and told[0] in LINKS and set(told[1:]) == {UNKNOWN}


def _left_somewhere(meanings: set[str]) -> bool:
    """Something is to be left, and where has unknown words."""
    return bool(meanings & {"LEAVE", "GIVE", "SEND"}) and UNKNOWN in meanings and not meanings & set(KINDS)


_FEW = 4


class _Walk:
    """One clause from left to right: a refusal reaches to the next deed of its own, an absence over the whole."""

    def __init__(self, clause: Clause, said: Said, finder: Finder) -> None:
        self.clause, self.said, self.finder = clause, said, finder
        meanings = set(clause.meanings)
        self.against = bool(_AGAINST_ALL & meanings)
        deed = bool(meanings & (_SUPPORTS - {"YES", "BUT", "PLEASE"}))
        self.past = (bool(meanings & {"PASTDEED", "GONE"}) and not meanings & DEEDS) or "BECAUSE" in meanings
        self.sure = bool(_SUPPORTS & meanings) or not meanings & {UNKNOWN, "LIFE"}
        self.agreed = "YES" in meanings and not deed
        self.deed = deed
        self.refused = self.fresh = False

    def walk(self) -> None:
        pieces = self.clause.pieces
        kinds: set[str] = set()
        for at, piece in enumerate(pieces):
            if piece.meaning == "NEG":
                self.refused = self.fresh = True
            elif piece.meaning in DEEDS:
                self.refused = self.refused and self.fresh
                self.fresh = False
                (self.said.refused if self.refused else self.said.wished).add(piece.meaning)
            elif piece.meaning in {"D", "T"}:
                self._when(piece)
                self._let_go(pieces, at, same={"D", "T"} - {piece.meaning})
            elif piece.meaning in KINDS and KINDS[piece.meaning] not in kinds:
                kinds |= {KINDS[piece.meaning]} if piece.meaning != "SAFEANY" else set()
                self._place(at, KINDS[piece.meaning])
                self._let_go(pieces, at, same=set())

    def _let_go(self, pieces: Sequence[Piece], at: int, same: set[str]) -> None:
        """ "Not Friday Monday": a refusal without a deed is of what follows it, with what is joined to that."""
        following = pieces[at + 1].meaning if at + 1 < len(pieces) else ""
        if self.fresh and self.refused and following not in {"AND", "OR"} | same:
            self.refused = self.fresh = False

    def _item(self, value: Days | Hours | Place) -> Item:
        return Item(value, self.sure, self.past, self.agreed, self.deed)

    def _when(self, piece: Piece) -> None:
        meanings = set(self.clause.meanings)
        item = self._item(piece.value)
        until = isinstance(piece.value, Days) and piece.value.first is None and piece.value.last is not None
        if isinstance(piece.value, Days) and (
            "BACK" in meanings or (until and {"ABSENT", "TRIP"} & meanings)
        ):
            self.said.back.append(item)
        elif self.refused or self.against:
            self.said.declined.append(item)
        else:
            self.said.wanted.append(item)

    def _place(self, at: int, kind: str) -> None:
        if self.refused:
            self.said.refused.add(kind)
            return
        self.said.wanted.append(self._item(Place(kind, self._words(at))))

    def _words(self, at: int) -> str | None:
        pieces = self.clause.pieces
        meaning = pieces[at].meaning
        if meaning in {"NEIGHBOUR", "NEXTDOOR", "PERSON"}:
            return self.finder.neighbour(pieces, at)
        if meaning in {"SAFE", "PORTER"}:
            return self.finder.safe(pieces, at)
        if meaning in {"POINT", "BRAND", "LOCKER"}:
            return self.finder.point(pieces, at)
        return pieces[at].value if meaning == "ADDR" else None
