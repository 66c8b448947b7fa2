"""Storing bytes under their content hash."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import psycopg
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from opieka.channels.facts import FilesReleased
from opieka.channels.models import Dispatch, ShopFile, StoredFile
from opieka.channels.policy.sniffing import sniff
from opieka.channels.types import MessageFile
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Invalid
from opieka.shops import queries as shops
from opieka.timeline.commands import record

InUse = Callable[[Collection[str], int], Collection[str]]
"""Which of some files a shop still needs."""

_AT_ONCE = 500
_PACKED = ("text/", "message/", "application/json", "image/bmp", "application/rtf")


class FileTooLarge(Invalid):
    code = "file_too_large"
    sentence = _("This file is too large. The limit is %(limit)s MB.")


@dataclass(frozen=True)
class NewFile:
    """Bytes to be stored, and what their sender says they are."""

    data: bytes
    content_type: str = ""
    filename: str = ""
    content_id: str = ""
    inline: bool = False


def store_file(new: NewFile, *, shop_id: int) -> MessageFile:
    """Store one file for a shop; the same bytes are stored once. FileTooLarge."""
    return store_files([new], shop_id=shop_id)[0]


@transaction.atomic
def store_files(new: Sequence[NewFile], *, shop_id: int) -> list[MessageFile]:
    """Store many files for a shop, in their order; FileTooLarge when one is above the installation's limit."""
    limit = settings.OPIEKA.max_mail_bytes
    if any(len(file.data) > limit for file in new):
        raise FileTooLarge(limit=limit // 1_000_000)
    cards = [_card(file) for file in new]
    by_hash = {card.sha256: (card, file) for card, file in zip(cards, new, strict=True)}
    known = _ids(by_hash)
    # Sorted, so that two who store the same files wait for each other in one order.
    fresh = [_row(*by_hash[sha256]) for sha256 in sorted(by_hash.keys() - known.keys())]
    if fresh:
        _insert(fresh)
        known = _ids(by_hash)
    ShopFile.objects.bulk_create(
        [ShopFile(shop_id=shop_id, file_id=file_id) for file_id in sorted(known.values())],
        ignore_conflicts=True,
    )
    return cards


@transaction.atomic
def release_files(sha256s: Iterable[str], *, shop_id: int, by: Actor) -> None:
    """Say that the caller needs files of a shop no more. They are dropped when nobody else does."""
    hashes = sorted(set(sha256s) - {""})
    for start in range(0, len(hashes), _AT_ONCE):
        fact = FilesReleased(sha256s=tuple(hashes[start : start + _AT_ONCE]))
        record(fact, shop_id=shop_id, customer_id=None, subject=f"shop:{shop_id}", by=by)


@transaction.atomic
def drop_files(sha256s: Collection[str], *, in_use: InUse, shop_id: int, by: Actor) -> int:
    """Take files from a shop, but for those `in_use`, its logo and outgoing mail; bytes no shop has any more are gone.

    Returns how many files the shop has lost. Whoever stores the same bytes in this moment is waited for, and
    asked only then.
    """
    rows = StoredFile.objects.select_for_update().filter(sha256__in=sha256s)
    ids = dict(rows.order_by("id").values_list("sha256", "id"))
    for used in [*in_use(ids.keys(), shop_id), shops.shop(shop_id).logo]:
        ids.pop(used, None)
    known = set(ids.values())
    sent = Dispatch.objects.filter(shop_id=shop_id, raw_id__in=known)
    known -= set(sent.values_list("raw_id", flat=True))
    dropped, _each = ShopFile.objects.filter(shop_id=shop_id, file_id__in=known).delete()
    still = set(ShopFile.objects.filter(file_id__in=known).values_list("file_id", flat=True))
    still |= set(Dispatch.objects.filter(raw_id__in=known).values_list("raw_id", flat=True))
    StoredFile.objects.filter(id__in=known - still).delete()
    return dropped


def _ids(hashes: dict[str, tuple[MessageFile, NewFile]]) -> dict[str, int]:
    """Files that are there, and cannot be dropped before this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [list(hashes)])
        return dict(cursor.fetchall())


_KEEP = """
    select sha256, id from channels_storedfile where sha256 = any(%s::text[]) order by id for key share
"""


def _card(new: NewFile) -> MessageFile:
    return MessageFile(
        sha256=hashlib.sha256(new.data).hexdigest(),
        filename=new.filename,
        content_type=sniff(new.data[:512], new.content_type),
        size=len(new.data),
        content_id=new.content_id,
        inline=new.inline,
    )


def _row(card: MessageFile, new: NewFile) -> tuple[str, int, str, bool, bytes]:
    packed = card.content_type.startswith(_PACKED)
    body = zlib.compress(new.data, 1) if packed else new.data
    return card.sha256, card.size, card.content_type, packed, body


def _insert(rows: Sequence[tuple[str, int, str, bool, bytes]]) -> None:
    # Django's cursor writes every byte as two characters into the statement; this one sends them as they are.
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.executemany(
            "insert into channels_storedfile (sha256, size, content_type, packed, body)"
            " values (%s, %s, %s, %s, %b) on conflict (sha256) do nothing",
            rows,
        )
