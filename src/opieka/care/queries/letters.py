"""What a plan writes to its customer, in her language."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_currency
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from opieka.care.models import IS_OPEN, Incident, Plan
from opieka.care.policy import wording
from opieka.care.queries.wording import told_of
from opieka.care.types import WRITTEN, IncidentKind, StepKind
from opieka.customers import queries as customers
from opieka.deliveries import queries as deliveries
from opieka.goodwill import queries as goodwill
from opieka.kernel.money import Money
from opieka.orders import queries as orders
from opieka.shops import queries as shops
from opieka.shops.types import ShopCard

SUBJECTS: Mapping[IncidentKind, str | Promise] = {
    IncidentKind.DELAY_EXPECTED: _("Your order {{ order }} may come later"),
    IncidentKind.LATE: _("Your order {{ order }} is late"),
    IncidentKind.STALE: _("About your order {{ order }}"),
    IncidentKind.LOST: _("Your order {{ order }} seems to be lost"),
    IncidentKind.DAMAGED: _("Your order {{ order }} was damaged"),
    IncidentKind.SENT_BACK: _("Your order {{ order }} is on its way back to us"),
    IncidentKind.WAITING: _("Your order {{ order }} still waits for you"),
    IncidentKind.PARTLY: _("A part of your order {{ order }} is missing"),
    IncidentKind.NOT_HERE: _("We are looking for your order {{ order }}"),
    IncidentKind.MISSING: _("Something is missing from your order {{ order }}"),
    IncidentKind.WRONG: _("Something wrong came with your order {{ order }}"),
}
"""Of the kinds one can write about without reading what she wrote."""

SORRY: Mapping[IncidentKind, str | Promise] = {
    IncidentKind.DELAY_EXPECTED: _("Your parcel will probably come later than promised. We are sorry."),
    IncidentKind.LATE: _("Your parcel should have been with you, and it is not. We are sorry."),
    IncidentKind.STALE: _("We have heard nothing of your parcel for too long, and are asking the carrier."),
    IncidentKind.LOST: _("Your parcel seems to be lost. We are sorry, and will make it good."),
    IncidentKind.DAMAGED: _("Your parcel was damaged on its way. We are sorry, and will make it good."),
    IncidentKind.SENT_BACK: _("Your parcel could not be delivered and is on its way back. We are sorry."),
    IncidentKind.PARTLY: _("One part of your order is there, another is not. We are sorry."),
    IncidentKind.NOT_HERE: _("Your parcel is said to be delivered, and you do not have it. We are sorry."),
    IncidentKind.MISSING: _("Something was missing from your parcel. We are sorry, and will make it good."),
    IncidentKind.WRONG: _("The wrong thing was in your parcel. We are sorry, and will make it good."),
}
DATE: Mapping[IncidentKind, str | Promise] = {
    IncidentKind.DELAY_EXPECTED: _("We expect it {{ expected }}."),
    IncidentKind.LATE: _("We now expect it {{ expected }}."),
    IncidentKind.PARTLY: _("We expect the rest {{ expected }}."),
}
OFFER = _("If another day or place suits you better, answer this message.")
REMIND = _("Your parcel waits for you until {{ until }}.\nIt is here: {{ place }}")
GIFT = _(
    "Something for you from {{ shop }}\n"
    "We did not do well by you, and are sorry. With this code you pay {{ gift }} less for your next order:\n"
    "{{ code }}\n"
    "\n"
    "It can be used once, until {{ until }}.\n"
    "\n"
    "{{ shop }}"
)


@dataclass(frozen=True)
class PlanLetter:
    """A plan's message, ready to be sent."""

    customer_id: int
    language: str
    subject: str
    text: str


def letter(plan_id: int, steps: Collection[StepKind], *, shop_id: int) -> PlanLetter | None:
    """What these steps of a plan come to, as one message; None when there is nothing to say or nobody to say it to."""
    plan = Plan.objects.filter(id=plan_id, shop_id=shop_id).first()
    if plan is None or plan.customer_id is None or IncidentKind(plan.kind) not in SUBJECTS:
        return None
    shop, kind = shops.shop(shop_id), IncidentKind(plan.kind)
    card = customers.card(plan.customer_id, shop_ids=[shop_id])
    if card.erased:
        return None
    language = customers.language_of(card, shop)
    with translation.override(language):
        paragraphs = [_paragraph(step, kind) for step in WRITTEN if step in steps]
        template = "\n".join([str(SUBJECTS[kind]), *filter(None, paragraphs)])
    made = wording.letter(template, _values(plan, shop, language))
    if not made.text or not made.subject:
        return None
    return PlanLetter(card.id, language, made.subject, f"{made.text}\n\n{shop.name}")


def gift_letter(plan_id: int, coupon_id: int, *, shop_id: int) -> PlanLetter | None:
    """What is written with a coupon; None when nobody is there to be written to."""
    plan = Plan.objects.filter(id=plan_id, shop_id=shop_id).first()
    if plan is None or plan.customer_id is None:
        return None
    shop, card = shops.shop(shop_id), customers.card(plan.customer_id, shop_ids=[shop_id])
    if card.erased:
        return None
    coupon, language = goodwill.coupon(coupon_id, shop_ids=[shop_id]), customers.language_of(card, shop)
    with translation.override(language):
        template = str(GIFT)
    until = coupon.valid_until.astimezone(ZoneInfo(shop.timezone)).date()
    worth = Money(coupon.amount, coupon.currency)
    values = {
        "shop": shop.name,
        "gift": format_currency(worth.decimal, worth.currency, locale=language),
        "code": coupon.code,
        "until": format_date(until, "long", locale=language),
    }
    made = wording.letter(template, values)
    return PlanLetter(card.id, language, made.subject, made.text)


def _paragraph(step: StepKind, kind: IncidentKind) -> str:
    match step:
        case StepKind.APOLOGISE:
            return str(SORRY.get(kind, ""))
        case StepKind.NEW_DATE:
            return str(DATE.get(kind, ""))
        case StepKind.OFFER:
            return str(OFFER)
        case _:
            return str(REMIND)


def _values(plan: Plan, shop: ShopCard, language: str) -> dict[str, str]:
    number = orders.numbers([plan.order_id], shop_ids=[plan.shop_id]) if plan.order_id else {}
    order = number.get(plan.order_id or 0, "")
    rows = Incident.objects.filter(IS_OPEN, shop_id=plan.shop_id, plan=plan, parcel_id__isnull=False)
    parcel_id = rows.order_by("-severity", "id").values_list("parcel_id", flat=True).first()
    if parcel_id is None:
        return {"order": order, "shop": shop.name}
    parcel = deliveries.parcel(parcel_id, shop_ids=[plan.shop_id])
    return told_of(parcel, order=order, shop=shop, language=language)
