"""Passwords hashed in no time: what makes a stolen one dear to guess would cost every colleague of every test as much.

The application itself, where a story runs it as a process of its own, knows them all the same.
"""

from __future__ import annotations

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class QuickHasher(PBKDF2PasswordHasher):
    """Django's own, once instead of a million times."""

    iterations = 1
