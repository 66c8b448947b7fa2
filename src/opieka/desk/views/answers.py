"""How every view answers: with a page, with the piece that changed, or by leading on."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from opieka.desk.presenters import frame as frames
from opieka.desk.seat import at_desk
from opieka.kernel.errors import DomainError

T = TypeVar("T")


def wants_piece(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page that is on screen."""
    asked = request.headers.get("HX-Request") == "true"
    return asked and request.headers.get("HX-History-Restore-Request") != "true"


def page(
    request: HttpRequest,
    template: str,
    shown: object,
    *,
    place: str = "",
    status: int = 200,
    count: bool = True,
) -> HttpResponse:
    """A whole screen; `place` is the item of the rail it belongs to, which `count` gives its number."""
    frame = frames.frame(request, at_desk(request), place, count=count)
    return piece(request, template, status=status, frame=frame, page=shown)


def piece(request: HttpRequest, template: str, *, status: int = 200, **context: object) -> HttpResponse:
    """A part of a screen."""
    answer = HttpResponse(render_to_string(template, context, request, using="jinja2"), status=status)
    # Staff see customers' words here: nothing of it stays in a shared or a browser's cache.
    answer["Cache-Control"] = "no-store"
    answer["Vary"] = "HX-Request, Cookie, Accept-Language"
    return answer


def say(request: HttpRequest, text: str, *, undo: str = "") -> None:
    """Tell on the next page what has been done and how to undo it (an address to post to)."""
    messages.success(request, text, extra_tags=undo)


def with_toast(answer: HttpResponse, text: str, *, undo: str = "") -> HttpResponse:
    """Tell what has been done beside a piece."""
    answer["HX-Trigger"] = json.dumps({"toast": {"text": text} | ({"undo": undo} if undo else {})})
    return answer


def done(
    request: HttpRequest,
    text: str,
    *,
    to: str,
    undo: str = "",
    shown: Callable[[], HttpResponse] | None = None,
) -> HttpResponse:
    """After a command: to htmx the piece that changed (or nothing), to a form the way on; both are told."""
    if wants_piece(request):
        return with_toast(shown() if shown else HttpResponse(status=204), text, undo=undo)
    say(request, text, undo=undo)
    return HttpResponseRedirect(to)


def attempt(work: Callable[[], T]) -> tuple[T | None, DomainError | None]:
    """For forms that show a refusal in their place: what came of a command, or why nothing did."""
    try:
        return work(), None
    except DomainError as error:
        return None, error


def came_from(request: HttpRequest, otherwise: str) -> str:
    """The page a form was sent from, if it is one of ours."""
    address = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if address and ours else otherwise
