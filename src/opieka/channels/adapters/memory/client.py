"""Keeps what was sent in this process: for tests and demonstrations."""

from __future__ import annotations

from opieka.channels.adapters.base import Capabilities, Letter, Receipt

outbox: list[Letter] = []


class MemorySender:
    """Takes everything, into `outbox`."""

    capabilities = Capabilities(keeps_message_id=True, max_bytes=1 << 30)

    def send(self, letter: Letter) -> Receipt:
        outbox.append(letter)
        return Receipt()

    def check(self) -> None:
        pass
