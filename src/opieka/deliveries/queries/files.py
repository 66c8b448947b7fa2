"""A file of a warehouse before it is taken over: what would be taken, and what could not be read."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from opieka.deliveries.carriers import generic
from opieka.deliveries.carriers.base import Context, Reading, Unreadable
from opieka.deliveries.models import Parcel
from opieka.deliveries.policy.naming import normal_number
from opieka.deliveries.types import FileCard
from opieka.kernel.errors import Invalid
from opieka.shops import queries as shops

SHOWN = 20


class NotReadable(Invalid):
    code = "not_readable"
    sentence = _(
        "This is no table or JSON of parcels: “%(found)s” stands where a column of tracking numbers should."
    )


def file(raw: bytes, *, shop_id: int) -> FileCard:
    """What taking over a file would bring; NotReadable. 2 queries."""
    reading = read_file(raw, shop_id=shop_id)
    numbers = {normal_number(tracking.tracking_number) for tracking in reading.tracked}
    known = Parcel.objects.filter(shop_id=shop_id, number__in=numbers).values("number").distinct().count()
    return FileCard(
        parcels=len(reading.tracked),
        reports=sum(len(tracking.reports) for tracking in reading.tracked),
        known=known,
        sample=reading.tracked[:SHOWN],
        notices=reading.notices,
    )


def read_file(raw: bytes, *, shop_id: int) -> Reading:
    """A file in our own format; times without an offset are the shop's. NotReadable."""
    try:
        return generic.mapping.read(raw, Context(zone=ZoneInfo(shops.shop(shop_id).timezone)))
    except Unreadable as problem:
        raise NotReadable(found=problem.value or problem.where) from problem
