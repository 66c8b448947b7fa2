"""The words others may use about customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ContactKind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    WHATSAPP = "whatsapp"
    TELEGRAM = "telegram"
    MESSENGER = "messenger"
    VIBER = "viber"
    PUSH = "push"
    SHOP_ACCOUNT = "shop_account"


class Reach(StrEnum):
    """Whether messages to a contact point arrive."""

    OK = "ok"
    SOFT = "soft"  # the last one came back, a later one may arrive
    HARD = "hard"  # the address does not exist; nothing is sent there


@dataclass(frozen=True)
class ContactPoint:
    """One way to reach a person. `value` as written by people; stored normalised."""

    kind: ContactKind
    value: str


@dataclass(frozen=True)
class Sighting:
    """Somebody as one message or order shows her: contact points (the surest first), name, language."""

    points: Sequence[ContactPoint]
    name: str = ""
    language: str = ""


@dataclass(frozen=True)
class KnownPoint:
    """A contact point of a customer: its normal form, how people write it, and whether it works."""

    kind: ContactKind
    value: str
    display: str
    reach: Reach


@dataclass(frozen=True)
class CustomerCard:
    """A customer as others see her. `lineage` are all ids she was ever known by, her own first.

    Of one who was `erased` nothing is left but her ids.
    """

    id: int
    group_id: int
    name: str
    language: str
    since: datetime
    points: tuple[KnownPoint, ...]
    lineage: tuple[int, ...]
    erased: bool = False

    @property
    def title(self) -> str:
        """Her name, or else the best contact point."""
        return self.name or (self.points[0].display if self.points else "")


@dataclass(frozen=True)
class MergeCard:
    """A merge that can be undone."""

    id: int
    winner_id: int
    loser_id: int
    loser_name: str
    merged_at: datetime


class Purpose(StrEnum):
    """What for a shop may write to a person or keep what she said. Service needs no consent, the others do.

    Service can only be stopped, by the customer herself, on one channel (STOP)."""

    SERVICE = "service"
    MARKETING = "marketing"
    SURVEYS = "surveys"
    QUALITY = "quality"  # recordings and reviews for quality and training


class ConsentChannel(StrEnum):
    """The way a consent is for."""

    EMAIL = "email"
    SMS = "sms"
    PHONE = "phone"
    WHATSAPP = "whatsapp"
    MESSENGER = "messenger"
    TELEGRAM = "telegram"
    VIBER = "viber"
    PUSH = "push"


class ConsentSource(StrEnum):
    """How a consent or its withdrawal reached the shop."""

    FORM = "form"
    AGENT = "agent"
    IMPORT = "import"
    CUSTOMER = "customer"


@dataclass(frozen=True)
class Consent:
    """What a person has said: yes (`given`) or no to one purpose on one channel, when, and to which version
    of the wording. `at` None means now."""

    purpose: Purpose
    channel: ConsentChannel
    given: bool
    source: ConsentSource
    wording: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Said:
    """A consent or withdrawal as stored; `customer_id` is who said it, by the id she had then."""

    id: int
    customer_id: int
    purpose: Purpose
    channel: ConsentChannel
    given: bool
    source: ConsentSource
    wording: str
    at: datetime


@dataclass(frozen=True)
class Traces:
    """By what an erased person can still be found in what others keep, until they have forgotten her too.

    `points` are normalised contact points. Never shown, never logged.
    """

    names: tuple[str, ...] = ()
    points: tuple[ContactPoint, ...] = ()

    @property
    def emails(self) -> frozenset[str]:
        return frozenset(point.value for point in self.points if point.kind is ContactKind.EMAIL)


@dataclass(frozen=True)
class Erased:
    """Whom an erasure took away, without saying who she was: her ids, each with the moment she was first met."""

    group_id: int
    people: tuple[tuple[int, datetime], ...]
    erased_at: datetime


@dataclass(frozen=True)
class ExportCard:
    """A copy of a person's data in some shops; `ready_at` is None while it is being made, `size` in bytes."""

    id: int
    customer_id: int
    shop_ids: tuple[int, ...]
    requested_at: datetime
    ready_at: datetime | None
    expires_at: datetime
    size: int
