"""How a customer stands, as a line, and what moved her balance, as a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from opieka.customers.types import CustomerCard
from opieka.desk.pages import parts
from opieka.desk.pages.customer import BalancePage, MovementRow
from opieka.desk.pages.parts import Empty, Link, Pager, Tone
from opieka.desk.presenters import people
from opieka.desk.presenters.reader import Reader
from opieka.desk.presenters.story import Teller
from opieka.goodwill.types import Balance, Experience, MovementCard
from opieka.timeline.types import Entry

_ONE_BAD = -12
EXPERIENCES: Mapping[Experience, Promise] = {
    Experience.ORDERED: gettext_lazy("Ordered"),
    Experience.ON_TIME: gettext_lazy("Delivered on time"),
    Experience.RESOLVED: gettext_lazy("A conversation was resolved"),
    Experience.REFUNDED: gettext_lazy("Money was paid back"),
    Experience.LATE: gettext_lazy("Came late"),
    Experience.LOST: gettext_lazy("Was lost"),
    Experience.DAMAGED: gettext_lazy("Came damaged"),
    Experience.PARTLY: gettext_lazy("Only a part came"),
    Experience.SENT_BACK: gettext_lazy("Went back to the sender"),
    Experience.MISSED: gettext_lazy("The courier came in vain"),
    Experience.HELD: gettext_lazy("Was held up"),
    Experience.UNANSWERED: gettext_lazy("Got no answer in time"),
    Experience.ASKED_AGAIN: gettext_lazy("Had to write again"),
}
GOOD = (Experience.ORDERED, Experience.ON_TIME)
EXAMPLES: Mapping[tuple[Experience, ...], Promise] = {
    GOOD * 5: gettext_lazy("Five orders, all on time"),
    (*GOOD * 4, Experience.ORDERED, Experience.LATE): gettext_lazy("Five orders, the last one late"),
    (*GOOD * 4, Experience.ORDERED, Experience.LOST): gettext_lazy("Five orders, the last one lost"),
    (Experience.ORDERED, Experience.LATE, Experience.UNANSWERED): gettext_lazy(
        "A first order, late, and no answer"
    ),
}
"""What somebody may have lived through, to show what weights come to."""


def line(customer_id: int, balance: Balance, reader: Reader) -> parts.Balance | None:
    """The small line beside her name; None while nothing is known of her."""
    if not (balance.good or balance.bad):
        return None
    href = reverse("desk:balance", args=[customer_id])
    return parts.Balance(_sum(balance, reader), _tone(balance.points), href)


def page(
    card: CustomerCard,
    balance: Balance,
    found: Sequence[tuple[MovementCard, Entry | None]],
    reader: Reader,
    *,
    before: int | None,
    last_id: int | None,
) -> BalancePage:
    """What moved it, each with what it weighs now; `last_id` is the last one where more follow."""
    own = reverse("desk:balance", args=[card.id])
    teller = Teller.of(reader, [entry for _card, entry in found if entry])
    older = f"{own}?{urlencode({'before': last_id})}" if last_id is not None else None
    return BalancePage(
        person=people.customer(card),
        back=Link(card.title or _("Customer"), reverse("desk:customer", args=[card.id])),
        sum=_sum(balance, reader),
        tone=_tone(balance.points),
        facts=(
            (_("Good experiences"), reader.number(balance.good)),
            (_("Bad experiences"), reader.number(balance.bad)),
        ),
        rows=tuple(_row(one, entry, teller) for one, entry in found if entry),
        empty=Empty(
            _("Nothing has moved it yet"),
            _("Orders, deliveries and answers appear here as the customer lived through them."),
            "history",
        ),
        pager=Pager(own if before is not None else None, older),
    )


def signed(weight: float, reader: Reader) -> str:
    """A weight with its sign: "+1", "−12", "−5.8"."""
    shown = round(weight, 1)
    return f"{'−' if shown < 0 else '+'}{reader.number(abs(shown))}"


def entries_of(
    found: Sequence[MovementCard], entries: Mapping[int, Entry]
) -> list[tuple[MovementCard, Entry | None]]:
    """Each movement with its touchpoint, if this version knows its kind."""
    return [(one, entries.get(one.touchpoint_id)) for one in found]


def _row(one: MovementCard, entry: Entry, teller: Teller) -> MovementRow:
    return MovementRow(
        teller.entry(entry), signed(one.weight, teller.reader), Tone.DONE if one.weight > 0 else Tone.LATE
    )


def _sum(balance: Balance, reader: Reader) -> str:
    points = signed(balance.points, reader) if balance.points else "0"
    if not balance.to_restore:
        return _("Experience %(points)s") % {"points": points}
    told = ngettext(
        "Experience %(points)s: %(count)d good one would make up for it",
        "Experience %(points)s: %(count)d good ones would make up for it",
        balance.to_restore,
    )
    return told % {"points": points, "count": balance.to_restore}


def _tone(points: int) -> Tone:
    if points < 0:
        return Tone.LATE if points <= _ONE_BAD else Tone.SOON
    return Tone.DONE if points else Tone.PLAIN
