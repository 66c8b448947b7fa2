"""Reading what came in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from django.db import connection
from django.db.models import QuerySet

from opieka.channels import queries as channels
from opieka.channels.types import StoredBytes
from opieka.conversations import queries as conversations
from opieka.deliveries import queries as deliveries
from opieka.inbound.models import Payload
from opieka.inbound.types import SUSPICIOUS, Aside, Source, State, Stored
from opieka.kernel import clock
from opieka.kernel.errors import NotFound
from opieka.kernel.paging import following

_AT_ONCE = 200
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


def parts(stored: Stored, *, name: str) -> list[Stored]:
    """The parts of one longer text that have come so far, locked."""
    rows = Payload.objects.filter(
        shop_id=stored.shop_id,
        source=stored.source,
        owner_id=stored.owner_id,
        state__in=[State.PARTIAL, State.WAITING],
        headers__whole=name,
    )
    return _stored(list(rows.select_for_update().order_by("id")))


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


def aside(
    shop_ids: Collection[int],
    *,
    order: str = "-received_at",
    source: str = "",
    after_id: int | None = None,
    limit: int = 50,
) -> list[Aside]:
    """Payloads that could not be read, in an order ("received_at", "failures", "-" for the reverse), from after one."""
    everything = Payload.objects.filter(shop_id__in=shop_ids)
    rows = failures(shop_ids).filter(source=source) if source else failures(shop_ids)
    found = following(rows, order=order, after_id=after_id, among=everything)[:limit]
    return [_aside(row) for row in found]


def count_aside(shop_ids: Collection[int]) -> int:
    """How many payloads could not be read."""
    return failures(shop_ids).count()


def raw(payload_id: int, *, shop_ids: Collection[int]) -> tuple[Source, StoredBytes]:
    """What a payload that could not be read is, as it came; NotFound."""
    row = failures(shop_ids).filter(id=payload_id).first()
    if row is None:
        raise NotFound
    return Source(row.source), channels.file(row.raw_sha256, shop_ids=[row.shop_id])


def bodies(rows: QuerySet[Payload]) -> Iterator[tuple[int, bytes]]:
    """Payloads with their bytes, some at a time."""
    last = 0
    while batch := list(rows.filter(id__gt=last).order_by("id")[:_AT_ONCE]):
        last = batch[-1].pk
        files = channels.files({row.raw_sha256 for row in batch}, shop_ids={row.shop_id for row in batch})
        yield from ((row.pk, files[row.raw_sha256].data) for row in batch if row.raw_sha256 in files)


def files_in_use(sha256s: Collection[str], shop_id: int) -> set[str]:
    """Which of these files a shop's payloads or messages still need."""
    rows = Payload.objects.filter(shop_id=shop_id, raw_sha256__in=sha256s)
    elsewhere = conversations.files_in_use(sha256s, shop_id) | deliveries.files_in_use(sha256s, shop_id)
    return set(rows.values_list("raw_sha256", flat=True)) | elsewhere


def _aside(row: Payload) -> Aside:
    return Aside(
        id=row.pk,
        shop_id=row.shop_id,
        source=Source(row.source),
        owner_id=row.owner_id,
        topic=str(row.headers.get("topic") or row.headers.get("provider") or ""),
        sha256=row.raw_sha256,
        received_at=row.received_at,
        tries=row.failures,
        next_try_at=row.next_try_at,
        error=row.error,
    )


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
