"""The Jinja2 environment of our surfaces."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from jinja2 import Environment, FileSystemLoader, StrictUndefined

SURFACES = ("desk", "portal")


def token(request: HttpRequest) -> dict[str, Any]:
    """The token of a page's forms, made once for all of them."""
    made = get_token(request)
    field = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', made)
    return {"csrf_token": made, "csrf_input": field}


def environment(**options: Any) -> Environment:
    """One template tree per surface, strict about undefined names, translated by Django's catalogues."""
    roots = [str(Path(__file__).parent.parent / surface / "templates") for surface in SURFACES]
    options |= {
        "loader": FileSystemLoader(roots),
        "undefined": StrictUndefined,
        "autoescape": True,
        "extensions": ["jinja2.ext.i18n", "jinja2.ext.do"],
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    made = Environment(**options)  # noqa: S701  # autoescape is on, three lines up
    made.globals.update(static=cache(static), url=reverse, language=translation.get_language)
    made.install_gettext_callables(  # type: ignore[attr-defined]  # added by jinja2.ext.i18n
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    made.policies["ext.i18n.trimmed"] = True
    return made
