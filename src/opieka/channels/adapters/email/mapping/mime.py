"""The part tree of a mail, cut from its raw bytes: nothing is rewritten, every part keeps its bytes.

Not `email.parser`: it does not keep the bytes of nested messages, does not open a multipart that is encoded
as a whole, and takes seconds for large or deeply nested mails.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from opieka.channels.adapters.email.mapping import encodings, headers, parameters
from opieka.channels.adapters.email.mapping.headers import Headers

MAX_DEPTH = 40
MAX_PARTS = 1000
MAX_MARKS = 300_000
_MARK = re.compile(rb"--([^\r\n]*)")
_CONTENT_FIELD = re.compile(
    rb"[\r\n]*content-(?:type|transfer-encoding|disposition|id)[ \t]*:", re.IGNORECASE
)
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")
_BARE_TYPES = {
    "text": "text/plain",
    "html": "text/html",
    "plain": "text/plain",
    "multipart": "multipart/mixed",
}


@dataclass(slots=True)
class Part:
    """One node. `body` is still transfer-encoded and only set on leaves."""

    headers: Headers
    content_type: str
    params: dict[str, str]
    disposition: str
    disposition_params: dict[str, str]
    body: bytes = b""
    parts: list[Part] = field(default_factory=list)
    multipart: bool = False

    @property
    def encoding(self) -> str:
        return self.headers.first("content-transfer-encoding")

    @property
    def name(self) -> str | None:
        """The file name, from either field that may carry it."""
        found = self.disposition_params.get("filename") or self.params.get("name")
        found = found or self.disposition_params.get("name") or self.params.get("filename")
        return " ".join(found.replace("\x00", "").split()) or None if found else None

    @property
    def content_id(self) -> str | None:
        return self.headers.text("content-id").strip("<> ") or None


@dataclass(slots=True)
class Tree:
    root: Part
    defects: list[str]


def tree(raw: bytes) -> Tree:
    """The tree of a whole mail."""
    scanner = _Scanner(raw)
    root = scanner.part("text/plain")
    return Tree(root, scanner.defects)


def whole(raw: bytes) -> Part:
    """All of it as one part of unknown kind."""
    return Part(Headers(), "application/octet-stream", {}, "", {}, raw)


class _Scanner:
    """One walk over the lines that begin with two hyphens; the innermost open boundary they name wins."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.defects: list[str] = []
        self.position = 0
        self.marks: list[tuple[int, int]] = []
        self.where: dict[bytes, list[int]] = {}
        for found in _MARK.finditer(raw):
            begin = found.start()
            if len(self.marks) >= MAX_MARKS:
                self.defects.append("too-many-marks")
                break
            if begin == 0 or raw[begin - 1] in b"\r\n":
                self.where.setdefault(found[1].rstrip(), []).append(len(self.marks))
                self.marks.append((begin, found.end()))
        self.mark = 0
        self.open: list[bytes] = []
        self.count = 0

    def part(self, default_type: str) -> Part:
        """The part that begins at the current position. The mark that ends it is left to its opener."""
        self.count += 1
        fields, body = headers.read(self.raw, self.position, len(self.raw))
        if fields.broken:
            self.defects.append("header")
        part = _described(fields, default_type)
        self.position = body
        while self.mark < len(self.marks) and self.marks[self.mark][0] < body:
            self.mark += 1
        if self._may_have_children(part) and len(self.open) < MAX_DEPTH:
            boundary = self._boundary(part)
            if boundary is not None:
                part.multipart = True
                self._children(part, boundary)
                return part
        self._leaf(part)
        return part

    def _may_have_children(self, part: Part) -> bool:
        """A multipart; or a mail that lost its Content-Type and begins with what looks like a boundary."""
        if part.content_type.startswith("multipart/"):
            return True
        if "content-type" in part.headers or self.open or self.mark == len(self.marks):
            return False
        return not self.raw[self.position : self.marks[self.mark][0]].strip()

    def _boundary(self, part: Part) -> bytes | None:
        """The declared boundary if a line names it, else the first line that is plainly meant as one."""
        stop = self._next()
        last = stop[0] if stop else len(self.marks)
        declared = part.params.get("boundary", "").rstrip().encode("utf-8", "surrogateescape")
        if declared and self._occurs(declared, last):
            return declared
        for index in range(self.mark, min(last, self.mark + 50)):
            begin, end = self.marks[index]
            if _CONTENT_FIELD.match(self.raw, end, end + 200):
                self.defects.append("boundary")
                return self.raw[begin + 2 : end].rstrip()
        return None

    def _occurs(self, boundary: bytes, last: int) -> bool:
        indexes = self.where.get(boundary, [])
        at = bisect_left(indexes, self.mark)
        return at < len(indexes) and indexes[at] <= last

    def _next(self) -> tuple[int, int, bool] | None:
        """The next mark that names an open boundary: its index, the level, whether it closes."""
        best: tuple[int, int, bool] | None = None
        for level in range(len(self.open) - 1, -1, -1):
            for text, closing in ((self.open[level], False), (self.open[level] + b"--", True)):
                indexes = self.where.get(text, [])
                at = bisect_left(indexes, self.mark)
                if at < len(indexes) and (best is None or indexes[at] < best[0]):
                    best = (indexes[at], level, closing)
        return best

    def _children(self, part: Part, boundary: bytes) -> None:
        level = len(self.open)
        self.open.append(boundary)
        default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        closed = False
        while (found := self._next()) and found[1] == level:
            self.mark = found[0] + 1
            closed = found[2]
            if closed:
                continue
            self.position = _after_newline(self.raw, self.marks[found[0]][1])
            if self.count >= MAX_PARTS:
                part.parts.append(self._rest())
                break
            child = self.part(default)
            if child.headers or child.body.strip() or child.parts:
                part.parts.append(child)
        self.open.pop()
        if not closed and found is None:
            self.defects.append("unterminated")

    def _rest(self) -> Part:
        """Everything up to the end of an overfull mail as one part: no byte is lost."""
        self.defects.append("too-many-parts")
        self.mark = len(self.marks)
        return whole(self.raw[self.position :])

    def _leaf(self, part: Part) -> None:
        found = self._next()
        end = len(self.raw)
        if found is not None:
            self.mark = found[0]
            end = _before_newline(self.raw, self.marks[found[0]][0], self.position)
        part.body = self.raw[self.position : end]
        if part.content_type.startswith("multipart/"):
            self._without_parts(part)

    def _without_parts(self, part: Part) -> None:
        """A multipart without a boundary: perhaps encoded as a whole, else its text is all there is."""
        self.defects.append("no-parts")
        decoded = encodings.decode(part.body, part.encoding).data
        if decoded != part.body and len(self.open) < MAX_DEPTH:
            inner = _Scanner(decoded)
            boundary = inner._boundary(part)
            if boundary is not None:
                part.body, part.multipart = b"", True
                inner._children(part, boundary)
                return
        part.content_type = "text/plain"


