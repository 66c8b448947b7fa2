"""What goodwill does when somebody has announced something."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from opieka.customers.facts import CustomerErased
from opieka.goodwill import commands
from opieka.kernel.actor import SYSTEM
from opieka.orders import queries as orders
from opieka.orders.facts import DiscountAnswered, OrderDiscounted, OrderPlaced
from opieka.orders.types import CodeOutcome
from opieka.timeline.reacting import react_in_batches, react_to
from opieka.timeline.types import Entry


@react_in_batches()
def keep_what_she_lived_through(entries: Sequence[Entry]) -> None:
    """Of every fact, because neighbours' facts count too."""
    commands.feel(entries, by=SYSTEM)


@react_to(CustomerErased)
def forget_what_she_lived_through(entry: Entry) -> None:
    """Nothing is reckoned of her any more."""
    fact = entry.fact
    if isinstance(fact, CustomerErased):
        commands.forget(fact.customer_ids, shop_id=entry.shop_id, by=SYSTEM)
        commands.forget_coupons(fact.customer_ids, shop_id=entry.shop_id, by=SYSTEM)


@react_in_batches(OrderPlaced)
def see_what_coupons_bring(entries: Sequence[Entry]) -> None:
    """The first order after a coupon is its effect, whether it was paid with it or not."""
    placed: defaultdict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for entry in entries:
        if entry.customer_id is not None:
            placed[entry.shop_id].append((entry.customer_id, entry.at))
    for shop_id, told in sorted(placed.items()):
        commands.note_orders(told, shop_id=shop_id, by=SYSTEM)


@react_to(OrderDiscounted)
def see_which_coupons_were_used(entry: Entry) -> None:
    """An order was paid with codes; some may be coupons."""
    fact = entry.fact
    if isinstance(fact, OrderDiscounted):
        codes = orders.discount_codes(fact.order_id, shop_id=entry.shop_id)
        commands.note_use(codes, order_id=fact.order_id, at=entry.at, shop_id=entry.shop_id, by=SYSTEM)


@react_to(DiscountAnswered)
def take_the_answer(entry: Entry) -> None:
    """The shop's system honours a coupon (or no longer), or a person has to see to it."""
    fact, (kind, _colon, number) = entry.fact, entry.subject.partition(":")
    if isinstance(fact, DiscountAnswered) and kind == "coupon":
        commands.note_in_shop(
            int(number),
            outcome=CodeOutcome(fact.outcome),
            removing=fact.removing,
            why=fact.why,
            shop_id=entry.shop_id,
            by=SYSTEM,
        )
