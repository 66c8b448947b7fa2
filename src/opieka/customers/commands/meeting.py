"""Recognising people by their contact points, and meeting new ones."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from opieka.customers import policy, queries
from opieka.customers.commands.indexing import lexemes, refresh_search
from opieka.customers.commands.loading import kept
from opieka.customers.facts import CustomerMet
from opieka.customers.models import Contact, Customer, Suspicion
from opieka.customers.types import ContactPoint, Sighting
from opieka.kernel import bulk, clock
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Invalid
from opieka.shops import queries as shops
from opieka.shops.types import ShopCard
from opieka.timeline.commands import record_many
from opieka.timeline.types import NewTouchpoint

LONGEST_NAME = 300


class Unreachable(Invalid):
    code = "contact_point_invalid"
    sentence = _("“%(value)s” is no address or number a message could be sent to.")


class _LostRace(Exception):
    """Somebody else met one of these people in the same moment, or she was erased in it."""


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
        self.people = Customer.objects.in_bulk(kept(set(self.known.values())))
        if len(self.people) < len(set(self.known.values())):
            raise _LostRace

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
            self.people[key].search = " ".join(lexemes(texts))

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
