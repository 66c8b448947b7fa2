"""What customers are told of their parcels by themselves."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from opieka.care.types import ParcelNews
from opieka.rest.fields import CLEAN, Flag, In, Out
from opieka.shops.types import Language

NoticeText = Annotated[str, Field(max_length=20_000, pattern=CLEAN)]


class CustomerNotice(Out):
    """A notice, whether it is sent, and its text in each of the shop's languages: the first line is the subject.
    `own` are the languages in which the words are the shop's."""

    kind: ParcelNews
    on: bool
    texts: dict[Language, str]
    own: list[Language]


class CustomerNoticeChange(In):
    """Whether a notice is sent, and the shop's own words; a language left out gets the usual ones."""

    kind: ParcelNews
    on: Flag
    texts: Annotated[dict[Language, NoticeText], Field(default_factory=dict)]
