"""The clock stands still the day after the mails of the tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from opieka.kernel import clock
from tests.conversations.mails import MONDAY


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with clock.fixed(MONDAY + timedelta(days=1)):
        yield
