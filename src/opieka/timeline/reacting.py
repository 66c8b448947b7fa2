"""`@react_to(Fact)`: what a domain above does when one below has announced something.

The worker hands each reaction its touchpoints after commit, in order. The handler's writes and the reaction's
place in the log are saved in one transaction, so their effects in the database happen exactly once. Whatever
leaves the database (a mail, a refund) is a job with an idempotency key, deferred by the handler.

`@react_to()` hears of every fact there is; `@react_in_batches(...)` is handed many touchpoints at once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from django.db import OperationalError, connection, transaction

from opieka.kernel import clock
from opieka.kernel.facts import Fact
from opieka.timeline import reading
from opieka.timeline.models import Cursor, Failure, Touchpoint
from opieka.timeline.types import Entry, Position

log = logging.getLogger(__name__)

Handler = Callable[[Entry], None]
BatchHandler = Callable[[Sequence[Entry]], None]


@dataclass(frozen=True)
class Reaction:
    """`kinds` None: every fact. `together` handles a batch at once; `handler` each touchpoint alone."""

    name: str
    kinds: frozenset[str] | None
    handler: Handler
    together: BatchHandler | None = None


_reactions: dict[str, Reaction] = {}


def react_to(*kinds: type[Fact]) -> Callable[[Handler], Handler]:
    """Register a handler for these facts, or for every fact when none is named.

    Its cursor is stored under its name: renaming it is a migration.
    """

    def register(handler: Handler) -> Handler:
        _register(handler.__module__, handler.__name__, kinds, handler)
        return handler

    return register


def react_in_batches(*kinds: type[Fact]) -> Callable[[BatchHandler], BatchHandler]:
    """The same for a handler of many touchpoints at once; when it fails, each is handed to it alone."""

    def register(handler: BatchHandler) -> BatchHandler:
        _register(handler.__module__, handler.__name__, kinds, lambda entry: handler([entry]), handler)
        return handler

    return register


def _register(
    module: str,
    own: str,
    kinds: tuple[type[Fact], ...],
    handler: Handler,
    together: BatchHandler | None = None,
) -> None:
    name = f"{module.removeprefix('opieka.').removesuffix('.reactions')}.{own}"
    named = frozenset(kind.__name__ for kind in kinds) or None
    _reactions[name] = Reaction(name, named, handler, together)


def reactions() -> list[Reaction]:
    """Every registered reaction."""
    return list(_reactions.values())


def handled(touchpoint_ids: Collection[int]) -> bool:
    """Whether every reaction that hears of these touchpoints has done what it does about them."""
    rows = Touchpoint.objects.filter(id__in=touchpoint_ids)
    if Failure.objects.filter(touchpoint_id__in=touchpoint_ids, mended_at=None).exists():
        return False
    kinds = set(rows.values_list("kind", flat=True))
    names = [each.name for each in reactions() if each.kinds is None or each.kinds & kinds]
    with connection.cursor() as cursor:
        cursor.execute(reading.AHEAD, [list(touchpoint_ids), names])
        return not cursor.fetchone()[0]


def begin() -> None:
    """Give each new reaction its place in the log: here. It never hears of what was before it."""
    place = reading.here()
    Cursor.objects.bulk_create(
        [Cursor(reaction=name, low=place.low, high=place.high, last_id=place.last_id) for name in _reactions],
        ignore_conflicts=True,
    )


def run_all(*, batch: int = 500) -> int:
    """Let every reaction catch up with the log; returns how many touchpoints were handled."""
    handled = 0
    waiting = reactions()
    while waiting:
        counts = [(reaction, run_batch(reaction, batch=batch)) for reaction in waiting]
        handled += sum(count for _, count in counts)
        waiting = [reaction for reaction, count in counts if count]
    return handled


@transaction.atomic
def run_batch(reaction: Reaction, *, batch: int) -> int:
    """Hand one reaction its next touchpoints; 0 when there are none or another worker is at it."""
    cursor = Cursor.objects.select_for_update(skip_locked=True).filter(reaction=reaction.name).first()
    if cursor is None:
        return 0
    before = Position(cursor.low, cursor.high, cursor.last_id)
    found, place = reading.read(before, limit=batch, kinds=reaction.kinds)
    if not _handled_together(reaction, found):
        for entry in found:
            _handle(reaction, entry)
    if place != before:
        Cursor.objects.filter(reaction=reaction.name).update(
            low=place.low, high=place.high, last_id=place.last_id
        )
    return len(found)


def _handled_together(reaction: Reaction, found: Sequence[Entry]) -> bool:
    """Whether a whole batch went well at once; if not, nothing of it is done."""
    if reaction.together is None or not found:
        return False
    try:
        with transaction.atomic():
            reaction.together(found)
    except OperationalError:
        raise  # as in _handle
    except Exception:  # noqa: BLE001  # found out touchpoint by touchpoint, as in _handle
        return False
    return True


def _handle(reaction: Reaction, entry: Entry) -> None:
    try:
        with transaction.atomic():
            reaction.handler(entry)
    except OperationalError:
        raise  # the database, not the touchpoint: the whole batch is tried again
    except Exception as error:  # noqa: BLE001  # whatever it is, the rest must go on and a person must see it
        log.warning("%s could not handle touchpoint %s (%s)", reaction.name, entry.id, type(error).__name__)
        _set_aside(reaction, entry, error)


def _set_aside(reaction: Reaction, entry: Entry, error: Exception) -> None:
    from opieka.timeline.jobs import retry

    failure = Failure.objects.create(
        shop_id=entry.shop_id,
        reaction=reaction.name,
        touchpoint_id=entry.id,
        error=f"{type(error).__name__}: {error}",
        failed_at=clock.now(),
    )
    retry.configure(schedule_in={"seconds": 30}).defer(failure_id=failure.pk)


def try_again(failure_id: int, *, shop_ids: Collection[int] | None = None) -> bool:
    """Hand a set-aside touchpoint (of some shops) to its reaction once more; whether it is mended now."""
    with transaction.atomic():
        rows = Failure.objects.select_for_update().filter(id=failure_id, mended_at=None)
        failure = (rows if shop_ids is None else rows.filter(shop_id__in=shop_ids)).first()
        if failure is None:
            return True
        try:
            with transaction.atomic():
                _reactions[failure.reaction].handler(_entry(failure.touchpoint_id))
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001  # as in _handle
            failure.attempts += 1
            failure.error = f"{type(error).__name__}: {error}"
            failure.failed_at = clock.now()
        else:
            failure.mended_at = clock.now()
        failure.save()
    return failure.mended_at is not None


def _entry(touchpoint_id: int) -> Entry:
    columns = [name.strip() for name in reading.COLUMNS.split(",")]
    return reading.entry(Touchpoint.objects.values_list(*columns).get(id=touchpoint_id))


def wait(seconds: float) -> None:
    """Sleep until something is recorded, or for so long."""
    from opieka.timeline.commands import CHANNEL

    connection.ensure_connection()
    raw = connection.connection
    raw.execute(f"LISTEN {CHANNEL}")
    next(raw.notifies(timeout=seconds, stop_after=1), None)


def behind() -> bool:
    """Whether something is recorded that could not be read yet, because an older transaction is still open."""
    lowest = Cursor.objects.order_by("high").values_list("high", flat=True).first()
    return lowest is not None and reading.recorded_since(lowest)
