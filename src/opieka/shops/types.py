"""The words others may use about shops and staff."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
    SETTINGS = "settings"
    STAFF = "staff"


@dataclass(frozen=True)
class ShopCard:
    """A shop as others see it. Languages are codes, the first is the default."""

    id: int
    group_id: int
    slug: str
    name: str
    country: str
    currency: str
    timezone: str
    languages: tuple[str, ...]
    accent: str
