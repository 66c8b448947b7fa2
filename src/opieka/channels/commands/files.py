"""Storing bytes under their content hash."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from opieka.channels.models import ShopFile, StoredFile
from opieka.channels.policy.sniffing import sniff
from opieka.channels.types import MessageFile
from opieka.kernel.errors import Invalid

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


def _ids(hashes: dict[str, tuple[MessageFile, NewFile]]) -> dict[str, int]:
    return dict(StoredFile.objects.filter(sha256__in=list(hashes)).values_list("sha256", "id"))


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
