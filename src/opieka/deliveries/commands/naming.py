"""Saying whose a parcel is, where nobody could tell by its number."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from opieka.deliveries.carriers import CARRIERS
from opieka.deliveries.commands.connecting import UnknownCarrier
from opieka.deliveries.commands.noticing import dismiss_notices
from opieka.deliveries.commands.taking import take
from opieka.deliveries.queries.finding import parcel
from opieka.deliveries.types import NoticeKind, Tracking, WantedNotices
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Conflict

BY_HAND = "desk"


class CarrierKnown(Conflict):
    code = "carrier_known"
    sentence = _("The carrier of this parcel is known already.")


@transaction.atomic
def name_carrier(parcel_id: int, *, carrier: str, shop_ids: Collection[int], by: Actor) -> None:
    """Give a parcel of an unknown carrier its carrier; it is asked from now on, and the notice about it is done.
    NotFound, UnknownCarrier, CarrierKnown."""
    card = parcel(parcel_id, shop_ids=shop_ids)
    if carrier not in CARRIERS:
        raise UnknownCarrier(carrier=carrier)
    if card.carrier:
        raise CarrierKnown
    take(
        [Tracking(carrier=carrier, tracking_number=card.number)],
        shop_id=card.shop_id,
        told_by=BY_HAND,
        by=by,
    )
    about_it = WantedNotices(kind=NoticeKind.UNKNOWN_CARRIER, where=card.number)
    dismiss_notices(about_it, shop_ids=[card.shop_id], by=by)
