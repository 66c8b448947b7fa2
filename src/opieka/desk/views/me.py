"""One's own profile and language."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from opieka.desk.pages.parts import Choice, Field, FieldKind, Form, Section
from opieka.desk.pages.settings import FormPage, SettingsFrame, Tab
from opieka.desk.presenters.frame import languages
from opieka.desk.seat import at_desk
from opieka.desk.views import answers
from opieka.kernel.actor import Actor
from opieka.shops import commands as shops

_YEAR = 365 * 24 * 3600


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Who one is here, and where to change how one signs in."""
    desk = at_desk(request)
    choices = tuple(Choice(one.value, one.label, one.chosen) for one in languages())
    language = Field("language", _("Language of the desk"), FieldKind.SELECT, required=True, choices=choices)
    text = _("You sign in as %(email)s.") % {"email": desk.email}
    page = FormPage(
        SettingsFrame(desk.name, text, _tabs(), ()),
        Form(reverse("desk:language"), (Section(_("Language"), (language,)),), _("Save")),
    )
    return answers.page(request, "desk/settings_form.html", page)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language: for this browser, and for the person when she is signed in."""
    wanted = request.POST.get("language", "")
    if wanted not in dict(settings.LANGUAGES):
        raise Http404
    if request.user.is_authenticated:
        shops.set_language(request.user.pk, language=wanted, by=Actor.staff(request.user.pk))
    translation.activate(wanted)
    answer = redirect(answers.came_from(request, "/"))
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        wanted,
        max_age=_YEAR,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return answer


def _tabs() -> tuple[Tab, ...]:
    return (
        Tab(_("Profile"), reverse("desk:me"), "user", current=True),
        Tab(_("Password"), reverse("account_change_password"), "lock"),
        Tab(_("Two-step sign-in"), reverse("mfa_index"), "device-mobile-message"),
    )
