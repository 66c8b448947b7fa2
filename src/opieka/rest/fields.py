"""The kinds of values requests and answers are made of, and the bases of their descriptions.

Requests are read strictly: unknown fields are refused, a number is no text and a text no number.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

T = TypeVar("T")

BIGGEST = 2**63 - 1
FIRST_YEAR, LAST_YEAR = 1970, 2200
MOST = 100
CLEAN = r"^[^\x00]*$"
"""PostgreSQL stores every character but NUL."""

_WHOLE = re.compile(r"-?[0-9]{1,20}")
_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _moment(value: Any) -> datetime:
    if not (isinstance(value, str) and _RFC3339.fullmatch(value)):
        raise ValueError("write a moment by RFC 3339, such as 2026-11-23T12:00:00Z")
    return datetime.fromisoformat(value.upper())


def _sensible(value: datetime) -> datetime:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError("write a moment of the years 1970 to 2200")
    return value


def _day(value: Any) -> date:
    if not (isinstance(value, str) and _DAY.fullmatch(value)):
        raise ValueError("write a day such as 2026-11-23")
    return date.fromisoformat(value)


def _whole(value: Any) -> Any:
    """Numbers in addresses are texts; only plain digits count."""
    if isinstance(value, str) and not _WHOLE.fullmatch(value):
        raise ValueError("write a whole number")
    return value


def _flag(value: Any) -> Any:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value, value)
    return value


Id = Annotated[int, Field(strict=True, ge=1, le=BIGGEST)]
Amount = Annotated[int, Field(strict=True, ge=-(10**15), le=10**15)]
Count = Annotated[int, Field(strict=True, ge=0, le=10**9)]
Flag = Annotated[bool, Field(strict=True)]
Code = Annotated[str, Field(max_length=100, pattern=CLEAN)]
Line = Annotated[str, Field(max_length=300, pattern=CLEAN)]
Title = Annotated[str, Field(max_length=500, pattern=CLEAN)]
Link = Annotated[str, Field(max_length=2000, pattern=r"^(https?://[^\s\x00]*)?$")]
Letter = Annotated[str, Field(max_length=100_000, pattern=CLEAN)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
CountryOrNone = Annotated[str, Field(pattern=r"^([A-Z]{2})?$")]
LanguageOrNone = Annotated[str, Field(pattern=r"^([a-z]{2})?$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Moment = Annotated[
    datetime,
    AfterValidator(_sensible),
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]

# The same in paths and queries, where everything is text.
PathId = Annotated[int, Field(ge=1, le=BIGGEST), BeforeValidator(_whole)]
QueryNumber = Annotated[int, Field(ge=0, le=BIGGEST), BeforeValidator(_whole)]
QueryFlag = Annotated[bool, Field(strict=True), BeforeValidator(_flag)]


class In(BaseModel):
    """What is sent to us."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def given(self) -> dict[str, Any]:
        """The fields that were sent, and only those."""
        return {
            name: getattr(self, name) for name in type(self).model_fields if name in self.model_fields_set
        }


def absent() -> Any:
    """The default of a field that may be left out but is never null: see `In.given`."""
    return Field(default=None)


class Out(BaseModel):
    """What is answered, made `of` a domain's value."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    @classmethod
    def of(cls, value: object) -> Self:
        """The value as described here, by its attributes of the same names."""
        return cls.model_validate(value)


class Page(Out, Generic[T]):
    """A page of a list. `next` is the cursor of the following page, null at the end."""

    items: list[T]
    next: str | None


class Paging(In):
    """Which page of a list."""

    cursor: Annotated[str, Field(max_length=200, pattern=CLEAN)] = ""
    limit: Annotated[int, Field(ge=1, le=MOST), BeforeValidator(_whole)] = 50


class Money(Out):
    """An amount in minor units of its currency: 1250 PLN is 12.50 zł."""

    amount: int
    currency: str


class MoneyIn(In):
    """An amount in minor units of its currency: 1250 PLN is 12.50 zł."""

    amount: Amount
    currency: Currency
