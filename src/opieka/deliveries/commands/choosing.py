"""What customers decide about their parcels, until it is arranged or cannot be."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from opieka.deliveries import facts
from opieka.deliveries.carriers.arranging import Wish
from opieka.deliveries.commands.announcing import about, touchpoint
from opieka.deliveries.commands.loading import take_turns
from opieka.deliveries.commands.promising import promise
from opieka.deliveries.models import IS_OPEN, Choice, Parcel, PickupPoint
from opieka.deliveries.policy.choosing import LONGEST_WORDS, STEPS, Problem, Step, problem, same_matter
from opieka.deliveries.queries.choosing import OPEN, Details, offered, wish, zone_of
from opieka.deliveries.queries.choosing import choice as card
from opieka.deliveries.types import Choice as Chosen
from opieka.deliveries.types import ChoiceKind, ChoiceState, Offer, ParcelStage, PromiseSource, Refusal
from opieka.kernel import clock, secrets
from opieka.kernel.actor import SYSTEM, Actor
from opieka.kernel.errors import Conflict, DomainError, Invalid, NotFound
from opieka.orders import queries as orders
from opieka.timeline.commands import record_many

S = ChoiceState
LEASE = timedelta(minutes=10)
"""So long nobody else asks the carrier; after that whoever asked was killed."""
TRIES = 6


class NotOffered(Conflict):
    code = "not_offered"
    sentence = _("This can no longer be chosen for this parcel.")


class BeingAsked(Conflict):
    code = "being_asked"
    sentence = _("The carrier is being asked about the last choice. Wait for its answer, then choose again.")


class Settled(Conflict):
    code = "settled"
    sentence = _("This choice is settled already. Look again.")


class DayNotOffered(Invalid):
    code = "day_not_offered"
    sentence = _("This day is not among those that can be chosen.")


class HoursNotOffered(Invalid):
    code = "hours_not_offered"
    sentence = _("These hours are not among those that can be chosen.")


class WordsMissing(Invalid):
    code = "words_missing"
    sentence = _("Write a few words, so that the courier knows.")


class AddressIncomplete(Invalid):
    code = "address_incomplete"
    sentence = _("The address needs a street with its number, a postcode and a town.")


class NoSuchPoint(Invalid):
    code = "no_such_point"
    sentence = _("This pickup point is not open for this parcel.")


_PROBLEMS: dict[Problem, type[DomainError]] = {
    Problem.DAY: DayNotOffered,
    Problem.HOURS: HoursNotOffered,
    Problem.WORDS: WordsMissing,
    Problem.ADDRESS: AddressIncomplete,
    Problem.POINT: NoSuchPoint,
}


@dataclass(frozen=True)
class Asking:
    """A decision a carrier is to be asked for now, by a shop's connection."""

    shop_id: int
    carrier: str
    wish: Wish


@transaction.atomic
def choose(
    parcel_id: int,
    *,
    shop_id: int,
    choice: Chosen,
    key: str,
    by: Actor,
    pause: timedelta = timedelta(0),
) -> int:
    """Keep what a customer decided about a parcel; returns the decision's id. The same `key` again returns the first.

    The carrier is asked after a `pause`: so long it can be withdrawn.

    NotFound, NotOffered, BeingAsked; DayNotOffered, HoursNotOffered, WordsMissing, AddressIncomplete, NoSuchPoint.
    """
    parcel = _locked(parcel_id, shop_id)
    first = (
        Choice.objects.filter(shop_id=shop_id, parcel=parcel, key=key).values_list("id", flat=True).first()
    )
    if first is not None:
        return first
    offer = next((one for one in offered(parcel) if one.kind is choice.kind), None)
    if offer is None:
        raise NotOffered
    wrong = problem(choice, offer)
    if wrong is not None:
        raise _PROBLEMS[wrong]
    point = _point(choice, parcel)
    _make_room(parcel, choice.kind, by)
    row = _row(parcel, choice, offer, key)
    row.due_at = None if offer.by_hand else row.made_at + pause
    row.point = point
    row.save()
    _tell(parcel, facts.DeliveryChosen(**_of(parcel, row), by_hand=row.by_hand), by)
    if not row.by_hand:
        _defer(row)
    return row.pk


@transaction.atomic
def withdraw_choice(choice_id: int, *, shop_id: int, by: Actor) -> None:
    """Take a decision back that nobody has been asked for yet; NotFound, Settled."""
    parcel, row = _both(choice_id, shop_id)
    _step(row, Step.WITHDRAW)
    _tell(parcel, facts.ChoiceDropped(**_of(parcel, row), why=row.state), by)


