"""Errors as `application/problem+json` (RFC 9457), one shape for all."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from opieka.kernel.errors import DomainError


class TooManyRequests(Exception):
    """The token has used up its minute."""


def problem(status: int, code: str, detail: str, **more: Any) -> HttpResponse:
    """One error: `status`, a stable `code`, and a sentence in the language asked for."""
    body = {"type": f"urn:opieka:{code}", "title": code, "status": status, "code": code, "detail": detail}
    return HttpResponse(
        msgspec.json.encode(body | more), status=status, content_type="application/problem+json"
    )


def register(api: NinjaAPI) -> None:
    """Let every error leave as a problem."""

    @api.exception_handler(DomainError)
    def domain(request: HttpRequest, error: DomainError) -> HttpResponse:
        return problem(error.status, error.code, str(error), data=_plain(error.data))

    @api.exception_handler(ValidationError)
    def validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors = [{"where": list(map(str, one["loc"])), "what": one["msg"]} for one in error.errors]
        return problem(422, "invalid_request", _("The request does not fit its description."), errors=errors)

    @api.exception_handler(AuthenticationError)
    def authentication(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        detail = _("Send a valid API token: Authorization: Bearer opk_...")
        answer = problem(401, "unauthenticated", detail)
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer

    @api.exception_handler(TooManyRequests)
    def throttled(request: HttpRequest, error: TooManyRequests) -> HttpResponse:
        answer = problem(429, "too_many_requests", _("Too many requests in this minute. Wait a little."))
        answer.headers["Retry-After"] = "60"
        return answer

    @api.exception_handler(HttpError)
    def http(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, "http_error", str(error))

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(404, "not_found", _("This does not exist, or you may not see it."))


def _plain(data: dict[str, object]) -> dict[str, Any]:
    return {key: value if isinstance(value, int | bool | None) else str(value) for key, value in data.items()}
