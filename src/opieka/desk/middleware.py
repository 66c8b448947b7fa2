"""What holds for every request to the desk: the staff member's language, and refusals in words."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from opieka.desk.views import errors
from opieka.kernel.errors import DomainError

Answer = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """The desk speaks the language its staff member has chosen, on whatever machine she signs in."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        return self.get_response(request)


class RefusalMiddleware:
    """A command that refused becomes its sentence, with its status: the one place where that is decided."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        match = request.resolver_match
        if not isinstance(error, DomainError) or match is None or "desk" not in match.namespaces:
            return None
        return errors.refused(request, error)