@transaction.atomic
def settle_choice(
    choice_id: int, *, shop_id: int, accepted: bool, refusal: Refusal = Refusal.CARRIER, by: Actor
) -> None:
    """Note what came of a decision. A confirmed day is promised from now on. NotFound, Settled."""
    row = Choice.objects.filter(id=choice_id, shop_id=shop_id).select_related("parcel").first()
    if row is None:
        raise NotFound
    _take_turn(row.parcel)
    parcel, row = _both(choice_id, shop_id)
    if not accepted:
        _refuse(parcel, row, refusal, by)
        return
    _step(row, Step.ACCEPT)
    _overtake(parcel, _others(parcel, row, (*OPEN, S.CONFIRMED)), by)
    _tell(parcel, facts.ChoiceConfirmed(**_of(parcel, row)), by)
    _promise(parcel, row)


@transaction.atomic
def claim_choice(choice_id: int) -> Asking | None:
    """Take a decision to ask its carrier for it; None when somebody else does, or when it is too late for it."""
    row = Choice.objects.filter(id=choice_id).first()
    if row is None:
        return None
    parcel, row = _both(choice_id, row.shop_id)
    if row.due_at is None or row.due_at > clock.now():
        return None
    if not row.reference and not _still(parcel, row):
        _refuse(parcel, row, Refusal.TOO_LATE, SYSTEM)
        return None
    _step(row, Step.SEND, due_at=clock.now() + LEASE, tries=row.tries + 1)
    told = card(row.pk, shop_ids=[row.shop_id])
    wanted = Wish(number=parcel.number, choice=told.choice, point=told.point, reference=row.reference)
    return Asking(row.shop_id, parcel.carrier, wanted)


@transaction.atomic
def postpone_choice(
    choice_id: int, *, shop_id: int, reference: str = "", pause: timedelta, by: Actor
) -> None:
    """Ask the carrier again after a pause: for the outcome where it gave a `reference`. When it has been asked often
    enough, or (with no pause) when asking is of no use, a person at the shop goes on."""
    _parcel, row = _both(choice_id, shop_id)
    if row.state != S.SENT:
        return
    row.reference = (reference or row.reference)[:100]
    if pause and row.tries < TRIES:
        row.due_at = clock.now() + pause
        row.save(update_fields=["reference", "due_at"])
        return
    row.by_hand = True
    _step(row, Step.HAND_OVER)


@transaction.atomic
def end_choices(parcel_ids: Collection[int], *, shop_id: int, by: Actor) -> None:
    """Let go of what was decided about parcels that have arrived or go back: they decide it themselves."""
    rows = Choice.objects.filter(shop_id=shop_id, parcel_id__in=parcel_ids, state__in=OPEN)
    for parcel_id in sorted(set(rows.values_list("parcel_id", flat=True))):
        _end(parcel_id, shop_id, by)


def _end(parcel_id: int, shop_id: int, by: Actor) -> None:
    parcel = _locked(parcel_id, shop_id)
    ended = Parcel.objects.filter(IS_OPEN, id=parcel_id).exclude(stage=ParcelStage.RETURNING)
    if ended.exists():
        return
    rows = Choice.objects.select_for_update().filter(shop_id=shop_id, parcel=parcel, state__in=OPEN)
    for row in rows.order_by("id"):
        if row.kind == ChoiceKind.CANCEL and parcel.stage in _CANCELLED:
            _step(row, Step.ACCEPT)
            _tell(parcel, facts.ChoiceConfirmed(**_of(parcel, row)), by)
        else:
            _overtake(parcel, [row], by)


_CANCELLED = {ParcelStage.CANCELLED, ParcelStage.RETURNING, ParcelStage.RETURNED}


def _locked(parcel_id: int, shop_id: int) -> Parcel:
    row = Parcel.objects.select_for_update().filter(id=parcel_id, shop_id=shop_id).first()
    if row is None:
        raise NotFound
    return row


def _both(choice_id: int, shop_id: int) -> tuple[Parcel, Choice]:
    """A decision and its parcel, both locked, the parcel first as everywhere."""
    parcel_id = (
        Choice.objects.filter(id=choice_id, shop_id=shop_id).values_list("parcel_id", flat=True).first()
    )
    if parcel_id is None:
        raise NotFound
    parcel = _locked(parcel_id, shop_id)
    return parcel, Choice.objects.select_for_update().get(id=choice_id)


def _take_turn(parcel: Parcel) -> None:
    """Lock the order before its parcels, as everybody does who promises something."""
    sending = orders.sendings([parcel.order_id], shop_id=parcel.shop_id) if parcel.order_id else {}
    if sending:
        take_turns(parcel.shop_id, order_keys=[one.number_key for one in sending.values()])


