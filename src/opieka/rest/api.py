"""`/api/v1`: every operation, what scope it needs, and what all of them have in common."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI, Router
from ninja.openapi.docs import DocsBase

from opieka.kernel.errors import Invalid
from opieka.rest import commands, problems
from opieka.rest.auth import Caller, Token, caller
from opieka.shops.types import Permission

LONGEST_KEY = 200
View = Callable[..., HttpResponse]


class BadKey(Invalid):
    code = "bad_idempotency_key"
    sentence = _("An Idempotency-Key has 1 to 200 characters.")


class NoDocs(DocsBase):
    """The description is served as JSON; viewers that load scripts from elsewhere are not."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        return problems.problem(404, "not_found", "See /api/v1/openapi.json")


SCOPES: dict[str, Permission] = {}


def operation(
    router: Router, method: str, path: str, *, scope: Permission, **options: Any
) -> Callable[[View], View]:
    """Register a view under its own name; with the scope it needs, and repeatable by key when it writes."""

    def register(view: View) -> View:
        name = view.__name__
        if name in SCOPES:
            raise TypeError(f"two operations are called {name}")
        SCOPES[name] = scope
        handler = view if method == "get" else _repeatable(view)
        declare = getattr(router, method)
        declare(path, auth=Token(scope), operation_id=name, url_name=name, **options)(handler)
        return view

    return register


def _repeatable(view: View) -> View:
    """With an `Idempotency-Key` the second request gets the first one's answer, and nothing is done twice."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return view(request, *args, **kwargs)
        if not 1 <= len(key) <= LONGEST_KEY:
            raise BadKey
        who = caller(request)
        raw = b"\0".join([(request.method or "").encode(), request.get_full_path().encode(), request.body])

        def work() -> commands.Given:
            done = view(request, *args, **kwargs)
            return commands.Given(done.status_code, done.content)

        given, repeated = commands.once(who.token_id, key=key, request=raw, work=work)
        response = HttpResponse(given.body, status=given.status, content_type="application/json")
        if repeated:
            response.headers["Idempotent-Replayed"] = "true"
        return response

    return answer


__all__ = ["SCOPES", "Caller", "operation"]
