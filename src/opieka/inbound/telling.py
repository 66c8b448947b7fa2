"""Whether a raw payload tells of a person."""

from __future__ import annotations

import json
from collections.abc import Collection
from urllib.parse import unquote_plus

from opieka.customers.types import ContactKind, Traces

_DIGITS = 7
"""Of a phone number's end; sources write the beginning in many ways."""


def tells_of(raw: bytes, traces: Traces) -> bool:
    """Whether the body of a webhook names a person, an address or a number of hers, however it is escaped."""
    text = _plain(raw).casefold()
    words = [*traces.names, *(point.value for point in traces.points)]
    if any(word.casefold() in text for word in words):
        return True
    numbers = {
        point.value[-_DIGITS:]
        for point in traces.points
        if point.kind in {ContactKind.PHONE, ContactKind.WHATSAPP, ContactKind.VIBER}
    }
    digits = "".join(sign for sign in text if sign.isdigit()) if numbers else ""
    return any(number in digits for number in numbers)


def mentions(texts: Collection[str], traces: Traces) -> bool:
    """Whether one of these texts holds an address of hers."""
    return any(email in text.casefold() for text in texts for email in traces.emails)


def _plain(raw: bytes) -> str:
    text = raw.decode(errors="replace")
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return unquote_plus(text)
