"""What a person allows: appended, never changed."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from opieka.customers import models
from opieka.customers.commands.loading import person_of
from opieka.customers.facts import ConsentGiven, ConsentWithdrawn
from opieka.customers.types import Consent, ConsentSource, Purpose
from opieka.kernel import clock
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Invalid
from opieka.shops import queries as shops
from opieka.timeline.commands import record


class NeedsNoConsent(Invalid):
    code = "needs_no_consent"
    sentence = _(
        "Messages about an order or a question need no consent; only the customer herself can stop them."
    )


class NotSaidYet(Invalid):
    code = "consent_in_the_future"
    sentence = _("A consent cannot be said in the future. Correct the moment.")


class BadWording(Invalid):
    code = "consent_wording"
    sentence = _("Name the wording by a short version such as 2026-05 or newsletter/3, without spaces.")


_VERSION = re.compile(r"[\w./-]{0,40}")


@transaction.atomic
def record_consent(customer_id: int, *, consent: Consent, shop_id: int, by: Actor) -> int:
    """Write down that a person said yes or no; returns the id of the row. NeedsNoConsent, NotSaidYet, BadWording."""
    shop = shops.shop(shop_id)
    person = person_of(customer_id, shop)
    now = clock.now()
    at = consent.at or now
    if consent.purpose is Purpose.SERVICE and consent.source is not ConsentSource.CUSTOMER:
        raise NeedsNoConsent
    if at > now:
        raise NotSaidYet
    if not _VERSION.fullmatch(consent.wording):
        raise BadWording
    row = models.Consent.objects.create(
        group_id=shop.group_id,
        customer=person,
        purpose=consent.purpose,
        channel=consent.channel,
        given=consent.given,
        source=consent.source,
        wording=consent.wording,
        actor_kind=by.kind,
        actor_id=by.id,
        at=at,
        recorded_at=now,
    )
    fact = (ConsentGiven if consent.given else ConsentWithdrawn)(
        purpose=row.purpose, channel=row.channel, source=row.source, wording=row.wording
    )
    record(fact, shop_id=shop_id, customer_id=person.pk, subject=f"customer:{person.pk}", by=by, at=at)
    return row.pk
