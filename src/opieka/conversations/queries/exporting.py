"""Everything a person said and was told, for her copy of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from django.db.models import BooleanField, ExpressionWrapper, Q

from opieka.conversations.models import HERE, Conversation, Message
from opieka.conversations.queries.reading import attached, item_of, thread
from opieka.conversations.types import MessageItem, Thread
from opieka.shops import queries as shops


def dossier(customer_ids: Collection[int], *, shop_ids: Collection[int]) -> Iterator[Thread]:
    """The conversations with a person (all ids she was known by), whole, one at a time, the first first."""
    rows = Conversation.objects.filter(HERE, shop_id__in=shop_ids, customer_id__in=customer_ids)
    for conversation_id in list(rows.order_by("id").values_list("id", flat=True)):
        page = whole = thread(conversation_id, shop_ids=shop_ids)
        while page.earlier is not None:
            page = thread(conversation_id, shop_ids=shop_ids, before=page.earlier)
            whole = replace(whole, items=(*page.items, *whole.items), earlier=None)
        yield whole


def said_elsewhere(customer_ids: Collection[int], *, shop_ids: Collection[int]) -> Iterator[MessageItem]:
    """What she wrote in conversations of others, the first first."""
    own = Q(conversation__customer_id__in=customer_ids)
    rows = Message.objects.filter(shop_id__in=shop_ids, customer_id__in=customer_ids).exclude(own)
    has_html = ExpressionWrapper(~Q(html=""), output_field=BooleanField())
    for row in rows.annotate(has_html=has_html).order_by("at", "id"):
        names = shops.staff_names([row.author_id]) if row.author_id else {}
        yield item_of(row, names, attached(row.shop_id, [row.pk]), {})
