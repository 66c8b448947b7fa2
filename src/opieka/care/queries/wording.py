"""What customers are written, in their language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opieka.care.types import NoticePreferences, ParcelNews
from opieka.deliveries import queries as deliveries
from opieka.deliveries.types import HandedTo, ParcelCard
from opieka.kernel import clock
from opieka.shops.types import ShopCard

WORDS = "EEEE d MMMM"
"""A day as it is said in all four languages; their skeletons shorten names."""

STANDARD: Mapping[ParcelNews, str | Promise] = {
    ParcelNews.ACCEPTED: _(
        "Your order {{ order }} is on its way\n"
        "{{ carrier }} has your parcel.\n"
        "It should be with you by {{ until }}.\n"
        "Where it is: {{ tracking }}\n"
        "\n"
        "{{ shop }}"
    ),
    ParcelNews.OUT_FOR_DELIVERY: _(
        "Your order {{ order }} comes today\n"
        "The courier of {{ carrier }} has your parcel in the van.\n"
        "Expect it {{ when }}.\n"
        "Where it is: {{ tracking }}\n"
        "\n"
        "{{ shop }}"
    ),
    ParcelNews.READY: _(
        "Your order {{ order }} waits to be collected\n"
        "Your parcel can be collected now ({{ carrier }}).\n"
        "It is here: {{ place }}\n"
        "It waits until {{ until }}.\n"
        "The code to open it: {{ code }} (as a QR code: {{ page }})\n"
        "Where it is: {{ tracking }}\n"
        "\n"
        "{{ shop }}"
    ),
    ParcelNews.ATTEMPTED: _(
        "Your order {{ order }} could not be handed over\n"
        "The courier of {{ carrier }} came with your parcel, and nobody could take it.\n"
        "What happens next: {{ tracking }}\n"
        "If another day or place suits you better, answer this message.\n"
        "\n"
        "{{ shop }}"
    ),
    ParcelNews.DELIVERED: _(
        "Your order {{ order }} has been delivered\n"
        "{{ carrier }} says that your parcel has been handed over.\n"
        "{{ proof }}\n"
        "If it is not with you, or something is wrong, answer this message.\n"
        "\n"
        "{{ shop }}"
    ),
}


HANDED: Mapping[HandedTo, Promise] = {
    HandedTo.RECIPIENT: pgettext_lazy("proof", "handed to the recipient"),
    HandedTo.NEIGHBOUR: pgettext_lazy("proof", "handed to a neighbour"),
    HandedTo.SAFE_PLACE: pgettext_lazy("proof", "left in the safe place"),
    HandedTo.COLLECTED_AT_POINT: pgettext_lazy("proof", "collected at the pickup point"),
}
"""Where a parcel is, as its carrier says."""


def notice_text(kind: ParcelNews, *, language: str, preferences: NoticePreferences) -> str:
    """The text of a notice with its placeholders: the shop's own words, or else the usual ones."""
    own = preferences.texts.get(kind.value, {}).get(language, "")
    if own.strip():
        return own
    with translation.override(language):
        return str(STANDARD[kind])


def told_of(parcel: ParcelCard, *, order: str, shop: ShopCard, language: str) -> dict[str, str]:
    """What can be filled in about a parcel; "" for what is not known."""
    zone = ZoneInfo(shop.timezone)
    until = parcel.collect_by or parcel.promised_to
    return {
        "order": order,
        "shop": shop.name,
        "carrier": parcel.carrier_title,
        "place": ", ".join(filter(None, (parcel.depot, parcel.city))),
        "until": _day(until, zone, language) if until else "",
        "when": _hours(parcel, zone, language),
        "expected": _expected(parcel, zone, language),
        "tracking": parcel.page,
        "proof": _proof(parcel, zone, language),
        "code": deliveries.collect_codes([parcel.id], shop_ids=[shop.id]).get(parcel.id, ""),
        "page": deliveries.page_address(parcel.order_id, shop_id=shop.id) if parcel.order_id else "",
    }


def _proof(parcel: ParcelCard, zone: ZoneInfo, language: str) -> str:
    """When it was handed over, and to whom, in the carrier's word."""
    to = HANDED.get(parcel.handed_to)
    if parcel.delivered_at is None or to is None:
        return ""
    at = parcel.delivered_at.astimezone(zone)
    with translation.override(language):
        told = {"day": format_date(at.date(), WORDS, locale=language), "time": f"{at:%H:%M}", "to": str(to)}
        return str(_("%(day)s, %(time)s: %(to)s.")) % told


def _day(at: datetime, zone: ZoneInfo, language: str) -> str:
    return str(format_date(at.astimezone(zone).date(), "full", locale=language))


def _hours(parcel: ParcelCard, zone: ZoneInfo, language: str) -> str:
    """Between which hours of one day it comes, when the carrier says so."""
    if parcel.carrier_from is None or parcel.carrier_to is None:
        return ""
    begins, ends = parcel.carrier_from.astimezone(zone), parcel.carrier_to.astimezone(zone)
    if begins.date() != ends.date() or (begins.hour, ends.hour) == (0, 23):
        return ""
    with translation.override(language):
        told = str(_("between %(begins)s and %(ends)s"))
    return told % {"begins": f"{begins:%H:%M}", "ends": f"{ends:%H:%M}"}


def _expected(parcel: ParcelCard, zone: ZoneInfo, language: str) -> str:
    """The days between which it is expected, by us or else by its carrier."""
    begins, ends = parcel.expected_from or parcel.carrier_from, parcel.expected_to or parcel.carrier_to
    if ends is None or ends < clock.now():
        return ""
    first, last = max(begins or ends, clock.now()).astimezone(zone).date(), ends.astimezone(zone).date()
    with translation.override(language):
        told = str(_("on %(day)s") if first >= last else _("between %(first)s and %(last)s"))
    days = {"first": first, "last": last, "day": last}
    return told % {name: format_date(day, WORDS, locale=language) for name, day in days.items()}
