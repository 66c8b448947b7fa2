"""Fixtures shared with the transport's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from opieka.channels.adapters.memory import client as memory
from tests.channels.conftest import local_network, smtp_relay

__all__ = ["local_network", "smtp_relay"]


@pytest.fixture(autouse=True)
def _empty_outbox() -> Iterator[None]:
    yield
    memory.outbox.clear()
