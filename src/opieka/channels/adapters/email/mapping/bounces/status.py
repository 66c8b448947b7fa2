"""Status codes of delivery (RFC 3463) and the words that stand in for them."""

from __future__ import annotations

import re

from opieka.channels.types import BounceKind

_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_REPLY = re.compile(r"(?<![\d.])([45]\d\d)(?=[\s\-:;,)>\]]|$)")
_BY_REPLY = {
    "421": "4.3.2",
    "450": "4.2.0",
    "451": "4.3.0",
    "452": "4.2.2",
    "550": "5.1.1",
    "551": "5.1.6",
    "552": "5.2.2",
    "553": "5.1.3",
    "554": "5.0.0",
}


def enhanced(text: str, kind: str = "45") -> str | None:
    """The first enhanced status of one of the classes; one that says more than `5.0.0` is preferred."""
    found = [f"{a}.{int(b)}.{int(c)}" for a, b, c in _ENHANCED.findall(text) if a in kind]
    return next((each for each in found if not each.endswith(".0.0")), found[0] if found else None)


def reply(text: str) -> str | None:
    """The enhanced status behind the first SMTP reply code in the text."""
    found = _REPLY.search(text)
    if found is None:
        return None
    return _BY_REPLY.get(found[1], f"{found[1][0]}.0.0")


def kind(status: str) -> BounceKind:
    """A status of class 4 is soft, any other hard."""
    return BounceKind.SOFT if status.startswith("4") else BounceKind.HARD
