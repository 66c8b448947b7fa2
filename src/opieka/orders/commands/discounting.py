"""Asking the shop's system to honour a discount code, or no longer: written down, asked by a job, announced once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from procrastinate.types import TimeDeltaParams

from opieka.kernel import clock
from opieka.kernel.actor import Actor
from opieka.orders.connectors.changing import CodeAnswer
from opieka.orders.facts import DiscountAnswered
from opieka.orders.models import DiscountRequest
from opieka.orders.queries.discounting import honours_codes
from opieka.orders.types import CodeOutcome, Discount
from opieka.timeline.commands import record

PATIENCE = timedelta(hours=1)
"""How long a system that does not answer is asked again; then a person is."""
PAUSE, LONGEST = timedelta(seconds=3), timedelta(minutes=10)
MOST_DOUBLINGS = 10
NOBODY = CodeAnswer(outcome=CodeOutcome.NEEDS_PERSON, why="no_connector")


@transaction.atomic
def ask_to_honour(discount: Discount, *, about: str, shop_id: int, by: Actor) -> None:
    """Let a job write a code into the shop's system; the same code again is nothing more.

    `DiscountAnswered` tells what came of it, with the subject `about`.
    """
    row = DiscountRequest(
        shop_id=shop_id,
        code=discount.code,
        about=about,
        amount=discount.amount,
        per_cent=discount.per_cent,
        currency=discount.currency,
        valid_until=discount.valid_until,
        asked_at=clock.now(),
    )
    if not DiscountRequest.objects.filter(shop_id=shop_id, code=discount.code).exists():
        row.save(force_insert=True)
        _ask(row, by)


@transaction.atomic
def ask_to_forget(code: str, *, shop_id: int, by: Actor) -> None:
    """Let a job take a code out of the shop's system, if it was ever to be written there."""
    rows = DiscountRequest.objects.select_for_update().filter(shop_id=shop_id, code=code, removing=False)
    row = rows.first()
    if row is None:
        return
    row.removing, row.outcome, row.why, row.detail = True, "", "", ""
    row.asked_at, row.attempts = clock.now(), 0
    row.save()
    _ask(row, by)


@transaction.atomic
def note_discount(
    request_id: int, *, removing: bool, answer: CodeAnswer, pause: timedelta | None = None, by: Actor
) -> None:
    """Write down what came of a wish. Without an outcome the job asks again, until its patience is over."""
    rows = DiscountRequest.objects.select_for_update()
    row = rows.filter(id=request_id, outcome="", removing=removing).first()
    if row is None:
        return
    row.attempts += 1
    if answer.outcome is None and clock.now() - row.asked_at > PATIENCE:
        answer = replace(answer, outcome=CodeOutcome.NEEDS_PERSON, why=answer.why or "unanswered")
    if answer.outcome is not None:
        _answer(row, answer.outcome, answer, by)
        return
    row.save(update_fields=["attempts"])
    _defer(row, pause or min(PAUSE * 2 ** min(row.attempts - 1, MOST_DOUBLINGS), LONGEST))


def _ask(row: DiscountRequest, by: Actor) -> None:
    if honours_codes(row.shop_id):
        _defer(row, timedelta(0))
    else:
        _answer(row, CodeOutcome.NEEDS_PERSON, NOBODY, by)


def _defer(row: DiscountRequest, wait: timedelta) -> None:
    """By one job at a time: whoever takes a code back waits for whoever writes it."""
    from opieka.orders.jobs import write_code

    later: TimeDeltaParams | None = {"seconds": int(wait.total_seconds())} if wait else None
    write_code.configure(lock=f"orders.code:{row.pk}", schedule_in=later).defer(request_id=row.pk)


def _answer(row: DiscountRequest, outcome: CodeOutcome, answer: CodeAnswer, by: Actor) -> None:
    row.outcome, row.why, row.detail = outcome, answer.why[:40], answer.detail[:300]
    row.answered_at = clock.now()
    row.save()
    fact = DiscountAnswered(request_id=row.pk, outcome=outcome, removing=row.removing, why=row.why)
    record(fact, shop_id=row.shop_id, customer_id=None, subject=row.about, by=by)
