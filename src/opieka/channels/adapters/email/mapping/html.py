"""HTML of mails: made safe to show, and turned into text. The parser is nh3's (html5ever)."""

from __future__ import annotations

import html as entities
import re
from functools import partial

import nh3

from opieka.channels.types import CleanHtml

_BLOCK_NAMES = """
    address article aside blockquote center dd div dl dt fieldset figcaption figure footer form h1
    h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody tfoot thead tr ul
"""
_SPACED_NAMES = "p h1 h2 h3 h4 h5 h6 ul ol dl table pre blockquote figure"
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_SPACED = frozenset(_SPACED_NAMES.split())
_DROPPED = {
    "script",
    "style",
    "title",
    "template",
    "noscript",
    "xml",
    "svg",
    "math",
    "object",
    "iframe",
    "select",
}
_TEXT_TAGS = set(_BLOCKS) | {"br", "td", "th", "img", "span"}
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:\s+[^\s=>\"]+(?:=\"[^\"]*\")?)*)\s*/?>")
_ALT = re.compile(r'\salt="([^"]*)"')
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_MANY_NEWLINES = re.compile(r"\n{3,}")

_TAG_NAMES = """
    a abbr address b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div
    dl dt em font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strike
    strong sub sup table tbody td tfoot th thead tr tt u ul var wbr
"""
_STYLE_NAMES = """
    color background-color font-family font-size font-style font-weight font-variant line-height
    text-align text-decoration text-indent text-transform vertical-align white-space word-break
    border border-top border-right border-bottom border-left border-color border-style border-width
    border-collapse border-spacing padding padding-top padding-right padding-bottom padding-left
    margin margin-top margin-right margin-bottom margin-left width max-width height max-height list-
    style-type
"""
_ALLOWED_TAGS = set(_TAG_NAMES.split())
_ALLOWED_STYLE = set(_STYLE_NAMES.split())
_ALLOWED_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"dir", "lang", "title", "style", "align", "valign"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "border"},
    "font": {"color", "face", "size"},
    "table": {"border", "cellpadding", "cellspacing", "width", "bgcolor"},
    "td": {"colspan", "rowspan", "width", "height", "bgcolor", "nowrap"},
    "th": {"colspan", "rowspan", "width", "height", "bgcolor", "nowrap"},
    "tr": {"bgcolor"},
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "ol": {"start", "type"},
    "ul": {"type"},
}
_SCHEMES = {"http", "https", "mailto", "tel", "cid", "data"}
_IMG = re.compile(r'<img((?:\s+[^\s=>"]+="[^"]*")*)>')
_REMOTE_SRC = re.compile(r'\ssrc="((?:https?:)?//[^"]*)"')
_CID_SRC = re.compile(r"""\bsrc\s*=\s*["']?\s*cid:([^"'\s>]+)""", re.IGNORECASE)
_LIMIT = 1_000_000
_DATA = re.compile(r"data:[\w.+/-]{1,60};base64,[\w+/=\s%-]*")
_ANY_TAG = re.compile(r"<[^<>]*>")
_NESTING = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_NOT_NESTING = frozenset(
    {"p", "br", "img", "li", "td", "tr", "th", "hr", "meta", "link", "col", "dd", "dt", "input", "wbr"}
)
_FEW_TAGS = 2000
_MOST_STEPS = 20_000_000


def _attribute(images: set[str], tag: str, attribute: str, value: str) -> str | None:
    """Decide over one attribute: pictures may be inside the mail or remote; no address in styles."""
    if attribute == "style":
        return value if "url(" not in value.lower() and "\\" not in value else None
    if tag == "img" and attribute == "src":
        lowered = value.strip().lower()
        if lowered.startswith("cid:"):
            images.add(value.strip()[4:])
        return value.strip() if lowered.startswith(("cid:", "http:", "https:", "//", "data:image/")) else None
    if attribute == "href" and value.strip().lower().startswith(("data:", "cid:")):
        return None
    return value


