"""Check digits of tracking numbers: whether a number can be one at all. None where its shape has no check digit."""

from __future__ import annotations

import re

S10 = r"[A-Z]{2}\d{9}[A-Z]{2}"
"""UPU S10: two letters of the service, eight digits, a check digit, the country."""


def s10(number: str) -> bool | None:
    """UPU S10: weights 8 6 4 2 3 5 9 7, 11 less the remainder, 10 counts as 0 and 11 as 5."""
    if not re.fullmatch(S10, number):
        return None
    total = sum(
        weight * int(digit) for weight, digit in zip((8, 6, 4, 2, 3, 5, 9, 7), number[2:10], strict=True)
    )
    expected = {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11)
    return expected == int(number[10])


def ups(number: str) -> bool | None:
    """UPS 1Z: every second character of the fifteen doubled, letters count as their place in the alphabet plus 2."""
    if not re.fullmatch(r"1Z[0-9A-Z]{15}\d", number):
        return None
    values = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in number[2:17]]
    total = sum(values[::2]) + 2 * sum(values[1::2])
    return -total % 10 == int(number[17])


def mod11_131(number: str) -> bool | None:
    """FedEx Express, 12 digits: weights 3 1 7 repeated, remainder of 11, 10 counts as 0."""
    if not re.fullmatch(r"[0-9]{12}", number):
        return None
    total = sum(weight * int(digit) for weight, digit in zip((3, 1, 7) * 4, number[:11], strict=False))
    return total % 11 % 10 == int(number[11])


def gs1(number: str) -> bool | None:
    """GS1 (SSCC and its kin): from the right, weights 3 and 1."""
    if not re.fullmatch(r"[0-9]{2,}", number):
        return None
    total = sum(
        int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(number[:-1]))
    )
    return -total % 10 == int(number[-1])


def mod7(number: str) -> bool | None:
    """DHL Express, 10 digits: the last is the remainder of the first nine by 7."""
    if not re.fullmatch(r"[0-9]{10}", number):
        return None
    return int(number[:9]) % 7 == int(number[9])
