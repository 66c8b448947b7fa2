"""Opening shops, giving people roles, issuing API tokens, storing preferences."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import msgspec
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from opieka.kernel import clock, secrets
from opieka.kernel.actor import Actor, ActorKind
from opieka.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from opieka.shops import queries
from opieka.shops.models import ApiToken, Membership, Preference, Shop, ShopGroup, StaffMember
from opieka.shops.policy import PERMISSIONS
from opieka.shops.types import Calendar, Language, Permission, Role


class SlugTaken(Conflict):
    code = "slug_taken"
    sentence = _("The short name “%(slug)s” belongs to another shop. Choose another one.")


class EmailTaken(Conflict):
    code = "email_taken"
    sentence = _("Somebody with the address %(email)s already has an account.")


class BadShop(Invalid):
    code = "bad_shop"
    sentence = _("“%(value)s” cannot be right for: %(field)s.")
    names: ClassVar = {
        "field": {
            "slug": _("Short name"),
            "name": _("Name"),
            "country": _("Country"),
            "currency": _("Currency"),
            "timezone": _("Time zone"),
            "languages": _("Languages of its customers"),
            "accent": _("Accent colour"),
            "hours": _("Hours"),
        }
    }


class WeakPassword(Invalid):
    code = "weak_password"
    sentence = _("This password is too easy to guess: %(reasons)s")


class MoreThanOwn(Forbidden):
    code = "more_than_own"
    sentence = _("Nobody can give away what she may not do herself: %(permissions)s")
    names: ClassVar = {
        "permissions": {
            Permission.READ: _("Read everything of the shop"),
            Permission.ANSWER: _("Answer customers"),
            Permission.MERGE: _("Merge customers"),
            Permission.IMPORT: _("Import orders"),
            Permission.REPAIR: _("Retry what was set aside"),
            Permission.EXPORT: _("Take customers along as a file"),
            Permission.PRIVACY: _("Hand out and erase a customer's data"),
            Permission.SETTINGS: _("Change settings"),
            Permission.STAFF: _("Manage staff"),
        }
    }


class LastOwner(Forbidden):
    code = "last_owner"
    sentence = _("A shop needs an owner. Make somebody else an owner first.")


@dataclass(frozen=True)
class ShopDetails:
    """What is to be known of a shop. Hours: seven days from Monday of (start, end) minutes after midnight."""

    slug: str
    name: str
    country: str
    currency: str
    timezone: str
    languages: Sequence[str]
    accent: str = "#0f766e"
    hours: Sequence[Sequence[tuple[int, int]]] = ()


WORKING_HOURS = [[(9 * 60, 17 * 60)]] * 5 + [[], []]


@transaction.atomic
def open_shop(details: ShopDetails, *, group_id: int | None = None, by: Actor) -> int:
    """Open a shop in an operator's group, or as the first of a new operator; returns its id."""
    _check(details)
    if Shop.objects.filter(slug=details.slug).exists():
        raise SlugTaken(slug=details.slug)
    if group_id is None:
        group_id = ShopGroup.objects.create(name=details.name).pk
    return Shop.objects.create(group_id=group_id, **_columns(details)).pk


@transaction.atomic
def change_shop(shop_id: int, *, details: ShopDetails, by: Actor) -> None:
    """Replace what is known of a shop."""
    _check(details)
    if Shop.objects.filter(slug=details.slug).exclude(id=shop_id).exists():
        raise SlugTaken(slug=details.slug)
    if not Shop.objects.filter(id=shop_id).update(**_columns(details)):
        raise NotFound


@transaction.atomic
def set_logo(shop_id: int, *, sha256: str, by: Actor) -> None:
    """Name the stored picture that is the shop's logo; "" for none. NotFound."""
    if not Shop.objects.filter(id=shop_id).update(logo=sha256):
        raise NotFound


@transaction.atomic
def set_calendar(shop_id: int, *, calendar: Calendar, by: Actor) -> None:
    """Say when a shop works. Time zone and country are the shop's own: see `change_shop`."""
    if not _is_week(calendar):
        raise BadShop(field="hours", value=calendar.hours)
    changed = Shop.objects.filter(id=shop_id).update(
        hours=msgspec.to_builtins(calendar.hours),
        closed_days=sorted(calendar.closed_days),
        open_days=sorted(calendar.open_days),
    )
    if not changed:
        raise NotFound


