"""Asking the shop's system to cancel an order: the wish is written down, a job asks, the answer is announced once."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from opieka.kernel import clock
from opieka.kernel.actor import Actor
from opieka.kernel.errors import NotFound
from opieka.orders.commands.connecting import begin_reading
from opieka.orders.connectors.changing import Answer
from opieka.orders.facts import CancellationAnswered
from opieka.orders.models import CancelRequest, Order
from opieka.orders.queries.cancelling import connection_for
from opieka.orders.types import CancelOutcome, RefundState
from opieka.timeline.commands import record

PATIENCE = timedelta(minutes=8)
"""How long a system that does not answer is asked again; then a person is."""
PAUSE, LONGEST = timedelta(seconds=3), timedelta(minutes=1)


def hold_order(order_id: int, *, shop_id: int) -> None:
    """Let others who would change what is decided about an order wait for this transaction; NotFound."""
    if not Order.objects.select_for_update().filter(id=order_id, shop_id=shop_id).exists():
        raise NotFound


@transaction.atomic
def ask_to_cancel(order_id: int, *, shop_id: int, by: Actor) -> int:
    """Let a job ask the order's source to cancel it and pay back; returns the request's id, that of an open one too.

    `CancellationAnswered` tells what came of it: at once that a person is needed where no system can be asked.
    """
    from opieka.orders.jobs import cancel_in_shop

    order = Order.objects.select_for_update().filter(id=order_id, shop_id=shop_id).first()
    if order is None:
        raise NotFound
    row = CancelRequest.objects.filter(shop_id=shop_id, order=order, outcome="").first()
    if row is not None:
        return row.pk
    row = CancelRequest.objects.create(shop_id=shop_id, order=order, asked_at=clock.now())
    if connection_for(order) is None:
        _answer(row, Answer(outcome=CancelOutcome.NEEDS_PERSON, why="no_connector"), by)
    else:
        cancel_in_shop.configure(lock=f"orders.cancel:{row.pk}").defer(request_id=row.pk)
    return row.pk


@transaction.atomic
def note_answer(request_id: int, *, answer: Answer, pause: timedelta | None = None, by: Actor) -> None:
    """Write down what the source said. Without an outcome the job asks again, after `pause` or a growing one.

    When its patience is over, a person is needed.
    """
    from opieka.orders.jobs import cancel_in_shop

    row = CancelRequest.objects.select_for_update().filter(id=request_id, outcome="").first()
    if row is None:
        return
    row.attempts += 1
    row.reference = answer.reference or row.reference
    if answer.outcome is not None:
        _answer(row, answer, by)
    elif clock.now() - row.asked_at > PATIENCE:
        late = Answer(
            outcome=CancelOutcome.NEEDS_PERSON, why=answer.why or "unanswered", detail=answer.detail
        )
        _answer(row, late, by)
    else:
        row.save()
        wait = pause or min(PAUSE * 2 ** min(row.attempts - 1, 10), LONGEST)
        job = cancel_in_shop.configure(
            lock=f"orders.cancel:{row.pk}", schedule_in={"seconds": int(wait.total_seconds()) or 1}
        )
        job.defer(request_id=row.pk)


def _answer(row: CancelRequest, answer: Answer, by: Actor) -> None:
    outcome, refund = CancelOutcome(answer.outcome or ""), RefundState(answer.refund)
    row.outcome, row.refund, row.answered_at = outcome, refund, clock.now()
    row.why, row.detail = answer.why[:40], answer.detail[:300]
    row.save()
    order = row.order
    record(
        CancellationAnswered(
            order_id=order.pk, request_id=row.pk, outcome=outcome, refund=refund, why=row.why
        ),
        shop_id=row.shop_id,
        customer_id=order.customer_id,
        subject=f"order:{order.pk}",
        by=by,
    )
    connection = connection_for(order)
    if outcome is not CancelOutcome.NEEDS_PERSON and connection is not None and not connection.phase:
        # What the shop changed should be seen here at once, webhook or not.
        begin_reading(connection.pk, everything=False, by=by)
