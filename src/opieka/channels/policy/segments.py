"""What a text costs: the alphabet it needs and the parts it is sent in (3GPP TS 23.038 and 23.040).

The default alphabet has Greek capitals only where Latin has no letter of that shape: Σ and Ω are in it, Α and
Ε are not. So one Greek or Cyrillic letter mostly makes the whole text UCS-2, with 70 characters in a part
instead of 160. Nothing is rewritten to make it cheaper.
"""

from __future__ import annotations

from collections.abc import Iterable

from opieka.channels.types import Alphabet, Segments

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")
"""Each takes two septets: an escape and itself."""

ALONE = {Alphabet.GSM7: 160, Alphabet.UCS2: 70}
"""Units (septets, UTF-16 code units) of a text that fits in one part."""
JOINED = {Alphabet.GSM7: 153, Alphabet.UCS2: 67}
"""Units of each part of a longer one: a header of six bytes tells how they belong together."""
MOST = 10
"""Parts a text may have: providers take no more (Twilio 1600 characters, SMSAPI ten parts)."""


def measure(text: str) -> Segments:
    """Alphabet, length and parts of a text; `left` is what still fits without one more part."""
    alphabet = Alphabet.GSM7 if is_gsm7(text) else Alphabet.UCS2
    widths = [_width(sign, alphabet) for sign in text]
    units = sum(widths)
    if units <= ALONE[alphabet]:
        return Segments(alphabet, units, int(units > 0), ALONE[alphabet] - units)
    parts, used = _packed(widths, JOINED[alphabet])
    return Segments(alphabet, units, parts, JOINED[alphabet] - used)


def is_gsm7(text: str) -> bool:
    """Whether the default alphabet and its extension have every character."""
    return all(sign in BASIC or sign in EXTENDED for sign in text)


def _width(sign: str, alphabet: Alphabet) -> int:
    if alphabet is Alphabet.GSM7:
        return 2 if sign in EXTENDED else 1
    return 2 if ord(sign) > 0xFFFF else 1  # beyond it UTF-16 needs two units


def _packed(widths: Iterable[int], room: int) -> tuple[int, int]:
    """How many parts there are and how much of the last is used; a character is never cut in two."""
    parts, used = 1, 0
    for width in widths:
        if used + width > room:
            parts, used = parts + 1, 0
        used += width
    return parts, used
