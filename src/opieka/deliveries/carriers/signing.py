"""Whether a webhook is authentic: compared in constant time, on the raw bytes, and never without a secret."""

from __future__ import annotations

import binascii
import hmac
from base64 import b64decode


def base64_holds(header: str, raw: bytes, secret: str) -> bool:
    """Whether `header` is base64(HMAC-SHA256(secret, raw))."""
    try:
        given = b64decode(header.strip(), validate=True)
    except (binascii.Error, ValueError):
        return False
    return bool(secret) and hmac.compare_digest(given, digest(raw, secret))


def hex_holds(header: str, expected: bytes, secret: str) -> bool:
    """Whether `header` writes `expected` in hexadecimal digits; `secret` is what `expected` was made with."""
    return bool(secret) and hmac.compare_digest(header.strip().lower().encode(), expected.hex().encode())


def digest(raw: bytes, secret: str) -> bytes:
    """HMAC-SHA256 of the body, the secret as UTF-8."""
    return hmac.digest(secret.encode("utf-8", "replace"), raw, "sha256")


def same(given: str, expected: str) -> bool:
    """Whether a secret that is sent as it is (in a header or an address) is the one agreed upon."""
    return bool(expected) and hmac.compare_digest(
        given.encode("utf-8", "replace"), expected.encode("utf-8", "replace")
    )
