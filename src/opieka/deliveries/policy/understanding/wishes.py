"""What is said in a text: wishes and refusals clause by clause, with what speaks for and against each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from opieka.deliveries.policy.understanding.clauses import COURTESIES, Clause, clauses
from opieka.deliveries.policy.understanding.days import Days
from opieka.deliveries.policy.understanding.hours import Hours
from opieka.deliveries.policy.understanding.pieces import UNKNOWN, Piece
from opieka.deliveries.policy.understanding.places import LINKS, Finder, Place
from opieka.deliveries.policy.understanding.said import Item, Said

DEEDS = {"LEAVE", "GIVE", "BRING", "MOVE", "SEND", "HOLD", "COLLECT", "CHANGE", "CANCEL"}
KINDS = {
    "NEIGHBOUR": "neighbour", "NEXTDOOR": "neighbour", "PERSON": "neighbour", "SAFE": "safe_place",
    "PORTER": "safe_place", "SAFEANY": "safe_place", "POINT": "pickup_point", "BRAND": "pickup_point",
    "ADDR": "address", "OFFICE": "address", "LOCKER": "pickup_point", "STRANGE": "safe_place", "DEPOT": "pickup_point",
}  # fmt: skip
_AGAINST_ALL = {"CANNOT", "ABSENT", "NO", "TRIP"}
_LEFTOVER = {
    "WEEK", "WEEKN", "MONTHN", "FEAST", "MIDDLE", "FORTNIGHT", "NEXT", "NIGHT", "MIDNIGHT", "HOURN", "GONE", "WEEKSON",
    "DATE", "CLOCK", "OTHER", "START", "END", "C", "DAYAFTER", "REF", "REFAFTER",
}  # fmt: skip
_SUPPORTS = DEEDS | {
    "WANT",
    "SAIDSO",
    "CANYOU",
    "PRESENT",
    "ARRIVE",
    "TAKE",
    "YES",
    "BUT",
    "SO",
    "CORRECT",
    "PLEASE",
}


_ONLY_SENDING = {"QUIT", "SEND", "PLEASE", "THANKS", "ANGRY", "BUT", "NEG"}
_NO_MESSAGES = {
    "CANCEL",
    "NEG",
    "QUIT",
    "FROM",
    "WITH",
    "OLD",
    "ON",
    "MESSAGEN",
    "PLEASE",
    "THANKS",
    "ANGRY",
    "BUT",
    "ORDERN",
}


def listen(pieces: Sequence[Piece], finder: Finder) -> Said:
    """Gather what the clauses say."""
    said = Said()
    heard = [one.meaning for one in pieces if one.meaning not in COURTESIES - {"NO"} | {".", ",", "!"}]
    said.opens_no = heard[:1] in (["NEG"], ["NO"]) or heard[-1:] in (["NEG"], ["NO"])
    for clause in clauses(pieces):
        _hear(clause, said, finder)
    return said


def _hear(clause: Clause, said: Said, finder: Finder) -> None:
    meanings = set(clause.meanings)
    said.marks |= meanings - ({"PASTDEED", "GONE"} if "BECAUSE" in meanings else set())
    said.unknown += sum(one in {UNKNOWN, "LIFE"} for one in clause.meanings)
    if any(one.lstrip("NTH").isdigit() for one in meanings):
        said.marks.add("NUMBER")
    if clause.asked:
        said.marks.add("ASKED")
        return
    said.marks |= set(_notes(clause, finder))
    said.exclaimed = said.exclaimed or clause.exclaimed
    said.past = said.past or "PASTDEED" in meanings
    said.cancelled = said.cancelled or {"HAVE", "CANCEL"} <= meanings
    _conditions(clause, said)
    _loose_ends(clause.told_in_order, meanings, said)
    if _no_messages(meanings):
        said.marks.add("STOPME")
    _open_wish(clause, said)
    if _yes_or_no(clause, said) or _cannot(clause, said):
        return
    _unknown_places(clause, said, finder)
    _Walk(clause, said, finder).walk()


def _notes(clause: Clause, finder: Finder) -> Iterator[str]:
    """What is odd about a clause and may speak against acting on it."""
    meanings = set(clause.meanings)
    strange = meanings & {UNKNOWN, "ANGRY"} and not meanings & {"D", "PARCEL", "ORDERN", "LATER"}
    if "HOLD" in meanings and strange:
        yield "STRANGEHOLD"  # "I hold you responsible"
    if {"BUT", "PASTDEED"} <= meanings:
        yield "BUTPAST"
    things = [one for one in clause.meanings if one in {"D", "T", "OR", *KINDS}]
    if "OR" in things[1:-1]:
        yield "EITHER"  # "with the neighbour or on Friday"
    if meanings & {"IF", "IFOUT", "TITLE"} and any(map(finder.is_name, clause.pieces)):
        yield "NAMED"
    if clause.told_in_order[:1] == ["QUESTION"]:
        yield "ASKS"


def _no_messages(meanings: set[str]) -> bool:
    """ "No more texts", "do not send me messages"."""
    refused = ("NEG" in meanings and meanings & {"SEND", "WANT"}) or (
        meanings & {"NEG", "CANCEL"} and meanings <= _NO_MESSAGES and not {"NEG", "CANCEL"} <= meanings
    )
    no_more = {"QUIT", "SEND"} <= meanings <= _ONLY_SENDING
    return no_more or ("MESSAGEN" in meanings and bool(refused or "QUIT" in meanings))


def _conditions(clause: Clause, said: Said) -> None:
    """Her not being in is no strange condition; "Tuesday or never" is one."""
    meanings = set(clause.meanings)
    if meanings & {"IF", "IFOUT"} and "GRATEFUL" not in said.marks:
        said.conditions += 1
        said.strange_conditions += not meanings & {"ABSENT", "NOANSWER", "IFOUT"}
    said.strange_conditions += sum(
        first == "OR" and second in {"NEG", "NO"} for first, second in pairwise(clause.meanings)
    )


def _loose_ends(told: list[str], meanings: set[str], said: Said) -> None:
    """Words of time that no rule could use: in a clause with a deed they make it doubtful whatever else is said."""
    loose = _LEFTOVER & meanings - ({"REF"} if "HOLD" in meanings else set())
    dated = meanings & {"D", "T"}
    if dated and any(a in {"BEFORE", "AFTER", "UNTIL"} and b in _HAPPENS for a, b in pairwise(told)):
        said.leftover = True  # "before I leave on Friday"
    if (loose or told[-1:] == ["AFTER"]) and not meanings & {"PASTDEED", "BECAUSE", "ABSENT", "TRIP"}:
        said.doubtful = True
        said.leftover = said.leftover or bool(meanings & DEEDS)


_HAPPENS = {"LIFE", UNKNOWN, "ABSENT", "BACK", "PRESENT", "ARRIVE"}


def _open_wish(clause: Clause, said: Said) -> None:
    """ "Come whenever you like": beside a day that is refused it is no refusal alone."""
    meanings = set(clause.meanings)
    but = clause.meanings[0] == "BUT" and clause.told
    if (but or meanings & {"BRING", "EVERYDAY"}) and not meanings & {"D", "T", "NEG", *_AGAINST_ALL}:
        said.marks.add("OPENWISH")


def _cannot(clause: Clause, said: Said) -> bool:
    """ "On Tuesday I am at the doctor's, I can't": a bare "I can't" is of the days said before it."""
    if not {"CANNOT"} <= clause.told <= {"CANNOT", "SO", "BRING"} or any(item.deed for item in said.wanted):
        return False
    _take_back(said)
    return True


def _take_back(said: Said) -> None:
    """What was said so far is not wanted."""
    said.declined += [item for item in said.wanted if not isinstance(item.value, Place)]
    said.refused |= {item.value.kind for item in said.wanted if isinstance(item.value, Place)}
    said.wanted = []


def _yes_or_no(clause: Clause, said: Said) -> bool:
    """Whether the clause only says no; notes also plain agreement."""
    meanings = set(clause.meanings)
    if meanings <= {"NEG", *COURTESIES} and meanings & {"NEG", "NO"}:
        said.plain_no = True
        if "BUT" in meanings and said.wanted:  # "in the shed rather not"
            _take_back(said)
        return True
    said.still_yes = said.still_yes or (
        {"BUT", "YES"} <= meanings and not meanings & {"D", "T", "NEG", *KINDS}
    )
    said.plain_yes = said.plain_yes or (
        "YES" in meanings
        and (clause.told <= {"PRESENT"} or {"PRESENT", "D"} <= clause.told <= {"PRESENT", "D", "ON", "AT"})
    )
    return False


def _unknown_places(clause: Clause, said: Said, finder: Finder) -> None:
    """Something is to be put where no word of ours says what it is."""
    meanings = set(clause.meanings)
    words = None if meanings & {*KINDS, "NEG"} else finder.strange(clause.pieces)
    if words:
        said.wanted.append(Item(Place("safe_place", words), sure=True, past=False, deed=True))
    elif _strange_place(clause.meanings) or _left_somewhere(meanings):
        said.marks.add("STRANGEPLACE")


def _strange_place(meanings: list[str]) -> bool:
    """A clause that is only a preposition and unknown words: a place we do not know."""
    told = [one for one in meanings if one not in {"PLEASE", "THANKS", "BUT"}]
    return 1 < len(told) <= _FEW and told[0] in LINKS and set(told[1:]) == {UNKNOWN}


def _left_somewhere(meanings: set[str]) -> bool:
    """Something is to be left, and where has unknown words."""
    return bool(meanings & {"LEAVE", "GIVE", "SEND"}) and UNKNOWN in meanings and not meanings & set(KINDS)


_FEW = 4


_NO_WISH = {
    "HAVE",
    "NO",
    "ADDRESS",
    "PASTDEED",
    "SUPPOSED",
    "QUESTION",
    "MAYBE",
    "ALREADY",
    "CANNOT",
    "AGAIN",
    "NOANSWER",
}
_DOES = {UNKNOWN, "LIFE", "WANT", "TAKE", "PRESENT", "CANYOU"}
_TOLD_OF = {UNKNOWN, "LIFE", "ANGRY"}


class _Walk:
    """One clause from left to right: a refusal reaches to the next deed of its own, an absence over the whole."""

    def __init__(self, clause: Clause, said: Said, finder: Finder) -> None:
        self.clause, self.said, self.finder = clause, said, finder
        meanings = set(clause.meanings)
        spoken = [one for one in clause.meanings if one not in {"PLEASE", "THANKS", "AND"}]
        self.put_off = len(spoken) > 1 and spoken[-1] in {"NEG", "NO"}  # "in the shed rather not"
        self.against = self.put_off or bool(_AGAINST_ALL & meanings)
        deed = bool(meanings & (_SUPPORTS - {"YES", "BUT", "PLEASE", "SO", "CORRECT"}))
        gone = "GONE" in meanings and not meanings & {"D", "T", "WANT", "PLEASE", "CANYOU", "NEG"}
        self.past = (
            gone
            or (bool(meanings & {"PASTDEED", "GONE"}) and not meanings & (DEEDS | {"CANYOU"}))
            or bool(
                meanings & {"BECAUSE", "SUPPOSED"}
                or ("COURIER" in meanings and meanings & {"SAIDSO", "PASTDEED"})
            )
        )
        self.sure = bool((_SUPPORTS - {"PLEASE"}) & meanings) or not meanings & {UNKNOWN, "LIFE"}
        if "LIFE" in meanings and meanings & _SUPPORTS <= {"BRING", "PRESENT"}:
            self.sure = deed = False  # "guests come on Friday"
        if UNKNOWN in meanings and meanings & _SUPPORTS <= {"PRESENT", "PLEASE"}:
            deed = False  # "I am in Leeds until Sunday"
        self.agreed = "YES" in meanings and not deed
        agreeing = "YES" in said.marks and meanings & _SUPPORTS - {"YES"} == {"PRESENT"}
        if "AFFIRMED" in meanings or agreeing:
            self.agreed, deed = True, False  # "I confirm delivery tomorrow", "yes, I am in on Friday"
        self.deed = deed
        self.strange = not self.sure and "LIFE" not in meanings
        self.final = bool({"SO", "BUT"} & set(clause.meanings[:1])) or "CORRECT" in said.marks
        self.refused = self.fresh = False

    def walk(self) -> None:
        pieces = self.clause.pieces
        for at, piece in enumerate(pieces):
            if piece.meaning == "NEG":
                self.refused = self.fresh = True
            elif piece.meaning in DEEDS:
                self.refused = self.refused and self.fresh
                self.fresh = False
                deeds = self.said.refused if self.refused else self.said.wished
                deeds |= set() if self.past else {piece.meaning}
            elif piece.meaning in {"D", "T"}:
                self._when(piece)
                self._let_go(pieces, at, same={"D", "T"} - {piece.meaning})
            elif piece.meaning == "ADDR" and {"POINT", "BRAND"} & set(self.clause.meanings):
                continue  # where the shop or locker is
            elif piece.meaning in KINDS and not (piece.meaning == "DEPOT" and "HOLD" in self.said.wished):
                self._place(at, KINDS[piece.meaning])
                self._let_go(pieces, at, same=set())

    def _let_go(self, pieces: Sequence[Piece], at: int, same: set[str]) -> None:
        """ "Not Friday Monday": a refusal without a deed is of what follows it, with what is joined to that."""
        following = pieces[at + 1].meaning if at + 1 < len(pieces) else ""
        if self.fresh and self.refused and following not in {"AND", "OR"} | same:
            self.refused = self.fresh = False

    def _item(self, value: Days | Hours | Place) -> Item:
        return Item(value, self.sure, self.past, self.agreed, self.deed, self.final, self.strange)

    def _when(self, piece: Piece) -> None:
        meanings = set(self.clause.meanings)
        value = piece.value
        if meanings & {"ARRIVE", "BACK"} and isinstance(value, Hours) and value.first == value.last:
            value = replace(value, last=None)  # "I get home at 6"
        item = self._item(value)
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
        meanings = set(self.clause.meanings)
        away = (
            kind == "neighbour" and meanings & {"ABSENT", "TRIP"} and not meanings & (DEEDS | {"TAKE", "IF"})
        )
        if self.refused or away or self.put_off or self._is_told_no(at):
            self.said.refused.add(kind)
            return
        self.said.flat_told = self.said.flat_told or "FLATNO" in meanings
        pieces = self.clause.pieces
        linked = any(one.meaning in LINKS for one in pieces[:at])
        words = self._words(at)
        if (
            kind != "address"
            and not meanings & (DEEDS | {"TAKE"})
            and self._describes(at, words, linked=linked)
        ):
            self.said.marks.add("DESCRIBED")
            if kind == "neighbour" and not self.past and not meanings & {"NO", "ABSENT", "PASTDEED", "ANGRY"}:
                self.said.described.append(Place(kind, words))
            return
        if kind == "address" and not self.deed and "LIVES" in meanings:
            self.said.marks.add("DESCRIBED")  # "my daughter lives at"
            return
        self.said.wanted.append(self._item(Place(kind, words)))
        if (
            words
            and pieces[at].meaning == "PERSON"
            and words == self.finder.text[pieces[at].start : pieces[at].end]
        ):
            self.said.marks |= (
                {"UNTOLD"}
                if not self.finder.is_name(replace(pieces[at], meaning=UNKNOWN), first=True)
                else set()
            )
        if any(self._tells(one) and not self._within(one, words) for one in pieces):
            self.said.marks.add("UNTOLD")

    def _tells(self, piece: Piece) -> bool:
        """A number or a name: it would tell which place, or who, if we knew how."""
        return piece.meaning.lstrip("NTH").isdigit() or piece.meaning == "CODE" or self.finder.is_name(piece)

    def _is_told_no(self, at: int) -> bool:
        """ "The neighbour does not want to": it is said of the place that it does not, nothing is to be done there."""
        meanings = self.clause.meanings
        denied = any(first == "NEG" and second in _DOES for first, second in pairwise(meanings[at:]))
        return denied and not (DEEDS | {"CANYOU"}) & set(meanings[:at])

    def _describes(self, at: int, words: str | None, *, linked: bool) -> bool:
        """ "They paint the staircase", "the garage is full": a place, but not where to leave it."""
        pieces = self.clause.pieces
        strange = [one for one in pieces if one.meaning in _TOLD_OF and not self._within(one, words)]
        if not linked and pieces[at].meaning == "SAFE" and at + 1 < len(pieces):
            return True  # "the gate is on Forest Road": a place that is told about opens its clause
        after = [one for one in strange if one.start > pieces[at].start and not self.finder.is_name(one)]
        if_out = {"IF", "IFOUT"} & set(self.clause.meanings)
        told = (_NO_WISH - ({"NOANSWER"} if if_out else set())) & set(self.clause.meanings) or (
            at > 0 and pieces[at - 1].meaning == "ABSENT"
        )
        few = 0 if {"COURIER", "CANYOU"} & set(self.clause.meanings) else 1
        return bool(told) or (len(strange) > few if linked else bool(strange or after))

    def _within(self, piece: Piece, words: str | None) -> bool:
        """Whether a piece is among the words of the place."""
        return words is not None and self.finder.text[piece.start : piece.end] in words

    def _words(self, at: int) -> str | None:
        pieces = self.clause.pieces
        meaning = pieces[at].meaning
        if meaning in {"NEIGHBOUR", "NEXTDOOR", "PERSON"}:
            return self.finder.neighbour(pieces, at)
        if meaning in {"SAFE", "PORTER"}:
            return self.finder.safe(pieces, at)
        if meaning in {"POINT", "BRAND", "LOCKER", "DEPOT"}:
            return self.finder.point(pieces, at)
        return pieces[at].value if meaning == "ADDR" else None
