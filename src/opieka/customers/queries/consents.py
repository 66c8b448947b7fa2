"""What people allow."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from opieka.customers import policy
from opieka.customers.models import Consent, Merge
from opieka.customers.queries.people import lineage
from opieka.customers.types import ConsentChannel, ConsentSource, Purpose, Said


def may(customer_id: int, purpose: Purpose, channel: ConsentChannel) -> bool:
    """Whether a person may be written to (or recorded) for a purpose on a channel.

    Service needs no yes, but where she has said no herself (STOP) it is not sent by itself either.
    """
    said = _standing(lineage(customer_id)).get((purpose, channel))
    return said.given if said else purpose is Purpose.SERVICE


def stopped_at(known: Collection[int], channel: ConsentChannel) -> datetime | None:
    """Since when a person (by her lineage) wants no messages at all on a channel; None when she has not said so."""
    said = _standing(known).get((Purpose.SERVICE, channel))
    return said.at if said and not said.given else None


def consents(known: Collection[int]) -> list[Said]:
    """The word that counts for each purpose and channel; `known` is the person's lineage, her own id first."""
    found = _standing(known)
    order = list(Purpose), list(ConsentChannel)
    return sorted(found.values(), key=lambda one: (order[0].index(one.purpose), order[1].index(one.channel)))


def consents_said(known: Collection[int]) -> list[Said]:
    """Everything a person ever said about it, the latest first."""
    return [_said(row) for row in Consent.objects.filter(customer_id__in=known).order_by("-at", "-id")]


def _standing(known: Collection[int]) -> dict[tuple[Purpose, ConsentChannel], Said]:
    last: dict[tuple[Purpose, ConsentChannel], dict[int, Said]] = {}
    for said in reversed(consents_said(known)):
        last.setdefault((said.purpose, said.channel), {})[said.customer_id] = said
    merges = Merge.objects.filter(winner_id__in=known, undone_at=None) if last and len(known) > 1 else ()
    joined = [policy.Joined(row.winner_id, row.loser_id, row.merged_at) for row in merges]
    person = next(iter(known), 0)
    found = {key: policy.standing(person, last=words, joined=joined) for key, words in last.items()}
    return {key: said for key, said in found.items() if said}


def _said(row: Consent) -> Said:
    return Said(
        id=row.pk,
        customer_id=row.customer_id,
        purpose=Purpose(row.purpose),
        channel=ConsentChannel(row.channel),
        given=row.given,
        source=ConsentSource(row.source),
        wording=row.wording,
        at=row.at,
    )
