"""Prints what would be sent."""

from __future__ import annotations

import sys

from opieka.channels.adapters.base import Capabilities, Letter, Receipt


class ConsoleSender:
    """Takes everything and writes it to standard output."""

    capabilities = Capabilities(keeps_message_id=True, max_bytes=1 << 30)

    def send(self, letter: Letter) -> Receipt:
        text = letter.raw.decode(errors="replace").replace("\r\n", "\n")
        sys.stdout.write(f"--- to {', '.join(letter.recipients)}\n{text}\n---\n")
        sys.stdout.flush()
        return Receipt()

    def check(self) -> None:
        pass
