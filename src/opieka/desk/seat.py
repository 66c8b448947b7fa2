"""Who is at the desk: the staff member behind a request, her shops and what she may do there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol, cast

from django.http import Http404, HttpRequest

from opieka.channels.types import StoredBytes
from opieka.conversations import queries as conversations
from opieka.conversations.types import View
from opieka.desk.presenters.reader import Reader
from opieka.kernel.actor import Actor
from opieka.shops.types import Permission, ShopCard


class Access(Protocol):
    """What the access table has found out about a request."""

    staff_id: int

    @property
    def shops(self) -> Mapping[int, ShopCard]: ...

    def shop_ids(self, permission: Permission = Permission.READ) -> list[int]: ...

    def require(self, permission: Permission, shop_id: int) -> None: ...


class Unread(Protocol):
    """Something that came in and could not be read, and what is known of it."""

    @property
    def id(self) -> int: ...
    @property
    def shop_id(self) -> int: ...
    @property
    def source(self) -> str: ...
    @property
    def owner_id(self) -> int: ...
    @property
    def topic(self) -> str: ...
    @property
    def received_at(self) -> datetime: ...
    @property
    def tries(self) -> int: ...
    @property
    def next_try_at(self) -> datetime | None: ...
    @property
    def error(self) -> str: ...


class Intake(Protocol):
    """What came in and could not be read. The intake stands beside the desk, so it comes with the request."""

    def aside(
        self,
        shop_ids: Collection[int],
        *,
        order: str = ...,
        source: str = ...,
        after_id: int | None = ...,
        limit: int = ...,
    ) -> Sequence[Unread]: ...

    def count_aside(self, shop_ids: Collection[int]) -> int: ...

    def raw(self, payload_id: int, *, shop_ids: Collection[int]) -> tuple[str, StoredBytes]: ...

    def retry(self, payload_id: int, *, shop_ids: Collection[int], by: Actor) -> None: ...

    def retry_all(self, *, shop_ids: Collection[int], by: Actor) -> int: ...


class Request(HttpRequest):
    """A request that has passed the access table."""

    access: Access
    intake: Intake
    desk: Desk


@dataclass
class Desk:
    """One staff member at work. Everything is read once per request, and only when asked."""

    staff_id: int
    name: str
    email: str
    access: Access
    intake: Intake
    _readers: dict[int, Reader] = field(default_factory=dict)

    @cached_property
    def shops(self) -> dict[int, ShopCard]:
        """The shops she may read, by id, in the order of their names."""
        readable = set(self.shop_ids)
        return {one: shop for one, shop in self.access.shops.items() if one in readable}

    @cached_property
    def shop_ids(self) -> list[int]:
        """The ids of the shops she may read."""
        return self.access.shop_ids()

    @cached_property
    def counts(self) -> dict[View, int]:
        """How much lies in the lists of the inbox, over all her shops."""
        return conversations.counts(self.shop_ids, staff_id=self.staff_id)

    @property
    def waiting(self) -> int:
        """How many open conversations are hers or nobody's."""
        return self.counts[View.MINE] + self.counts[View.UNASSIGNED]

    @cached_property
    def unread(self) -> int:
        """How much came in and could not be read, where she may mend it."""
        shop_ids = self.ids(Permission.REPAIR)
        return self.intake.count_aside(shop_ids) if shop_ids else 0

    @property
    def by(self) -> Actor:
        return Actor.staff(self.staff_id)

    def may(self, permission: Permission, shop_id: int | None = None) -> bool:
        """Whether she may do that in a shop, or in any."""
        granted = self.access.shop_ids(permission)
        return bool(granted) if shop_id is None else shop_id in granted

    def ids(self, permission: Permission) -> list[int]:
        """The shops in which she may do that."""
        return self.access.shop_ids(permission)

    def shop(self, slug: str, permission: Permission) -> ShopCard:
        """A shop by its name in addresses, when she may do that there; 404 for one she may not see."""
        found = next((shop for shop in self.shops.values() if shop.slug == slug), None)
        if found is None:
            raise Http404
        self.access.require(permission, found.id)
        return found

    def reader(self, shop_id: int | None = None) -> Reader:
        """How moments and money look to her: in a shop's zone, or in that of her first one."""
        shop = self.shops.get(shop_id or 0) or next(iter(self.shops.values()), None)
        known = shop.id if shop else 0
        if known not in self._readers:
            self._readers[known] = Reader.of(shop.timezone if shop else "UTC")
        return self._readers[known]


def at_desk(request: HttpRequest) -> Desk:
    """The desk of a request that has passed the access table."""
    asked = cast(Request, request)
    if not hasattr(asked, "desk"):
        person: Any = request.user
        asked.desk = Desk(asked.access.staff_id, person.name, person.email, asked.access, asked.intake)
    return asked.desk
