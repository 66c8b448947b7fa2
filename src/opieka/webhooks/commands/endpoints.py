"""Endpoints: added, changed, disabled and enabled, their secrets rotated."""

from __future__ import annotations

import secrets as random

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from opieka.kernel import clock, facts, outbound, secrets
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Conflict, Invalid, NotFound
from opieka.webhooks import policy
from opieka.webhooks.models import Delivery, Endpoint
from opieka.webhooks.types import DisabledBecause, Target

MOST = 50
_KEY_BYTES = 32


class AddressRefused(Invalid):
    code = "address_refused"
    sentence = _("Write the whole address, beginning with https:// and without a password in it.")


class UnknownFact(Invalid):
    code = "unknown_fact"
    sentence = _("There is no fact called “%(kind)s”.")


class TooManyEndpoints(Conflict):
    code = "too_many_endpoints"
    sentence = _("A shop has at most %(limit)s addresses for webhooks. Remove one first.")


@transaction.atomic
def add_endpoint(shop_id: int, *, target: Target, by: Actor) -> tuple[int, str]:
    """Send facts to an address from now on; its id, and its secret, which is never told again.

    AddressRefused, UnknownFact, TooManyEndpoints.
    """
    _check(target)
    if Endpoint.objects.filter(shop_id=shop_id).count() >= MOST:
        raise TooManyEndpoints(limit=MOST)
    secret = _new_secret()
    row = Endpoint.objects.create(
        shop_id=shop_id,
        url=target.url,
        description=target.description,
        kinds=sorted(set(target.kinds)),
        secret=secrets.encrypt(secret),
        created_at=clock.now(),
    )
    return row.pk, secret


@transaction.atomic
def change_endpoint(endpoint_id: int, *, shop_id: int, target: Target, by: Actor) -> None:
    """Send elsewhere, or other facts; what is under way goes to the new address. AddressRefused, UnknownFact."""
    row = locked(endpoint_id, shop_id)
    _check(target, known=row.kinds)
    if row.url != target.url:
        row.failing_since = row.resting_until = None
    row.url, row.description, row.kinds = target.url, target.description, sorted(set(target.kinds))
    row.save()


@transaction.atomic
def set_active(endpoint_id: int, *, shop_id: int, active: bool, by: Actor) -> None:
    """Disable an endpoint, or enable it: what waited then goes on, what happened meanwhile is not sent."""
    row = locked(endpoint_id, shop_id)
    if row.active == active:
        return
    row.active = active
    row.disabled_at = None if active else clock.now()
    row.disabled_because = "" if active else DisabledBecause.ASKED
    row.failing_since = row.resting_until = None
    row.save()


@transaction.atomic
def rotate_secret(endpoint_id: int, *, shop_id: int, by: Actor) -> str:
    """A new secret, never told again; the one before it is valid for a day more, those before not."""
    row = locked(endpoint_id, shop_id)
    secret = _new_secret()
    row.old_secret, row.old_secret_until = row.secret, clock.now() + policy.OVERLAP
    row.secret = secrets.encrypt(secret)
    row.save()
    return secret


@transaction.atomic
def remove_endpoint(endpoint_id: int, *, shop_id: int, by: Actor) -> None:
    """Forget an endpoint and its whole log."""
    row = locked(endpoint_id, shop_id)
    Delivery.objects.filter(endpoint=row).delete()
    row.delete()


def locked(endpoint_id: int, shop_id: int) -> Endpoint:
    """An endpoint of a shop, held until the transaction ends; NotFound."""
    row = Endpoint.objects.select_for_update(no_key=True).filter(id=endpoint_id, shop_id=shop_id).first()
    if row is None:
        raise NotFound
    return row


def _check(target: Target, known: list[str] | None = None) -> None:
    """A kind that was chosen before stays possible, though this version may not know it."""
    if not policy.possible(target.url, internal=outbound.internal):
        raise AddressRefused
    unknown = set(target.kinds) - facts.registered().keys() - set(known or ())
    if unknown:
        raise UnknownFact(kind=min(unknown))


def _new_secret() -> str:
    return policy.secret_of(random.token_bytes(_KEY_BYTES))
