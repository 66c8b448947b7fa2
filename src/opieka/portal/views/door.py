"""Coming in without a link: the order's number with e-mail or phone, then a code."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opieka.kernel.actor import SYSTEM
from opieka.kernel.errors import DomainError, Invalid
from opieka.portal import commands
from opieka.portal.pages import Input, Question
from opieka.portal.views.shown import page, render
from opieka.shops import queries as shops
from opieka.shops.types import ShopCard


@require_http_methods(["GET", "POST"])
@page
def knock(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask which order; whatever is answered, the next page asks for a code."""
    shop = shops.shop_by_slug(slug)
    number, contact = (request.POST.get(name, "").strip() for name in ("number", "contact"))
    if request.method == "GET" or not (number and contact):
        return _number(request, shop, number, contact)
    name = commands.knock(
        shop.id,
        knock=commands.Knock(
            number, contact, request.META.get("REMOTE_ADDR", ""), translation.get_language() or "en"
        ),
        by=SYSTEM,
    )
    return HttpResponseRedirect(reverse("portal:code", args=[slug, name]))


@require_http_methods(["GET", "POST"])
@page
def enter(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Ask for the code; the right one opens the order."""
    shop = shops.shop_by_slug(slug)
    if request.method == "GET":
        return _code(request, shop)
    try:
        key = commands.enter(shop.id, name=name, code=request.POST.get("code", "")[:20], by=SYSTEM)
    except Invalid as error:
        return _code(request, shop, error=error)
    return HttpResponseRedirect(reverse("portal:order", args=[key]))


def _number(request: HttpRequest, shop: ShopCard, number: str, contact: str) -> HttpResponse:
    question = Question(
        title=_("Where is my order?"),
        text=_("We send you a code, so that only you see it."),
        button=_("Send me a code"),
        back="",
        key="",
        inputs=(
            Input("number", _("Order number"), number),
            Input("contact", _("E-mail or phone of the order"), contact, complete="email"),
        ),
        error=_("Fill in both fields.") if request.method == "POST" else "",
    )
    status = 422 if request.method == "POST" else 200
    return render(request, "portal/question.html", shop, page=question, status=status)


def _code(request: HttpRequest, shop: ShopCard, *, error: DomainError | None = None) -> HttpResponse:
    again = reverse("portal:door", args=[shop.slug])
    question = Question(
        title=_("Which code did you get?"),
        text=_(
            "If there is such an order, a code of six digits is on its way to you. It is valid for 15 minutes."
        ),
        button=_("Show my order"),
        back=again,
        key="",
        inputs=(Input("code", _("Code"), kind="numeric", complete="one-time-code"),),
        error=str(error) if error else "",
    )
    status = 422 if error else 200
    return render(request, "portal/question.html", shop, home=again, page=question, status=status)
