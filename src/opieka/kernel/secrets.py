"""Secrets at rest, unguessable tokens and signatures, all from one installation key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def _derive(purpose: str) -> bytes:
    return hashlib.blake2b(settings.SECRET_KEY.encode(), person=purpose.encode()[:16].ljust(16)).digest()[:32]


def encrypt(plain: str) -> str:
    """Encrypt for storage; an empty string stays empty."""
    return _fernet().encrypt(plain.encode()).decode() if plain else ""


def decrypt(stored: str) -> str:
    """The inverse of `encrypt`; ValueError when the installation key is another one."""
    try:
        return _fernet().decrypt(stored.encode()).decode() if stored else ""
    except InvalidToken as error:
        raise ValueError("this secret was stored under another OPIEKA_SECRET_KEY") from error


def token() -> str:
    """A new unguessable URL-safe token of 32 characters."""
    return secrets.token_urlsafe(24)


def digest(value: str) -> str:
    """How a token is stored and looked up: hex SHA-256."""
    return hashlib.sha256(value.encode()).hexdigest()


def sign(purpose: str, value: str) -> str:
    """A short lower-case signature (16 base32 characters, 80 bits) that survives e-mail addresses."""
    mac = hmac.new(_derive(purpose), value.encode(), hashlib.sha256).digest()[:10]
    return base64.b32encode(mac).decode().lower()


def verify(purpose: str, value: str, signature: str) -> bool:
    """Whether `signature` is ours for `value`; constant time."""
    return hmac.compare_digest(sign(purpose, value), signature.lower())


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derive("at rest")))
