"""Telling customers of their parcels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from opieka.care import queries
from opieka.care.policy import noticing, wording
from opieka.care.queries.wording import told_of
from opieka.care.types import NoticePreferences, ParcelNews
from opieka.conversations import commands as conversations
from opieka.conversations.types import Notice, Outcome
from opieka.customers import queries as customers
from opieka.deliveries import queries as deliveries
from opieka.kernel import clock
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Invalid
from opieka.orders import queries as orders
from opieka.shops import commands as shop_commands
from opieka.shops import queries as shops
from opieka.shops.types import Language


class UnknownPlaceholder(Invalid):
    code = "notice_placeholder"
    sentence = _("“%(placeholder)s” is no placeholder. There are: %(known)s.")


@transaction.atomic
def notify(
    parcel_id: int, *, kind: ParcelNews, happened_at: datetime, key: str, shop_id: int, by: Actor
) -> Outcome | None:
    """Tell a parcel's customer what happened to it, once per key; None when it is not (or no more) to be told.

    The parcel is looked at first: a fact may come late, and the parcel has gone on.
    """
    preferences = shops.preferences(shop_id, NoticePreferences)
    if kind not in preferences.on:
        return None
    parcel = deliveries.parcel(parcel_id, shop_ids=[shop_id])
    now = clock.now()
    worth = noticing.is_worth(kind, stage=parcel.stage, leg=parcel.leg, happened_at=happened_at, now=now)
    if parcel.order_id is None or parcel.customer_id is None or not worth:
        return None
    card = customers.card(parcel.customer_id, shop_ids=[shop_id])
    if card.erased:
        return None
    shop = shops.shop(shop_id)
    language = customers.language_of(card, shop)
    number = orders.numbers([parcel.order_id], shop_ids=[shop_id]).get(parcel.order_id, "")
    letter = wording.letter(
        queries.notice_text(kind, language=language, preferences=preferences),
        told_of(parcel, order=number, shop=shop, language=language),
    )
    notice = Notice(
        shop_id=shop_id,
        customer_id=card.id,
        subject=letter.subject,
        text=letter.text,
        language=language,
        about=f"order:{parcel.order_id}",
        not_after=noticing.not_after(kind, happened_at=happened_at, zone=ZoneInfo(shop.timezone)),
    )
    return conversations.tell(notice, key=key, by=by).outcome


@transaction.atomic
def save_notice(
    shop_id: int, *, kind: ParcelNews, on: bool, texts_by_language: Mapping[str, str], by: Actor
) -> None:
    """Switch a notice on or off and keep the shop's own words for it; an empty text stands for the usual one."""
    wanted = {Language(code).value: text.strip() for code, text in texts_by_language.items() if text.strip()}
    for text in wanted.values():
        for placeholder in wording.unknown(text):
            raise UnknownPlaceholder(placeholder=placeholder, known=", ".join(wording.PLACEHOLDERS))
    now = shops.preferences(shop_id, NoticePreferences)
    switched = tuple(one for one in ParcelNews if (on if one is kind else one in now.on))
    value = replace(now, on=switched, texts=now.texts | {kind.value: wanted})
    shop_commands.set_preferences(shop_id, value=value, by=by)
