"""Errors as `application/problem+json` (RFC 9457), one shape for all."""

from __future__ import annotations

import logging
from functools import singledispatch
from typing import Any

import msgspec
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel, ConfigDict, Field

from opieka.kernel.errors import DomainError

CONTENT_TYPE = "application/problem+json"
log = logging.getLogger(__name__)


class Misfit(BaseModel):
    """One place where a request does not fit its description; `what` is English, for developers."""

    model_config = ConfigDict(extra="forbid")

    where: list[str]
    what: str


class Problem(BaseModel):
    """An error. `code` is stable; `detail` is a sentence in the language of `Accept-Language`."""

    model_config = ConfigDict(extra="forbid")

    type: str
    title: str
    status: int
    code: str
    detail: str
    data: dict[str, str | int | bool | None] = Field(default_factory=dict)
    errors: list[Misfit] = Field(default_factory=list)


class Refusal(Exception):
    """A request that is refused before anybody reads what it says."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.code = status, code


def problem(status: int, code: str, detail: str, **more: Any) -> HttpResponse:
    """One error as an answer; `more` may be `data` and `errors`."""
    title = code.replace("_", " ").capitalize()
    told = Problem(type=f"urn:opieka:{code}", title=title, status=status, code=code, detail=detail, **more)
    body = msgspec.json.encode(told.model_dump(exclude_unset=True))
    return HttpResponse(body, status=status, content_type=CONTENT_TYPE)


@singledispatch
def of(error: Exception) -> HttpResponse:
    """Any error as an answer; what nobody expected is logged, and told without its particulars."""
    log.error("%s while answering a request", type(error).__name__, exc_info=error)
    return problem(500, "internal", _("Something went wrong. Nothing was changed."))


@of.register
def _domain(error: DomainError) -> HttpResponse:
    return problem(error.status, error.code, str(error), data=_plain(error.data))


@of.register
def _validation(error: ValidationError) -> HttpResponse:
    misfits = [Misfit(where=list(map(str, one["loc"])), what=str(one["msg"])) for one in error.errors]
    return problem(422, "invalid_request", _("The request does not fit its description."), errors=misfits)


@of.register
def _unauthenticated(error: AuthenticationError) -> HttpResponse:
    detail = _("Send a valid API token: Authorization: Bearer opk_...")
    answer = problem(401, "unauthenticated", detail)
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


@of.register
def _refusal(error: Refusal) -> HttpResponse:
    return problem(error.status, error.code, str(error))


@of.register
def _unreadable(error: HttpError) -> HttpResponse:
    return problem(error.status_code, "unreadable_body", _("The body is no JSON that can be read."))


@of.register(MultiPartParserError)
@of.register(SuspiciousOperation)
def _malformed(error: Exception) -> HttpResponse:
    return problem(400, "malformed_request", _("The request cannot be read. Check how it is put together."))


@of.register
def _too_big(error: RequestDataTooBig) -> HttpResponse:
    return problem(413, "body_too_large", _("The body is too large."))


@of.register
def _missing(error: Http404) -> HttpResponse:
    return problem(404, "not_found", _("This does not exist, or you may not see it."))


def _plain(data: dict[str, object]) -> dict[str, Any]:
    return {key: _value(value) for key, value in data.items()}


def _value(value: object) -> Any:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return value if isinstance(value, int | bool | None) else str(value)
