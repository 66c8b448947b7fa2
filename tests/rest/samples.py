"""A request that works, for every operation: its query and its body, for a shop's own things."""

from __future__ import annotations

from typing import Any

from opieka.goodwill import queries as goodwill
from tests.rest.world import World, order, product

TOMORROW = "2027-01-04T09:00:00Z"


def body(name: str, world: World) -> Any:
    """What is sent to an operation; None for nothing."""
    made = BODIES.get(name)
    return made(world) if callable(made) else made


def address(name: str, path: str, world: World) -> str:
    """Where an operation finds this shop's own things."""
    return world.fill(path, **THINGS.get(name, {})) + query(name, world)


def query(name: str, world: World) -> str:
    """What stands behind the question mark."""
    made = _QUERIES.get(name)
    return f"?{made(world)}" if made else ""


_QUERIES: dict[str, Any] = {
    "search_conversations": lambda world: f"text={world.shop.slug}",
    "list_conversations": lambda world: f"view=mine&staff_id={world.ids['staff_id']}",
    "preview_macro": lambda world: f"conversation_id={world.ids['conversation_id']}",
    "list_pickup_points": lambda _world: "carrier=memory&place=Warszawa",
    "list_orders": lambda world: f"customer_id={world.ids['customer_id']}",
}
BODIES: dict[str, Any] = {
    "add_contact_point": {"kind": "phone", "value": "+48 601 234 567"},
    "add_macro": {"name": "Thanks", "texts": {"en": "Thank you!", "pl": "Dziękujemy!"}},
    "add_note": {"text": "Called back."},
    "add_webhook": {"url": "https://erp.example.com/hooks", "kinds": ["OrderPaid", "ClockBreached"]},
    "change_webhook": {"description": "The other one", "kinds": [], "active": False},
    "replay_webhook": {"since": "2026-11-20T00:00:00Z"},
    "add_parcel": {"tracking_number": "MEM2", "carrier": "memory", "order_number": "A1"},
    "connect_carrier": {"carrier": "memory", "credentials": {"shelf": "two", "webhook_secret": "s"}},
    "give_up_parcel": {"why": "The carrier gave up looking for it."},
    "take_parcel_file": {"parcels": [{"tracking_number": "MEM4", "carrier": "memory"}]},
    "make_choice": {"kind": "instructions", "words": "Ring twice"},
    "settle_choice": {"accepted": True},
    "make_promise": {"promised_to": TOMORROW, "source": "agent"},
    "take_parcels": {
        "parcels": [
            {
                "tracking_number": "MEM3",
                "carrier_word": "Memory",
                "reports": [{"at": "2026-11-20T10:00:00Z", "stage": "accepted", "depot": "WAW"}],
            }
        ]
    },
    "add_staff_member": {
        "email": "nowa@example.com",
        "name": "Nowa",
        "password": "correct horse battery",
        "role": "agent",
    },
    "change_calendar": {"hours": [[[540, 1020]]] * 5 + [[], []], "closed_days": ["2026-12-24"]},
    "change_conversation": lambda world: {"assignee_id": world.ids["staff_id"]},
    "change_customer": {"name": "Anna Nowak"},
    "change_macro": {"name": "Bye"},
    "change_mailbox": {"name": "Help", "active": False},
    "grant_coupon": {"value": {"amount": 500, "currency": "PLN"}, "reason": "service"},
    "use_coupon": lambda world: {
        "code": goodwill.coupon(world.ids["coupon_id"], shop_ids=[world.shop.id]).code,
        "order_id": world.ids["order_id"],
    },
    "change_plan": lambda world: {"owner_id": world.ids["staff_id"]},
    "report_incident": lambda world: {"kind": "missing", "order_id": world.ids["order_id"]},
    "change_preferences": {
        "conversations": {"reopen_days": 10},
        "deliveries": {"lost_after_days": 12},
        "returns": {"cancel_hours": 2},
        "balance": {"weights": {"late": -20}},
    },
    "change_shop": {"name": "Las"},
    "change_staff_member": {"role": "lead"},
    "connect": {"connector": "memory", "credentials": {"shelf": "one"}},
    "issue_token": {"name": "Second", "scopes": ["read"]},
    "join_conversations": lambda world: {"other_id": world.ids["third_id"]},
    "mark_read": lambda world: {"staff_id": world.ids["staff_id"], "message_id": world.ids["message_id"]},
    "record_consent": {"purpose": "marketing", "channel": "email", "allowed": True, "source": "form"},
    "meet_customer": {"contact_points": [{"kind": "email", "value": "new@example.com"}]},
    "merge_customers": lambda world: {"loser_id": world.ids["other_id"]},
    "open_number": {"address": "Las", "name": "Second", "sending": "memory"},
    "change_number": {"name": "Texts", "active": False},
    "count_text_parts": {"text": "Ihre Lieferung kommt heute. €"},
    "save_playbook": {"kind": "late", "steps": ["new_date", "apologise"], "by_itself_to": 2},
    "promise_together": lambda world: {"parcel_ids": [world.ids["parcel_id"]], "promised_to": TOMORROW},
    "give_up_together": lambda world: {"parcel_ids": [world.ids["parcel_id"]], "why": "Nobody has it."},
    "undo_promises": {"at": TOMORROW},
    "undo_lost": {"at": TOMORROW},
    "dismiss_parcel_notices": {"kind": "malformed"},
    "bring_back_parcel_notices": {"at": TOMORROW},
    "open_mailbox": {"address": "second@las.example", "name": "Second"},
    "read_connection": {"everything": True},
    "reply": lambda world: {
        "text": "It left today.",
        "anyway": True,
        "files": [{"sha256": world.ids["sha256"], "filename": "label.txt"}],
    },
    "save_customer_notice": {
        "kind": "ready",
        "on": True,
        "texts": {"en": "On its way\n{{ order }} is with {{ carrier }}."},
    },
    "settle_case": {"cancelled": True, "refund": "by_hand"},
    "snooze_conversation": {"until": TOMORROW},
    "start_conversation": lambda world: {
        "mailbox_id": world.ids["mailbox_id"],
        "to": {"value": "dora@example.com"},
        "subject": "Your order",
        "text": "It left today.",
    },
    "take_orders": lambda world: {"orders": [order(world.shop, "A2")]},
    "take_products": lambda world: {"products": [product(world.shop, "P2")]},
    "upload_file": "bytes",
}
THINGS = {"undo_message": {"message_id": "sent_id"}, "retry_message": {"message_id": "failed_id"}}
"""What an operation's address names where it is not the usual thing of that name."""
BEFORE: dict[str, tuple[str, ...]] = {"reopen_conversation": ("resolve_conversation",)}
"""What has to be done before an operation is possible."""
NAMES_THINGS = [name for name, made in BODIES.items() if callable(made) and "ids" in made.__code__.co_names]
"""The operations whose bodies name things by their ids."""
