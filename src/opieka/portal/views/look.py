"""A shop's colours."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from opieka.portal.presenters.colours import readable
from opieka.portal.views.shown import page
from opieka.shops import queries as shops


@require_GET
@page
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """The accent as a style sheet of its own: pages need no styles inside."""
    light, dark = readable(shops.shop_by_slug(slug).accent)
    css = f":root{{--accent:light-dark({light},{dark});--accent-fill:{light}}}"
    answer = HttpResponse(css, content_type="text/css; charset=utf-8")
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer
