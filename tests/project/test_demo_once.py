"""The demo stays out of an installation that is in use."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from opieka.project.demo import load
from opieka.shops import queries
from tests.factories import make_shop


@pytest.mark.django_db
def test_serve_leaves_an_installation_in_use_alone() -> None:
    make_shop()
    assert not load.fill_if_empty(Console(file=StringIO()))
    assert len(queries.shops()) == 1
