"""Reading shops, staff, permissions, tokens and preferences."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

import msgspec
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from opieka.kernel import secrets
from opieka.kernel.errors import NotFound
from opieka.kernel.rows import fetch
from opieka.shops.models import ApiToken, Membership, Preference, Shop, StaffMember
from opieka.shops.policy import PERMISSIONS, roles_with
from opieka.shops.types import Calendar, MemberCard, Permission, Role, ShopCard, WeekHours, Workplace

P = TypeVar("P")

GROUPS = "select group_id from shops_shop where id = any(%(shops)s)"
"""What `group_ids` asks, to be used inside SQL."""

# Every page asks these.
_WORKPLACES = """
    select m.role, s.id, s.group_id, s.slug, s.name, s.country, s.currency, s.timezone, s.languages, s.accent,
        s.logo
    from shops_membership m
    join shops_shop s on s.id = m.shop_id
    join shops_staffmember p on p.id = m.staff_id
    where m.staff_id = %s and p.is_active
    order by s.name, s.id
"""
_TEAM = """
    select p.id, p.name from shops_membership m join shops_staffmember p on p.id = m.staff_id
    where m.shop_id = %s and m.role = any(%s) and p.is_active
    order by p.name, p.id
"""
_TEAM_AND = """
    with team as (
        select m.staff_id from shops_membership m join shops_staffmember p on p.id = m.staff_id
        where m.shop_id = %s and m.role = any(%s) and p.is_active
    )
    select p.id, p.name, p.id in (select staff_id from team) from shops_staffmember p
    where p.id in (select staff_id from team) or p.id = any(%s)
    order by p.name, p.id
"""


class NoSuchShop(NotFound):
    code = "no_such_shop"
    sentence = _("There is no shop called “%(slug)s”.")


def shop(shop_id: int) -> ShopCard:
    """One shop; NotFound."""
    return _card(_one(Shop.objects.filter(id=shop_id)))


def shop_by_slug(slug: str) -> ShopCard:
    """One shop by the name it has in addresses and commands; NoSuchShop."""
    row = Shop.objects.filter(slug=slug).first()
    if row is None:
        raise NoSuchShop(slug=slug)
    return _card(row)


def calendar(shop_id: int) -> Calendar:
    """When a shop works; NotFound."""
    row = _one(
        Shop.objects.filter(id=shop_id).only("hours", "timezone", "country", "closed_days", "open_days")
    )
    return Calendar(
        hours=msgspec.convert(row.hours, WeekHours),
        timezone=row.timezone,
        country=row.country,
        closed_days=frozenset(row.closed_days),
        open_days=frozenset(row.open_days),
    )


def shops(ids: Collection[int] | None = None) -> list[ShopCard]:
    """All shops, or those of `ids`, by name."""
    rows = Shop.objects.all() if ids is None else Shop.objects.filter(id__in=ids)
    return [_card(row) for row in rows.order_by("name", "id")]


def group_shop_ids(group_id: int) -> list[int]:
    """The ids of the shops that share customers."""
    return list(Shop.objects.filter(group_id=group_id).order_by("id").values_list("id", flat=True))


def group_ids(shop_ids: Collection[int]) -> QuerySet[Shop, int]:
    """The operators of some shops, to be used inside another query."""
    return Shop.objects.filter(id__in=shop_ids).values_list("group_id", flat=True).distinct()


def permissions(staff_id: int) -> dict[int, frozenset[Permission]]:
    """What an active staff member may do, by shop id."""
    rows = Membership.objects.filter(staff_id=staff_id, staff__is_active=True)
    return {shop_id: PERMISSIONS[Role(role)] for shop_id, role in rows.values_list("shop_id", "role")}


def workplaces(staff_id: int) -> list[Workplace]:
    """Where an active staff member works and what she may do there, by the shops' names. One query."""
    places = []
    for role, shop_id, group_id, slug, name, country, currency, zone, languages, *look in fetch(
        _WORKPLACES, [staff_id]
    ):
        card = ShopCard(shop_id, group_id, slug, name, country, currency, zone, tuple(languages), *look)
        places.append(Workplace(card, PERMISSIONS[Role(role)]))
    return places


