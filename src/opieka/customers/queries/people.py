"""Reading customers: one card, many cards, search, merges."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import BigIntegerField, Q, QuerySet
from django.db.models.functions import Coalesce

from opieka.customers import policy
from opieka.customers.models import SORTING, Contact, Customer, Merge, Suspicion
from opieka.customers.types import ContactKind, ContactPoint, CustomerCard, KnownPoint, MergeCard, Reach
from opieka.kernel.errors import NotFound
from opieka.kernel.paging import following
from opieka.kernel.rows import fetch
from opieka.kernel.text import fold
from opieka.shops import queries as shops
from opieka.shops.types import ShopCard

# Whoever is asked for by an id she has no more is found by the id she has now.
_CARDS = f"""
    with asked as (
        select coalesce(person_id, id) as id from customers_customer
        where id = any(%(ids)s) and group_id in ({shops.GROUPS})
    )
    select coalesce(c.person_id, c.id), c.id, c.group_id, c.name, c.language, c.since, c.erased_at is not null,
        p.kind, p.value, p.reach
    from customers_customer c
    left join customers_contact p on p.customer_id = c.id
    where c.id = any(array(select id from asked)) or c.person_id = any(array(select id from asked))
    order by p.id
"""  # noqa: S608  # only our own text is put in
_NAMES = f"""
    select c.id, coalesce(
        nullif(p.name, ''),
        (select m.name from customers_customer m where m.person_id = p.id and m.name <> '' order by m.id limit 1),
        '')
    from customers_customer c
    join customers_customer p on p.id = coalesce(c.person_id, c.id)
    where c.id = any(%(ids)s) and c.group_id in ({shops.GROUPS})
"""  # noqa: S608  # only our own text is put in
_LINEAGES = """
    select id, coalesce(person_id, id) from customers_customer
    where id = any(%(ids)s) or person_id = any(%(ids)s) order by id
"""
_FOUND = f"""
    select coalesce(person_id, id) from customers_customer
    where group_id in ({shops.GROUPS}) and search @@ to_tsquery('simple', %(query)s)
    order by id desc limit %(limit)s
"""  # noqa: S608  # only our own text is put in


class _Member(NamedTuple):
    """One of the rows that make a person."""

    id: int
    group_id: int
    name: str
    language: str
    since: datetime
    erased: bool


def card(customer_id: int, *, shop_ids: Collection[int]) -> CustomerCard:
    """The person behind an id, as shops of her operator may see her; NotFound for others."""
    found = cards([customer_id], shop_ids=shop_ids)
    if not found:
        raise NotFound
    return found[customer_id]


def cards(customer_ids: Iterable[int], *, shop_ids: Collection[int]) -> dict[int, CustomerCard]:
    """Cards by the ids asked for; an id merged into another gets the card of that person. One query."""
    ids = set(customer_ids)
    asked = {"ids": list(ids), "shops": list(shop_ids)}
    people: dict[int, dict[int, _Member]] = {}
    points: dict[int, list[KnownPoint]] = {}
    for person, *member, kind, value, reach in fetch(_CARDS, asked):
        people.setdefault(person, {})[member[0]] = _Member(*member)
        if kind:
            points.setdefault(person, []).append(_point(kind, value, reach))
    made = {
        person: _card(person, list(members.values()), points.get(person, []))
        for person, members in people.items()
    }
    return {one: made[person] for person, members in people.items() for one in members.keys() & ids}


def titles(customer_ids: Iterable[int], *, shop_ids: Collection[int]) -> dict[int, str]:
    """What people are called, by the ids asked for. One query, two when somebody has no name."""
    ids = list(customer_ids)
    found: dict[int, str] = dict(fetch(_NAMES, {"ids": ids, "shops": list(shop_ids)}))
    nameless = [one for one, name in found.items() if not name]
    if nameless:
        found |= {one: card.title for one, card in cards(nameless, shop_ids=shop_ids).items()}
    return found


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
    found: dict[int, list[int]] = {}
    for other, person in fetch(_LINEAGES, {"ids": list(customer_ids)}):
        found.setdefault(person, []).append(other)
    return {person: (person, *(i for i in ids if i != person)) for person, ids in found.items()}


def lineages_of(customer_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """For each id every id its person was ever known by, the present one first. Two queries."""
    now = persons(customer_ids)
    known = lineages(set(now.values()))
    return {customer_id: known[person] for customer_id, person in now.items()}


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
    query = " & ".join(f"'{word}':*" for word in words)
    found = fetch(_FOUND, {"shops": list(shop_ids), "query": query, "limit": limit})
    return list(dict.fromkeys(person for (person,) in found))


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


def _card(person: int, rows: Sequence[_Member], points: Sequence[KnownPoint]) -> CustomerCard:
    """The card of a person: of her own row, and of those merged into it."""
    members = sorted(rows, key=lambda member: (member.id != person, member.id))
    row = members[0]
    return CustomerCard(
        id=row.id,
        group_id=row.group_id,
        name=next((member.name for member in members if member.name), ""),
        language=row.language,
        since=row.since,
        points=tuple(sorted(points, key=_surest_first)),
        lineage=tuple(member.id for member in members),
        erased=row.erased,
    )


def _point(kind: str, value: str, reach: str) -> KnownPoint:
    point = ContactPoint(ContactKind(kind), value)
    return KnownPoint(point.kind, point.value, policy.display(point), Reach(reach))


def _surest_first(point: KnownPoint) -> int:
    return list(ContactKind).index(point.kind)


def language_of(card: CustomerCard, shop: ShopCard) -> str:
    """The language a customer is written to in: hers, if the shop speaks it."""
    return card.language if card.language in shop.languages else shop.languages[0]
