"""Rows that many tests need, made by the same commands as everywhere."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from opieka.kernel.actor import SYSTEM
from opieka.shops import commands as shops
from opieka.shops import queries
from opieka.shops.commands import ShopDetails
from opieka.shops.models import StaffMember
from opieka.shops.types import Role, ShopCard

_numbers = count(1)
DETAILS = ShopDetails(
    slug="las",
    name="Las i Dom",
    country="PL",
    currency="PLN",
    timezone="Europe/Warsaw",
    languages=("pl", "ru", "el", "en"),
)


def make_shop(*, group_id: int | None = None, **changes: object) -> ShopCard:
    """A new shop, of a new operator unless a group is named."""
    details = replace(DETAILS, **({"slug": f"shop-{next(_numbers)}"} | changes))  # type: ignore[arg-type]  # test data
    return queries.shop(shops.open_shop(details, group_id=group_id, by=SYSTEM))


def make_staff(shop: ShopCard, role: Role = Role.AGENT, *, name: str = "Ola Nowak") -> int:
    """A person with that role in the shop."""
    email = f"staff{next(_numbers)}@example.com"
    staff = shops.add_staff(email, name=name, password="correct horse battery", by=SYSTEM)
    shops.grant_role(staff, shop_id=shop.id, role=role, by=SYSTEM)
    return staff


def email_of(staff_id: int) -> str:
    """With what a person logs in."""
    return StaffMember.objects.get(id=staff_id).email
