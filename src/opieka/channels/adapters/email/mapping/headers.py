"""Header blocks: where they end, their fields, and the words inside (RFC 2047, raw bytes in any charset)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from opieka.channels.adapters.email.mapping import charsets, encodings

_LONGEST_VALUE = 256_000
_MOST_VALUES = 200
_MOST_LINES = 30_000
_END = re.compile(rb"\n\r*\n")
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*(.*)", re.DOTALL)
_ENVELOPE = re.compile(rb">?From [^\r\n]*\r*\n")
_FOLD = re.compile(r"[ \t]*[\r\n]+[ \t]*|[\r\n]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")
_KNOWN = re.compile(
    rb"(?:received|return-path|from|to|cc|bcc|subject|date|message-id|mime-version|content-[a-z-]+|reply-to|sender"
    rb"|in-reply-to|references|delivered-to|envelope-to|x-[a-z0-9-]+|list-[a-z-]+|precedence|priority|importance"
    rb"|auto-submitted|dkim-signature|domainkey-signature|authentication-results|arc-[a-z-]+|resent-[a-z-]+|thread-[a-z]+"
    rb"|user-agent|organization|errors-to|status|lines|received-spf|disposition-notification-to|return-receipt-to"
    rb"|original-recipient|final-recipient|reporting-mta|action|newsgroups|comments|keywords|apparently-to)"
    rb"[ \t]*:",
    re.IGNORECASE,
)
_WORD = re.compile(r"=\?\s*([^?\s]{1,60}?)\s*\?\s*([bBqQ])\s*\?(.*?)(?:\?=|\?\s*$|$)", re.DOTALL)
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]*(?==\?[^?\s]{1,60}\?[bBqQ]\?)")


class Headers:
    """The fields of one header block by lower-case name, in order of appearance; values are raw bytes."""

    __slots__ = ("_fields", "broken")

    def __init__(self) -> None:
        self._fields: dict[str, list[bytes]] = {}
        self.broken = False

    def __bool__(self) -> bool:
        return bool(self._fields)

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def add(self, name: bytes, value: bytes) -> None:
        self._fields.setdefault(name.decode("ascii").lower(), []).append(value)

    def raw(self, name: str, hint: str | None = None) -> list[str]:
        """Every value of the field, unfolded and as text, encoded words untouched; `hint` as for `text`."""
        values = self._fields.get(name, ())[:_MOST_VALUES]
        return [unfold(charsets.decode(value[:_LONGEST_VALUE], None, hint)) for value in values]

    def first(self, name: str) -> str:
        """The first value that is not blank, encoded words untouched; empty when there is none."""
        return next((value for value in self.raw(name) if value), "")

    def text(self, name: str, hint: str | None = None) -> str:
        """The first value that is not blank, as a person reads it; `hint`: a likely charset of raw bytes."""
        return next((read for value in self.raw(name, hint) if (read := words(value))), "")


def unfold(value: str) -> str:
    """One line of a folded value; a fold is one space."""
    if "\n" in value or "\r" in value:
        value = _FOLD.sub(" ", value)
    return value.strip()


def words(value: str) -> str:
    """RFC 2047 encoded words decoded, also broken ones: cut characters, blanks inside, no end."""
    if "=?" not in value:
        return _CONTROLS.sub("", value)
    joined = _BETWEEN_WORDS.sub(r"\1", value)
    out: list[str] = []
    run: list[tuple[str, bytes]] = []
    at = 0
    for word in _WORD.finditer(joined):
        if word.start() > at:
            out.append(_flush(run))
            out.append(joined[at : word.start()])
        run.append((word[1].split("*", 1)[0].lower(), _word_bytes(word[2], word[3])))
        at = word.end()
    out.extend((_flush(run), joined[at:]))
    return _CONTROLS.sub("", "".join(out)).strip()


def _flush(run: list[tuple[str, bytes]]) -> str:
    """Neighbouring words of one charset are joined before decoding: a character may be cut between them."""
    out = []
    while run:
        charset = run[0][0]
        same = next((index for index, (name, _) in enumerate(run) if name != charset), len(run))
        out.append(_run(charset, [data for _, data in run[:same]]))
        del run[:same]
    return "".join(out)


def _run(charset: str, pieces: list[bytes]) -> str:
    if charset.startswith(("iso-2022", "utf-7", "utf-16", "hz")):
        return "".join(charsets.decode(piece, charset) for piece in pieces)
    return charsets.decode(b"".join(pieces), charset)


def _word_bytes(kind: str, encoded: str) -> bytes:
    data = encoded.encode("utf-8", "replace")
    if kind in "bB":
        return encodings.base64(data)
    return encodings.quoted_printable(
        data.replace(b"_", b" ").replace(b"= ", b"=20") if b"_" in data else data
    )


def read(raw: bytes, start: int, end: int) -> tuple[Headers, int]:
    """The header block of `raw[start:end]` and where the body begins.

    A line that is no field ends the block, unless fields plainly go on after it. Without one known field
    there is no block: all of it is body.
    """
    block = _Block(raw, end)
    body = end
    for count, (line, line_start, line_end) in enumerate(_lines(raw, _skip_envelope(raw, start, end), end)):
        ended = block.take(line, line_start, line_end) if count < _MOST_LINES else _end(raw, line_start, end)
        if ended is not None:
            body = ended
            break
    block.flush()
    return (block.headers, body) if block.known else (Headers(), start)


class _Block:
    """A header block while it is read line by line."""

    def __init__(self, raw: bytes, end: int) -> None:
        self.raw = raw
        self.end = end
        self.headers = Headers()
        self.known = False
        self.pending: list[bytes] = []

    def take(self, line: bytes, start: int, after: int) -> int | None:
        """One more line; where the body begins when the block ends here."""
        if not line.strip():
            return after if self._blank_ends(line, after) else None
        if line.startswith(b"--"):
            return start
        if line[:1] in {b" ", b"\t"} and self.pending:
            self.pending.append(line)
        elif field := _FIELD.fullmatch(line):
            self.flush()
            self.known = self.known or bool(_KNOWN.match(line))
            self.pending = [field[1], field[2]]
        else:
            return self._stray(line, start, after)
        return None

    def flush(self) -> None:
        """The field that was being collected is complete."""
        if self.pending:
            self.headers.add(self.pending[0], b"\n".join(self.pending[1:]))

    def _stray(self, line: bytes, start: int, after: int) -> int | None:
        self.headers.broken = True
        if not self._goes_on(after):
            return start
        if self._is_open():
            self.pending.append(b" " + line)
        return None

    def _is_open(self) -> bool:
        return bool(self.pending) and self.pending[-1].rstrip().endswith((b";", b","))

    def _following(self, after: int) -> bytes:
        return self.raw[after : min(after + 300, self.end)]

    def _blank_ends(self, line: bytes, after: int) -> bool:
        """An empty line ends the block; one of blanks only does so unless fields plainly go on."""
        following = self._following(after)
        return not line or not (following[:1] in {b" ", b"\t"} or _KNOWN.match(following))

    def _goes_on(self, after: int) -> bool:
        """Whether fields go on after a line that is none."""
        following = self._following(after)
        return bool(_KNOWN.match(following)) or (self._is_open() and following[:1] in {b" ", b"\t"})


def _skip_envelope(raw: bytes, start: int, end: int) -> int:
    at = start
    while found := _ENVELOPE.match(raw, at, end):
        at = found.end()
    return at


def _end(raw: bytes, start: int, end: int) -> int:
    found = _END.search(raw, start, end)
    return found.end() if found else end


def _lines(raw: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    at = start
    while at < end:
        newline = raw.find(b"\n", at, end)
        after = newline + 1 if newline >= 0 else end
        yield raw[at:after].rstrip(b"\r\n"), at, after
        at = after
