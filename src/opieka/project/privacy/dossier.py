"""A person's copy of all her data (GDPR Art. 15 and 20): pages to read in her language, JSON for programs, her files.

index.html            who she is, what she allowed, her orders; leads to the rest
conversations/17.html one conversation to read
data/*.json           the same for programs, one file per domain
files/, mails/        attached files; mails as they came
"""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from django.utils import translation

from opieka.channels import queries as channels
from opieka.conversations import queries as conversations
from opieka.conversations.types import EventItem, MessageItem, NoteItem, Thread
from opieka.customers import queries as customers
from opieka.customers.types import CustomerCard
from opieka.deliveries import queries as deliveries
from opieka.kernel.facts import dump
from opieka.orders import queries as orders
from opieka.orders.types import OrderCard
from opieka.project.privacy import pages
from opieka.project.privacy.archive import Stretches, open_zip, safe_name
from opieka.timeline import queries as timeline
from opieka.timeline.types import Entry

_PAGE = 200


@dataclass(frozen=True)
class Dossier:
    """Whose data, and from which shops of the operator."""

    card: CustomerCard
    shop_ids: Collection[int]


def compose(customer_id: int, *, shop_ids: Collection[int], into: Stretches) -> None:
    """Write everything that some shops have of a person. Each domain tells its own part."""
    wanted = Dossier(customers.card(customer_id, shop_ids=shop_ids), list(shop_ids))
    with translation.override(wanted.card.language), open_zip(into) as archive:
        bought = list(_orders(wanted))
        said = customers.consents_said(wanted.card.lineage)
        _json(archive, "customer", [wanted.card])
        _json(archive, "consents", said)
        _json(archive, "orders", bought)
        chosen = deliveries.made_by(wanted.card.lineage, shop_ids=wanted.shop_ids)
        _json(archive, "choices", chosen)
        arrived = deliveries.arrivals_told_by(wanted.card.lineage, shop_ids=wanted.shop_ids)
        _json(archive, "arrivals", arrived)
        pictures = [(card.parcel_id, card.news.photos) for card in arrived]
        pictures += [(card.parcel_id, card.choice.photos) for card in chosen]
        _photos(archive, pictures, wanted.shop_ids)
        _json(archive, "timeline", map(_touchpoint, _timeline(wanted)))
        talks = [_conversation(archive, thread) for thread in _threads(wanted)]
        elsewhere = list(conversations.said_elsewhere(wanted.card.lineage, shop_ids=wanted.shop_ids))
        _json(archive, "said_elsewhere", elsewhere)
        for item in elsewhere:
            _files(archive, item, wanted.shop_ids)
        archive.writestr("index.html", pages.index(wanted.card, said, bought, talks))
    into.close()


def _threads(wanted: Dossier) -> Iterator[Thread]:
    return conversations.dossier(wanted.card.lineage, shop_ids=wanted.shop_ids)


def _orders(wanted: Dossier) -> Iterator[OrderCard]:
    before = None
    while page := orders.latest(
        shop_ids=wanted.shop_ids, customer_ids=wanted.card.lineage, before=before, limit=_PAGE
    ):
        yield from page
        before = page[-1].placed_at, page[-1].id


def _timeline(wanted: Dossier) -> Iterator[Entry]:
    before = None
    while page := timeline.of_customers(
        wanted.card.lineage, shop_ids=wanted.shop_ids, before_id=before, limit=_PAGE
    ):
        yield from page
        before = page[-1].id


def _touchpoint(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": entry.at,
        "what": entry.fact.kind,
        "about": entry.subject,
        **dump(entry.fact),
    }


def _conversation(archive: zipfile.ZipFile, thread: Thread) -> pages.Talk:
    """One conversation as a page and as data, with its files; what the index says of it."""
    archive.writestr(f"conversations/{thread.id}.html", pages.conversation(thread))
    items = [{"type": _KINDS[type(item)], **_fields(item)} for item in thread.items]
    data = {"id": thread.id, "subject": thread.subject, "channel": thread.channel, "items": items}
    archive.writestr(f"data/conversations/{thread.id}.json", _encoded(data))
    for item in thread.items:
        if isinstance(item, MessageItem):
            _files(archive, item, [thread.shop_id])
    return pages.Talk(thread.id, thread.subject, thread.items[0].at if thread.items else None)


_KINDS = {MessageItem: "message", NoteItem: "note", EventItem: "event"}


def _fields(item: Any) -> dict[str, Any]:
    built: dict[str, Any] = msgspec.to_builtins(item)
    return built


def _files(archive: zipfile.ZipFile, item: MessageItem, shop_ids: Collection[int]) -> None:
    for file in item.files:
        for stored in channels.files([file.sha256], shop_ids=shop_ids).values():
            archive.writestr(f"files/{item.id}-{file.sha256[:8]}-{safe_name(file.filename)}", stored.data)
    for stored in channels.files([item.raw_sha256] if item.raw_sha256 else [], shop_ids=shop_ids).values():
        archive.writestr(f"mails/{item.id}.eml", stored.data)


def _photos(
    archive: zipfile.ZipFile, sent: Iterable[tuple[int, tuple[str, ...]]], shop_ids: Collection[int]
) -> None:
    """Her pictures, by the parcel they are about; one she sent twice is there once."""
    for parcel_id, sha256 in dict.fromkeys((parcel_id, one) for parcel_id, photos in sent for one in photos):
        for stored in channels.files([sha256], shop_ids=shop_ids).values():
            archive.writestr(f"files/parcel-{parcel_id}-{sha256[:8]}", stored.data)


def _json(archive: zipfile.ZipFile, name: str, rows: Iterable[object]) -> None:
    """A list, written row by row."""
    with archive.open(f"data/{name}.json", "w") as file:
        for number, row in enumerate(rows):
            file.write((b"[\n" if number == 0 else b",\n") + msgspec.json.encode(row))
            last = number
        file.write(b"\n]\n" if "last" in locals() else b"[]\n")


def _encoded(data: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(data))