@transaction.atomic
def add_staff(email: str, *, name: str, password: str, language: str = "en", by: Actor) -> int:
    """Give a person an account; returns her id. Roles come with `grant_role`."""
    person = StaffMember(email=email.strip().lower(), name=name.strip(), language=Language(language))
    if StaffMember.objects.filter(email=person.email).exists():
        raise EmailTaken(email=person.email)
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise WeakPassword(reasons=" ".join(error.messages)) from error
    person.set_password(password)
    person.save()
    return person.pk


@transaction.atomic
def grant_role(staff_id: int, *, shop_id: int, role: Role, by: Actor) -> None:
    """Let a person work in a shop in that role, instead of any other she had there; MoreThanOwn."""
    _is_own(shop_id, PERMISSIONS[role], by)
    _keep_an_owner(shop_id, staff_id, role)
    Membership.objects.update_or_create(shop_id=shop_id, staff_id=staff_id, defaults={"role": role})


@transaction.atomic
def revoke_role(staff_id: int, *, shop_id: int, by: Actor) -> None:
    """Take a person out of a shop; what she did stays."""
    _keep_an_owner(shop_id, staff_id, None)
    Membership.objects.filter(shop_id=shop_id, staff_id=staff_id).delete()


def set_language(staff_id: int, *, language: str, by: Actor) -> None:
    """Choose the language of the desk for a person."""
    StaffMember.objects.filter(id=staff_id).update(language=Language(language))


def issue_token(shop_id: int, *, name: str, scopes: Collection[Permission], by: Actor) -> str:
    """Make an API token; the returned text is shown once and never stored. MoreThanOwn."""
    _is_own(shop_id, scopes, by)
    plain = f"opk_{secrets.token()}"
    ApiToken.objects.create(
        shop_id=shop_id,
        name=name,
        digest=secrets.digest(plain),
        hint=plain[:8],
        scopes=sorted(scopes),
        created_at=clock.now(),
    )
    return plain


def revoke_token(token_id: int, *, shop_id: int, by: Actor) -> None:
    """Make an API token useless from now on."""
    ApiToken.objects.filter(id=token_id, shop_id=shop_id, revoked_at=None).update(revoked_at=clock.now())


def note_token_use(token_id: int) -> None:
    """Write down that an API token has just been used."""
    ApiToken.objects.filter(id=token_id).update(used_at=clock.now())


def set_preferences(shop_id: int, *, value: Any, by: Actor) -> None:
    """Store a domain's preferences: an instance of its frozen dataclass."""
    Preference.objects.update_or_create(
        shop_id=shop_id, key=type(value).key, defaults={"value": msgspec.to_builtins(value)}
    )


def _is_own(shop_id: int, permissions: Collection[Permission], by: Actor) -> None:
    """Refuse to give what the giver has not: a token for reading must not make an owner."""
    if by.kind is ActorKind.INTEGRATION:
        own = queries.scopes(by.id or 0)
    elif by.kind is ActorKind.STAFF:
        own = queries.permissions(by.id or 0).get(shop_id, frozenset())
    else:
        return
    beyond = sorted(set(permissions) - own)
    if beyond:
        raise MoreThanOwn(permissions=beyond)


def _keep_an_owner(shop_id: int, staff_id: int, role: Role | None) -> None:
    # The shop's row is the lock: two owners who demote each other at once meet here.
    if not Shop.objects.select_for_update().filter(id=shop_id).exists():
        raise NotFound
    owners = Membership.objects.filter(shop_id=shop_id, role=Role.OWNER)
    is_last = list(owners.values_list("staff_id", flat=True)) == [staff_id]
    if role is not Role.OWNER and is_last:
        raise LastOwner


def _check(details: ShopDetails) -> None:
    checks = {
        "slug": re.fullmatch(r"[a-z0-9][a-z0-9-]{0,58}[a-z0-9]", details.slug),
        "name": details.name.strip(),
        "country": re.fullmatch(r"[A-Z]{2}", details.country),
        "currency": re.fullmatch(r"[A-Z]{3}", details.currency),
        "timezone": details.timezone in zoneinfo.available_timezones(),
        "languages": details.languages and set(details.languages) <= set(Language),
        "accent": re.fullmatch(r"#[0-9a-f]{6}", details.accent),
    }
    for field, good in checks.items():
        if not good:
            raise BadShop(field=field, value=getattr(details, field))


def _is_week(calendar: Calendar) -> bool:
    spans = [span for day in calendar.hours for span in day]
    return len(calendar.hours) == 7 and all(  # days
        0 <= start < 1440 and 0 < end <= 2880 and start != end for start, end in spans
    )


def _columns(details: ShopDetails) -> dict[str, Any]:
    data: dict[str, Any] = msgspec.to_builtins(details)
    return data | {"hours": data["hours"] or WORKING_HOURS}
