"""A shop's colours and its logo."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from opieka.channels import queries as channels
from opieka.kernel.colours import readable
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


@require_GET
@page
def logo(request: HttpRequest, slug: str, sha256: str) -> HttpResponse:
    """The picture a shop has put on its pages; under its hash it never changes."""
    stored = channels.logo(shops.shop_by_slug(slug).id, sha256)
    answer = HttpResponse(stored.data, content_type=stored.content_type)
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
