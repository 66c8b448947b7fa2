"""Taking over a file of a warehouse, batch by batch."""

from __future__ import annotations

from opieka.deliveries.commands.noticing import keep_notices
from opieka.deliveries.commands.taking import take
from opieka.deliveries.queries.files import read_file
from opieka.deliveries.types import FileTaken
from opieka.kernel.actor import Actor

FILE = "generic"


def take_file(raw: bytes, *, shop_id: int, start: int = 0, limit: int | None = None, by: Actor) -> FileTaken:
    """Take over the parcels of a file from one on, all or up to `limit`; what could not be read becomes a notice.
    The same again is nothing. NotReadable."""
    reading = read_file(raw, shop_id=shop_id)
    some = reading.tracked[start:] if limit is None else reading.tracked[start : start + limit]
    if start == 0:
        keep_notices(reading.notices, shop_id=shop_id, carrier=FILE)
    taken = take(some, shop_id=shop_id, told_by=FILE, by=by)
    return FileTaken(
        taken=taken, seen=start + len(some), parcels=len(reading.tracked), notices=reading.notices
    )