def _point(choice: Chosen, parcel: Parcel) -> PickupPoint | None:
    if choice.kind is not ChoiceKind.PICKUP_POINT or choice.point_id is None:
        return None
    rows = PickupPoint.objects.filter(shop_id=parcel.shop_id, carrier=parcel.carrier, gone_at=None)
    found = rows.filter(id=choice.point_id).first()
    if found is None:
        raise NoSuchPoint
    return found


def _row(parcel: Parcel, choice: Chosen, offer: Offer, key: str) -> Choice:
    now = clock.now()
    details = Details(words=" ".join(choice.words.split())[:LONGEST_WORDS], address=choice.address)
    written = secrets.encrypt(msgspec.json.encode(details).decode()) if details != Details() else ""
    first, last = choice.hours or (None, None)
    return Choice(
        shop_id=parcel.shop_id,
        parcel=parcel,
        key=key[:200],
        kind=choice.kind,
        state=S.REQUESTED,
        by_hand=offer.by_hand,
        day=choice.day,
        time_from=first,
        time_to=last,
        details=written,
        photos=list(dict.fromkeys(choice.photos)),
        made_at=now,
    )


def _make_room(parcel: Parcel, kind: ChoiceKind, by: Actor) -> None:
    """What was decided of the same matter and not asked for yet counts no more."""
    rows = Choice.objects.select_for_update().filter(shop_id=parcel.shop_id, parcel=parcel, state__in=OPEN)
    before = list(rows.filter(kind__in=[*same_matter(kind), ChoiceKind.CANCEL]).order_by("id"))
    if any(row.state == S.SENT for row in before):
        raise BeingAsked
    _overtake(parcel, before, by)


def _others(parcel: Parcel, row: Choice, states: Iterable[ChoiceState]) -> list[Choice]:
    kinds = same_matter(ChoiceKind(row.kind))
    rows = Choice.objects.select_for_update().filter(shop_id=parcel.shop_id, parcel=parcel, kind__in=kinds)
    return list(rows.filter(state__in=list(states)).exclude(id=row.pk).order_by("id"))


def _overtake(parcel: Parcel, rows: Iterable[Choice], by: Actor) -> None:
    for row in rows:
        _step(row, Step.OVERTAKE)
        _tell(parcel, facts.ChoiceDropped(**_of(parcel, row), why=row.state), by)


def _refuse(parcel: Parcel, row: Choice, refusal: Refusal, by: Actor) -> None:
    row.refusal = refusal
    _step(row, Step.REFUSE)
    _tell(parcel, facts.ChoiceRefused(**_of(parcel, row), reason=refusal.value), by)


def _step(row: Choice, step: Step, *, due_at: datetime | None = None, tries: int | None = None) -> None:
    after = STEPS.get((S(row.state), step))
    if after is None:
        raise Settled
    row.state, row.due_at = after, due_at
    row.tries = row.tries if tries is None else tries
    row.settled_at = None if after in OPEN else clock.now()
    row.save()


def _still(parcel: Parcel, row: Choice) -> bool:
    """Whether what was decided is offered even now."""
    offer = next((one for one in offered(parcel) if one.kind == row.kind), None)
    return offer is not None and problem(wish(row), offer) is None


def _promise(parcel: Parcel, row: Choice) -> None:
    """A confirmed day counts for the whole order: never earlier than what is promised while other parcels are open."""
    if row.kind != ChoiceKind.SLOT or row.day is None or parcel.order_id is None:
        return
    zone = zone_of(parcel)
    first = datetime.combine(row.day, row.time_from or time.min, zone)
    last = datetime.combine(row.day, row.time_to or time(23, 59, 59), zone)
    siblings = Parcel.objects.filter(IS_OPEN, shop_id=parcel.shop_id, order_id=parcel.order_id)
    if parcel.promised_to and last < parcel.promised_to and siblings.exclude(id=parcel.pk).exists():
        return
    promise(
        parcel.order_id,
        shop_id=parcel.shop_id,
        promised_from=first,
        promised_to=last,
        source=PromiseSource.CUSTOMER,
        by=SYSTEM,
    )


def _of(parcel: Parcel, row: Choice) -> dict[str, Any]:
    return {**about(parcel), "choice_id": row.pk, "choice": str(row.kind), "day": row.day}


def _tell(parcel: Parcel, fact: facts.ParcelFact, by: Actor) -> None:
    record_many([touchpoint(parcel, fact, by=by)])


def _defer(row: Choice) -> None:
    from opieka.deliveries.jobs import arrange_choice

    arrange_choice.configure(schedule_at=row.due_at).defer(choice_id=row.pk)
