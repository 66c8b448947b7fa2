"""Numbers and names the shop texts from. Keys go in and never come out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from opieka.channels.types import AccountCard, Alphabet, Sending, TextDetails, Trouble
from opieka.rest.fields import CLEAN, Code, Flag, In, Letter, Out, absent
from opieka.rest.schemas.mailboxes import Name, Secret

Sender = Annotated[str, Field(min_length=2, max_length=20, pattern=CLEAN)]


class Number(Out):
    """A number or name. The troubles are null while all is well; `options` names the keys that are stored, and
    `webhook` is the address to enter at the text service, "" when nothing can come in."""

    id: int
    address: str
    name: str
    active: bool
    sending: Sending
    provider: str
    options: list[str]
    webhook: str
    receive_trouble: Trouble | None
    receive_detail: str
    received_at: datetime | None
    send_trouble: Trouble | None
    send_detail: str
    sent_at: datetime | None

    @classmethod
    def make(cls, card: AccountCard, details: TextDetails, *, webhook: str) -> Self:
        told = {name: getattr(card, name) for name in cls.model_fields if name not in {"options", "webhook"}}
        stored = sorted(name for name, value in details.options.items() if value)
        return cls(**told, options=stored, webhook=webhook)


class NumberChange(In):
    """What is to be different. An empty key means the one stored, while the service stays the same."""

    address: Sender = absent()
    name: Name = absent()
    active: Flag = absent()
    sending: Sending = absent()
    provider: Code = absent()
    options: Annotated[dict[Code, Secret], Field(max_length=20)] = absent()


class NewNumber(NumberChange):
    """A number, or a name of up to eleven letters that nobody can answer."""

    address: Sender
    name: Name


class Draught(In):
    """Words that may be texted."""

    text: Letter


class Parts(Out):
    """What words cost as a text: the alphabet they need, their length in it, in how many parts they leave, how much
    still fits without one more part, and how many parts a text may have."""

    alphabet: Alphabet
    units: int
    count: int
    left: int
    most: int
