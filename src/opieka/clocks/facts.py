"""What clocks announce. The domain that starts and satisfies a clock announces that itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from opieka.clocks.types import Basis
from opieka.kernel.facts import Fact, Stage


@dataclass(frozen=True, kw_only=True)
class ClockDueSoon(Fact):
    """Three quarters of the time are gone."""

    stage: ClassVar = Stage.RESOLVE
    clock_id: int
    clock_kind: str
    basis: Basis
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class ClockBreached(Fact):
    """The time is over and the thing is not done."""

    stage: ClassVar = Stage.RESOLVE
    clock_id: int
    clock_kind: str
    basis: Basis
    due_at: datetime
