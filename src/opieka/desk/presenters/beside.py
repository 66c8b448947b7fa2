"""What stands beside a conversation: who she is, what she has, what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from opieka.conversations.types import Gist, Row
from opieka.customers.types import ContactKind, CustomerCard, KnownPoint
from opieka.desk.pages import inbox
from opieka.desk.pages.parts import Act, Person
from opieka.desk.presenters import balance as shown_balance
from opieka.desk.presenters import orders as shown_orders
from opieka.desk.presenters import people, words
from opieka.desk.presenters.orders import Purchase
from opieka.desk.presenters.reader import Reader, language_name
from opieka.desk.presenters.story import Teller
from opieka.goodwill.types import Balance
from opieka.timeline.types import Entry

ORDERS = 3


def nobody(refresh: str) -> inbox.Beside:
    """Beside a conversation whose writer is not known."""
    return inbox.Beside(
        person=Person(_("Unknown"), "?"),
        href="",
        refresh=refresh,
        live="",
        since=_("Nobody could be recognised by this message."),
        language="",
        contact_points=(),
        orders=(),
        timeline=(),
    )


@dataclass(frozen=True)
class About:
    """What is known about a customer: her orders, what happened, other conversations, who may be the same."""

    card: CustomerCard
    orders: Sequence[Purchase]
    entries: Sequence[Entry]
    talks: Sequence[Gist]
    suspects: Sequence[CustomerCard]
    balance: Balance


def beside(about: About, reader: Reader, *, refresh: str, may_merge: bool) -> inbox.Beside:
    """The pane of one customer."""
    card = about.card
    teller = Teller.of(reader, about.entries)
    page = reverse("desk:customer", args=[card.id])
    over = len(about.orders) - ORDERS
    return inbox.Beside(
        person=people.customer(card),
        href=page,
        refresh=refresh,
        live=f"customer:{card.id}",
        since=since(card, reader),
        language=language_name(card.language, reader.language),
        contact_points=points(card),
        orders=tuple(
            shown_orders.card(one.order, reader, one.parcels, one.waiting) for one in about.orders[:ORDERS]
        ),
        timeline=tuple(teller.entry(entry) for entry in about.entries),
        conversations=tuple(talk(row, reader) for row in about.talks),
        balance=shown_balance.line(card.id, about.balance, reader),
        suspects=tuple(suspect(card, other) for other in about.suspects) if may_merge else (),
        orders_more=shown_orders.more(over, f"{page}#orders-title") if over > 0 else None,
    )


def since(card: CustomerCard, reader: Reader) -> str:
    """How long she is known."""
    return _("Known since %(month)s") % {"month": reader.month(card.since)}


def points(card: CustomerCard) -> tuple[inbox.ContactPointLine, ...]:
    """Every way to reach her."""
    return tuple(_point(one) for one in card.points if one.kind is not ContactKind.SHOP_ACCOUNT)


def _point(one: KnownPoint) -> inbox.ContactPointLine:
    word, icon, scheme = words.POINTS[one.kind]
    href = f"{scheme}{one.value}" if scheme else ""
    return inbox.ContactPointLine(icon, str(word), one.display, href, words.reach(one.reach))


def talk(row: Gist | Row, reader: Reader) -> inbox.ConversationLine:
    """Another conversation of hers."""
    return inbox.ConversationLine(
        title=row.subject or row.preview or _("Without a subject"),
        href=reverse("desk:conversation", args=[row.id]),
        channel=row.channel,
        when=reader.when(row.last_message_at),
        chip=words.state(row.state),
    )


def suspect(card: CustomerCard, other: CustomerCard) -> inbox.Candidate:
    """Somebody one message or order showed as the same person."""
    return inbox.Candidate(
        person=people.customer(other),
        href=reverse("desk:customer", args=[other.id]),
        why=why(card, other),
        merge=merge_act(card.id, other.id),
        distinct=Act(
            _("Not the same"), reverse("desk:distinct", args=[card.id]), fields=(("other", str(other.id)),)
        ),
    )


def merge_act(customer_id: int, other_id: int) -> Act:
    """Make the two one."""
    return Act(
        _("Merge"), reverse("desk:merge", args=[customer_id]), "arrows-join", (("other", str(other_id)),)
    )


def why(card: CustomerCard, other: CustomerCard) -> str:
    """What tells a candidate apart: her best address, and whether the names agree."""
    best = other.points[0].display if other.points else ""
    same = card.name and card.name.casefold() == other.name.casefold()
    return " · ".join((best, _("same name"))) if same and best else best
