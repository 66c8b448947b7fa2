"""The marks of mail programs in HTML: which element holds history, begins it, or is a signature."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum, auto


class Mark(Enum):
    """What an element is, by its name, class, id or style."""

    NONE = auto()
    ATTRIBUTION = auto()
    CONTAINER = auto()
    """Holds an attribution and quotes, and what was written between them."""
    HISTORY = auto()
    START = auto()
    """From here on all is history."""
    SIGNATURE = auto()
    QUOTE = auto()
    """A quoting element only mail programs write."""
    SOFT = auto()
    """A quoting element people use, too."""


# Where several programs use a word it is in the table once; prefixes end with "*".
_CLASSES: Mapping[str, Mark] = {
    "gmail_attr": Mark.ATTRIBUTION,
    "gmail_quote_attribution": Mark.ATTRIBUTION,
    "moz-cite-prefix": Mark.ATTRIBUTION,
    "gmail_quote": Mark.CONTAINER,
    "gmail_quote_container": Mark.CONTAINER,
    "protonmail_quote": Mark.CONTAINER,
    "yahoo_quoted": Mark.HISTORY,
    "ms-outlook-mobile-reference-message": Mark.START,
    "zmail_extra": Mark.HISTORY,
    "outlookmessageheader": Mark.START,
    "gmail_signature": Mark.SIGNATURE,
    "gmail_signature_prefix": Mark.SIGNATURE,
    "moz-signature": Mark.SIGNATURE,
    "ms-outlook-mobile-signature": Mark.SIGNATURE,
    "protonmail_signature_block": Mark.SIGNATURE,
    "yahoo_signature": Mark.SIGNATURE,
    "tutanota_quote": Mark.QUOTE,
    "front-blockquote": Mark.QUOTE,
}
_IDS: Mapping[str, Mark] = {
    "reply-intro": Mark.ATTRIBUTION,
    "olk_src_body_section": Mark.HISTORY,
    "mail-editor-reference-message-container": Mark.HISTORY,
    "divrplyfwdmsg": Mark.START,
    "appendonsend": Mark.START,
    "stopspelling": Mark.START,
    "zwchr": Mark.START,
    "signature": Mark.SIGNATURE,
    "applemailsignature": Mark.SIGNATURE,
    "composer_signature": Mark.SIGNATURE,
    "zm-_id_-sgn": Mark.SIGNATURE,
    "ms-outlook-mobile-signature": Mark.SIGNATURE,
    "blockquote_zmail": Mark.QUOTE,
}
_NAMES: Mapping[str, Mark] = {
    "quote": Mark.HISTORY,
    "messagereplysection": Mark.CONTAINER,
    "messagesignaturesection": Mark.SIGNATURE,
}
_DATA: Mapping[tuple[str, str], Mark] = {
    ("data-marker", "__DIVIDER__"): Mark.START,
    ("data-marker", "__HEADERS__"): Mark.START,
    ("data-marker", "__SIG_PRE__"): Mark.SIGNATURE,
    ("data-marker", "__SIG_POST__"): Mark.SIGNATURE,
    ("data-signatureblock", "true"): Mark.SIGNATURE,
    ("type", "attribution"): Mark.NONE,
}
# Outlook on the web and Yahoo put something before the names they find in a mail.
_PREFIXES = re.compile(r"\A(?:x_)+|\Aydp[0-9a-f]{6,10}(?=yahoo)")
_LINE_AT_LEFT = re.compile(r"border-left(?:-style|-width)?\s*:[^;]*(?:solid|\d)", re.I)
_NO_LINE = re.compile(r"border-left[^;]*(?:none|\b0(?:px|pt)?\b(?!\.))", re.I)


def mark(tag: str, attributes: Mapping[str, str]) -> Mark:
    """What the element is. `attributes` are those of the sender, in any case."""
    if tag == "blockquote":
        return _blockquote(attributes)
    if not attributes:
        return Mark.NONE
    named = _by_name(attributes)
    if named is Mark.NONE and tag == "div" and "border-left" in (style := attributes.get("style", "")):
        return Mark.SOFT if _LINE_AT_LEFT.search(style) and not _NO_LINE.search(style) else Mark.NONE
    return named


def _by_name(attributes: Mapping[str, str]) -> Mark:
    for name, value in attributes.items():
        if name == "class":
            bare = (_PREFIXES.sub("", one) for one in value.lower().split())
            found = next((_CLASSES[one] for one in bare if one in _CLASSES), None)
        elif name == "id":
            found = _by_id(_PREFIXES.sub("", value.lower()))
        elif name == "name":
            found = _NAMES.get(value.lower())
        else:
            found = _DATA.get((name, value))
        if found is not None:
            return found
    return Mark.NONE


def _by_id(value: str) -> Mark | None:
    if value.startswith("yahoo_quoted"):
        return Mark.HISTORY
    return _IDS.get(value)


def _blockquote(attributes: Mapping[str, str]) -> Mark:
    if attributes.get("type", "").lower() == "cite" or attributes.get("cite", "").startswith(
        ("mid:", "cid:")
    ):
        return Mark.QUOTE
    return Mark.QUOTE if _by_name(attributes) is Mark.QUOTE else Mark.SOFT
