"""Correcting what is known about a person, and how she is reached."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from opieka.customers import policy, queries
from opieka.customers.commands.indexing import refresh_search
from opieka.customers.commands.loading import person_of
from opieka.customers.commands.meeting import LONGEST_NAME, Unreachable
from opieka.customers.facts import ContactPointAdded, ContactPointFailed
from opieka.customers.models import Contact
from opieka.customers.types import ContactPoint, Reach
from opieka.kernel import clock
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Conflict
from opieka.shops import queries as shops
from opieka.timeline.commands import record


class ContactPointTaken(Conflict):
    code = "contact_point_taken"
    sentence = _("%(value)s belongs to another customer. If both are the same person, merge them.")


@transaction.atomic
def add_contact_point(customer_id: int, *, point: ContactPoint, shop_id: int, by: Actor) -> None:
    """Write down one more way to reach a person; ContactPointTaken when it is somebody else's."""
    shop = shops.shop(shop_id)
    person = person_of(customer_id, shop)
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
    person = person_of(customer_id, shops.shop(shop_id))
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
