"""Address fields: RFC 5322, RFC 6532, and what people and programs put there instead."""

from __future__ import annotations

import re

from opieka.channels.adapters.email.mapping.headers import words
from opieka.channels.types import Address

_PLAIN = re.compile(
    r"\s*(?:\"([^\"\\]*)\"|([^\"<>,;:()@\\=]*?))\s*<\s*([^<>\s,;:()\"\\@]+@[^<>\s,;:()\"\\@]+)\s*>\s*"
)
_BARE = re.compile(r"\s*([^<>\s,;:()\"\\@]+@[^<>\s,;:()\"\\@]+)\s*")
_TOKEN = re.compile(
    r'"(?:[^"\\]|\\.)*"(?:@[^\s,;:()"<>]+)?|<[^<>]*>|[,;:()]|\s+|[^\s,;:()"<>]+|["<>]', re.DOTALL
)
_ENCODED = re.compile(r"(?:=\?[^?\s]{1,60}\?[bBqQ]\?.*?\?=(?:[ \t]*(?==\?))?)+", re.DOTALL)
_EMAIL = re.compile(r"[^\s<>\"(),;:]{1,256}@[^\s<>\"(),;:]+")
_SPACED = re.compile(r"[^\s@]{1,256}\s{0,20}@\s*[^\s@]+(?:\s+\.\s*[\w-]+)*")
_COMMENT = re.compile(r"\([^()]*\)")
_UNESCAPE = re.compile(r"\\(.)", re.DOTALL)
_LIMIT = 400_000


def parse(value: str) -> tuple[Address, ...]:
    """Every mailbox of an unfolded field, encoded words still in it; groups are dissolved."""
    if "=?" not in value:
        if found := _PLAIN.fullmatch(value):
            return (Address(_unquoted(found[1] or found[2] or ""), found[3]),)
        if found := _BARE.fullmatch(value):
            return (Address("", found[1]),)
    return tuple(_Reader().read(_protected(value[:_LIMIT])))


def _protected(value: str) -> str:
    """Encoded words decoded into quoted strings, so that what is inside cannot be taken for syntax."""
    if "=?" not in value:
        return value
    out: list[str] = []
    at, quoted = 0, False
    for found in _ENCODED.finditer(value):
        between = value[at : found.start()]
        quoted ^= (between.count('"') - between.count('\\"')) % 2 == 1
        decoded = words(found[0]).replace("\\", "\\\\").replace('"', '\\"')
        out.extend((between, decoded if quoted else f' "{decoded}" '))
        at = found.end()
    return "".join([*out, value[at:]])


class _Reader:
    def __init__(self) -> None:
        self.found: list[Address] = []
        self.words: list[str] = []
        self.comment: list[str] = []
        self.angle: str | None = None
        self.depth = 0

    def read(self, value: str) -> list[Address]:
        for piece in _TOKEN.findall(value):
            if self.depth:
                self._comment(piece)
            else:
                self._token(piece)
        self._end()
        if name := _unquoted(self._text()):
            self.found.append(Address(name, ""))
        return self.found

    def _comment(self, piece: str) -> None:
        self.depth += {"(": 1, ")": -1}.get(piece, 0)
        if self.depth:
            self.comment.append(piece)

    def _token(self, piece: str) -> None:
        if piece == "(":
            self.depth = 1
        elif piece in {",", ";"}:
            self._end()
        elif piece == ":":
            self.words.clear()  # it was the name of a group
        elif piece[0] == "<" and len(piece) > 1:
            self.angle = self.angle or _route_free(piece[1:-1])
        elif piece[0] == '"' and piece[-1] != '"':
            self.angle = self.angle or piece  # a quoted local part
        elif piece[0] == '"' and len(piece) > 1:
            self.words.append(_UNESCAPE.sub(r"\1", piece[1:-1]))
        elif piece not in {"<", ">", '"', ")"}:
            self.words.append(piece if piece.strip() else " ")

    def _text(self) -> str:
        return " ".join("".join(self.words).split())

    def _end(self) -> None:
        """One mailbox is complete; a name alone is kept for the next one, as in `Kowalska, Anna <a@b>`."""
        text = self._text()
        if "@" in text:
            text = _SPACED.sub(_closed_up, text)
        if self.angle is None and "@" in text and (found := _EMAIL.search(text)):
            self.angle = found[0]
            text = (text[: found.start()] + " " + text[found.end() :]).strip(" '\"<>")
        if self.angle is None:
            if text:
                self.words = [text, ", "]
            self._end_comment()
            return
        name = " ".join(text.split()) or " ".join("".join(self.comment).split())
        self.found.append(Address(_unquoted(name), self.angle))
        self.words.clear()
        self.angle = None
        self._end_comment()

    def _end_comment(self) -> None:
        self.comment.clear()
        self.depth = 0


def _unquoted(name: str) -> str:
    bare = name.strip().strip(",").strip()
    if len(bare) > 1 and bare[0] == bare[-1] == "'":
        return bare[1:-1].strip()
    return bare


def _closed_up(found: re.Match[str]) -> str:
    return "".join(found[0].split())


def _route_free(inside: str) -> str | None:
    """The address between angle brackets without comments, a source route, `mailto:` and blanks."""
    address = "".join(_COMMENT.sub("", inside).split())
    if address.startswith("@") or address[:7].lower() == "mailto:":
        address = address.rpartition(":")[2]
    return address if address and address[-1] != ";" else None
