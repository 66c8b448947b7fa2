"""Facts for tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from opieka.kernel.facts import Fact, Stage


@dataclass(frozen=True, kw_only=True)
class Happened(Fact):
    stage: ClassVar = Stage.USE
    number: int


@dataclass(frozen=True, kw_only=True)
class HappenedToo(Fact):
    stage: ClassVar = Stage.USE
