"""The Jinja2 environment of our surfaces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, FileSystemLoader, StrictUndefined

SURFACES = ("desk",)


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
    made.globals.update(static=static, url=reverse, language=translation.get_language)
    made.install_gettext_callables(  # type: ignore[attr-defined]  # added by jinja2.ext.i18n
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    made.policies["ext.i18n.trimmed"] = True
    return made
