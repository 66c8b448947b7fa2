"""Making people findable."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import connection

from opieka.customers import policy, queries
from opieka.customers.models import Contact, Customer
from opieka.customers.types import ContactKind, ContactPoint


def refresh_search(customer_ids: Collection[int]) -> None:
    """Make people findable by their present names and contact points."""
    if not customer_ids:
        return
    people = Customer.objects.in_bulk(list(customer_ids))
    values: dict[int, list[str]] = {pk: [person.name] for pk, person in people.items()}
    for contact in Contact.objects.filter(customer_id__in=people):
        point = ContactPoint(ContactKind(contact.kind), contact.value)
        values[contact.customer_id].extend(policy.written(point))
    rows = [(pk, " ".join(lexemes(texts))) for pk, texts in values.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            "update customers_customer c set search = v.search::tsvector"
            " from unnest(%s::bigint[], %s::text[]) v(id, search) where c.id = v.id",
            [[pk for pk, _ in rows], [search for _, search in rows]],
        )


def lexemes(texts: Iterable[str]) -> list[str]:
    """The words people are found by, as PostgreSQL reads them."""
    words = {word for text in texts for word in queries.search_words(text) if word}
    return [f"'{word}'" for word in sorted(words)]
