"""What care does when something has been announced."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from opieka.care import commands, queries
from opieka.care.types import COLLECTION_CLOCK, IncidentKind, NoticePreferences, ParcelNews, Trouble
from opieka.clocks.facts import ClockBreached, ClockDueSoon
from opieka.conversations.facts import (
    ConversationReopened,
    ConversationResolved,
    MessageReceived,
    MessageSent,
)
from opieka.conversations.types import FIRST_RESPONSE, MessageKind, Step
from opieka.customers.facts import CustomerErased
from opieka.deliveries.facts import (
    ArrivalTold,
    ChoiceConfirmed,
    ChoiceRefused,
    OrderDelayExpected,
    OrderPartlyDelivered,
    ParcelAttemptFailed,
    ParcelDamaged,
    ParcelDelayExpected,
    ParcelDelivered,
    ParcelFact,
    ParcelLate,
    ParcelLost,
    ParcelOutForDelivery,
    ParcelReadyForCollection,
    ParcelReturning,
    ParcelShipped,
    ParcelStale,
)
from opieka.deliveries.types import Arrival
from opieka.goodwill.facts import CouponInShop
from opieka.kernel.actor import SYSTEM
from opieka.orders.facts import OrderPlaced, RefundIssued
from opieka.shops import queries as shops
from opieka.timeline.reacting import react_in_batches, react_to
from opieka.timeline.types import Entry

Done = defaultdict[int, list[tuple[int, datetime]]]
"""By shop, which customers did something when."""
NOTICES: Mapping[type[ParcelFact], ParcelNews] = {
    ParcelShipped: ParcelNews.ACCEPTED,
    ParcelOutForDelivery: ParcelNews.OUT_FOR_DELIVERY,
    ParcelReadyForCollection: ParcelNews.READY,
    ParcelAttemptFailed: ParcelNews.ATTEMPTED,
    ParcelDelivered: ParcelNews.DELIVERED,
}


@react_in_batches(*NOTICES)
def tell_the_customer(entries: Sequence[Entry]) -> None:
    """Where her parcel is, if the shop tells such things."""
    wanted = shops.preferences_of({entry.shop_id for entry in entries}, NoticePreferences)
    for entry in entries:
        fact = entry.fact
        if isinstance(fact, ParcelFact) and NOTICES[type(fact)] in wanted[entry.shop_id].on:
            kind, attempt = NOTICES[type(fact)], getattr(fact, "attempt", 1)
            commands.notify(
                fact.parcel_id,
                kind=kind,
                happened_at=entry.at,
                key=f"care:{kind}:{fact.parcel_id}:{attempt}",
                shop_id=entry.shop_id,
                by=SYSTEM,
            )


TROUBLES: Mapping[type[ParcelFact], IncidentKind] = {
    ParcelDelayExpected: IncidentKind.DELAY_EXPECTED,
    ParcelLate: IncidentKind.LATE,
    ParcelStale: IncidentKind.STALE,
    ParcelLost: IncidentKind.LOST,
    ParcelDamaged: IncidentKind.DAMAGED,
    ParcelReturning: IncidentKind.SENT_BACK,
}


@react_to(*TROUBLES)
def open_an_incident(entry: Entry) -> None:
    """Something is wrong with a parcel."""
    fact = entry.fact
    if isinstance(fact, ParcelFact):
        kind = TROUBLES[type(fact)]
        commands.report_parcel(fact.parcel_id, kind=kind, at=entry.at, shop_id=entry.shop_id, by=SYSTEM)


TOLD: Mapping[str, IncidentKind] = {
    Arrival.DAMAGED: IncidentKind.DAMAGED,
    Arrival.MISSING: IncidentKind.MISSING,
    Arrival.WRONG_ITEM: IncidentKind.WRONG,
    Arrival.NOT_HERE: IncidentKind.NOT_HERE,
}


@react_to(ArrivalTold)
def open_an_incident_of_what_she_says(entry: Entry) -> None:
    """She was asked whether it arrived whole, and it did not."""
    fact = entry.fact
    if isinstance(fact, ArrivalTold) and fact.arrival in TOLD:
        kind = TOLD[fact.arrival]
        commands.report_parcel(fact.parcel_id, kind=kind, at=entry.at, shop_id=entry.shop_id, by=SYSTEM)


@react_to(OrderPartlyDelivered, OrderDelayExpected)
def open_an_incident_of_an_order(entry: Entry) -> None:
    """Some of an order is there, the rest is not; or it will be late, and no carrier has it yet."""
    fact = entry.fact
    if isinstance(fact, OrderPartlyDelivered | OrderDelayExpected):
        partly = isinstance(fact, OrderPartlyDelivered)
        trouble = Trouble(
            kind=IncidentKind.PARTLY if partly else IncidentKind.DELAY_EXPECTED,
            at=entry.at,
            customer_id=entry.customer_id,
            order_id=fact.order_id,
        )
        commands.report(trouble, shop_id=entry.shop_id, by=SYSTEM)


@react_to(ParcelReadyForCollection)
def watch_the_collection(entry: Entry) -> None:
    """It waits for her until a day: she is reminded before."""
    fact = entry.fact
    if isinstance(fact, ParcelReadyForCollection) and fact.collect_by is not None:
        commands.watch_collection(
            fact.parcel_id, at=entry.at, until=fact.collect_by, shop_id=entry.shop_id, by=SYSTEM
        )


@react_to(ClockDueSoon)
def remind_of_the_collection(entry: Entry) -> None:
    """Three quarters of the time to collect a parcel are gone."""
    fact = entry.fact
    if isinstance(fact, ClockDueSoon) and fact.clock_kind == COLLECTION_CLOCK:
        parcel_id = int(entry.subject.removeprefix("parcel:"))
        commands.report_parcel(
            parcel_id, kind=IncidentKind.WAITING, at=entry.at, shop_id=entry.shop_id, by=SYSTEM
        )


@react_to(ClockBreached)
def open_an_incident_of_silence(entry: Entry) -> None:
    """She has waited too long for the first answer."""
    fact = entry.fact
    if isinstance(fact, ClockBreached) and fact.clock_kind == FIRST_RESPONSE:
        conversation_id = int(entry.subject.removeprefix("conversation:"))
        trouble = Trouble(
            kind=IncidentKind.UNANSWERED,
            at=entry.at,
            customer_id=entry.customer_id,
            conversation_id=conversation_id,
        )
        commands.report(trouble, shop_id=entry.shop_id, by=SYSTEM)


@react_to(ConversationReopened)
def open_an_incident_of_bad_answers(entry: Entry) -> None:
    """She had to write again, and not for the first time."""
    fact = entry.fact
    if isinstance(fact, ConversationReopened) and fact.because == Step.RECEIVE:
        commands.count_reopening(
            fact.conversation_id,
            at=entry.at,
            customer_id=entry.customer_id,
            shop_id=entry.shop_id,
            by=SYSTEM,
        )


@react_in_batches(ParcelDelivered)
def end_what_the_delivery_ends(entries: Sequence[Entry]) -> None:
    """They are there, if late."""
    there: defaultdict[int, set[tuple[int, int | None]]] = defaultdict(set)
    for entry in entries:
        if isinstance(entry.fact, ParcelDelivered):
            there[entry.shop_id].add((entry.fact.parcel_id, entry.fact.order_id))
    for shop_id, arrived in sorted(there.items()):
        parcel_ids, order_ids = ({one for one in column if one} for column in zip(*arrived, strict=True))
        commands.delivered(parcel_ids, order_ids=order_ids, shop_id=shop_id, by=SYSTEM)


@react_to(MessageSent)
def end_the_silence(entry: Entry) -> None:
    """A person has answered."""
    fact = entry.fact
    if isinstance(fact, MessageSent) and fact.message_kind == MessageKind.PERSON:
        subject = f"conversation:{fact.conversation_id}"
        commands.end(subject, kinds=[IncidentKind.UNANSWERED], shop_id=entry.shop_id, by=SYSTEM)


@react_to(ConversationResolved)
def end_the_bad_answers(entry: Entry) -> None:
    """It is answered well now, or she will write once more."""
    fact = entry.fact
    if isinstance(fact, ConversationResolved):
        kinds = [IncidentKind.UNANSWERED, IncidentKind.BAD_ANSWER]
        subject = f"conversation:{fact.conversation_id}"
        commands.end(subject, kinds=kinds, shop_id=entry.shop_id, by=SYSTEM)


@react_in_batches(MessageReceived, OrderPlaced)
def see_what_she_did_afterwards(entries: Sequence[Entry]) -> None:
    """What plans are measured by."""
    placed: Done = defaultdict(list)
    written: Done = defaultdict(list)
    for entry in entries:
        fact = entry.fact
        if entry.customer_id is None:
            continue
        if isinstance(fact, OrderPlaced):
            placed[entry.shop_id].append((entry.customer_id, entry.at))
        elif isinstance(fact, MessageReceived) and fact.message_kind == MessageKind.PERSON:
            written[entry.shop_id].append((entry.customer_id, entry.at))
    for shop_id, told in sorted(placed.items()):
        commands.note_orders(told, shop_id=shop_id, by=SYSTEM)
    for shop_id, told in sorted(written.items()):
        commands.note_messages(told, shop_id=shop_id, by=SYSTEM)


@react_in_batches(MessageReceived)
def take_her_texts(entries: Sequence[Entry]) -> None:
    """She may be answering what she was told: each text is a job of its own, those of one conversation in turn."""
    from opieka.care.jobs import take_text

    listening = {shop_id for shop_id in {entry.shop_id for entry in entries} if queries.listens(shop_id)}
    for entry in entries:
        fact = entry.fact
        if not isinstance(fact, MessageReceived) or fact.message_kind != MessageKind.PERSON:
            continue
        if entry.customer_id is not None and entry.shop_id in listening:
            job = take_text.configure(lock=f"care.take_text:{fact.conversation_id}")
            job.defer(message_id=fact.message_id, shop_id=entry.shop_id)


@react_to(ChoiceConfirmed, ChoiceRefused)
def tell_what_came_of_her_choice(entry: Entry) -> None:
    """What she asked for by text is arranged, or cannot be done."""
    fact = entry.fact
    if isinstance(fact, ChoiceConfirmed | ChoiceRefused):
        commands.tell_choice(
            fact.choice_id,
            parcel_id=fact.parcel_id,
            confirmed=isinstance(fact, ChoiceConfirmed),
            shop_id=entry.shop_id,
            by=SYSTEM,
        )


@react_to(CustomerErased)
def forget_the_customer(entry: Entry) -> None:
    """Plans stay in the figures, without her."""
    fact = entry.fact
    if isinstance(fact, CustomerErased):
        commands.forget(fact.customer_ids, shop_id=entry.shop_id, by=SYSTEM)


@react_to(CouponInShop)
def follow_the_coupon(entry: Entry) -> None:
    """What a plan has given works in the shop, or a person has to enter it there."""
    fact = entry.fact
    if isinstance(fact, CouponInShop):
        commands.follow_coupon(fact.coupon_id, by_hand=fact.by_hand, shop_id=entry.shop_id, by=SYSTEM)


@react_to(RefundIssued)
def see_the_refund(entry: Entry) -> None:
    """A plan may wait for it."""
    fact = entry.fact
    if isinstance(fact, RefundIssued):
        commands.note_refund(fact.order_id, at=entry.at, shop_id=entry.shop_id, by=SYSTEM)
