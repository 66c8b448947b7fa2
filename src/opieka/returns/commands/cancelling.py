"""Everything that writes cases."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from opieka.clocks import commands as clocks
from opieka.clocks.types import AllTime, Basis, Days, NewClock
from opieka.kernel import clock
from opieka.kernel.actor import Actor, ActorKind
from opieka.kernel.errors import Conflict, NotFound
from opieka.orders import commands as shop_systems
from opieka.orders import queries as orders
from opieka.orders.types import CancelOutcome, RefundState
from opieka.returns import policy, queries
from opieka.returns.facts import (
    CancellationAsked,
    CancellationGranted,
    CancellationNeedsPerson,
    CancellationRefunded,
    CancellationTakenBack,
    CancellationTooLate,
    CaseFact,
)
from opieka.returns.models import IS_OPEN, Case
from opieka.returns.types import CaseKind, CaseStatus, Chance, NextBest, Step
from opieka.timeline.commands import record

ANSWER, REFUND = "cancellation_answer", "cancellation_refund"
"""The kinds of the clocks: until she is answered, and until she has her money back."""
ANSWER_WITHIN = timedelta(minutes=15)
REFUND_DAYS = 14
"""As for a withdrawal, Directive 2011/83/EU Article 13(1): a shop that cancels is not slower."""


class AlreadyCancelled(Conflict):
    code = "already_cancelled"
    sentence = _("This order is cancelled already.")


class CaseMovedOn(Conflict):
    code = "case_moved_on"
    sentence = _("This is no longer possible: the case has gone on meanwhile.")


@transaction.atomic
def ask_cancellation(
    order_id: int, *, shop_ids: Collection[int], conversation_id: int | None = None, by: Actor
) -> int:
    """Somebody wants an order cancelled; returns the case, the open one if there is one.

    What has left is answered at once: too late. Staff can take it back for some seconds, a customer has confirmed.
    NotFound, AlreadyCancelled.
    """
    order = orders.order(order_id, shop_ids=shop_ids)
    shop_systems.hold_order(order_id, shop_id=order.shop_id)
    found = queries.cancellable(order_id, shop_ids=[order.shop_id])
    if found.chance is Chance.CANCELLED:
        raise AlreadyCancelled
    if found.chance is Chance.ASKED and found.case_id is not None:
        return found.case_id
    row = Case.objects.create(
        shop_id=order.shop_id,
        kind=CaseKind.CANCELLATION,
        status=CaseStatus.ASKED,
        order_id=order_id,
        customer_id=order.customer_id,
        conversation_id=conversation_id,
        asked_at=clock.now(),
    )
    _announce(row, CancellationAsked(case_id=row.pk, order_id=order_id), by)
    term = AllTime(ANSWER_WITHIN)
    new = NewClock(ANSWER, f"case:{row.pk}", Basis.PROMISED, term, order.customer_id)
    clocks.start(order.shop_id, new=new, by=by)
    _begin(row, found.chance, found.next_best, by)
    return row.pk


def _begin(row: Case, chance: Chance, options: Collection[NextBest], by: Actor) -> None:
    from opieka.returns.jobs import ask_shop

    if chance is Chance.TOO_LATE:
        _refuse(row, options, by)
    elif chance is Chance.PERSON:
        _hand_to_person(row, "partly_sent" if options else "after_cut_off", by)
    elif by.kind is ActorKind.CUSTOMER:
        _ask_shop(row, by)
    else:
        seconds = max(1, settings.OPIEKA.undo_seconds)
        ask_shop.configure(schedule_in={"seconds": seconds}).defer(case_id=row.pk, shop_id=row.shop_id)


@transaction.atomic
def ask_shop(case_id: int, *, shop_id: int, by: Actor) -> None:
    """The time to take it back is over: ask the shop's system. Does nothing for a case that has moved on."""
    row = Case.objects.select_for_update().filter(id=case_id, shop_id=shop_id).first()
    if row is None or row.status != CaseStatus.ASKED:
        return
    found = queries.cancellable(row.order_id, shop_ids=[shop_id])
    if found.chance is Chance.CANCELLED:
        _grant(row, None, by)
    elif found.next_best:
        _refuse(row, found.next_best, by)
    else:
        _ask_shop(row, by)


def _ask_shop(row: Case, by: Actor) -> None:
    _move(row, Step.ASK_SHOP)
    row.save()
    row.request_id = shop_systems.ask_to_cancel(row.order_id, shop_id=row.shop_id, by=by)
    row.save()


@transaction.atomic
def take_back(case_id: int, *, shop_ids: Collection[int], by: Actor) -> None:
    """The order is wanted after all; NotFound, CaseMovedOn once the shop's system has been asked."""
    row = _locked(case_id, shop_ids)
    _move(row, Step.TAKE_BACK)
    _end(row)
    _announce(row, CancellationTakenBack(case_id=row.pk, order_id=row.order_id), by)
    clocks.cancel(row.shop_id, kind=ANSWER, subject=f"case:{row.pk}", by=by)


@transaction.atomic
def settle(
    case_id: int, *, cancelled: bool, refund: RefundState | None = None, shop_ids: Collection[int], by: Actor
) -> None:
    """A person has looked: it is cancelled (and what of the money), or too late; NotFound, CaseMovedOn."""
    row = _locked(case_id, shop_ids)
    if row.status != CaseStatus.WITH_PERSON:
        raise CaseMovedOn
    if cancelled:
        _grant(row, refund, by)
    else:
        _refuse(row, queries.cancellable(row.order_id, shop_ids=[row.shop_id]).next_best, by)


