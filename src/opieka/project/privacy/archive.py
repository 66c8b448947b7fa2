"""A zip that is written as it is made: no more of it than one file is ever in memory."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from typing import IO, cast

STRETCH = 1_000_000
_UNSAFE = re.compile(r"[^\w.() -]+")


class Stretches:
    """What a zip file writes into; hands on stretches of about a megabyte."""

    def __init__(self, take: Callable[[bytes], None]) -> None:
        self._take = take
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        """Hold bytes until there are enough."""
        self._held += data
        if len(self._held) >= STRETCH:
            self.close()
        return len(data)

    def flush(self) -> None:
        """Nothing: who writes a zip flushes after each file."""

    def close(self) -> None:
        """Hand on what is held."""
        if self._held:
            self._take(bytes(self._held))
            self._held.clear()


def open_zip(into: Stretches) -> zipfile.ZipFile:
    """A zip that goes into stretches."""
    return zipfile.ZipFile(cast("IO[bytes]", into), "w", zipfile.ZIP_DEFLATED)


def safe_name(name: str) -> str:
    """A file's name without anything a file system could stumble over."""
    return _UNSAFE.sub("_", name).strip(" .")[-100:] or "file"
