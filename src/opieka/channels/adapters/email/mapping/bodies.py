"""Which parts are the body and which are attachments: RFC 8621, section 4.1.4, made forgiving."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from opieka.channels.adapters.email.mapping import charsets, encodings, html, tnef
from opieka.channels.adapters.email.mapping.mime import Part
from opieka.channels.types import Attachment

_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_BODY_TYPES = {"text/plain", "text/html"}
_MEDIA = ("image/", "audio/", "video/")
_TNEF = {"application/ms-tnef", "application/vnd.ms-tnef"}
_NEWLINES = re.compile(r"\r\n?|\x00")


@dataclass(slots=True)
class Text:
    """A readable part."""

    html: bool
    text: str


@dataclass(slots=True)
class File:
    """A part to keep; `related` says that it belongs to the HTML beside it."""

    name: str | None
    content_type: str
    content_id: str | None
    disposition: str
    data: bytes


@dataclass(slots=True)
class Bodies:
    """What the walk over the tree found. A part that only serves as text is not in `as_html`, and so on."""

    as_text: list[Text] = field(default_factory=list)
    as_html: list[Text] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)

    def text(self) -> str:
        """The plain text: text parts as they are, HTML ones as text when nothing else says the same."""
        pieces = [part.text if not part.html else html.to_text(part.text) for part in self.as_text]
        if not any(piece.strip() for piece in pieces):
            pieces = [html.to_text(part.text) for part in self.as_html if part.html] or pieces
        return _joined(pieces)

    def only_html(self) -> bool:
        """Whether the plain text is made from HTML."""
        return not any(part.text.strip() for part in self.as_text if not part.html)

    def html(self) -> str | None:
        """The HTML of the body, None when no part has any."""
        if not any(part.html for part in self.as_html):
            return None
        return "\n".join(
            part.text if part.html else html.from_text(part.text) for part in self.as_html if part.text
        )


def _joined(pieces: list[str]) -> str:
    filled = [piece for piece in pieces if piece.strip()]
    if len(filled) < 2:
        return filled[0] if filled else ""
    return "\n".join(piece.rstrip("\n") + "\n" for piece in filled)


def select(root: Part) -> Bodies:
    """Walk the tree once."""
    bodies = Bodies()
    _Walk(bodies).many([root], "mixed", alternative=False, text=True, markup=True)
    return bodies


class _Walk:
    def __init__(self, bodies: Bodies) -> None:
        self.bodies = bodies

    def many(self, parts: list[Part], kind: str, *, alternative: bool, text: bool, markup: bool) -> None:
        """The children of one multipart; `text` and `markup` say which body still takes parts."""
        before = len(self.bodies.as_text), len(self.bodies.as_html)
        for index, part in enumerate(_root_first(parts, kind)):
            if part.multipart:
                subtype = part.content_type.partition("/")[2]
                self.many(
                    part.parts,
                    subtype,
                    alternative=alternative or subtype == "alternative",
                    text=text,
                    markup=markup,
                )
            elif not _is_body(part, kind, index):
                self._file(part)
            elif kind == "alternative":
                self._leaf(
                    part, text=part.content_type == "text/plain", markup=part.content_type == "text/html"
                )
            else:
                if alternative:
                    text, markup = (
                        text and part.content_type != "text/html",
                        markup and part.content_type != "text/plain",
                    )
                self._leaf(part, text=text, markup=markup)
        if kind == "alternative" and text and markup:
            self._complete(*before)

    def _complete(self, texts: int, markups: int) -> None:
        """An alternative with one form only serves as both."""
        new_text, new_markup = self.bodies.as_text[texts:], self.bodies.as_html[markups:]
        if not new_text:
            self.bodies.as_text.extend(new_markup)
        elif not new_markup:
            self.bodies.as_html.extend(new_text)

    def _leaf(self, part: Part, *, text: bool, markup: bool) -> None:
        decoded = encodings.decode(part.body, part.encoding)
        if decoded.defect:
            self.bodies.defects.append(decoded.defect)
        data = decoded.data + decoded.footer
        is_html = part.content_type == "text/html"
        if not is_html:
            data, files = encodings.uu_files(data)
            self.bodies.files.extend(
                File(each.filename, _OCTETS, None, "attachment", each.data) for each in files
            )
        body = Text(is_html, read_text(data, part))
        if text:
            self.bodies.as_text.append(body)
        if markup:
            self.bodies.as_html.append(body)

    def _file(self, part: Part) -> None:
        decoded = encodings.decode(part.body, part.encoding)
        if decoded.defect:
            self.bodies.defects.append(decoded.defect)
        name = part.name or decoded.filename
        if part.content_type in _TNEF or (name or "").lower() == "winmail.dat":
            opened = tnef.read(decoded.data)
            if opened is not None:
                self._tnef(opened)
                return
            self.bodies.defects.append("tnef")
        self.bodies.files.append(
            File(name, part.content_type, part.content_id, part.disposition, decoded.data)
        )

    def _tnef(self, opened: tnef.Opened) -> None:
        for each in opened.files:
            self.bodies.files.append(
                File(each.name, each.content_type, each.content_id, "attachment", each.data)
            )
        if not any(part.text.strip() for part in (*self.bodies.as_text, *self.bodies.as_html)):
            if opened.text:
                self.bodies.as_text.append(Text(False, opened.text))
            if opened.html:
                self.bodies.as_html.append(Text(True, opened.html))


_OCTETS = "application/octet-stream"


def _root_first(parts: list[Part], kind: str) -> list[Part]:
    """In a multipart/related the text stands first, wherever the program put it."""
    if kind != "related":
        return parts
    root = next((p for p in parts if p.multipart or p.content_type in _BODY_TYPES), None)
    return [root, *(part for part in parts if part is not root)] if root else parts


def _is_body(part: Part, kind: str, index: int) -> bool:
    if part.content_type not in _BODY_TYPES or part.disposition == "attachment":
        return False
    return index == 0 or (kind != "related" and part.name is None)


def read_text(data: bytes, part: Part) -> str:
    """The text of a part: newlines are `\\n`, no NUL."""
    hint = None
    if part.content_type == "text/html" and (meta := _META.search(data, 0, 5000)):
        hint = meta[1].decode("ascii")
    text = charsets.decode(data, part.params.get("charset") or hint, hint)
    return _NEWLINES.sub(lambda found: "" if found[0] == "\x00" else "\n", text)


def attachments(files: list[File], markup: str | None) -> Iterator[Attachment]:
    """The files with their hashes."""
    shown = html.content_ids(markup) if markup else frozenset()
    for each in files:
        yield Attachment(
            filename=each.name,
            content_type=each.content_type,
            size=len(each.data),
            md5=hashlib.md5(each.data, usedforsecurity=False).hexdigest(),
            sha256=hashlib.sha256(each.data).hexdigest(),
            content_id=each.content_id,
            inline=each.disposition == "inline" or (each.content_id is not None and each.content_id in shown),
            data=each.data,
        )