@transaction.atomic
def note_answer(
    request_id: int, *, outcome: CancelOutcome, refund: RefundState, why: str, shop_id: int, by: Actor
) -> None:
    """The shop's system has answered a request; cases that have moved on stay as they are."""
    row = Case.objects.select_for_update().filter(shop_id=shop_id, request_id=request_id).first()
    if row is None or row.status != CaseStatus.WITH_SHOP:
        return
    if outcome is CancelOutcome.CANCELLED:
        _grant(row, refund, by)
    elif outcome is CancelOutcome.TOO_LATE:
        options = queries.cancellable(row.order_id, shop_ids=[shop_id]).next_best
        _refuse(row, options or policy.next_best(policy.Progress(row.asked_at)), by)
    else:
        _hand_to_person(row, why, by)


@transaction.atomic
def follow_orders(order_ids: Collection[int], *, shop_id: int, by: Actor) -> None:
    """Something has happened to some orders: they are cancelled, have left, or money was paid back."""
    unpaid = Q(status=CaseStatus.CANCELLED, refunded_at=None)
    rows = Case.objects.filter(IS_OPEN | unpaid, shop_id=shop_id, order_id__in=order_ids)
    for order_id in sorted(set(rows.values_list("order_id", flat=True))):
        _follow(order_id, shop_id, by)


def _follow(order_id: int, shop_id: int, by: Actor) -> None:
    row = Case.objects.select_for_update().filter(IS_OPEN, shop_id=shop_id, order_id=order_id).first()
    found = queries.cancellable(order_id, shop_ids=[shop_id])
    # While the shop's system is being asked, its answer tells more: what becomes of the money.
    if row is not None and row.status != CaseStatus.WITH_SHOP:
        if found.chance is Chance.CANCELLED:
            _grant(row, None, by)
        elif found.next_best:
            _refuse(row, found.next_best, by)
    _look_at_money(order_id, shop_id, by)


def _look_at_money(order_id: int, shop_id: int, by: Actor) -> None:
    rows = Case.objects.select_for_update().filter(
        shop_id=shop_id, order_id=order_id, status=CaseStatus.CANCELLED, refunded_at=None
    )
    row = rows.exclude(refund=RefundState.NOT_DUE).first()
    if row is None or queries.refund_due(orders.order(order_id, shop_ids=[shop_id])):
        return
    row.refunded_at = clock.now()
    row.save(update_fields=["refunded_at"])
    _announce(row, CancellationRefunded(case_id=row.pk, order_id=order_id), by)
    clocks.satisfy(shop_id, kind=REFUND, subject=f"case:{row.pk}", by=by)


def _grant(row: Case, refund: RefundState | None, by: Actor) -> None:
    """`refund` None: by what the order says of its money."""
    due = queries.refund_due(orders.order(row.order_id, shop_ids=[row.shop_id]))
    row.refund = refund or (RefundState.BY_HAND if due else RefundState.NOT_DUE)
    _move(row, Step.GRANT)
    _end(row)
    granted = CancellationGranted(case_id=row.pk, order_id=row.order_id, refund=row.refund)
    _announce(row, granted, by)
    subject = f"case:{row.pk}"
    clocks.satisfy(row.shop_id, kind=ANSWER, subject=subject, by=by)
    if row.refund != RefundState.NOT_DUE:
        new = NewClock(REFUND, subject, Basis.LEGAL, Days(REFUND_DAYS), row.customer_id)
        clocks.start(row.shop_id, new=new, by=by)
        _look_at_money(row.order_id, row.shop_id, by)


def _refuse(row: Case, options: Collection[NextBest], by: Actor) -> None:
    row.next_best = [option.value for option in options]
    _move(row, Step.REFUSE)
    _end(row)
    told = CancellationTooLate(case_id=row.pk, order_id=row.order_id, next_best=tuple(row.next_best))
    _announce(row, told, by)
    clocks.satisfy(row.shop_id, kind=ANSWER, subject=f"case:{row.pk}", by=by)


def _hand_to_person(row: Case, why: str, by: Actor) -> None:
    row.why = why[:40]
    _move(row, Step.ASK_PERSON)
    row.save()
    _announce(row, CancellationNeedsPerson(case_id=row.pk, order_id=row.order_id, why=row.why), by)


def _move(row: Case, step: Step) -> None:
    then = policy.after(CaseStatus(row.status), step)
    if then is None:
        raise CaseMovedOn
    row.status = then


def _end(row: Case) -> None:
    row.settled_at = clock.now()
    row.save()


def _locked(case_id: int, shop_ids: Collection[int]) -> Case:
    row = Case.objects.select_for_update().filter(id=case_id, shop_id__in=shop_ids).first()
    if row is None:
        raise NotFound
    return row


def _announce(row: Case, fact: CaseFact, by: Actor) -> None:
    record(fact, shop_id=row.shop_id, customer_id=row.customer_id, subject=f"case:{row.pk}", by=by)


@transaction.atomic
def hold_in(case_id: int, *, conversation_id: int, shop_id: int, by: Actor) -> None:
    """The conversation in which she was told of it; the first one stays."""
    rows = Case.objects.filter(id=case_id, shop_id=shop_id, conversation=None)
    rows.update(conversation_id=conversation_id)
