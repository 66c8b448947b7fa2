"""Who calls: an API token of one shop, with scopes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.security import HttpBearer

from opieka.kernel.actor import Actor
from opieka.kernel.errors import Forbidden
from opieka.rest import commands
from opieka.rest.problems import TooManyRequests
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
    left: int

    @property
    def actor(self) -> Actor:
        """As who it acts."""
        return Actor.integration(self.token_id)


class Token(HttpBearer):
    """`Authorization: Bearer opk_...`; `scope` is what the operation needs."""

    def __init__(self, scope: Permission) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        found = shops.token(token)
        if found is None:
            return None
        left = commands.count_request(found.pk)
        if left < 0:
            raise TooManyRequests
        caller = Caller(found.pk, found.shop_id, frozenset(map(Permission, found.scopes)), left)
        if self.scope not in caller.scopes:
            raise ScopeMissing(scope=self.scope)
        return caller


def caller(request: HttpRequest) -> Caller:
    """The caller of a request that has passed `Token`."""
    found: Any = request.auth  # type: ignore[attr-defined]  # set by ninja
    if not isinstance(found, Caller):
        raise Forbidden
    return found