def _described(fields: Headers, default_type: str) -> Part:
    content_type, params = _content_type(fields, default_type)
    disposition = ""
    disposition_params: dict[str, str] = {}
    for value in fields.raw("content-disposition"):
        token, found = parameters.split(value)
        disposition = disposition or token
        disposition_params = found | disposition_params
    if "/" not in content_type:
        has_name = disposition == "attachment" or "name" in params or "filename" in disposition_params
        content_type = "application/octet-stream" if has_name else "text/plain"
    return Part(fields, content_type, params, disposition, disposition_params)


def _content_type(fields: Headers, default_type: str) -> tuple[str, dict[str, str]]:
    """Of several fields a multipart one wins, else the last."""
    chosen: tuple[str, dict[str, str]] = (default_type, {})
    for value in fields.raw("content-type"):
        token, params = parameters.split(value)
        token = _BARE_TYPES.get(token, token)
        if not chosen[0].startswith("multipart/"):
            chosen = (token if _TYPE.fullmatch(token) else token.replace("/", " "), params)
    return chosen


def _before_newline(raw: bytes, at: int, start: int) -> int:
    """The newline before a boundary belongs to the boundary."""
    if at > start and raw[at - 1 : at] == b"\n":
        at -= 1
    if at > start and raw[at - 1 : at] == b"\r":
        at -= 1
    return at


def _after_newline(raw: bytes, at: int) -> int:
    while raw[at : at + 1] == b"\r":
        at += 1
    return at + 1 if raw[at : at + 1] == b"\n" else at
