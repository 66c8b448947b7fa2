"""Reading customers: one card, many cards, search, merges."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from django.contrib.postgres.search import SearchQuery
from django.db.models import BigIntegerField, Q, QuerySet
from django.db.models.functions import Coalesce

from opieka.customers import policy
from opieka.customers.models import SORTING, Contact, Customer, Merge, Suspicion
from opieka.customers.types import ContactKind, ContactPoint, CustomerCard, KnownPoint, MergeCard, Reach
from opieka.kernel.errors import NotFound
from opieka.kernel.paging import following
from opieka.kernel.text import fold
from opieka.shops import queries as shops


def card(customer_id: int, *, shop_ids: Collection[int]) -> CustomerCard:
    """The person behind an id, as shops of her operator may see her; NotFound for others."""
    found = cards([customer_id], shop_ids=shop_ids)
    if not found:
        raise NotFound
    return found[customer_id]


def cards(customer_ids: Iterable[int], *, shop_ids: Collection[int]) -> dict[int, CustomerCard]:
    """Cards by the ids asked for; an id merged into another gets the card of that person.

    2 queries, 3 when somebody was asked for by an id she has no more.
    """
    rows = Customer.objects.filter(group_id__in=shops.group_ids(shop_ids)).defer("search").order_by("id")
    ids = set(customer_ids)
    known = {row.pk: row for row in rows.filter(Q(id__in=ids) | Q(person_id__in=ids))}
    asked = {one: known[one].person_id or one for one in ids if one in known}
    elsewhere = set(asked.values()) - known.keys()
    if elsewhere:
        known |= {row.pk: row for row in rows.filter(Q(id__in=elsewhere) | Q(person_id__in=elsewhere))}
    people = {person: known[person] for person in asked.values()}
    lineages: dict[int, list[Customer]] = {person: [row] for person, row in people.items()}
    for member in sorted(known.values(), key=lambda row: row.pk):
        if member.person_id in people:
            lineages[member.person_id].append(member)
    everyone = {row.pk: person for person, members in lineages.items() for row in members}
    points: dict[int, list[KnownPoint]] = {}
    for contact in Contact.objects.filter(customer_id__in=everyone).order_by("id"):
        points.setdefault(everyone[contact.customer_id], []).append(_point(contact))
    made = {
        person: CustomerCard(
            id=person,
            group_id=row.group_id,
            name=next((member.name for member in lineages[person] if member.name), ""),
            language=row.language,
            since=row.since,
            points=tuple(sorted(points.get(person, []), key=_surest_first)),
            lineage=tuple(member.pk for member in lineages[person]),
            erased=row.erased_at is not None,
        )
        for person, row in people.items()
    }
    return {customer_id: made[person] for customer_id, person in asked.items()}


def lineage(customer_id: int) -> tuple[int, ...]:
    """Every id a person was ever known by, the present one first."""
    known = _persons(Customer.objects.filter(Q(id=customer_id) | Q(person_id=customer_id)))
    if customer_id not in known:
        raise NotFound
    person = known[customer_id]
    if person != customer_id:
        return lineage(person)
    return (person, *sorted(known.keys() - {person}))


def lineages(customer_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """For each person every id she was ever known by, the present one first. One query."""
    rows = Customer.objects.filter(Q(id__in=customer_ids) | Q(person_id__in=customer_ids))
    found: dict[int, list[int]] = {}
    for other, person in sorted(_persons(rows).items()):
        found.setdefault(person, []).append(other)
    return {person: (person, *(i for i in ids if i != person)) for person, ids in found.items()}


def persons(customer_ids: Iterable[int]) -> dict[int, int]:
    """For each id the id the person has now."""
    return _persons(Customer.objects.filter(id__in=set(customer_ids)))


def languages(customer_ids: Collection[int]) -> dict[int, str]:
    """The languages people are known by."""
    if not customer_ids:
        return {}
    return dict(Customer.objects.filter(id__in=customer_ids).values_list("id", "language"))


def recognised(points: Iterable[ContactPoint], *, shop_id: int) -> int | None:
    """The customer a shop knows by any of these contact points, the first that is known deciding."""
    shop = shops.shop(shop_id)
    wanted = [
        same for point in policy.normalised(points, shop.country) for same in policy.recognised_by(point)
    ]
    owners = owners_of(wanted, group_id=shop.group_id)
    return next((owners[point] for point in wanted if point in owners), None)


def owners_of(points: Collection[ContactPoint], *, group_id: int) -> dict[ContactPoint, int]:
    """The persons who have these (normalised) contact points."""
    by_kind: dict[ContactKind, list[str]] = {}
    for point in points:
        by_kind.setdefault(point.kind, []).append(point.value)
    condition = Q(pk__in=[])
    for kind, values in by_kind.items():
        condition |= Q(kind=kind, value__in=values)
    person = Coalesce("customer__person_id", "customer_id", output_field=BigIntegerField())
    rows = Contact.objects.filter(condition, group_id=group_id).values_list("kind", "value", person)
    return {ContactPoint(ContactKind(kind), value): owner for kind, value, owner in rows}


def find(text: str, *, shop_ids: Collection[int], limit: int = 20) -> list[CustomerCard]:
    """People by the beginnings of their names, addresses or phone numbers, the latest met first."""
    found = cards(find_ids(text, shop_ids=shop_ids, limit=limit), shop_ids=shop_ids)
    return sorted({person.id: person for person in found.values()}.values(), key=lambda person: -person.id)


def find_ids(text: str, *, shop_ids: Collection[int], limit: int = 20) -> list[int]:
    """The ids of those people, each once. Two queries."""
    words = [word for word in search_words(text) if word]
    if not words:
        return []
    query = SearchQuery(" & ".join(f"'{word}':*" for word in words), config="simple", search_type="raw")
    rows = Customer.objects.filter(group_id__in=shops.group_ids(shop_ids), search=query).order_by("-id")
    found = rows.values_list("person_id", "id")[:limit]
    return list(dict.fromkeys(person or own for person, own in found))


def latest(*, shop_ids: Collection[int], before_id: int | None = None, limit: int = 50) -> list[CustomerCard]:
    """People as they were met, the latest first, from before one."""
    return listed(shop_ids=shop_ids, after_id=before_id, limit=limit)


def listed(
    *,
    shop_ids: Collection[int],
    order: str = "-id",
    language: str = "",
    after_id: int | None = None,
    limit: int = 50,
) -> list[CustomerCard]:
    """People in an order ("id" as they were met, "sorting" by name, "-" for the reverse), from after one."""
    groups = list(shops.group_ids(shop_ids))  # as numbers, so that the index of the order is used
    rows = Customer.objects.filter(group_id__in=groups, merged_into=None, erased_at=None)
    if language:
        rows = rows.filter(language=language)
    if order.endswith("sorting"):
        rows = rows.annotate(sorting=SORTING)
    ids = list(following(rows, order=order, after_id=after_id).values_list("id", flat=True)[:limit])
    found = cards(ids, shop_ids=shop_ids)
    return [found[one] for one in ids]


def search_words(text: str) -> list[str]:
    """Folded words of a name, an address or a number, safe inside a quoted tsquery."""
    joined = "".join(text.split())
    digits = joined.lstrip("+0").replace("-", "")
    if digits.isdigit() and len(digits) > 4:  # shorter ones are house or order numbers
        return [digits]
    return re.findall(r"\w+", fold(text))


def merges(customer_id: int, *, shop_ids: Collection[int]) -> list[MergeCard]:
    """The merges into a person that can be undone, newest first."""
    rows = Merge.objects.filter(
        group_id__in=shops.group_ids(shop_ids), winner_id__in=lineage(customer_id), undone_at=None
    ).select_related("loser")
    return [
        MergeCard(row.pk, row.winner_id, row.loser_id, row.loser.name, row.merged_at)
        for row in rows.order_by("-id")
    ]


def suspected(
    customer_id: int, *, shop_ids: Collection[int], known: Collection[int] = ()
) -> list[CustomerCard]:
    """Who may be the same person, for somebody to decide; `known` is her lineage, if one has it at hand."""
    known = known or lineage(customer_id)
    rows = Suspicion.objects.filter(
        Q(low_id__in=known) | Q(high_id__in=known), group_id__in=shops.group_ids(shop_ids), dismissed_at=None
    )
    others = {other for pair in rows.values_list("low_id", "high_id") for other in pair} - set(known)
    if not others:
        return []
    people = {found.id: found for found in cards(others, shop_ids=shop_ids).values() if found.id not in known}
    return sorted(people.values(), key=lambda found: found.id)


def _persons(rows: QuerySet[Customer]) -> dict[int, int]:
    return dict(rows.values_list("id", Coalesce("person_id", "id", output_field=BigIntegerField())))


def _point(contact: Contact) -> KnownPoint:
    point = ContactPoint(ContactKind(contact.kind), contact.value)
    return KnownPoint(point.kind, point.value, policy.display(point), Reach(contact.reach))


def _surest_first(point: KnownPoint) -> int:
    return list(ContactKind).index(point.kind)
