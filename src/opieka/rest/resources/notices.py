"""What customers are told of their parcels by themselves: switched on and off, and worded."""

from __future__ import annotations

from opieka.care import commands, queries
from opieka.care.types import NoticePreferences, ParcelNews
from opieka.rest.fields import Page
from opieka.rest.operations import Request, Resource
from opieka.rest.schemas.notices import CustomerNotice, CustomerNoticeChange
from opieka.shops import queries as shops
from opieka.shops.types import Language, Permission

notices = Resource("customer notices")


@notices.get("/customer-notices", Permission.SETTINGS, Page[CustomerNotice])
def list_customer_notices(request: Request) -> Page[CustomerNotice]:
    """Every notice. Nothing is sent until it is switched on."""
    return Page[CustomerNotice](items=[_notice(request, kind) for kind in ParcelNews], next=None)


@notices.post("/customer-notices", Permission.SETTINGS, CustomerNotice)
def save_customer_notice(request: Request, body: CustomerNoticeChange) -> CustomerNotice:
    """Switch a notice on or off, and say it in other words."""
    caller = request.caller
    texts = {code.value: text for code, text in body.texts.items()}
    commands.save_notice(caller.shop_id, kind=body.kind, on=body.on, texts_by_language=texts, by=caller.actor)
    return _notice(request, body.kind)


def _notice(request: Request, kind: ParcelNews) -> CustomerNotice:
    shop = shops.shop(request.caller.shop_id)
    now = shops.preferences(shop.id, NoticePreferences)
    return CustomerNotice(
        kind=kind,
        on=kind in now.on,
        texts={
            Language(code): queries.notice_text(kind, language=code, preferences=now)
            for code in shop.languages
        },
        own=sorted(Language(code) for code in now.texts.get(kind.value, {})),
    )
