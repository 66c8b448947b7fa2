"""What went wrong, in words: the pages for 400, 403, 404 and 500, and refusals of commands."""

from __future__ import annotations

import json
import logging

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from opieka.desk.pages.frame import ErrorPage
from opieka.desk.pages.parts import Link
from opieka.desk.presenters import frame as frames
from opieka.desk.views import answers
from opieka.kernel.errors import DomainError

log = logging.getLogger(__name__)


def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A command's sentence: beside what is on screen to htmx, as a page to a form."""
    if answers.wants_piece(request):
        answer = answers.with_toast(HttpResponse(status=error.status), str(error))
        answer["HX-Reswap"] = "none"
        return answer
    titles = {
        403: _("You may not do this"),
        404: _("There is nothing here"),
        409: _("Something came first"),
    }
    title = titles.get(error.status, _("This did not work"))
    back = Link(_("Back"), answers.came_from(request, "/"))
    return _page(request, ErrorPage(error.status, title, str(error), back))


def bad(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400"""
    text = _("The request could not be understood. Nothing was changed.")
    return _page(request, ErrorPage(400, _("This did not work"), text, _home()))


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403"""
    text = _("Your role in this shop does not include it. An owner of the shop can change that.")
    return _page(request, ErrorPage(403, _("You may not do this"), text, _home()))


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its token"""
    text = _("The page was open for too long, or cookies are switched off. Load it anew and send it again.")
    back = Link(_("Load the page anew"), answers.came_from(request, "/"))
    return _page(request, ErrorPage(403, _("This form is out of date"), text, back))


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404"""
    text = _("The address may be mistyped, or what was here belongs to a shop you do not work in.")
    return _page(request, ErrorPage(404, _("There is nothing here"), text, _home()))


def broken(request: HttpRequest) -> HttpResponse:
    """500"""
    text = _(
        "Something is broken on our side. Nothing was changed. Try again; if it stays, tell whoever runs Opieka."
    )
    return _page(request, ErrorPage(500, _("Something went wrong"), text, _home()))


def _home() -> Link:
    return Link(_("To the inbox"), "/")


def _page(request: HttpRequest, shown: ErrorPage) -> HttpResponse:
    if answers.wants_piece(request):
        answer = HttpResponse(status=shown.status)
        answer["HX-Trigger"] = json.dumps({"toast": {"text": f"{shown.title}. {shown.text}"}})
        return answer
    context = {"frame": frames.plain(request), "page": shown}
    return HttpResponse(
        render_to_string("desk/error.html", context, request, using="jinja2"), status=shown.status
    )
