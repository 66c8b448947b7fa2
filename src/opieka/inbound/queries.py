"""Reading what came in."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import connection
from django.db.models import QuerySet

from opieka.channels import queries as channels
from opieka.inbound.models import Payload
from opieka.inbound.types import SUSPICIOUS, Source, State, Stored
from opieka.kernel import clock

LARGEST_BATCH = 32_000_000
"""Bytes of raw mail read at once, unless one alone is larger."""

NEXT = """
    select p.id, p.attempts, f.size from inbound_payload p
    join channels_storedfile f on f.sha256 = p.raw_sha256
    where p.state = 'waiting' order by p.attempts, p.id limit %s for update of p skip locked
"""


def next_waiting(limit: int) -> list[int]:
    """The ids of the next payloads to read together, in a transaction that keeps others from them.

    Those that have killed a process come last and alone.
    """
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [limit])
        rows: list[tuple[int, int, int]] = cursor.fetchall()
    taken: list[int] = []
    total = 0
    for payload_id, attempts, size in rows:
        total += size
        if taken and (attempts >= SUSPICIOUS or total > LARGEST_BATCH):
            break
        taken.append(payload_id)
    return taken


def lock(ids: Collection[int]) -> list[Stored]:
    """Waiting payloads with their bytes, locked; those that another process is at are left out."""
    rows = Payload.objects.filter(id__in=ids, state=State.WAITING).select_for_update(skip_locked=True)
    return _stored(list(rows.order_by("id")))


def payload(payload_id: int) -> Stored:
    """One payload with its bytes."""
    return _stored([Payload.objects.get(id=payload_id)])[0]


def fetching() -> list[int]:
    """The ids of payloads whose reading needs the network and may begin."""
    rows = Payload.objects.filter(state=State.FETCHING, next_try_at__lte=clock.now())
    return list(rows.order_by("next_try_at").values_list("id", flat=True)[:100])


def is_anything_waiting() -> bool:
    """Whether a payload waits to be read."""
    return Payload.objects.filter(state=State.WAITING).exists()


def failures(shop_ids: Collection[int]) -> QuerySet[Payload]:
    """Payloads that could not be read, newest first."""
    return Payload.objects.filter(shop_id__in=shop_ids, state=State.FAILED).order_by("-id")


def _stored(rows: Sequence[Payload]) -> list[Stored]:
    shop_ids = {row.shop_id for row in rows}
    files = channels.files({row.raw_sha256 for row in rows}, shop_ids=shop_ids)
    return [
        Stored(
            id=row.pk,
            shop_id=row.shop_id,
            source=Source(row.source),
            owner_id=row.owner_id,
            external_id=row.external_id,
            sha256=row.raw_sha256,
            content_type=files[row.raw_sha256].content_type,
            raw=files[row.raw_sha256].data,
            headers=row.headers,
            received_at=row.received_at,
            attempts=row.attempts,
        )
        for row in rows
    ]
