"""Cases, in words: what is wanted, how far it is, what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opieka.desk.pages.cases import CaseLine, CasePanel
from opieka.desk.pages.parts import Act, Chip, Link, Tone
from opieka.desk.presenters.reader import Reader
from opieka.orders.types import RefundState
from opieka.returns.types import Cancellable, CaseCard, CaseStatus, Chance, NextBest

_STATUS: Mapping[CaseStatus, tuple[str | Promise, Tone]] = {
    CaseStatus.ASKED: (gettext_lazy("Will be asked for in a moment"), Tone.SOON),
    CaseStatus.WITH_SHOP: (gettext_lazy("The shop's system is being asked"), Tone.SOON),
    CaseStatus.WITH_PERSON: (gettext_lazy("Waits for you"), Tone.LATE),
    CaseStatus.CANCELLED: (gettext_lazy("Cancelled"), Tone.DONE),
    CaseStatus.TOO_LATE: (gettext_lazy("Too late"), Tone.PLAIN),
    CaseStatus.TAKEN_BACK: (gettext_lazy("Taken back"), Tone.PLAIN),
}
_WHY: Mapping[str, str | Promise] = {
    "no_connector": gettext_lazy("No system of the shop can be asked. Cancel it there by hand."),
    "partly_sent": gettext_lazy("A part has left already. Decide about the rest in the shop."),
    "after_cut_off": gettext_lazy("It came after the time in which customers may cancel by themselves."),
    "shop_refused": gettext_lazy("The shop's system refused. Look at the order there."),
    "not_allowed": gettext_lazy(
        "The shop's key may not cancel orders. Give it that right, or cancel by hand."
    ),
    "bad_credentials": gettext_lazy("The shop no longer accepts our key. Cancel by hand and renew the key."),
    "not_found": gettext_lazy("The shop's system does not know this order any more."),
    "unknown_status": gettext_lazy("The order has a state of the shop's own making. Look at it there."),
}
_MONEY: Mapping[RefundState, str | Promise] = {
    RefundState.NOT_DUE: gettext_lazy("Nothing was paid"),
    RefundState.ON_ITS_WAY: gettext_lazy("The shop pays back"),
    RefundState.BY_HAND: gettext_lazy("Pay back by hand, within 14 days"),
}
_OPTIONS: Mapping[NextBest, str | Promise] = {
    NextBest.REFUSE_AT_DOOR: gettext_lazy("refuse it at the door"),
    NextBest.REDIRECT: gettext_lazy("have it redirected"),
    NextBest.RETURN: gettext_lazy("send it back"),
}


def why(code: str) -> str:
    """Why a person must look."""
    unanswered = gettext_lazy("The shop's system did not answer. Cancel it there by hand.")
    return str(_WHY.get(code, unanswered)) if code else ""


def line(card: CaseCard, reader: Reader) -> CaseLine:
    """A case in a list."""
    return CaseLine(
        id=card.id,
        order=Link(f"#{card.order_number.lstrip('#')}", reverse("desk:order", args=[card.order_id])),
        what=_("Cancel the order"),
        text=_text(card),
        chip=_chip(card),
        when=reader.when(card.asked_at),
        talk=reverse("desk:conversation", args=[card.conversation_id]) if card.conversation_id else "",
        acts=_acts(card),
    )


def panel(
    order_id: int, found: Cancellable, card: CaseCard | None, reader: Reader, *, may_act: bool
) -> CasePanel | None:
    """What stands on an order's page about cancelling it; None where there is nothing to say or do."""
    possible = found.chance in {Chance.NOW, Chance.PERSON} and may_act
    ask = Act(_("Cancel the order"), reverse("desk:cancel_order", args=[order_id]), "x") if possible else None
    if card is None and ask is None:
        return None
    if card is None:
        return CasePanel(None, ask)
    shown = line(card, reader)
    return CasePanel(shown if may_act else CaseLine(**{**vars(shown), "acts": ()}), ask)


def _chip(card: CaseCard) -> Chip:
    text, tone = _STATUS[card.status]
    return Chip(str(text), tone)


def _text(card: CaseCard) -> str:
    if card.status is CaseStatus.WITH_PERSON:
        return why(card.why)
    if card.status is CaseStatus.CANCELLED and card.refund:
        return _("All is paid back") if card.refunded_at else str(_MONEY[card.refund])
    if card.status is CaseStatus.TOO_LATE:
        options = ", ".join(str(_OPTIONS[option]) for option in card.next_best)
        return _("She can: %(options)s") % {"options": options} if options else ""
    return ""


def _acts(card: CaseCard) -> tuple[Act, ...]:
    back = Act(_("Take back"), reverse("desk:take_back_case", args=[card.id]))
    if card.status is CaseStatus.ASKED:
        return (back,)
    if card.status is not CaseStatus.WITH_PERSON:
        return ()
    settle = reverse("desk:settle_case", args=[card.id])
    return (
        Act(_("It is cancelled"), settle, "check", (("cancelled", "1"),)),
        Act(_("Too late"), settle, "x"),
        back,
    )
