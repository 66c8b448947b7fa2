"""Who calls: an API token of one shop, with scopes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.errors import AuthenticationError

from opieka.channels.types import StoredBytes
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Forbidden
from opieka.shops import queries as shops
from opieka.shops.types import Permission


class ScopeMissing(Forbidden):
    code = "scope_missing"
    sentence = _("This token lacks the scope “%(scope)s”. Issue one that has it.")


@dataclass(frozen=True)
class Caller:
    """The token behind a request."""

    token_id: int
    shop_id: int
    scopes: frozenset[Permission]

    @property
    def actor(self) -> Actor:
        """As who it acts."""
        return Actor.integration(self.token_id)

    def require(self, scope: Permission) -> None:
        """ScopeMissing unless the token has that scope."""
        if scope not in self.scopes:
            raise ScopeMissing(scope=scope)


class Kept(Protocol):
    """Something that came in and could not be read."""

    @property
    def id(self) -> int: ...


class Intake(Protocol):
    """What came in and could not be read. The intake stands beside the API, so it comes with the request."""

    def aside(
        self, shop_ids: Collection[int], *, source: str = ..., after_id: int | None = ..., limit: int = ...
    ) -> Sequence[Kept]: ...

    def raw(self, payload_id: int, *, shop_ids: Collection[int]) -> tuple[str, StoredBytes]: ...

    def retry(self, payload_id: int, *, shop_ids: Collection[int], by: Actor) -> None: ...

    def retry_all(self, *, shop_ids: Collection[int], by: Actor) -> int: ...


class Request(HttpRequest):
    """A request that has shown a valid token; `key` names what it does, the same when it is repeated."""

    caller: Caller
    key: str
    intake: Intake


def caller(request: HttpRequest) -> Caller:
    """The token a request presents as `Authorization: Bearer opk_...`; AuthenticationError."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    found = shops.token(token.strip()) if scheme.lower() == "bearer" else None
    if found is None:
        raise AuthenticationError
    return Caller(found.pk, found.shop_id, frozenset(map(Permission, found.scopes)))
