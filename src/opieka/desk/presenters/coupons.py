"""Coupons, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opieka.customers.types import CustomerCard
from opieka.desk.pages.customer import CouponRow, CouponsPage
from opieka.desk.pages.parts import Act, Chip, Empty, Form, Link, Tone
from opieka.desk.presenters import people
from opieka.desk.presenters.reader import Reader
from opieka.goodwill.types import CouponCard, CouponState, GiftReason, InShop, Purse

REASONS: Mapping[GiftReason, Promise] = {
    GiftReason.LATE: gettext_lazy("Something came late"),
    GiftReason.LOST: gettext_lazy("Something was lost"),
    GiftReason.DAMAGED: gettext_lazy("Something was damaged"),
    GiftReason.MISTAKE: gettext_lazy("We made a mistake"),
    GiftReason.SERVICE: gettext_lazy("It took too much effort"),
    GiftReason.THANKS: gettext_lazy("As a thank-you"),
}
WHY: Mapping[str, Promise] = {
    "no_connector": gettext_lazy("No system of this shop can be told by itself."),
    "not_allowed": gettext_lazy("The key may not write discount codes there. Give it that right."),
    "bad_credentials": gettext_lazy("The shop no longer accepts our key. Renew it in the settings."),
    "shop_refused": gettext_lazy("The shop's system refused it."),
    "unanswered": gettext_lazy("The shop's system does not answer."),
    "unreachable": gettext_lazy("The shop's system does not answer."),
}


def page(
    card: CustomerCard,
    found: Sequence[CouponCard],
    purse: Purse | None,
    reader: Reader,
    *,
    form: Form | None,
    back: Link,
) -> CouponsPage:
    """Her coupons, and the form for one more where something may be given."""
    left = (
        _("May still be given: %(amount)s") % {"amount": reader.money(purse.amount, purse.currency)}
        if purse
        else ""
    )
    return CouponsPage(
        person=people.customer(card),
        live=f"customer:{card.id}",
        back=back,
        left=left,
        rows=tuple(_row(one, reader, may=form is not None) for one in found),
        form=form,
        empty=Empty(
            _("No coupons yet"),
            _("What is given to the customer appears here with what came of it."),
            "receipt",
        ),
    )


def worth(one: CouponCard, reader: Reader) -> str:
    """What a coupon is worth: "20,00 zł", "10 %"."""
    return f"{reader.number(one.per_cent)} %" if one.per_cent else reader.money(one.amount, one.currency)


def _row(one: CouponCard, reader: Reader, *, may: bool) -> CouponRow:
    acts: list[Act] = []
    if one.in_shop is InShop.BY_HAND and one.state is not CouponState.USED:
        acts.append(Act(_("Done in the shop"), reverse("desk:confirm_coupon", args=[one.id]), "check"))
    if one.state is CouponState.GRANTED and not one.over:
        acts.append(Act(_("Was used"), reverse("desk:use_coupon", args=[one.id]), "receipt"))
        acts.append(Act(_("Withdraw"), reverse("desk:withdraw_coupon", args=[one.id]), "x"))
    return CouponRow(
        code=one.code,
        worth=worth(one, reader),
        reason=str(REASONS[one.reason]),
        chip=_chip(one),
        when=reader.when(one.granted_at),
        until=reader.when(one.valid_until),
        came=_("Ordered afterwards") if one.ordered_at else "",
        by_hand=in_shop(one),
        acts=tuple(acts) if may else (),
    )


def in_shop(one: CouponCard) -> str:
    """What has to be done in the shop's system, or that it is being done; "" when it knows."""
    if one.in_shop is InShop.DONE or one.state is CouponState.USED:
        return ""
    out = one.state is CouponState.WITHDRAWN
    if one.in_shop is InShop.WAITING:
        return _("Being taken out of the shop's system…") if out else _("Being entered in the shop's system…")
    wanted = (
        _("Take the code out of the shop's system by hand.")
        if out
        else _("Enter the code in the shop's system.")
    )
    return " ".join(filter(None, (wanted, str(WHY.get(one.why, "")))))


def _chip(one: CouponCard) -> Chip:
    if one.state is CouponState.USED:
        return Chip(_("used"), Tone.DONE)
    if one.state is CouponState.WITHDRAWN:
        return Chip(_("withdrawn"))
    return Chip(_("expired")) if one.over else Chip(_("valid"), Tone.NEW)
