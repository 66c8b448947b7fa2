"""What all operations have in common: who may call them, how they are repeated, what they are told apart by."""

from __future__ import annotations

import functools
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Router
from ninja.decorators import decorate_view

from opieka.rest import auth, commands, problems
from opieka.rest.auth import Caller, Request
from opieka.rest.commands import Budget, Given, Key
from opieka.shops.types import Permission

NAMESPACE = "api"
MOST_JSON = 5_000_000
OVERHEAD = 65_536
"""What multipart puts around a file."""
V = TypeVar("V", bound=Callable[..., Any])
Run = Callable[..., HttpResponseBase]

_KEY = re.compile(r"[!-~]{1,200}")
_KEY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Makes a repetition of this request safe: it gets the first one's answer.",
    "schema": {"type": "string", "pattern": f"^{_KEY.pattern}$"},
}
_PROBLEMS = (401, 403, 404, 422, 429, 500)
_PROBLEMS_OF_WRITES = (400, 409, 413, 415)


@dataclass(frozen=True)
class Operation:
    """One operation. `keyed`: done in a transaction, and remembered under an `Idempotency-Key`. `files`: its
    body is a file."""

    name: str
    method: str
    path: str
    scope: Permission
    keyed: bool
    files: bool
    summary: str


OPERATIONS: dict[str, Operation] = {}
router = Router()
"""One for all resources: an address has all its methods in one place."""


@dataclass(frozen=True)
class Resource:
    """The operations on one kind of thing."""

    tag: str

    def get(self, path: str, scope: Permission, answer: Any, **options: Any) -> Callable[[V], V]:
        """An operation that reads."""
        return self._operation("get", path, scope, {200: answer}, **options)

    def create(self, path: str, scope: Permission, answer: Any, **options: Any) -> Callable[[V], V]:
        """An operation that makes something: 201, with its address in `Location`; `also` other answers."""
        return self._operation("post", path, scope, {201: answer} | options.pop("also", {}), **options)

    def post(self, path: str, scope: Permission, answer: Any = None, **options: Any) -> Callable[[V], V]:
        """An operation that does something: 200 with an answer, or 204."""
        return self._operation("post", path, scope, {200: answer} if answer else {204: None}, **options)

    def put(self, path: str, scope: Permission, answer: Any, **options: Any) -> Callable[[V], V]:
        """An operation that replaces something."""
        return self._operation("put", path, scope, {200: answer}, **options)

    def patch(self, path: str, scope: Permission, answer: Any, **options: Any) -> Callable[[V], V]:
        """An operation that changes the fields it names."""
        return self._operation("patch", path, scope, {200: answer}, **options)

    def delete(self, path: str, scope: Permission, **options: Any) -> Callable[[V], V]:
        """An operation that ends something."""
        return self._operation("delete", path, scope, {204: None}, **options)

    def _operation(
        self, method: str, path: str, scope: Permission, answers: Mapping[int, Any], **options: Any
    ) -> Callable[[V], V]:
        def register(view: V) -> V:
            name = view.__name__
            if name in OPERATIONS:
                raise TypeError(f"two operations are called {name}")
            operation = Operation(
                name=name,
                method=method,
                path=path,
                scope=scope,
                keyed=method != "get" and options.pop("keyed", True),
                files=options.pop("files", False),
                summary=" ".join((view.__doc__ or name).split()),
            )
            OPERATIONS[name] = operation
            declare = getattr(router, method)(
                path,
                response=dict(answers),
                operation_id=name,
                url_name=name,
                tags=[self.tag],
                summary=operation.summary,
                openapi_extra=_described(operation, options.pop("openapi", {})),
                **options,
            )
            declare(decorate_view(functools.partial(_guarded, operation))(view))
            return view

        return register


def address(name: str, **ids: object) -> str:
    """Where an operation is found: for the header `Location`."""
    return reverse(f"{NAMESPACE}:{name}", kwargs=ids)


def _described(operation: Operation, more: Mapping[str, Any]) -> dict[str, Any]:
    """What the description says of an operation beyond its parameters and answers."""
    problem = {"$ref": "#/components/schemas/Problem"}
    answers = {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {problems.CONTENT_TYPE: {"schema": problem}},
        }
        for status in _PROBLEMS + (_PROBLEMS_OF_WRITES if operation.method != "get" else ())
    }
    extra: dict[str, Any] = {"security": [{"Token": [operation.scope.value]}], "responses": answers}
    if operation.keyed:
        extra["parameters"] = [_KEY_PARAMETER]
    answers.update(more.get("responses", {}))
    return {**more, **extra}


