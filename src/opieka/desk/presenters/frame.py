"""What surrounds every screen."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from opieka.desk.pages.frame import Frame, NavItem, Shortcut
from opieka.desk.pages.parts import Act, Choice, Toast
from opieka.desk.presenters import people
from opieka.desk.presenters.reader import own_name
from opieka.desk.seat import Desk
from opieka.shops.types import Permission
from opieka.timeline import queries as timeline

THEMES = {"light", "dark"}


def frame(request: HttpRequest, desk: Desk, place: str, *, count: bool = True) -> Frame:
    """The frame for a staff member; `place` is the item of the rail she is at.

    Without `count` the rail's numbers come with the list, which is fetched next.
    """
    waiting = desk.waiting if count else 0
    pulse = timeline.pulse(desk.ids(Permission.REPAIR))
    return Frame(
        language=_language(),
        direction="ltr",
        theme=_theme(request),
        staff=people.staff(desk.name),
        nav=places(
            desk,
            place,
            failures=pulse.failures,
            unread=desk.unread if count else 0,
            waiting=waiting,
        ),
        live="/live?" + urlencode({"since": str(pulse.place)}),
        palette=reverse("desk:palette"),
        profile=reverse("desk:me"),
        logout=reverse("account_logout"),
        languages=languages(),
        set_language=reverse("desk:language"),
        shortcuts=_shortcuts(),
        toasts=_toasts(request),
    )


def plain(request: HttpRequest) -> Frame:
    """The frame where nobody is signed in yet, or nothing but a few words is to be shown."""
    return Frame(
        language=_language(),
        direction="ltr",
        theme=_theme(request),
        staff=None,
        nav=(),
        live="",
        palette="",
        profile="",
        logout="",
        languages=languages(),
        set_language=reverse("desk:language"),
        toasts=_toasts(request) if hasattr(request, "_messages") else (),
    )


def languages() -> tuple[Choice, ...]:
    """The languages of the interface, each by its own name."""
    return tuple(Choice(code, own_name(code), code == _language()) for code, _name in settings.LANGUAGES)


def _language() -> str:
    return (get_language() or "en").split("-")[0]


def _theme(request: HttpRequest) -> str:
    theme = request.COOKIES.get("theme", "")
    return theme if theme in THEMES else ""


def places(
    desk: Desk, place: str, *, failures: int = 0, unread: int = 0, waiting: int = 0
) -> tuple[NavItem, ...]:
    """Where her role lets her go; `place` is where she is. Of what was set aside it leads to where there is some."""
    items = [
        NavItem(_("Inbox"), reverse("desk:inbox"), "inbox", "g i", place == "inbox", waiting),
        NavItem(_("Customers"), reverse("desk:customers"), "users", "g c", place == "customers"),
        NavItem(_("Parcels"), reverse("desk:parcels"), "truck-delivery", "g p", place == "parcels"),
        NavItem(_("Cases"), reverse("desk:cases"), "receipt", "g r", place == "cases"),
        NavItem(_("Care"), reverse("desk:plans"), "star", "g a", place == "care"),
    ]
    if desk.may(Permission.REPAIR):
        to = reverse("desk:unread" if unread and not failures else "desk:failures")
        here, count = place == "failures", failures + unread
        items.append(NavItem(_("Set aside"), to, "alert-triangle", "g f", here, count, alarming=True))
    if desk.may(Permission.SETTINGS) or desk.may(Permission.STAFF):
        here = place == "settings"
        items.append(NavItem(_("Settings"), reverse("desk:settings"), "settings", "g s", here))
    return tuple(items)


def _shortcuts() -> tuple[Shortcut, ...]:
    return (
        Shortcut(("j", "k"), _("Next, previous")),
        Shortcut(("o",), _("Open")),
        Shortcut(("r",), _("Reply")),
        Shortcut(("n",), _("Note")),
        Shortcut(("m",), _("Saved answers")),
        Shortcut(("a",), _("Assign")),
        Shortcut(("e",), _("Resolve or reopen")),
        Shortcut(("s",), _("Snooze")),
        Shortcut(("/",), _("Search")),
        Shortcut(("g", "i"), _("Inbox")),
        Shortcut(("g", "c"), _("Customers")),
        Shortcut(("g", "p"), _("Parcels")),
        Shortcut(("g", "r"), _("Cases")),
        Shortcut(("g", "a"), _("Care")),
        Shortcut(("Ctrl", "K"), _("Find anything")),
        Shortcut(("Ctrl", "Enter"), _("Send")),
        Shortcut(("?",), _("This sheet")),
    )


def _toasts(request: HttpRequest) -> tuple[Toast, ...]:
    return tuple(
        Toast(str(told), Act(_("Undo"), told.extra_tags) if told.extra_tags else None)
        for told in messages.get_messages(request)
        if str(told).strip()
    )
