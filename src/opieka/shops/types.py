"""The words others may use about shops and staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

WeekHours = tuple[tuple[tuple[int, int], ...], ...]
"""Seven days from Monday, each with its (start, end) minutes after local midnight.

An end before the start, or above 1440, lies on the next day.
"""


class Language(StrEnum):
    PL = "pl"
    RU = "ru"
    EL = "el"
    EN = "en"


class Role(StrEnum):
    """What a staff member is in one shop."""

    OWNER = "owner"
    LEAD = "lead"
    AGENT = "agent"
    ASSOCIATE = "associate"
    ANALYST = "analyst"


class Permission(StrEnum):
    """What may be done in one shop; roles and API scopes are sets of these."""

    READ = "read"
    ANSWER = "answer"
    MERGE = "merge"
    IMPORT = "import"
    REPAIR = "repair"
    EXPORT = "export"
    PRIVACY = "privacy"
    SETTINGS = "settings"
    STAFF = "staff"


@dataclass(frozen=True)
class ShopCard:
    """A shop as others see it. Languages are codes, the first is the default; `logo` is a stored picture's hash."""

    id: int
    group_id: int
    slug: str
    name: str
    country: str
    currency: str
    timezone: str
    languages: tuple[str, ...]
    accent: str
    logo: str = ""


@dataclass(frozen=True)
class Calendar:
    """When a shop works.

    Public holidays of `country` (ISO 3166-1) and `closed_days` are closed, `open_days` are open in any case.
    """

    hours: WeekHours
    timezone: str
    country: str
    closed_days: frozenset[date] = frozenset()
    open_days: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Workplace:
    """A shop somebody works in, and what she may do there."""

    shop: ShopCard
    permissions: frozenset[Permission]


@dataclass(frozen=True)
class MemberCard:
    """Somebody who works in a shop, and as what. An account that is not `active` opens nothing."""

    staff_id: int
    name: str
    email: str
    role: Role
    active: bool
    last_login: datetime | None
