"""Cancelling the whole order: one question, one answer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opieka.portal.pages import Question
from opieka.portal.views.opened import Room
from opieka.portal.views.shown import page, render
from opieka.returns import commands


@require_http_methods(["GET", "POST"])
@page
def cancel(request: HttpRequest, key: str) -> HttpResponse:
    """Ask whether she means it, then ask the shop; what comes of it stands on the order's page."""
    room = Room.of(key)
    back = reverse("portal:order", args=[key])
    if request.method == "POST":
        commands.ask_cancellation(room.order_id, shop_ids=[room.shop_id], by=room.by)
        return HttpResponseRedirect(back)
    question = Question(
        title=_("Do you want to cancel the whole order?"),
        text=_("You hear within minutes whether it could still be stopped. What you paid goes back to you."),
        button=_("Cancel the order"),
        back=back,
        key="",
    )
    return render(request, "portal/question.html", room.shop, home=back, page=question)
