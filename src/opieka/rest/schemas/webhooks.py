"""Addresses that are told of facts, and what was sent to them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import Field

from opieka.rest.fields import CLEAN, Flag, In, Moment, Out, absent
from opieka.webhooks.types import Attempt as Tried
from opieka.webhooks.types import AttemptTrouble, DeliveryCard, DeliveryState, DisabledBecause

Address = Annotated[str, Field(min_length=1, max_length=2000, pattern=CLEAN)]
Description = Annotated[str, Field(max_length=200, pattern=CLEAN)]
Kinds = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=60, pattern=CLEAN)]], Field(max_length=500)
]


class Webhook(Out):
    """An address and the facts it is told of: all when `kinds` is empty. `failing_since`: nothing has succeeded
    since then. `waiting` and `lost` count its deliveries that are open and given up."""

    id: int
    url: str
    description: str
    kinds: list[str]
    active: bool
    created_at: datetime
    failing_since: datetime | None
    disabled_at: datetime | None
    disabled_because: DisabledBecause | None
    resting_until: datetime | None
    old_secret_until: datetime | None
    waiting: int
    lost: int


class NewWebhook(In):
    """An address to be told of facts, from now on."""

    url: Address
    description: Description = ""
    kinds: Kinds = Field(default_factory=list)


class WebhookChange(In):
    """What is to be different. What happens while it is not `active` is not kept for it."""

    url: Address = absent()
    description: Description = absent()
    kinds: Kinds = absent()
    active: Flag = absent()


class AddedWebhook(Webhook):
    """A new address. `secret` signs what is sent to it and is told this once."""

    secret: str


class RotatedSecret(Out):
    """The new secret, told this once; until `old_secret_until` the one before is valid too."""

    secret: str
    old_secret_until: datetime | None


class WebhookAttempt(Out):
    """One request: how long it took, and what was answered (`status` 0: nothing was)."""

    number: int
    at: datetime
    milliseconds: int
    status: int
    trouble: AttemptTrouble | None
    excerpt: str


class WebhookDelivery(Out):
    """One fact on its way to one address; a test has no touchpoint. `message_id` is sent as `webhook-id`."""

    id: int
    touchpoint_id: int | None
    message_id: str
    kind: str
    state: DeliveryState
    attempts: int
    next_try_at: datetime | None
    status: int
    trouble: AttemptTrouble | None
    created_at: datetime


class WebhookDeliveryInFull(WebhookDelivery):
    """A delivery with its latest attempts and the body it posts, null when that cannot be made any more."""

    log: list[WebhookAttempt]
    body: dict[str, Any] | None

    @classmethod
    def make(cls, card: DeliveryCard, body: dict[str, Any] | None) -> Self:
        tried: list[Tried] = list(card.log)
        log = [WebhookAttempt.of(one) for one in tried]
        return cls(**WebhookDelivery.of(card).model_dump(), log=log, body=body)


class Since(In):
    """From which moment on."""

    since: Moment


class Replayed(Out):
    """How many deliveries are sent again."""

    count: int