def _guarded(operation: Operation, run: Run) -> Run:
    """The whole way of a request: its token, its budget, its form, then its work."""
    asked = _query_names(run)

    @functools.wraps(run)
    def answer(request: HttpRequest, **path: Any) -> HttpResponseBase:
        try:
            caller = auth.caller(request)
            budget = commands.count_request(caller.token_id)
        except Exception as error:  # noqa: BLE001  # every error leaves as a problem
            return problems.of(error)
        try:
            _admit(operation, request, caller, budget, asked)
            done = _done(operation, request, caller, lambda: run(request, **path))
        except Exception as error:  # noqa: BLE001  # as above
            done = problems.of(error)
        done.headers["RateLimit-Limit"] = str(budget.limit)
        done.headers["RateLimit-Remaining"] = str(max(budget.left, 0))
        done.headers["RateLimit-Reset"] = str(budget.reset)
        done.headers["Cache-Control"] = "no-store"
        if budget.left < 0:
            done.headers["Retry-After"] = str(budget.reset)
        return done

    return answer


def _query_names(run: Run) -> frozenset[str]:
    """The query parameters that ninja's operation reads."""
    models = run.__self__.models  # type: ignore[attr-defined]  # `run` is a method of ninja's Operation
    return frozenset(
        name
        for model in models
        if model.__ninja_param_source__ == "query"
        for name in model.__ninja_flatten_map__
    )


def _admit(
    operation: Operation, request: HttpRequest, caller: Caller, budget: Budget, asked: frozenset[str]
) -> None:
    """Refuse what need not be read: too many requests, no right to ask, a form that cannot be meant."""
    if budget.left < 0:
        raise problems.Refusal(
            429, "too_many_requests", _("Too many requests in this minute. Wait a little.")
        )
    caller.require(operation.scope)
    for name in request.GET:
        if name not in asked or len(request.GET.getlist(name)) > 1:
            detail = _("The address has a parameter “%(name)s” that is unknown or stands there twice.")
            raise problems.Refusal(422, "unknown_parameter", detail % {"name": name})
    limit = settings.OPIEKA.max_mail_bytes + OVERHEAD if operation.files else MOST_JSON
    if int(request.META.get("CONTENT_LENGTH") or 0) > limit:
        detail = _("The body is too large. The limit is %(limit)s MB.") % {"limit": limit // 1_000_000}
        raise problems.Refusal(413, "body_too_large", detail)
    if request.method in {"POST", "PUT", "PATCH"} and not operation.files:
        _is_json(request)


def _is_json(request: HttpRequest) -> None:
    if request.body and request.content_type != "application/json":
        detail = _("The body has to be JSON: Content-Type: application/json")
        raise problems.Refusal(415, "unsupported_media_type", detail)


def _done(
    operation: Operation, request: HttpRequest, caller: Caller, run: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    ready: Any = request
    told = request.headers.get("Idempotency-Key")
    ready.caller = caller
    ready.key = f"api:{caller.token_id}:{told or uuid.uuid4()}"
    if not operation.keyed:
        return run()
    key = None
    if told is not None:
        if not _KEY.fullmatch(told):
            detail = _("An Idempotency-Key has 1 to 200 visible ASCII characters.")
            raise problems.Refusal(400, "bad_idempotency_key", detail)
        asked = ((request.method or "").encode(), request.get_full_path().encode(), request.body)
        key = Key(caller.token_id, told, asked)
    return _response(commands.perform(lambda: _given(run()), key=key))


def _given(response: HttpResponseBase) -> Given:
    body = response.content if isinstance(response, HttpResponse) else b""
    location = response.headers.get("Location", "")
    return Given(response.status_code, body, response.headers["Content-Type"], location)


def _response(given: Given) -> HttpResponse:
    response = HttpResponse(given.body, status=given.status, content_type=given.content_type)
    if given.location:
        response.headers["Location"] = given.location
    if given.repeated:
        response.headers["Idempotent-Replayed"] = "true"
    return response


__all__ = ["OPERATIONS", "Operation", "Request", "Resource", "address"]