def staff_by_session(staff_id: str | None, auth_hash: str | None, backend: str | None) -> int | None:
    """The active person a session belongs to, unless her password has changed since it began."""
    if not (staff_id and auth_hash and backend):
        return None
    person = StaffMember.objects.filter(id=staff_id, is_active=True).first()
    good = person is not None and constant_time_compare(auth_hash, person.get_session_auth_hash())
    return person.pk if person is not None and good else None


def team(shop_id: int, permission: Permission = Permission.READ) -> dict[int, str]:
    """The active people who have `permission` in a shop: their names by their ids, in the order of the names."""
    return dict(fetch(_TEAM, [shop_id, list(roles_with(permission))]))


def team_and(
    ids: Collection[int], *, shop_id: int, permission: Permission = Permission.READ
) -> tuple[dict[int, str], dict[int, str]]:
    """The same, and the names of these people, present or former. One query."""
    found = fetch(_TEAM_AND, [shop_id, list(roles_with(permission)), list(ids)])
    return {one: name for one, name, here in found if here}, {one: name for one, name, _here in found}


def staff_names(ids: Collection[int]) -> dict[int, str]:
    """Names by id, of present and former staff."""
    return dict(fetch("select id, name from shops_staffmember where id = any(%s)", [list(ids)]))


def members(shop_id: int, *, staff_id: int | None = None) -> list[MemberCard]:
    """Who works in a shop (or only one person, if she does) and as what, by name."""
    rows = Membership.objects.filter(shop_id=shop_id)
    rows = rows if staff_id is None else rows.filter(staff_id=staff_id)
    return [
        MemberCard(
            staff_id=row.staff_id,
            name=row.staff.name,
            email=row.staff.email,
            role=Role(row.role),
            active=row.staff.is_active,
            last_login=row.staff.last_login,
        )
        for row in rows.select_related("staff").order_by("staff__name", "id")
    ]


def colleague(email: str, *, group_id: int) -> int | None:
    """Who has an account under this address and works in some shop of the operator."""
    rows = Membership.objects.filter(staff__email__iexact=email.strip(), shop__group_id=group_id)
    return rows.values_list("staff_id", flat=True).first()


def token(plain: str) -> ApiToken | None:
    """The live API token a caller presented, with its shop."""
    rows = ApiToken.objects.filter(digest=secrets.digest(plain), revoked_at=None)
    return rows.select_related("shop").first()


def scopes(token_id: int) -> frozenset[Permission]:
    """What a live API token may do."""
    rows = ApiToken.objects.filter(id=token_id, revoked_at=None).values_list("scopes", flat=True)
    return frozenset(Permission(scope) for scope in rows.first() or ())


def tokens(shop_id: int) -> QuerySet[ApiToken]:
    """The live API tokens of a shop, newest first."""
    return ApiToken.objects.filter(shop_id=shop_id, revoked_at=None).order_by("-id")


def preferences(shop_id: int, kind: type[P]) -> P:
    """A domain's preferences for a shop; `kind` is a frozen dataclass with defaults and a `key`."""
    key: str = kind.key  # type: ignore[attr-defined]  # a dataclass cannot be bound by a Protocol with ClassVar
    stored = Preference.objects.filter(shop_id=shop_id, key=key).values_list("value", flat=True).first()
    return msgspec.convert(stored or {}, kind)


def preferences_of(shop_ids: Collection[int], kind: type[P]) -> dict[int, P]:
    """The same for many shops. One query."""
    key: str = kind.key  # type: ignore[attr-defined]  # as above
    rows = Preference.objects.filter(shop_id__in=shop_ids, key=key).values_list("shop_id", "value")
    stored = dict(rows)
    return {shop_id: msgspec.convert(stored.get(shop_id, {}), kind) for shop_id in shop_ids}


def _one(rows: QuerySet[Shop]) -> Shop:
    found = rows.first()
    if found is None:
        raise NotFound
    return found


def _card(row: Shop) -> ShopCard:
    return ShopCard(
        id=row.pk,
        group_id=row.group_id,
        slug=row.slug,
        name=row.name,
        country=row.country,
        currency=row.currency,
        timezone=row.timezone,
        languages=tuple(row.languages),
        accent=row.accent,
        logo=row.logo,
    )
