"""A fact for tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from opieka.kernel.facts import Fact, Stage


@dataclass(frozen=True, kw_only=True)
class Happened(Fact):
    stage: ClassVar = Stage.USE
    number: int
