"""How every page of the portal is shown: its language, its headers, and refusals in words, at one place.

No cookie but the language is set, and no session is looked at: who has the key in the address may see the order.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt

from opieka.kernel.errors import DomainError
from opieka.portal.pages import Frame, Link
from opieka.shops.types import ShopCard

View = TypeVar("View", bound=Callable[..., HttpResponse])

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
WITH_MAP = POLICY.replace("img-src 'self'", "script-src 'self'; img-src 'self' {tiles}")
NAMES = {"pl": "Polski", "ru": "Русский", "el": "Ελληνικά", "en": "English"}
A_YEAR = 31_536_000


def page(view: View) -> View:
    """A page of the portal. Forged requests are no matter here: nobody else knows the address, or it opens nothing."""

    @csrf_exempt
    @functools.wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.GET.get("language", "")
        if wanted in NAMES and request.method == "GET":
            return _protected(_remembered(request, wanted))
        with translation.override(_language(request)):
            try:
                answer = view(request, *args, **kwargs)
            except DomainError as error:
                words = {"frame": None, "sentence": str(error), "language": translation.get_language()}
                answer = HttpResponse(render_to_string("portal/refused.html", words), status=error.status)
        return _protected(answer)

    return shown  # type: ignore[return-value]  # the same view, guarded


def render(
    request: HttpRequest, template: str, shop: ShopCard, *, home: str = "", **words: Any
) -> HttpResponse:
    """A page in its shop's look."""
    language = translation.get_language() or "en"
    languages = tuple(
        Link(NAMES[code], "" if code == language else f"{request.path}?language={code}", code)
        for code in sorted(set(shop.languages) & set(NAMES), key=list(NAMES).index)
    )
    look = reverse("portal:look", args=[shop.slug])
    logo = reverse("portal:logo", args=[shop.slug, shop.logo]) if shop.logo else ""
    frame = Frame(language, shop.name, f"{look}?{shop.accent.lstrip('#')}", languages, home, logo)
    status = words.pop("status", 200)
    return HttpResponse(render_to_string(template, {"frame": frame, **words}), status=status)


def policy(*, tiles: str) -> str:
    """What a page with a map may load: its script, and pictures of that one server."""
    return WITH_MAP.format(tiles=tiles)


def _language(request: HttpRequest) -> str:
    """The one she chose, or else the first her browser asks for that we speak."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in NAMES:
        return chosen
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            found = get_supported_language_variant(code)
        except LookupError:
            continue
        if found in NAMES:
            return found
    return "en"


def _remembered(request: HttpRequest, language: str) -> HttpResponse:
    answer = HttpResponseRedirect(request.path)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=A_YEAR,
        path="/",
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return answer


def _protected(answer: HttpResponse) -> HttpResponse:
    answer.headers.setdefault("Content-Security-Policy", POLICY)
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers.setdefault("Cache-Control", "private, no-store")
    return answer
