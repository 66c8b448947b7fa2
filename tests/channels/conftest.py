"""A shop with a mailbox, and a relay it may reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytest_django.fixtures import Settings

from opieka.channels.adapters.memory import client as memory
from tests.channels import relay
from tests.channels.relay import Relay


@pytest.fixture
def local_network(settings: Settings) -> None:
    """Servers on this machine may be reached."""
    settings.OPIEKA = replace(settings.OPIEKA, internal_hosts=frozenset({"127.0.0.1", "localhost"}))


@pytest.fixture
def smtp_relay(local_network: None) -> Iterator[Relay]:
    with relay.running() as running:
        yield running


@pytest.fixture(autouse=True)
def _empty_outbox() -> Iterator[None]:
    yield
    memory.outbox.clear()
