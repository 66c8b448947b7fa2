"""What happened, in words: one table from every kind of fact to its sentence.

Sentences name no person: who did it stands beside them, so that no language needs her gender.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opieka.care.types import COLLECTION_CLOCK, PLAN_CLOCK
from opieka.channels import facts as channels
from opieka.clocks import facts as clocks
from opieka.conversations import facts as conversations
from opieka.conversations.types import FIRST_RESPONSE, MessageKind, Step
from opieka.customers import facts as customers
from opieka.customers.types import ContactKind, Purpose, Reach
from opieka.deliveries import facts as deliveries
from opieka.deliveries.commands import HAND_OVER
from opieka.deliveries.types import Leg
from opieka.desk.pages.customer import Day
from opieka.desk.pages.inbox import SystemLine, TimelineEntry
from opieka.desk.pages.parts import Tone
from opieka.desk.presenters import care_story, case_story, parcel_story, words
from opieka.desk.presenters.reader import Reader
from opieka.goodwill import facts as goodwill
from opieka.kernel.actor import Actor, ActorKind
from opieka.kernel.facts import Fact
from opieka.orders import facts as orders
from opieka.returns.commands import ANSWER, REFUND
from opieka.shops import queries as shops
from opieka.timeline.types import Entry


@dataclass(frozen=True)
class Line:
    """One fact as a line: its icon, sentence, tone and where it leads."""

    icon: str
    text: str
    tone: Tone = Tone.PLAIN
    href: str = ""


@dataclass(frozen=True)
class Teller:
    """Who is told, and the names of the staff who appear."""

    reader: Reader
    names: Mapping[int, str]

    @classmethod
    def of(cls, reader: Reader, entries: Iterable[Entry]) -> Teller:
        """A teller who knows the staff in these entries. One query, or none."""
        ids: set[int] = set()
        for entry in entries:
            if entry.by.kind is ActorKind.STAFF and entry.by.id:
                ids.add(entry.by.id)
            if isinstance(entry.fact, conversations.ConversationAssigned):
                ids |= {one for one in (entry.fact.staff_id, entry.fact.previous_id) if one}
        return cls(reader, shops.staff_names(ids) if ids else {})

    def line(self, fact: Fact) -> Line:
        """The line of a fact."""
        return SENTENCES[type(fact)](fact, self)

    def entry(self, entry: Entry, *, at_time: bool = False) -> TimelineEntry:
        """A touchpoint on a timeline; `at_time`: it stands under its day."""
        line = self.line(entry.fact)
        when = self.reader.at_time(entry.at) if at_time else self.reader.when(entry.at)
        return TimelineEntry(
            line.icon, line.text, when, line.href, unsaid(self.who(entry.by), line), line.tone
        )

    def system_line(self, fact: Fact, by: Actor, at: datetime) -> SystemLine:
        """A touchpoint between messages."""
        line = self.line(fact)
        who = unsaid(self.who(by), line)
        return SystemLine(
            line.icon, f"{line.text} · {who}" if who else line.text, self.reader.at_time(at), tone=line.tone
        )

    def who(self, by: Actor) -> str:
        """Who did it, when that is worth telling."""
        if by.kind is ActorKind.STAFF:
            return self.names.get(by.id or 0, "") or _("a former colleague")
        return _("by an integration") if by.kind is ActorKind.INTEGRATION else ""


def days(entries: Sequence[Entry], reader: Reader) -> tuple[Day, ...]:
    """Touchpoints under their days, as they come. One query, or none."""
    teller = Teller.of(reader, entries)
    by_day = groupby(entries, key=lambda entry: entry.at.astimezone(reader.zone).date())
    each = (list(of_day) for _day, of_day in by_day)
    return tuple(
        Day(reader.on_day(one[0].at), tuple(teller.entry(e, at_time=True) for e in one)) for one in each
    )


def unsaid(who: str, line: Line) -> str:
    """Who did it, unless the line names her already: who takes a conversation assigns it to herself."""
    return "" if who in line.text else who


def _fixed(icon: str, sentence: Callable[[], str], tone: Tone = Tone.PLAIN) -> Callable[[Any, Teller], Line]:
    """A sentence that is always the same; it leads to its conversation or order."""
    return lambda fact, _teller: Line(icon, sentence(), tone, _href(fact))


def _href(fact: Any) -> str:
    if getattr(fact, "conversation_id", None):
        return reverse("desk:conversation", args=[fact.conversation_id])
    if getattr(fact, "parcel_id", None):
        return reverse("desk:parcel", args=[fact.parcel_id])
    return reverse("desk:order", args=[fact.order_id]) if getattr(fact, "order_id", None) else ""


def _point(kind: str) -> str:
    return str(words.POINTS[ContactKind(kind)][0])


def _point_added(fact: customers.ContactPointAdded, _teller: Teller) -> Line:
    return Line("at", _("New contact point: %(kind)s") % {"kind": _point(fact.contact_kind)})


def _point_failed(fact: customers.ContactPointFailed, _teller: Teller) -> Line:
    kind = {"kind": _point(fact.contact_kind)}
    if fact.reach == Reach.HARD:
        return Line("alert-circle", _("Cannot be reached any more: %(kind)s") % kind, Tone.LATE)
    return Line("alert-triangle", _("A message came back: %(kind)s") % kind, Tone.SOON)


def _consent(fact: customers.ConsentGiven | customers.ConsentWithdrawn, _teller: Teller) -> Line:
    what = {
        "purpose": words.PURPOSES[Purpose(fact.purpose)],
        "channel": words.channel(fact.channel),
    }
    if isinstance(fact, customers.ConsentGiven):
        return Line("check", _("Allowed: %(purpose)s (%(channel)s)") % what, Tone.DONE)
    return Line("x", _("Not allowed: %(purpose)s (%(channel)s)") % what)


def _opened(fact: conversations.ConversationOpened, _teller: Teller) -> Line:
    text = _("Conversation begun (%(channel)s)") % {"channel": words.channel(fact.channel)}
    return Line("message-circle", text, href=_href(fact))


def _received(fact: conversations.MessageReceived, _teller: Teller) -> Line:
    texts = {
        MessageKind.PERSON: (
            "mail",
            _("Message received (%(channel)s)") % {"channel": words.channel(fact.channel)},
        ),
        MessageKind.AUTOMATIC: ("mail-opened", _("Automatic message received")),
        MessageKind.BOUNCE: ("alert-triangle", _("A mail came back")),
        MessageKind.UNREADABLE: ("alert-triangle", _("A message came that could not be read")),
    }
    icon, text = texts[MessageKind(fact.message_kind)]
    tone = Tone.NEW if fact.message_kind == MessageKind.PERSON else Tone.PLAIN
    return Line(icon, text, tone, _href(fact))


def _sent(fact: conversations.MessageSent, _teller: Teller) -> Line:
    text = _("Answered (%(channel)s)") % {"channel": words.channel(fact.channel)}
    return Line("corner-up-left", text, href=_href(fact))


def _failed(fact: conversations.MessageFailed, _teller: Teller) -> Line:
    text = _("Our message came back") if fact.delivery == "bounced" else _("Our message could not be sent")
    return Line("alert-circle", text, Tone.LATE, _href(fact))


def _assigned(fact: conversations.ConversationAssigned, teller: Teller) -> Line:
    if fact.staff_id is None:
        return Line("user", _("Assigned to nobody"), href=_href(fact))
    name = teller.names.get(fact.staff_id, "") or _("a former colleague")
    return Line("user-check", _("Assigned to %(name)s") % {"name": name}, href=_href(fact))


def _reopened(fact: conversations.ConversationReopened, _teller: Teller) -> Line:
    texts = {
        Step.RECEIVE: _("Reopened: the customer has written"),
        Step.WAKE: _("Back: the time it was snoozed for is over"),
        Step.FAIL: _("Reopened: our message did not arrive"),
    }
    text = texts[Step(fact.because)] if fact.because in texts else _("Reopened")
    return Line("refresh", text, href=_href(fact))


def _snoozed(fact: conversations.ConversationSnoozed, teller: Teller) -> Line:
    until = teller.reader.day_and_time(datetime.fromisoformat(fact.until))
    return Line("clock-pause", _("Snoozed until %(when)s") % {"when": until}, href=_href(fact))


def _placed(fact: orders.OrderPlaced, teller: Teller) -> Line:
    total = teller.reader.money(fact.total, fact.currency)
    text = ngettext(
        "Ordered: %(count)s piece for %(total)s", "Ordered: %(count)s pieces for %(total)s", fact.pieces
    )
    return Line("shopping-bag", text % {"count": fact.pieces, "total": total}, href=_href(fact))


def _paid(fact: orders.OrderPaid, teller: Teller) -> Line:
    total = teller.reader.money(fact.total, fact.currency)
    return Line("check", _("Paid: %(total)s") % {"total": total}, Tone.DONE, _href(fact))


def _order_changed(fact: orders.OrderChanged, _teller: Teller) -> Line:
    named = {
        "lines": _("goods"),
        "total": _("amount"),
        "address": _("address"),
        "promise": _("promised date"),
        "contact": _("contact"),
    }
    what = ", ".join(named[one] for one in fact.what if one in named)
    text = _("Order changed: %(what)s") % {"what": what} if what else _("Order changed")
    return Line("pencil", text, href=_href(fact))


def _refunded(fact: orders.RefundIssued, teller: Teller) -> Line:
    amount = teller.reader.money(fact.amount, fact.currency)
    return Line("receipt-refund", _("Refunded: %(amount)s") % {"amount": amount}, href=_href(fact))


def clock_label(kind: str) -> str:
    """What a clock is for."""
    labels = {
        FIRST_RESPONSE: _("First answer"),
        HAND_OVER: _("Hand-over to the carrier"),
        ANSWER: _("Answer about cancelling"),
        REFUND: _("Refund of a cancelled order"),
        PLAN_CLOCK: _("Plan"),
        COLLECTION_CLOCK: _("Collection by the customer"),
    }
    return labels.get(kind) or _("Deadline")


def _of_parcel(fact: Fact, teller: Teller) -> Line:
    icon, text, tone = parcel_story.SENTENCES[type(fact)](fact, teller.reader)
    if getattr(fact, "leg", "") == Leg.CUSTOMER_RETURN:
        text = _("Sent back by the customer: %(what)s") % {"what": text}
    return Line(icon, text, tone, _href(fact))


def _of_case(fact: Fact, _teller: Teller) -> Line:
    icon, text, tone = case_story.SENTENCES[type(fact)](fact)
    return Line(icon, text, tone, _href(fact))


def _granted(fact: goodwill.CouponGranted, teller: Teller) -> Line:
    cost = teller.reader.money(fact.cost, fact.currency)
    return Line("receipt", _("Coupon given, worth %(cost)s") % {"cost": cost}, Tone.DONE)


def _in_shop(fact: goodwill.CouponInShop, _teller: Teller) -> Line:
    if fact.by_hand:
        return Line("plug", _("The coupon's code has to be entered in the shop's system by hand"), Tone.SOON)
    return Line("plug", _("The shop's system knows of the coupon"))


def _of_care(fact: Fact, teller: Teller) -> Line:
    icon, text, tone = care_story.SENTENCES[type(fact)](fact, teller.reader)
    plan_id = getattr(fact, "plan_id", None)
    return Line(icon, text, tone, reverse("desk:plan", args=[plan_id]) if plan_id else "")


def _due_soon(fact: clocks.ClockDueSoon, teller: Teller) -> Line:
    due = {"what": clock_label(fact.clock_kind), "when": teller.reader.day_and_time(fact.due_at)}
    return Line("clock", _("%(what)s is due: %(when)s") % due, Tone.SOON)


def _breached(fact: clocks.ClockBreached, teller: Teller) -> Line:
    due = {"what": clock_label(fact.clock_kind), "when": teller.reader.day_and_time(fact.due_at)}
    return Line("clock", _("%(what)s is late, it was due: %(when)s") % due, Tone.LATE)


SENTENCES: Mapping[type[Fact], Callable[[Any, Teller], Line]] = {
    customers.CustomerMet: _fixed("user-plus", lambda: _("First seen"), Tone.NEW),
    customers.ContactPointAdded: _point_added,
    customers.ContactPointFailed: _point_failed,
    customers.ConsentGiven: _consent,
    customers.ConsentWithdrawn: _consent,
    customers.CustomersMerged: _fixed("arrows-join", lambda: _("Merged with another customer")),
    customers.CustomersUnmerged: _fixed("arrows-split", lambda: _("Merge undone")),
    conversations.ConversationOpened: _opened,
    conversations.MessageReceived: _received,
    conversations.MessageSent: _sent,
    conversations.MessageWithdrawn: _fixed("arrow-back-up", lambda: _("Answer taken back before it left")),
    conversations.MessageFailed: _failed,
    conversations.NoteAdded: _fixed("note", lambda: _("Note written")),
    conversations.ConversationAssigned: _assigned,
    conversations.ConversationResolved: _fixed("circle-check", lambda: _("Resolved"), Tone.DONE),
    conversations.ConversationReopened: _reopened,
    conversations.ConversationSnoozed: _snoozed,
    conversations.ConversationMarkedSpam: _fixed("alert-triangle", lambda: _("Marked as spam")),
    conversations.ConversationMoved: _fixed("user", lambda: _("Given to another customer")),
    conversations.ConversationsJoined: _fixed("arrows-join", lambda: _("Joined with another conversation")),
    conversations.ConversationsParted: _fixed("arrows-split", lambda: _("Parted from another conversation")),
    customers.CustomerErased: _fixed("x", lambda: _("Data erased at the customer's request")),
    customers.ExportRequested: _fixed("download", lambda: _("Copy of all data asked for")),
    customers.ExportReady: _fixed("download", lambda: _("Copy of all data is ready"), Tone.DONE),
    conversations.ConversationErased: _fixed("x", lambda: _("What was said here has been erased")),
    conversations.OriginalsForgotten: _fixed("x", lambda: _("Raw mails forgotten")),
    channels.FilesReleased: _fixed("x", lambda: _("Files let go")),
    channels.MessageDispatched: _fixed("send", lambda: _("Our mail has left")),
    channels.DispatchDelayed: _fixed("clock", lambda: _("Sending is delayed and repeated"), Tone.SOON),
    channels.DispatchReported: _fixed(
        "circle-check", lambda: _("The mail service told what became of our message")
    ),
    channels.DispatchFailed: _fixed("alert-circle", lambda: _("Sending was given up"), Tone.LATE),
    channels.DispatchBounced: _fixed("alert-circle", lambda: _("Our mail came back"), Tone.LATE),
    orders.OrderPlaced: _placed,
    orders.OrderPaid: _paid,
    orders.OrderChanged: _order_changed,
    orders.CancellationAnswered: _fixed("plug", lambda: _("The shop's system answered about cancelling")),
    orders.OrderDiscounted: _fixed("receipt", lambda: _("Paid with a discount code")),
    orders.DiscountAnswered: _fixed("plug", lambda: _("The shop's system answered about a discount code")),
    orders.OrderCancelled: _fixed("x", lambda: _("Order cancelled"), Tone.LATE),
    orders.OrderShipped: _fixed("truck-delivery", lambda: _("Sent off")),
    orders.OrderDelivered: _fixed("package", lambda: _("Delivered"), Tone.DONE),
    orders.RefundIssued: _refunded,
    clocks.ClockDueSoon: _due_soon,
    clocks.ClockBreached: _breached,
    **dict.fromkeys(parcel_story.SENTENCES, _of_parcel),
    **dict.fromkeys(case_story.SENTENCES, _of_case),
    goodwill.CouponGranted: _granted,
    goodwill.CouponInShop: _in_shop,
    goodwill.CouponUsed: _fixed("receipt", lambda: _("Coupon used"), Tone.DONE),
    goodwill.CouponWithdrawn: _fixed("x", lambda: _("Coupon withdrawn")),
    **dict.fromkeys(care_story.SENTENCES, _of_care),
}

GROUPS: Mapping[str, Collection[type[Fact]]] = {
    "messages": (
        conversations.MessageReceived,
        conversations.MessageSent,
        conversations.MessageFailed,
        conversations.NoteAdded,
    ),
    "orders": (
        orders.OrderPlaced,
        orders.OrderPaid,
        orders.OrderChanged,
        orders.OrderCancelled,
        orders.OrderShipped,
        orders.OrderDelivered,
        orders.RefundIssued,
        *parcel_story.SENTENCES,
        *case_story.SENTENCES,
    ),
    "person": (
        customers.CustomerMet,
        customers.ContactPointAdded,
        customers.ContactPointFailed,
        customers.ConsentGiven,
        customers.ConsentWithdrawn,
        customers.CustomersMerged,
        customers.CustomersUnmerged,
        customers.CustomerErased,
        customers.ExportRequested,
        customers.ExportReady,
        conversations.ConversationMoved,
    ),
}
"""How a timeline can be narrowed."""

BRIEFLY = frozenset(
    kind.__name__
    for kind in SENTENCES
    if kind
    not in {
        conversations.ConversationOpened,
        conversations.ConversationAssigned,
        conversations.ConversationSnoozed,
        conversations.MessageWithdrawn,
        channels.MessageDispatched,
        channels.DispatchDelayed,
        channels.DispatchFailed,
        channels.DispatchBounced,
        channels.DispatchReported,
        orders.CancellationAnswered,
        clocks.ClockDueSoon,
        customers.ContactPointAdded,
        deliveries.ParcelAnnounced,
        deliveries.PromiseMade,
    }
)
"""What a short timeline tells: what the desk does among itself, and what another line says too, is left out."""
