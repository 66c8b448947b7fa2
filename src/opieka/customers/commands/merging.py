"""Joining two people who are one, and parting them exactly as they were."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from opieka.customers import queries
from opieka.customers.facts import CustomersMerged, CustomersUnmerged
from opieka.customers.models import Customer, Merge, Suspicion
from opieka.kernel import clock
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Conflict, NotFound
from opieka.shops import queries as shops
from opieka.shops.types import ShopCard
from opieka.timeline.commands import record


class SamePerson(Conflict):
    code = "same_person"
    sentence = _("These two are one person already.")


class AlreadyUndone(Conflict):
    code = "merge_undone"
    sentence = _("This merge has been undone already.")


@transaction.atomic
def merge(winner_id: int, *, loser_id: int, shop_id: int, by: Actor) -> int:
    """Make two customers one; returns the merge's id, by which it can be undone exactly."""
    shop = shops.shop(shop_id)
    winner, loser = _lock_two(winner_id, loser_id, shop)
    made = Merge.objects.create(
        group_id=shop.group_id,
        winner=winner,
        loser=loser,
        actor_kind=by.kind,
        actor_id=by.id,
        merged_at=clock.now(),
    )
    loser.merged_into = winner
    loser.save(update_fields=["merged_into"])
    members = Customer.objects.filter(group_id=shop.group_id)
    members.filter(id=loser.pk).update(person_id=winner.pk)
    members.filter(person_id=loser.pk).update(person_id=winner.pk)
    fact = CustomersMerged(merge_id=made.pk, winner_id=winner.pk, loser_id=loser.pk)
    record(fact, shop_id=shop_id, customer_id=winner.pk, subject=f"customer:{winner.pk}", by=by)
    return made.pk


@transaction.atomic
def unmerge(merge_id: int, *, shop_id: int, by: Actor) -> None:
    """Undo a merge: both are again who they were, and what came since stays with the winner."""
    shop = shops.shop(shop_id)
    made = Merge.objects.select_for_update().filter(id=merge_id, group_id=shop.group_id).first()
    if made is None:
        raise NotFound
    if made.undone_at is not None:
        raise AlreadyUndone
    winner = Customer.objects.select_for_update().get(id=made.winner_id)
    loser = Customer.objects.select_for_update().get(id=made.loser_id)
    made.undone_at = clock.now()
    made.save(update_fields=["undone_at"])
    loser.merged_into = None
    loser.person_id = None
    loser.save(update_fields=["merged_into", "person_id"])
    Customer.objects.filter(id__in=_merged_below(loser.pk)).update(person_id=loser.pk)
    fact = CustomersUnmerged(merge_id=made.pk, winner_id=winner.pk, loser_id=loser.pk)
    for customer_id in (winner.pk, loser.pk):
        record(fact, shop_id=shop_id, customer_id=customer_id, subject=f"customer:{customer_id}", by=by)


@transaction.atomic
def dismiss_suspicion(customer_id: int, *, other_id: int, shop_id: int, by: Actor) -> None:
    """Say that two customers are two people."""
    known, others = queries.lineage(customer_id), queries.lineage(other_id)
    rows = Suspicion.objects.filter(group_id=shops.shop(shop_id).group_id, dismissed_at=None)
    for low, high in ((known, others), (others, known)):
        rows.filter(low_id__in=low, high_id__in=high).update(dismissed_at=clock.now())


def _lock_two(winner_id: int, loser_id: int, shop: ShopCard) -> tuple[Customer, Customer]:
    now = queries.persons([winner_id, loser_id])
    if len(now) < len({winner_id, loser_id}):
        raise NotFound
    if now[winner_id] == now[loser_id]:
        raise SamePerson
    rows = Customer.objects.select_for_update().filter(
        id__in=now.values(), group_id=shop.group_id, merged_into=None, erased_at=None
    )
    people = {row.pk: row for row in rows.order_by("id")}
    if len(people) < 2:  # both of the two
        raise NotFound
    return people[now[winner_id]], people[now[loser_id]]


def _merged_below(customer_id: int) -> list[int]:
    """Everybody who was merged into this customer, directly or through others."""
    with connection.cursor() as cursor:
        cursor.execute(
            "with recursive below as (select id from customers_customer where merged_into_id = %s"
            " union all select c.id from customers_customer c join below on c.merged_into_id = below.id)"
            " select id from below",
            [customer_id],
        )
        return [row[0] for row in cursor.fetchall()]
