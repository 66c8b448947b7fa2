"""Reads the demo's files and tells its texts as they read at one moment."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from opieka.kernel.money import Money
from opieka.project.demo import moments
from opieka.project.demo.content import Conversation, Demo, Order

_MOMENTS = frozenset({"at", "placed", "shipped", "delivered", "cancelled", "since"})
_DAYS = frozenset({"promised"})
_PLACEHOLDER = re.compile(r"\{(\w+):([^}]+)\}")


def read(now: datetime) -> Demo:
    """The demo as it looks at `now` (aware). msgspec.ValidationError names what is wrong in a file."""
    shops = _json("shops.json")
    zones = {shop["slug"]: ZoneInfo(shop["timezone"]) for shop in shops["shops"]}
    groups = {group["slug"]: zones[group["shops"][0]] for group in shops["groups"]}
    customers, orders = _json("customers.json")["customers"], _json("orders.json")["orders"]
    bare = {
        **shops,
        **_json("staff.json"),
        **_json("catalogue.json"),
        "customers": [_resolved(row, now, groups[row["group"]]) for row in customers],
        "orders": [_resolved(row, now, zones[row["shop"]]) for row in orders],
    }
    demo = msgspec.convert(bare, Demo)
    scripts = [_resolved(row, now, zones[row["shop"]]) for row in _scripts()]
    untold = msgspec.convert(scripts, tuple[Conversation, ...])
    return replace(demo, conversations=tuple(_told(each, demo, now) for each in untold))


def asset(name: str) -> bytes:
    """The bytes of a file that a demo mail carries."""
    return (files(__package__) / "files" / name).read_bytes()


def fill(text: str, speak: Callable[[str, str], str]) -> str:
    """The text with every `{kind:argument}` replaced by what `speak` says for it."""
    return _PLACEHOLDER.sub(lambda found: speak(found[1], found[2]), text)


def _json(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((files(__package__) / name).read_text("utf-8"))
    return found


def _scripts() -> Iterator[dict[str, Any]]:
    folder = files(__package__) / "mails"
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(".toml"):
            yield {"name": path.name.removesuffix(".toml"), **tomllib.loads(path.read_text("utf-8"))}


def _resolved(row: Any, now: datetime, zone: ZoneInfo) -> Any:
    """The raw row with every offset in it turned into a moment or a date."""
    if isinstance(row, list):
        return [_resolved(each, now, zone) for each in row]
    if not isinstance(row, dict):
        return row
    return {key: _resolved_field(key, value, now, zone) for key, value in row.items()}


def _resolved_field(key: str, value: Any, now: datetime, zone: ZoneInfo) -> Any:
    if isinstance(value, str) and key in _MOMENTS:
        return moments.moment_at(value, now, zone)
    if isinstance(value, str) and key in _DAYS:
        return moments.day_at(value, now, zone)
    return _resolved(value, now, zone)


def _told(conversation: Conversation, demo: Demo, now: datetime) -> Conversation:
    zone, language = demo.shop[conversation.shop].zone, conversation.language

    def speak(kind: str, argument: str) -> str:
        if kind in _DATES:
            return _DATES[kind](moments.day_at(argument, now, zone), language)
        number, _, sku = argument.partition(" ")
        return _of_order(kind, demo.order[number], sku, demo, language)

    def tell(text: str) -> str:
        return fill(text, speak).strip()

    return replace(
        conversation,
        messages=tuple(
            replace(message, text=tell(message.text), subject=message.subject and tell(message.subject))
            for message in conversation.messages
        ),
        notes=tuple(replace(note, text=tell(note.text)) for note in conversation.notes),
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


_DATES: Mapping[str, Callable[[Any, str], str]] = {
    "d": moments.day_and_month,
    "on": moments.on_day,
    "w": moments.on_weekday,
    "W": lambda day, language: _capital(moments.on_weekday(day, language)),
    "n": moments.numeric,
}


def _of_order(kind: str, order: Order, sku: str, demo: Demo, language: str) -> str:
    """What a text says of an order: `t` total, `r` refunded, `p` price of a SKU, `k` and `k2` tracking."""
    if kind in {"k", "k2"}:
        return order.parcels[0 if kind == "k" else 1].tracking
    amounts = {
        "t": lambda: order.total,
        "r": lambda: sum(refund.amount for refund in order.refunds),
        "p": lambda: order.price(sku),
    }
    return Money(amounts[kind](), demo.shop[order.shop].currency).format(language)
