"""What is announced about orders. Each once per order (shipment, refund), however often it is reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from opieka.kernel.facts import Fact, Stage


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Fact):
    """`total` in minor units; `pieces` is how many things were ordered."""

    stage: ClassVar = Stage.BUY
    order_id: int
    total: int
    currency: str
    pieces: int


@dataclass(frozen=True, kw_only=True)
class OrderPaid(Fact):
    stage: ClassVar = Stage.BUY
    order_id: int
    total: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class OrderChanged(Fact):
    """What was known of the order is out of date; `what` says of what, by codes: lines, total, address, promise,
    contact, tracking."""

    stage: ClassVar = Stage.BUY
    order_id: int
    what: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(Fact):
    stage: ClassVar = Stage.RETURN
    order_id: int


@dataclass(frozen=True, kw_only=True)
class CancellationAnswered(Fact):
    """The shop's system answered a wish to cancel; values of CancelOutcome and RefundState, `why` is a code."""

    stage: ClassVar = Stage.RETURN
    order_id: int
    request_id: int
    outcome: str
    refund: str
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class OrderDiscounted(Fact):
    """Discount codes were taken in payment of it; again when others are. The order says which."""

    stage: ClassVar = Stage.BUY
    order_id: int


@dataclass(frozen=True, kw_only=True)
class DiscountAnswered(Fact):
    """The shop's system answered the wish that it honours a discount code, or (`removing`) no longer; a value of
    CodeOutcome, `why` is a code. The subject is what the code is for ("coupon:17")."""

    stage: ClassVar = Stage.STAY
    request_id: int
    outcome: str
    removing: bool
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class OrderShipped(Fact):
    """A shipment left, or, with no `shipment_id`, the shop says so of the whole order."""

    stage: ClassVar = Stage.DELIVER
    order_id: int
    shipment_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class OrderDelivered(Fact):
    """The shop's own records say it arrived; carriers' reports are deliveries' to tell."""

    stage: ClassVar = Stage.DELIVER
    order_id: int
    shipment_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class RefundIssued(Fact):
    """`amount` in minor units."""

    stage: ClassVar = Stage.RETURN
    order_id: int
    refund_id: int
    amount: int
    currency: str
