"""Recognising people, and joining and parting them again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from opieka.customers import policy, queries
from opieka.customers.facts import (
    ContactPointAdded,
    ContactPointFailed,
    CustomerMet,
    CustomersMerged,
    CustomersUnmerged,
)
from opieka.customers.models import Contact, Customer, Merge, Suspicion
from opieka.customers.types import ContactKind, ContactPoint, Reach, Sighting
from opieka.kernel import bulk, clock
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Conflict, Invalid, NotFound
from opieka.shops import queries as shops
from opieka.shops.types import ShopCard
from opieka.timeline.commands import record, record_many
from opieka.timeline.types import NewTouchpoint

LONGEST_NAME = 300


class Unreachable(Invalid):
    code = "contact_point_invalid"
    sentence = _("“%(value)s” is no address or number a message could be sent to.")


class ContactPointTaken(Conflict):
    code = "contact_point_taken"
    sentence = _("%(value)s belongs to another customer. If both are the same person, merge them.")


class SamePerson(Conflict):
    code = "same_person"
    sentence = _("These two are one person already.")


class AlreadyUndone(Conflict):
    code = "merge_undone"
    sentence = _("This merge has been undone already.")


class _LostRace(Exception):
    """Somebody else met one of these people in the same moment."""


def recognise(
    points: Sequence[ContactPoint], *, shop_id: int, name: str = "", language: str = "", by: Actor
) -> int:
    """Find the person with any of these contact points, or meet her; Unreachable when none can be used."""
    found = recognise_many([Sighting(points, name, language)], shop_id=shop_id, by=by)[0]
    if found is None:
        raise Unreachable(value=points[0].value if points else "")
    return found


def recognise_many(sightings: Sequence[Sighting], *, shop_id: int, by: Actor) -> list[int | None]:
    """Find or meet many people at once; None for a sighting without a usable contact point.

    The first contact point that is known decides. Unknown ones are added to that person; one that belongs to
    somebody else is left there and the two are suspected to be the same, for a person to decide.
    """
    shop = shops.shop(shop_id)
    while True:
        try:
            with transaction.atomic():
                return _Meeting(shop, by).meet(sightings)
        except _LostRace:
            continue


class _Meeting:
    """One batch of sightings on its way to customers. People met for the first time have negative keys."""

    def __init__(self, shop: ShopCard, by: Actor) -> None:
        self.shop = shop
        self.by = by
        self.now = clock.now()
        self.people: dict[int, Customer] = {}
        self.known: dict[ContactPoint, int] = {}
        self.added: dict[ContactPoint, int] = {}
        self.named: set[int] = set()
        self.suspected: set[tuple[int, int]] = set()

    def meet(self, sightings: Sequence[Sighting]) -> list[int | None]:
        usable = [policy.normalised(sighting.points, self.shop.country) for sighting in sightings]
        self._load({same for points in usable for point in points for same in policy.recognised_by(point)})
        who = [
            self._one(points, sighting) if points else None
            for points, sighting in zip(usable, sightings, strict=True)
        ]
        self._save()
        return [None if key is None else self.people[key].pk for key in who]

    def _load(self, points: Collection[ContactPoint]) -> None:
        self.known = queries.owners_of(points, group_id=self.shop.group_id)
        self.people = Customer.objects.in_bulk(set(self.known.values()))

    def _one(self, points: Sequence[ContactPoint], sighting: Sighting) -> int:
        same = [other for point in points for other in policy.recognised_by(point)]
        owners = list(dict.fromkeys(self.known[point] for point in same if point in self.known))
        key = owners[0] if owners else self._new(sighting)
        self.suspected |= {(key, other) for other in owners[1:]}
        for point in points:
            if point not in self.known:
                self.known[point] = self.added[point] = key
        if sighting.name and not self.people[key].name:
            self.people[key].name = sighting.name[:LONGEST_NAME]
            self.named.add(key)
        return key

    def _new(self, sighting: Sighting) -> int:
        key = -1 - len(self.people)
        self.people[key] = Customer(
            group_id=self.shop.group_id,
            name=sighting.name[:LONGEST_NAME],
            language=sighting.language or self.shop.languages[0],
            since=self.now,
            search="",
        )
        return key

    def _save(self) -> None:
        met = [person for key, person in self.people.items() if key < 0]
        self._index_new()
        bulk.insert(met)
        Customer.objects.bulk_update([self.people[key] for key in self.named if key > 0], ["name"])
        # In one order for everybody, so that two batches never wait for each other in a ring.
        added = sorted(self.added.items(), key=lambda item: (item[0].kind, item[0].value))
        rows = [self._contact(point, self.people[key].pk) for point, key in added]
        Contact.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
        owners = queries.owners_of(self.added, group_id=self.shop.group_id)
        if any(owners[point] != self.people[key].pk for point, key in added):
            raise _LostRace
        self._suspect()
        refresh_search({self.people[key].pk for key in {*self.added.values(), *self.named} if key > 0})
        record_many(
            NewTouchpoint(CustomerMet(), self.shop.id, person.pk, f"customer:{person.pk}", self.by)
            for person in met
        )

    def _index_new(self) -> None:
        """Make those met now findable; the others are when their new contact points are stored."""
        values: dict[int, list[str]] = {key: [person.name] for key, person in self.people.items() if key < 0}
        for point, key in self.added.items():
            if key < 0:
                values[key].extend(policy.written(point))
        for key, texts in values.items():
            self.people[key].search = " ".join(_lexemes(texts))

    def _contact(self, point: ContactPoint, customer_id: int) -> Contact:
        return Contact(
            group_id=self.shop.group_id,
            customer_id=customer_id,
            kind=point.kind,
            value=point.value,
            added_at=self.now,
        )

    def _suspect(self) -> None:
        pairs = {tuple(sorted((self.people[one].pk, self.people[two].pk))) for one, two in self.suspected}
        Suspicion.objects.bulk_create(
            [
                Suspicion(group_id=self.shop.group_id, low_id=low, high_id=high, seen_at=self.now)
                for low, high in sorted(pairs)
            ],
            ignore_conflicts=True,
        )


@transaction.atomic
def add_contact_point(customer_id: int, *, point: ContactPoint, shop_id: int, by: Actor) -> None:
    """Write down one more way to reach a person; ContactPointTaken when it is somebody else's."""
    shop = shops.shop(shop_id)
    person = _person(customer_id, shop)
    normal = policy.normalise(point, shop.country)
    if normal is None:
        raise Unreachable(value=point.value)
    Contact.objects.bulk_create(
        [
            Contact(
                group_id=shop.group_id,
                customer_id=person.pk,
                kind=normal.kind,
                value=normal.value,
                added_at=clock.now(),
            )
        ],
        ignore_conflicts=True,
    )
    if queries.owners_of([normal], group_id=shop.group_id)[normal] != person.pk:
        raise ContactPointTaken(value=point.value)
    refresh_search([person.pk])
    record(
        ContactPointAdded(contact_kind=normal.kind),
        shop_id=shop_id,
        customer_id=person.pk,
        subject=f"customer:{person.pk}",
        by=by,
    )


