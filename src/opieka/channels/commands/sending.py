"""Sending: a message is fixed and stored first, then handed over by jobs, and what became of it is noted."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from opieka.channels import adapters, queries
from opieka.channels.adapters.base import ChannelError, Letter, Receipt
from opieka.channels.commands.composing import CannotSend, fixed
from opieka.channels.facts import (
    DispatchBounced,
    DispatchDelayed,
    DispatchFailed,
    DispatchReported,
    MessageDispatched,
)
from opieka.channels.models import Account, Dispatch
from opieka.channels.policy.delivery import LEASE, Step, after, heard, is_final, next_try
from opieka.channels.types import (
    CONTACTS,
    AccountDetails,
    Bounce,
    BounceKind,
    Channel,
    Delivery,
    DispatchState,
    Outgoing,
    Reported,
    Sending,
    TextDetails,
    Trouble,
)
from opieka.customers import commands as customers
from opieka.customers.types import ContactPoint, Reach
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM, Actor
from opieka.kernel.errors import Conflict, NotFound
from opieka.kernel.facts import Fact
from opieka.timeline.commands import record

SKEW = timedelta(seconds=2)
"""How far the clocks of hosts may differ: the database's wakes the job, the worker's looks whether it is time."""


class TooLate(Conflict):
    code = "too_late"
    sentence = _("The message is on its way already and cannot be taken back.")


@dataclass(frozen=True)
class Work:
    """One attempt that has been claimed: what to send, how, and which attempt it is."""

    dispatch_id: int
    account_id: int
    attempt: int
    details: AccountDetails | TextDetails
    letter: Letter


@transaction.atomic
def send(message: Outgoing, *, key: str, by: Actor) -> Delivery:
    """Fix a message and send it when its time to be taken back is over; automatic ones at once.

    `key` makes it idempotent in its shop: the same key again returns the first delivery. CannotSend,
    NoRecipient, TooLargeToSend, TooLongToSend, NotFound for a file the shop does not have.
    """
    account = (
        Account.objects.select_for_update().filter(id=message.account_id, shop_id=message.shop_id).first()
    )
    if account is None:
        raise NotFound
    # The account's row is the lock: the same key at the same time meets here.
    known = Dispatch.objects.filter(shop_id=message.shop_id, key=key).first()
    if known is not None:
        return queries.delivery(known)
    if account.sending == Sending.NONE or not account.active:
        raise CannotSend
    row = fixed(message, account, key)
    _defer(row)
    return queries.delivery(row)


@transaction.atomic
def cancel(dispatch_id: int, *, shop_id: int, by: Actor) -> None:
    """Take a message back while it is held; TooLate afterwards."""
    row = _locked(dispatch_id, shop_id)
    if not _step(row, Step.CANCEL):
        raise TooLate
    row.next_try_at = None
    row.save(update_fields=["state", "next_try_at"])


@transaction.atomic
def retry(dispatch_id: int, *, shop_id: int, by: Actor) -> None:
    """Send a failed message after all, the same bytes under the same Message-ID; Conflict unless failed."""
    row = _locked(dispatch_id, shop_id)
    if row.raw_id is None or not _step(row, Step.RETRY):
        raise Conflict
    row.trouble, row.detail, row.first_try_at, row.next_try_at = "", "", None, clock.now()
    row.save(update_fields=["state", "trouble", "detail", "first_try_at", "next_try_at"])
    _defer(row)


@transaction.atomic
def claim(dispatch_id: int) -> Work | None:
    """Take a message whose time has come for one attempt; None when it is not due or another has it."""
    now = clock.now()
    rows = Dispatch.objects.select_for_update(skip_locked=True, of=("self",)).select_related("account", "raw")
    row = rows.filter(id=dispatch_id, next_try_at__lte=now + SKEW).first()
    if row is None or _is_overdue(row, now) or not _step(row, Step.CLAIM):
        return None
    row.attempts += 1
    row.claimed_at = now
    row.first_try_at = row.first_try_at or now
    row.next_try_at = now + LEASE
    row.save(update_fields=["state", "attempts", "claimed_at", "first_try_at", "next_try_at"])
    assert row.raw is not None  # noqa: S101  # what is forgotten is never due
    letter = Letter(
        raw=queries.stored(row.raw).data,
        message_id=row.message_id,
        sender=row.account.address,
        recipients=tuple(row.waiting),
        report_url=queries.report_url(row.account),
        in_doubt_since=row.first_try_at if row.trouble == Trouble.IN_DOUBT else None,
    )
    return Work(row.pk, row.account_id, row.attempts, queries.details(row.account), letter)


@transaction.atomic
def mark_sent(work: Work, *, receipt: Receipt) -> None:
    """Note what a relay or provider has taken; recipients it refused for now are tried again."""
    row = _locked(work.dispatch_id)
    if _forgotten(row, Step.ACCEPT):
        return
    again = [who for who, refusal in receipt.refused.items() if not refusal.permanent]
    for who, refusal in receipt.refused.items():
        row.trouble, row.detail = (
            Trouble.REFUSED_RECIPIENT,
            f"{who}: {refusal.status} {refusal.detail}".strip(),
        )
        if refusal.permanent:
            _mark_reach(row, who, Reach.HARD)
    served = set(work.letter.recipients) - set(receipt.refused)
    row.waiting = [who for who in row.waiting if who in again]
    if not receipt.refused:
        row.trouble = row.detail = ""
    if row.waiting:
        _not_now(row, work)
    elif served or len(row.recipients) > len(work.letter.recipients):
        _accepted(row, receipt)
    else:
        _give_up(row)
    row.save()


@transaction.atomic
def mark_failed(work: Work, *, error: ChannelError) -> None:
    """Note why an attempt failed; it is repeated later unless that is of no use or patience is at an end."""
    row = _locked(work.dispatch_id)
    if row.attempts != work.attempt or row.state != DispatchState.SENDING:
        return  # a later attempt is under way or has succeeded
    if _forgotten(row, Step.GIVE_UP):
        return
    row.trouble, row.detail = error.trouble, error.detail
    if error.in_doubt and not _repeatable(work.details):
        row.trouble = Trouble.UNSURE
        _give_up(row)
    elif error.permanent:
        _give_up(row)
    else:
        _not_now(row, work)
    if error.permanent and error.trouble is Trouble.REFUSED_RECIPIENT:
        _mark_reach(row, row.recipients[0], Reach.HARD)
    row.save()


@transaction.atomic
def release_lost(dispatch_id: int) -> None:
    """Queue a message again whose attempt was cut short by the death of its process.

    One that must not be sent twice is given up instead: a person decides.
    """
    row = _locked(dispatch_id)
    lost = row.claimed_at is not None and row.claimed_at <= clock.now() - LEASE
    if not lost or _forgotten(row, Step.GIVE_UP):
        return
    if not _repeatable(queries.details(row.account)):
        row.trouble, row.detail = Trouble.UNSURE, ""
        _give_up(row)
        row.save(update_fields=["state", "trouble", "detail", "next_try_at"])
        return
    if not _step(row, Step.LOSE):
        return
    row.trouble, row.detail, row.next_try_at = Trouble.IN_DOUBT, "", clock.now()
    row.save(update_fields=["state", "trouble", "detail", "next_try_at"])
    _defer(row)


@transaction.atomic
def mark_bounced(dispatch_id: int, *, bounce: Bounce) -> None:
    """Note that a message came back, and that its recipient cannot be reached there."""
    row = _locked(dispatch_id)
    if row.raw_id is None:
        return  # nothing of it is known any more
    if is_final(Channel(row.account.channel), DispatchState(row.state), Reported(row.reported)):
        return
    recipient = bounce.recipient if bounce.recipient in row.recipients else row.recipients[0]
    reach = Reach.HARD if bounce.kind is BounceKind.HARD else Reach.SOFT
    _mark_reach(row, recipient, reach)
    if not _step(row, Step.BOUNCE):
        return
    row.trouble, row.detail, row.next_try_at = Trouble.BOUNCED, f"{recipient} {bounce.status}".strip(), None
    row.save(update_fields=["state", "trouble", "detail", "next_try_at"])
    _announce(
        row,
        lambda: DispatchBounced(
            dispatch_id=row.pk, message=row.message, bounce_kind=bounce.kind, status=bounce.status[:20]
        ),
    )


@transaction.atomic
def mark_reported(dispatch_id: int, *, reported: Reported, word: str = "") -> None:
    """Keep what the provider tells of a message it took: only forward, however often and in any order.

    One we had given up because nobody knew whether it was taken has been sent after all. `word` is the
    provider's own, kept for people when we do not know it.
    """
    row = _locked(dispatch_id)
    state = DispatchState(row.state)
    if is_final(Channel(row.account.channel), state, Reported(row.reported)):
        return
    if row.trouble == Trouble.UNSURE:
        _accepted(row, Receipt())
        row.trouble = row.detail = ""
    known = heard(Reported(row.reported), reported)
    if known is Reported.UNKNOWN and not row.trouble:
        row.trouble, row.detail = Trouble.UNKNOWN_WORD, word[:100]
    elif row.trouble == Trouble.UNKNOWN_WORD and known is not Reported.UNKNOWN:
        row.trouble = row.detail = ""
    if known != row.reported:
        row.reported = known
        _announce(row, lambda: DispatchReported(dispatch_id=row.pk, message=row.message, reported=known))
    row.save()


@transaction.atomic
def withhold(customer_ids: Collection[int], *, channel: Channel, shop_id: int, by: Actor) -> int:
    """Do not send what was to be sent to a person by itself on a channel; returns how many there were."""
    rows = Dispatch.objects.select_for_update(of=("self",)).filter(
        shop_id=shop_id,
        customer_id__in=customer_ids,
        account__channel=channel,
        automatic=True,
        state=DispatchState.QUEUED,
    )
    found = list(rows.order_by("id"))
    for row in found:
        row.state, row.trouble, row.next_try_at = (
            after(_QUEUED, Step.WITHHOLD) or row.state,
            Trouble.STOPPED,
            None,
        )
    Dispatch.objects.bulk_update(found, ["state", "trouble", "next_try_at"])
    return len(found)


_QUEUED = DispatchState.QUEUED


def _is_overdue(row: Dispatch, now: datetime) -> bool:
    """Whether it is too late for a message to be true: then it does not leave any more."""
    if row.not_after is None or now <= row.not_after or not _step(row, Step.WITHHOLD):
        return False
    row.trouble, row.detail, row.next_try_at = Trouble.OVERDUE, "", None
    row.save(update_fields=["state", "trouble", "detail", "next_try_at"])
    return True


def _locked(dispatch_id: int, shop_id: int | None = None) -> Dispatch:
    rows = Dispatch.objects.select_for_update().filter(id=dispatch_id)
    row = (rows if shop_id is None else rows.filter(shop_id=shop_id)).first()
    if row is None:
        raise NotFound
    return row


def _forgotten(row: Dispatch, step: Step) -> bool:
    """Whether a message was forgotten while it was on its way; it ends without a word about its recipients."""
    if row.raw_id is not None:
        return False
    _step(row, step)
    row.next_try_at = None
    row.save(update_fields=["state", "next_try_at"])
    return True


def _step(row: Dispatch, step: Step) -> bool:
    """Take the step if the table allows it."""
    state = after(DispatchState(row.state), step)
    row.state = state or row.state
    return state is not None


def _accepted(row: Dispatch, receipt: Receipt) -> None:
    row.provider_id = receipt.provider_id[:250] or row.provider_id
    if _step(row, Step.ACCEPT):
        row.sent_at, row.next_try_at = clock.now(), None
        _announce(row, lambda: MessageDispatched(dispatch_id=row.pk, message=row.message))


def _not_now(row: Dispatch, work: Work) -> None:
    now = clock.now()
    at = next_try(attempts=work.attempt, since=row.first_try_at or now, now=now)
    if at is None:
        _give_up(row)
    elif _step(row, Step.DEFER):
        row.next_try_at = at
        _defer(row)
        if work.attempt == 1:
            _announce(
                row, lambda: DispatchDelayed(dispatch_id=row.pk, message=row.message, trouble=row.trouble)
            )


def _give_up(row: Dispatch) -> None:
    if _step(row, Step.GIVE_UP):
        row.next_try_at = None
        _announce(row, lambda: DispatchFailed(dispatch_id=row.pk, message=row.message, trouble=row.trouble))


def _announce(row: Dispatch, fact: Callable[[], Fact]) -> None:
    record(fact(), shop_id=row.shop_id, customer_id=row.customer_id, subject=row.thread, by=SYSTEM)


def _mark_reach(row: Dispatch, address: str, reach: Reach) -> None:
    point = ContactPoint(CONTACTS[Channel(row.account.channel)], address)
    customers.mark_reach(point, reach=reach, shop_id=row.shop_id, by=SYSTEM)


def _repeatable(details: AccountDetails | TextDetails) -> bool:
    """Whether a message may be sent again when nobody knows whether it was taken."""
    try:
        return adapters.sender(details).capabilities.repeatable
    except ChannelError:
        return True


def _defer(row: Dispatch) -> None:
    from opieka.channels.jobs import deliver

    assert row.next_try_at is not None  # noqa: S101  # whoever defers has set it
    deliver.configure(schedule_at=row.next_try_at).defer(dispatch_id=row.pk)