def clean_html(html: str) -> CleanHtml:
    """HTML that can be shown beside our own: no scripts, forms, ids or classes, few styles.

    Links open in a new window and pass nothing on. A remote image keeps its address in `data-remote-src`;
    `cid:` images stay as they are, their ids are returned without `cid:`.
    """
    images: set[str] = set()
    cleaned = nh3.clean(
        from_text(to_text(html)) if _is_too_deep(html) else html,
        tags=_ALLOWED_TAGS,
        attributes=_ALLOWED_ATTRIBUTES,
        attribute_filter=partial(_attribute, images),
        clean_content_tags=_DROPPED,
        url_schemes=_SCHEMES,
        filter_style_properties=_ALLOWED_STYLE,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    remote = 0

    def without_remote(tag: re.Match[str]) -> str:
        nonlocal remote
        replaced, count = _REMOTE_SRC.subn(r' data-remote-src="\1"', tag[0])
        remote += count
        return replaced

    return CleanHtml(_IMG.sub(without_remote, cleaned), remote, frozenset(images))


def content_ids(html: str) -> frozenset[str]:
    """The Content-IDs that the HTML shows as images."""
    return (
        frozenset(entities.unescape(found) for found in _CID_SRC.findall(html))
        if "cid:" in html.lower()
        else frozenset()
    )


def to_text(html: str) -> str:
    """The readable text: blocks on lines of their own, quotes as `> `, items as `- `, images by `alt`."""
    short = html if len(html) <= _LIMIT else _DATA.sub("", html)[:_LIMIT]
    if _is_too_deep(short):
        return _MANY_NEWLINES.sub("\n\n", _text(_ANY_TAG.sub("\n", short))).strip("\n")
    tree = nh3.clean(
        short,
        tags=_TEXT_TAGS,
        attributes={"img": {"alt"}},
        clean_content_tags=_DROPPED,
        link_rel=None,
    )
    writer = _Writer()
    at = 0
    for tag in _TAG.finditer(tree):
        writer.text(tree[at : tag.start()])
        writer.tag(tag[2], closing=bool(tag[1]), attributes=tag[3])
        at = tag.end()
    writer.text(tree[at:])
    return writer.result()


def _is_too_deep(html: str) -> bool:
    """Whether the time to parse, which grows with tags times depth, would be out of all proportion."""
    if html.count("<") < _FEW_TAGS:
        return False
    depth = deepest = tags = 0
    for closing, name in _NESTING.findall(html):
        tags += 1
        if name.lower() not in _NOT_NESTING:
            depth = max(depth - 1, 0) if closing else depth + 1
            deepest = max(deepest, depth)
    return tags * deepest > _MOST_STEPS


def _text(escaped: str) -> str:
    """What the parser escaped: no other entity is left."""
    plain = escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\xa0")
    return plain.replace("&quot;", '"').replace("&amp;", "&")


def from_text(text: str) -> str:
    """Plain text as HTML with the same lines."""
    return '<div style="white-space: pre-wrap">' + entities.escape(text, quote=False) + "</div>"


def dressed(body: str, *, name: str, accent: str, logo: str = "") -> str:
    """HTML below a shop's name, or its logo (an address), in its colour."""
    shop = entities.escape(name)
    if logo:
        style = "display: block; max-width: 14rem; height: 3rem; object-fit: contain; object-position: left"
        shop = f'<img src="{entities.escape(logo)}" alt="{shop}" height="48" style="{style}">'
    line = f"margin: 0 0 1rem; padding: 0 0 .75rem; border-bottom: 3px solid {accent}; color: {accent}"
    whole = "max-width: 36rem; font: 16px/1.55 sans-serif"
    return f'<div style="{whole}"><p style="{line}; font-weight: bold">{shop}</p>{body}</div>'


class _Writer:
    """Collects lines; `quotes` is how deep in block quotes it stands."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quotes = 0
        self.pre = 0
        self.lists: list[int] = []
        self.blank_wanted = False

    def text(self, raw: str) -> None:
        if not raw:
            return
        text = _text(raw)
        if self.pre:
            first, *rest = text.split("\n")
            self.line.append(first)
            for line in rest:
                self._newline()
                self.line.append(line)
            return
        text = _BLANKS.sub(" ", text)
        if self.line and self.line[-1].endswith(" "):
            text = text.removeprefix(" ")
        elif not self.line:
            text = text.lstrip(" ")
        if text:
            self.line.append(text)

    def tag(self, name: str, *, closing: bool, attributes: str) -> None:
        if name == "br":
            self._newline()
        elif name == "img":
            if (alt := _ALT.search(attributes)) and alt[1].strip():
                self.text(alt[1])
        elif name in {"td", "th"}:
            if closing:
                self.text(" ")
        elif name in _BLOCKS:
            self._block(name, closing)

    def _block(self, name: str, closing: bool) -> None:
        if self.line:
            self._newline()
        if name in _SPACED:
            self.blank_wanted = True
        step = -1 if closing else 1
        if name == "blockquote":
            self._gap(wanted=not closing)
            self.quotes = max(self.quotes + step, 0)
        elif name == "pre":
            self.pre = max(self.pre + step, 0)
        elif name in {"ul", "ol"}:
            self._list(name, closing)
        elif name == "li" and not closing:
            self._item()
        elif name == "hr":
            self.line.append("-" * 20)
            self._newline()

    def _list(self, name: str, closing: bool) -> None:
        if closing and self.lists:
            self.lists.pop()
        elif not closing:
            self.lists.append(0 if name == "ol" else -1)

    def _item(self) -> None:
        if self.lists and self.lists[-1] >= 0:
            self.lists[-1] += 1
            self.line.append(f"{self.lists[-1]}. ")
        else:
            self.line.append("- ")

    def _gap(self, *, wanted: bool = True) -> None:
        """Write the blank line that is due, at the present depth; with `wanted` false it stays due."""
        if not wanted:
            return
        if self.blank_wanted and self.lines and self.lines[-1].strip("> "):
            self.lines.append((">" * min(self.quotes, 20)).strip())
        self.blank_wanted = False

    def _newline(self) -> None:
        text = "".join(self.line).rstrip()
        self.line.clear()
        if text:
            self._gap()
        marks = ">" * min(self.quotes, 20)
        self.lines.append(f"{marks} {text}".rstrip() if marks else text)

    def result(self) -> str:
        if self.line:
            self._newline()
        return _MANY_NEWLINES.sub("\n\n", "\n".join(self.lines).replace("\xa0", " ")).strip("\n")
