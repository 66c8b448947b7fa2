"""Saved answers, and what they say in a conversation."""

from __future__ import annotations

from collections.abc import Collection

from opieka.conversations.models import Conversation, Macro
from opieka.conversations.policy import texts
from opieka.conversations.types import MacroCard, MacroPreview
from opieka.customers import queries as customers
from opieka.kernel.errors import NotFound
from opieka.orders import queries as orders
from opieka.shops import queries as shops


def macros(shop_ids: Collection[int]) -> list[MacroCard]:
    """The saved answers of some shops, by name."""
    rows = Macro.objects.filter(shop_id__in=shop_ids).order_by("name", "id")
    return [MacroCard(row.pk, row.shop_id, row.name, row.texts) for row in rows]


def macro_preview(
    macro_id: int, *, conversation_id: int, staff_id: int | None, shop_ids: Collection[int]
) -> MacroPreview:
    """A saved answer in the customer's language, filled in for one conversation of its shop; NotFound."""
    conversation = Conversation.objects.filter(id=conversation_id, shop_id__in=shop_ids).first()
    if conversation is None:
        raise NotFound
    macro = Macro.objects.filter(id=macro_id, shop_id=conversation.shop_id).first()
    if macro is None:
        raise NotFound
    shop = shops.shop(conversation.shop_id)
    values = {"shop.name": shop.name} | _agent(staff_id) | _customer(conversation)
    preferred = [conversation.language, values.pop("customer.language", ""), *shop.languages, *macro.texts]
    language = next(code for code in preferred if code in macro.texts)
    filled = texts.fill(macro.texts[language], values)
    return MacroPreview(filled.text, language, filled.missing)


def _agent(staff_id: int | None) -> dict[str, str]:
    name = shops.staff_names([staff_id]).get(staff_id, "") if staff_id else ""
    return {"agent.name": name, "agent.first_name": texts.first_name(name)}


def _customer(conversation: Conversation) -> dict[str, str]:
    """What is known of the customer and of her latest order in this shop."""
    if conversation.customer_id is None:
        return {}
    shop_ids = [conversation.shop_id]
    card = customers.card(conversation.customer_id, shop_ids=shop_ids)
    latest = orders.of_customers(card.lineage, shop_ids=shop_ids, limit=1)
    return {
        "customer.name": card.name,
        "customer.first_name": texts.first_name(card.name),
        "customer.language": card.language,
        "order.number": latest[0].number if latest else "",
    }
