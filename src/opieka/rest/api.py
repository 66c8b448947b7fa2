"""`/api/v1`: all resources together, their description, and what answers everything else."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, re_path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from opieka.rest import problems
from opieka.rest.operations import NAMESPACE, OPERATIONS, router
from opieka.rest.resources import RESOURCES
from opieka.shops.types import Permission

SCOPES: Mapping[str, Permission] = {operation.name: operation.scope for operation in OPERATIONS.values()}
"""What each operation needs, by its name."""

_DESCRIPTION = """What the desk does, for programs. Authorize with a token of one shop
(`Authorization: Bearer opk_...`); `docs/api.md` explains paging, repetition, errors and limits."""
_TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token of one shop. The scopes an operation needs stand beside it.",
}


class _Parser(Parser):
    """JSON, strictly."""

    def parse_body(self, request: HttpRequest) -> Any:
        return msgspec.json.decode(request.body)


class _Renderer(BaseRenderer):
    """JSON, with moments in UTC as RFC 3339 writes them."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return msgspec.json.encode(data)


class _Api(NinjaAPI):
    """Ninja's API with the parts its description leaves out."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        problem = problems.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schema["components"]["schemas"] |= problem.pop("$defs") | {"Problem": problem}
        schema["components"]["securitySchemes"] = {"Token": _TOKEN}
        return schema


def _made() -> NinjaAPI:
    api = _Api(
        title="Opieka",
        version="1",
        description=_DESCRIPTION,
        docs_url=None,
        urls_namespace=NAMESPACE,
        openapi_extra={"tags": [{"name": resource.tag} for resource in RESOURCES]},
        parser=_Parser(),
        renderer=_Renderer(),
    )
    for kind in (Exception, Http404, HttpError, ValidationError):  # those ninja has handlers of its own for
        api.add_exception_handler(kind, _problem)
    api.add_router("", router)
    return api


def _problem(request: HttpRequest, error: Any) -> HttpResponse:
    return problems.of(error)


def _shell(view: Any) -> Callable[..., HttpResponseBase]:
    """What ninja answers in its own words leaves as a problem too."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **path: Any) -> HttpResponseBase:
        try:
            response: HttpResponseBase = view(request, *args, **path)
        except Http404 as error:
            return problems.of(error)
        if response.status_code != 405:  # HTTP's “method not allowed”
            return response
        refused = problems.problem(405, "method_not_allowed", _("This address does not know that method."))
        refused.headers["Allow"] = response.headers["Allow"]
        return refused

    return answer


def _missing(request: HttpRequest) -> HttpResponse:
    return problems.of(Http404())


def _urls() -> tuple[list[URLPattern], str, str]:
    found, app, namespace = api.urls
    patterns = [pattern for pattern in found if isinstance(pattern, URLPattern)]
    for pattern in patterns:
        pattern.callback = csrf_exempt(_shell(pattern.callback))
    return [*patterns, re_path("", csrf_exempt(_missing), name="missing")], app, namespace


api = _made()
urls = _urls()
