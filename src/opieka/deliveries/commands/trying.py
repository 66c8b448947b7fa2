"""Asking a carrier over the network, never inside a transaction: its client, its answer, its no; and trying it out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

import httpx
from django.utils.translation import gettext_lazy as _

from opieka.deliveries.carriers import CARRIERS
from opieka.deliveries.carriers.base import Client, Context, Reading, Refused, Unreadable
from opieka.deliveries.commands.connecting import A_MOMENT, note_heard, note_refusal, zone_of
from opieka.deliveries.commands.noticing import keep_notices
from opieka.deliveries.commands.pointing import take_points
from opieka.deliveries.commands.taking import take_reading
from opieka.deliveries.models import Parcel
from opieka.deliveries.queries.connections import access, connection
from opieka.deliveries.types import Notice, NoticeKind
from opieka.kernel import clock, outbound
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Conflict
from opieka.shops import queries as shops

LONG = timedelta(hours=1)
FOR_NOW = frozenset({"busy", "unavailable", "unreachable", "answer", "not_json"})
"""Refusals that may pass by themselves; after the others a person must look at the keys."""
LIST_SECONDS, LIST_BYTES = 120, 100_000_000
"""A country's points are tens of thousands, in one answer with some carriers."""
NOBODYS = "00000000000000"
"""A number that is asked about where no parcel is known: to have it refused, one must have been let in."""
LET_IN = frozenset({"bad_request", "not_found"})


class CannotBeAsked(Conflict):
    code = "cannot_be_asked"
    sentence = _("This carrier is not connected, or cannot be asked: it reports by itself.")


def try_connection(connection_id: int, *, shop_ids: Collection[int], by: Actor) -> bool:
    """Ask a carrier about one parcel now; whether it answered. What it says is taken over, a refusal is written down.
    NotFound, CannotBeAsked."""
    card = connection(connection_id, shop_ids=shop_ids)
    found = access(connection_id)
    if found is None or not card.polling:
        raise CannotBeAsked
    shop_id, name, keys = found
    rows = Parcel.objects.filter(shop_id=shop_id)
    own = rows if CARRIERS[name].capabilities.aggregator else rows.filter(carrier=name)
    number = own.order_by("-id").values_list("number", flat=True).first()
    with outbound.client() as http:
        try:
            client = client_of(name, keys, zone_of(CARRIERS[name], shop_id), http)
            reading = answer_of(client, (number or NOBODYS,))
        except (Refused, outbound.Busy) as refusal:
            if number or not isinstance(refusal, Refused) or refusal.reason not in LET_IN:
                note_no(connection_id, refusal, by=by)
                return False
            reading = Reading()
    take_reading(reading, shop_id=shop_id, carrier=name, by=by)
    note_heard(connection_id, asked=True, by=by)
    return True


def ask_for_points(connection_id: int, *, by: Actor) -> None:
    """Take over the list of points a carrier's own service tells; a refusal is told to a person, and the list we have
    stays."""
    found = access(connection_id)
    if found is None:
        return
    shop_id, name, keys = found
    ask = CARRIERS[name].list_points
    if ask is None:
        return
    try:
        with outbound.client(timeout=LIST_SECONDS, max_bytes=LIST_BYTES) as http:
            listed = ask(keys, shops.shop(shop_id).country, http)
    except (Refused, Unreadable, outbound.Busy) as refusal:
        notice = Notice(kind=NoticeKind.MALFORMED, where="points", value=str(refusal)[:100])
        keep_notices([notice], shop_id=shop_id, carrier=name)
        return
    take_points(shop_id, carrier=name, listed=listed, by=by)


def client_of(name: str, keys: Mapping[str, str], zone: ZoneInfo, http: httpx.Client) -> Client:
    """Who asks a carrier; `Refused` where nobody can."""
    carrier = CARRIERS[name]
    if carrier.connect is None:
        raise Refused("cannot_be_asked")
    return carrier.connect(keys, Context(zone=zone), http)


def answer_of(client: Client, numbers: tuple[str, ...]) -> Reading:
    """What a carrier says of some numbers; what cannot be read becomes a notice."""
    try:
        return client.track(numbers)
    except Unreadable as problem:
        notice = Notice(kind=NoticeKind.MALFORMED, where=problem.where, value=problem.value)
        return Reading(notices=(notice,))


def note_no(connection_id: int, refusal: Refused | outbound.Busy, *, by: Actor) -> None:
    """Write down why a carrier gave no answer; it rests as long as it asked for, or as is wise."""
    if isinstance(refusal, outbound.Busy):
        reason, detail, pause = "busy", str(refusal), timedelta(seconds=refusal.seconds)
    else:
        asked = refusal.retry_after - clock.now() if refusal.retry_after else None
        pause = max(asked or (A_MOMENT if refusal.reason in FOR_NOW else LONG), timedelta(0))
        reason, detail = refusal.reason, refusal.detail
    note_refusal(connection_id, reason=reason, detail=detail, pause=pause, by=by)
