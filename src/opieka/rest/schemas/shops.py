"""The shop, its calendar, its people, its tokens."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field

from opieka.rest.fields import Code, Country, Currency, Day, In, Line, Out, absent
from opieka.shops.types import Calendar as ShopCalendar
from opieka.shops.types import Language, MemberCard, Permission, Role

Minutes = Annotated[int, Field(strict=True, ge=0, le=2880)]
Span = Annotated[list[Minutes], Field(min_length=2, max_length=2)]
Hours = Annotated[list[Annotated[list[Span], Field(max_length=10)]], Field(min_length=7, max_length=7)]
Days = Annotated[list[Day], Field(max_length=400)]
Email = Annotated[str, Field(max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")]


class Shop(Out):
    """A shop. Times are in UTC everywhere; `timezone` is the one its people and customers live in."""

    id: int
    slug: str
    name: str
    country: str
    currency: str
    timezone: str
    languages: list[str]
    accent: str


class ShopChange(In):
    """What is to be different."""

    slug: Code = absent()
    name: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")] = absent()
    country: Country = absent()
    currency: Currency = absent()
    timezone: Code = absent()
    languages: Annotated[list[Language], Field(min_length=1, max_length=4)] = absent()
    accent: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")] = absent()


class Calendar(Out):
    """When a shop works: seven days from Monday, each with spans of minutes after local midnight.

    An end before its start, or above 1440, lies on the next day. Public holidays of the shop's country and
    `closed_days` are closed, `open_days` are open in any case.
    """

    hours: list[list[list[int]]]
    closed_days: list[date]
    open_days: list[date]

    @classmethod
    def make(cls, calendar: ShopCalendar) -> Self:
        return cls(
            hours=[[list(span) for span in day] for day in calendar.hours],
            closed_days=sorted(calendar.closed_days),
            open_days=sorted(calendar.open_days),
        )


class CalendarChange(In):
    """What is to be different."""

    hours: Hours = absent()
    closed_days: Days = absent()
    open_days: Days = absent()


class StaffMember(Out):
    """A person who works in the shop. An account that is not `active` opens nothing."""

    id: int
    name: str
    email: str
    role: Role
    active: bool
    last_login: datetime | None

    @classmethod
    def make(cls, card: MemberCard) -> Self:
        told = {name: getattr(card, name) for name in cls.model_fields if name != "id"}
        return cls(id=card.staff_id, **told)


class NewStaffMember(In):
    """A person who gets a role in the shop, and an account if the operator does not know her address yet."""

    email: Email
    name: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
    password: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""
    role: Role
    language: Language = Language.EN


class StaffChange(In):
    """What is to be different."""

    role: Role = absent()


class Token(Out):
    """A key of a program to this shop; `hint` is how it begins."""

    id: int
    name: str
    hint: str
    scopes: list[Permission]
    created_at: datetime
    used_at: datetime | None


class IssuedToken(Token):
    """A token just made. `token` is shown this once and stored nowhere."""

    token: str


class NewToken(In):
    """A token to be made."""

    name: Annotated[Line, Field(min_length=1, max_length=100)]
    scopes: Annotated[list[Permission], Field(min_length=1, max_length=20)]
