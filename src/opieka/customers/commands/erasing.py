"""Erasing a person: nothing stays but ids, and all above are told to forget her too."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from opieka.customers import queries
from opieka.customers.commands.loading import person_of
from opieka.customers.facts import CustomerErased
from opieka.customers.models import Consent, Contact, Customer, Erasure, Export, Merge, Suspicion
from opieka.customers.types import ContactKind, ContactPoint, Erased, Traces
from opieka.kernel import clock, secrets
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Conflict
from opieka.shops import queries as shops
from opieka.timeline import reacting
from opieka.timeline.commands import forget_errors, record


class ErasedAlready(Conflict):
    code = "customer_erased"
    sentence = _("This person's data has been erased.")


@transaction.atomic
def erase(customer_id: int, *, shop_id: int, by: Actor) -> int:
    """Erase a person for all shops of the operator, for ever; returns the erasure's id. ErasedAlready.

    What is hers in the domains above goes with the reactions to `CustomerErased`. Whoever is being recognised
    as her in this moment is waited for; whoever writes afterwards with her address is somebody new.
    """
    shop = shops.shop(shop_id)
    if queries.card(customer_id, shop_ids=[shop_id]).erased:
        raise ErasedAlready
    person = person_of(customer_id, shop)
    known = queries.lineage(person.pk)
    return _erase(_locked(known), group_id=shop.group_id, by=by)


@transaction.atomic
def erase_again(erased: Erased, *, by: Actor) -> int | None:
    """Erase somebody who came back with a backup of before; None when she is not in it."""
    since = dict(erased.people)
    rows = [row for row in _locked(since) if row.group_id == erased.group_id and row.since == since[row.pk]]
    if not rows:
        return None
    return _erase(rows, group_id=erased.group_id, by=by)


@transaction.atomic
def settle_erasures(*, by: Actor) -> int:
    """Throw away the traces of those whom all have forgotten; returns how many erasures are done now."""
    done = 0
    for row in Erasure.objects.select_for_update(skip_locked=True).filter(done_at=None).order_by("id"):
        if reacting.handled(row.touchpoint_ids):
            row.traces, row.done_at = "", clock.now()
            row.save(update_fields=["traces", "done_at"])
            done += 1
    return done


def _locked(ids: Collection[int]) -> list[Customer]:
    """These customers but for those erased already. `FOR UPDATE` waits for whoever is recognising them."""
    rows = Customer.objects.select_for_update().filter(id__in=ids, erased_at=None)
    return list(rows.order_by("id"))


def _erase(rows: Sequence[Customer], *, group_id: int, by: Actor) -> int:
    ids = [row.pk for row in rows]
    now = clock.now()
    made = Erasure.objects.create(
        group_id=group_id,
        people=[[row.pk, row.since.isoformat()] for row in rows],
        traces=_traces(rows),
        actor_kind=by.kind,
        actor_id=by.id,
        erased_at=now,
    )
    made.touchpoint_ids = _announce(made, ids, now, by)
    made.save(update_fields=["touchpoint_ids"])
    Contact.objects.filter(customer_id__in=ids).delete()
    Export.objects.filter(customer_id__in=ids).delete()
    Consent.objects.filter(customer_id__in=ids).delete()
    Merge.objects.filter(Q(winner_id__in=ids) | Q(loser_id__in=ids)).delete()
    Suspicion.objects.filter(Q(low_id__in=ids) | Q(high_id__in=ids)).delete()
    Customer.objects.filter(id__in=ids).update(name="", search="", erased_at=now)
    forget_errors(ids)
    return made.pk


def _traces(rows: Sequence[Customer]) -> str:
    found = Contact.objects.filter(customer_id__in=[row.pk for row in rows]).order_by("id")
    traces = Traces(
        names=tuple({row.name for row in rows if row.name}),
        points=tuple(ContactPoint(ContactKind(row.kind), row.value) for row in found),
    )
    return secrets.encrypt(msgspec.json.encode(traces).decode())


def _announce(made: Erasure, ids: Sequence[int], now: datetime, by: Actor) -> list[int]:
    """Told in every shop of the operator: each forgets what is its own."""
    persons = queries.persons(ids)
    person = next((one for one in ids if persons[one] == one), ids[0])
    fact = CustomerErased(erasure_id=made.pk, customer_ids=tuple(ids), received_before=now.isoformat())
    return [
        record(fact, shop_id=shop_id, customer_id=person, subject=f"customer:{person}", by=by)
        for shop_id in shops.group_shop_ids(made.group_id)
    ]
