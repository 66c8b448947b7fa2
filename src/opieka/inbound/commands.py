"""Storing what comes in, and settling what became of it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import F, QuerySet

from opieka.channels import commands as channels
from opieka.channels.commands import NewFile
from opieka.customers.types import Traces
from opieka.inbound import queries
from opieka.inbound.models import Payload
from opieka.inbound.telling import mentions, tells_of
from opieka.inbound.types import FETCHED, PART_PATIENCE, PAUSES, NewPayload, Source, State
from opieka.kernel import clock
from opieka.kernel.actor import Actor
from opieka.kernel.bulk import json_text
from opieka.kernel.errors import NotFound

FETCH_LEASE = PAUSES[0]
UNREAD = (State.WAITING, State.PARTIAL, State.FETCHING)


def accept(new: NewPayload) -> bool:
    """Store one payload; False when it was there already. Once this has returned it cannot be lost."""
    return accept_many([new]) == 1


@transaction.atomic
def accept_many(batch: Sequence[NewPayload]) -> int:
    """Store payloads in one transaction; returns how many are new. Their reading begins after the commit."""
    from opieka.inbound.jobs import wake

    by_shop: dict[int, dict[tuple[Source, int, str], NewPayload]] = defaultdict(dict)
    for new in batch:
        external_id = new.external_id or hashlib.sha256(new.raw).hexdigest()
        by_shop[new.shop_id][new.source, new.owner_id, external_id] = new
    count = sum(_accept(shop_id, by_shop[shop_id]) for shop_id in sorted(by_shop))
    if count:
        transaction.on_commit(wake)
    return count


def _accept(shop_id: int, batch: dict[tuple[Source, int, str], NewPayload]) -> int:
    rows = Payload.objects.filter(shop_id=shop_id, external_id__in={key[2] for key in batch})
    known = set(rows.values_list("source", "owner_id", "external_id"))
    fresh = {key: new for key, new in batch.items() if key not in known}
    files = [NewFile(new.raw, new.content_type) for new in fresh.values()]
    cards = channels.store_files(files, shop_id=shop_id)
    now = clock.now()
    made = [
        Payload(
            shop_id=shop_id,
            source=source,
            owner_id=owner_id,
            external_id=external_id,
            raw_sha256=card.sha256,
            headers=new.headers,
            received_at=now,
            state=State.FETCHING if source in FETCHED else State.WAITING,
            next_try_at=now,
        )
        for ((source, owner_id, external_id), new), card in zip(fresh.items(), cards, strict=True)
    ]
    Payload.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


@transaction.atomic
def begin(ids: Collection[int]) -> None:
    """Note, before anything is read, that an attempt begins: a payload that kills its process is told by this."""
    Payload.objects.filter(id__in=ids).update(attempts=F("attempts") + 1)


@transaction.atomic
def begin_fetching(payload_id: int) -> bool:
    """Take a payload whose reading needs the network; False when another process has it."""
    now = clock.now()
    rows = Payload.objects.filter(id=payload_id, state=State.FETCHING, next_try_at__lte=now)
    return rows.update(attempts=F("attempts") + 1, next_try_at=now + FETCH_LEASE) == 1


def settle(ids: Collection[int]) -> None:
    """Note that payloads are read and applied, in the transaction that did it."""
    Payload.objects.filter(id__in=ids).update(state=State.DONE, next_try_at=None, error="")


@transaction.atomic
def wait_for_parts(payload_id: int, *, name: str) -> None:
    """Let a part of a longer text wait for the others; they share the `name`."""
    row = Payload.objects.select_for_update().get(id=payload_id)
    if row.state != State.PARTIAL:
        row.state, row.next_try_at = State.PARTIAL, row.received_at + PART_PATIENCE
        row.headers = row.headers | {"whole": name}
        row.save(update_fields=["state", "next_try_at", "headers"])


@transaction.atomic
def fail(payload_id: int, *, error: str) -> None:
    """Set a payload aside where people see it; it is tried again after growing pauses."""
    row = Payload.objects.select_for_update().get(id=payload_id)
    pause = PAUSES[row.failures] if row.failures < len(PAUSES) else None
    row.state, row.error, row.failures = State.FAILED, error[:2000], row.failures + 1
    row.next_try_at = clock.now() + pause if pause else None
    row.save(update_fields=["state", "error", "failures", "next_try_at"])


@transaction.atomic
def retry(payload_id: int, *, shop_ids: Collection[int], by: Actor) -> None:
    """Read a failed payload again, now; NotFound when there is none."""
    if not _again(Payload.objects.filter(id=payload_id, shop_id__in=shop_ids, state=State.FAILED)):
        raise NotFound


@transaction.atomic
def retry_all(*, shop_ids: Collection[int], by: Actor) -> int:
    """Read all failed payloads of some shops again, now; returns how many."""
    return _again(Payload.objects.filter(shop_id__in=shop_ids, state=State.FAILED))


@transaction.atomic
def retry_due() -> int:
    """Read again the payloads whose pause is over, and those whose other parts never came; returns how many."""
    due = [State.FAILED, State.PARTIAL]
    return _again(Payload.objects.filter(state__in=due, next_try_at__lte=clock.now()))


def _again(rows: QuerySet[Payload]) -> int:
    from opieka.inbound.jobs import wake

    fetched = rows.filter(source__in=FETCHED)
    count = fetched.update(state=State.FETCHING, attempts=0, next_try_at=clock.now())
    count += rows.exclude(source__in=FETCHED).update(state=State.WAITING, attempts=0)
    if count:
        transaction.on_commit(wake)
    return count


@transaction.atomic
def forget_person(traces: Traces, *, shop_id: int, by: Actor) -> int:
    """Forget the calls of shops' and mail systems that tell of a person, and the envelopes of her mails.

    Returns how many payloads there were. Mails themselves are forgotten with the messages made of them.
    """
    done = Payload.objects.filter(shop_id=shop_id).exclude(raw_sha256="").exclude(state__in=UNREAD)
    ids = [
        row_id for row_id, raw in queries.bodies(done.exclude(source=Source.MAIL)) if tells_of(raw, traces)
    ]
    envelopes = done.filter(source=Source.MAIL).exclude(headers={}).values_list("id", "headers")
    ids += [row_id for row_id, told in envelopes.iterator() if mentions([json_text(told)], traces)]
    return forget_payloads(Payload.objects.filter(id__in=ids), shop_id=shop_id, by=by)


@transaction.atomic
def forget_originals(sha256s: Collection[str], *, shop_id: int, by: Actor) -> int:
    """Forget the payloads with these bytes, which were read long ago."""
    rows = Payload.objects.filter(shop_id=shop_id, raw_sha256__in=sha256s).exclude(state__in=UNREAD)
    return forget_payloads(rows, shop_id=shop_id, by=by)


def forget_payloads(rows: QuerySet[Payload], *, shop_id: int, by: Actor) -> int:
    """Keep of payloads only that they came, so that they are not taken in again."""
    found = list(rows.select_for_update().order_by("id"))
    released = [row.raw_sha256 for row in found]
    Payload.objects.filter(id__in=[row.pk for row in found]).update(
        raw_sha256="", headers={}, error="", state=State.DONE, next_try_at=None
    )
    channels.release_files(released, shop_id=shop_id, by=by)
    return len(found)


def drop_unused(sha256s: Collection[str], *, shop_id: int, by: Actor) -> int:
    """Drop the bytes that nobody in a shop needs any more; returns how many files."""
    return channels.drop_files(sha256s, in_use=queries.files_in_use, shop_id=shop_id, by=by)
