"""Telling the customer what came of her case, in her language, once."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opieka.conversations import commands as conversations
from opieka.conversations.types import Notice
from opieka.customers import queries as customers
from opieka.kernel.actor import Actor
from opieka.orders.types import RefundState
from opieka.returns import queries
from opieka.returns.commands.cancelling import hold_in
from opieka.returns.facts import CancellationGranted, CancellationTooLate, CaseFact
from opieka.returns.types import NextBest
from opieka.shops import queries as shops

_MONEY: Mapping[str, Promise] = {
    RefundState.NOT_DUE: gettext_lazy("You have not paid anything for it."),
    RefundState.ON_ITS_WAY: gettext_lazy(
        "Your money is on its way back, to where you paid from. Banks can take some days."
    ),
    RefundState.BY_HAND: gettext_lazy(
        "You will get back what you paid within 14 days, to where you paid from."
    ),
}
_OPTIONS: Mapping[str, Promise] = {
    NextBest.REFUSE_AT_DOOR: gettext_lazy("Do not accept it at the door: it then comes back to us."),
    NextBest.REDIRECT: gettext_lazy("Have it brought to another address or a pickup point."),
    NextBest.RETURN: gettext_lazy("Send it back to us when it has come."),
}


@transaction.atomic
def tell(fact: CaseFact, *, shop_id: int, by: Actor) -> None:
    """Write to the customer of a case what `fact` means for her; nothing when nobody is known."""
    case = queries.case(fact.case_id, shop_ids=[shop_id])
    if case.customer_id is None:
        return
    card = customers.card(case.customer_id, shop_ids=[shop_id])
    if card.erased:
        return
    language = customers.language_of(card, shops.shop(shop_id))
    with translation.override(language):
        subject, text = _words(fact, case.order_number)
        notice = Notice(
            shop_id=shop_id,
            customer_id=card.id,
            subject=subject,
            text=text,
            language=language,
            about=f"order:{case.order_id}",
        )
    told = conversations.tell(notice, key=f"case:{case.id}:{fact.kind}", by=by)
    if told.conversation_id is not None:
        hold_in(case.id, conversation_id=told.conversation_id, shop_id=shop_id, by=by)


def _words(fact: CaseFact, number: str) -> tuple[str, str]:
    """Subject and text, in the active language."""
    about = {"number": number}
    if isinstance(fact, CancellationGranted):
        subject = _("Order %(number)s is cancelled") % about
        first = _("Your order %(number)s is cancelled and will not be sent.") % about
        return subject, f"{first}\n\n{_MONEY[fact.refund]}"
    if isinstance(fact, CancellationTooLate):
        subject = _("Order %(number)s could not be stopped any more") % about
        first = _("Your order %(number)s had already left us when you asked to cancel it.") % about
        options = (f"– {_OPTIONS[option]}" for option in fact.next_best)
        now = "\n".join((_("What you can do now:"), *options))
        return subject, f"{first}\n\n{now}"
    subject = _("You asked to cancel order %(number)s") % about
    first = _("We have your request to cancel order %(number)s.") % about
    then = _("Somebody is checking whether it can still be stopped, and will write to you.")
    return subject, f"{first} {then}"