@transaction.atomic
def change(
    customer_id: int, *, name: str | None = None, language: str | None = None, shop_id: int, by: Actor
) -> None:
    """Correct a person's name or language."""
    person = _person(customer_id, shops.shop(shop_id))
    person.name = person.name if name is None else name.strip()[:LONGEST_NAME]
    person.language = language or person.language
    person.save(update_fields=["name", "language"])
    refresh_search([person.pk])


@transaction.atomic
def mark_reach(point: ContactPoint, *, reach: Reach, shop_id: int, by: Actor) -> None:
    """Note that a message to a contact point came back (soft, hard) or arrived after all (ok)."""
    shop = shops.shop(shop_id)
    normal = policy.normalise(point, shop.country)
    rows = Contact.objects.filter(
        group_id=shop.group_id, kind=point.kind, value=normal.value if normal else ""
    )
    contact = rows.select_for_update().first()
    if contact is None or contact.reach == reach:
        return
    contact.reach = reach
    contact.save(update_fields=["reach"])
    if reach is not Reach.OK:
        person_id = queries.persons([contact.customer_id])[contact.customer_id]
        record(
            ContactPointFailed(contact_kind=contact.kind, reach=reach),
            shop_id=shop_id,
            customer_id=person_id,
            subject=f"customer:{person_id}",
            by=by,
        )


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


def refresh_search(customer_ids: Collection[int]) -> None:
    """Make people findable by their present names and contact points."""
    if not customer_ids:
        return
    people = Customer.objects.in_bulk(list(customer_ids))
    values: dict[int, list[str]] = {pk: [person.name] for pk, person in people.items()}
    for contact in Contact.objects.filter(customer_id__in=people):
        point = ContactPoint(ContactKind(contact.kind), contact.value)
        values[contact.customer_id].extend(policy.written(point))
    rows = [(pk, " ".join(_lexemes(texts))) for pk, texts in values.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            "update customers_customer c set search = v.search::tsvector"
            " from unnest(%s::bigint[], %s::text[]) v(id, search) where c.id = v.id",
            [[pk for pk, _ in rows], [search for _, search in rows]],
        )


def _lexemes(texts: Iterable[str]) -> list[str]:
    words = {word for text in texts for word in queries.search_words(text) if word}
    return [f"'{word}'" for word in sorted(words)]


def _person(customer_id: int, shop: ShopCard) -> Customer:
    """The (locked) person an id stands for now."""
    person_id = queries.persons([customer_id]).get(customer_id, 0)
    rows = Customer.objects.select_for_update().filter(id=person_id, group_id=shop.group_id, merged_into=None)
    person = rows.first()
    if person is None:
        raise NotFound
    return person


def _lock_two(winner_id: int, loser_id: int, shop: ShopCard) -> tuple[Customer, Customer]:
    now = queries.persons([winner_id, loser_id])
    if len(now) < len({winner_id, loser_id}):
        raise NotFound
    if now[winner_id] == now[loser_id]:
        raise SamePerson
    rows = Customer.objects.select_for_update().filter(
        id__in=now.values(), group_id=shop.group_id, merged_into=None
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
