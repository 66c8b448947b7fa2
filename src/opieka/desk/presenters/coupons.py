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
from opieka.goodwill.types import CouponCard, CouponState, GiftReason, Purse

REASONS: Mapping[GiftReason, Promise] = {
    GiftReason.LATE: gettext_lazy("Something came late"),
    GiftReason.LOST: gettext_lazy("Something was lost"),
    GiftReason.DAMAGED: gettext_lazy("Something was damaged"),
    GiftReason.MISTAKE: gettext_lazy("We made a mistake"),
    GiftReason.SERVICE: gettext_lazy("It took too much effort"),
    GiftReason.THANKS: gettext_lazy("As a thank-you"),
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
    open_ = one.state is CouponState.GRANTED and not one.over
    acts = (
        Act(_("Was used"), reverse("desk:use_coupon", args=[one.id]), "check"),
        Act(_("Withdraw"), reverse("desk:withdraw_coupon", args=[one.id]), "x"),
    )
    return CouponRow(
        code=one.code,
        worth=worth(one, reader),
        reason=str(REASONS[one.reason]),
        chip=_chip(one),
        when=reader.when(one.granted_at),
        until=reader.when(one.valid_until),
        came=_("Ordered afterwards") if one.ordered_at else "",
        acts=acts if may and open_ else (),
    )


def _chip(one: CouponCard) -> Chip:
    if one.state is CouponState.USED:
        return Chip(_("used"), Tone.DONE)
    if one.state is CouponState.WITHDRAWN:
        return Chip(_("withdrawn"))
    return Chip(_("expired")) if one.over else Chip(_("valid"), Tone.NEW)
