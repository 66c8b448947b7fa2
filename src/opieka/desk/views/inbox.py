"""The inbox: its list, and the page a conversation stands on."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from opieka.channels.types import Channel
from opieka.conversations import queries as conversations
from opieka.conversations.types import Filters, Place, View
from opieka.desk.pages import inbox
from opieka.desk.pages.parts import Empty
from opieka.desk.presenters import rows
from opieka.desk.presenters.rows import Asked
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers
from opieka.shops.types import Permission
from opieka.timeline import queries as timeline


@require_GET
def home(_request: HttpRequest) -> HttpResponse:
    """The desk begins at the inbox."""
    return redirect("desk:inbox")


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The list alone, or the page without an open conversation."""
    desk = at_desk(request)
    found = listed(desk, asked(request))
    if answers.wants_piece(request):
        return answers.piece(
            request, "desk/_list.html", list=replace(found, waiting=desk.waiting, aside=_aside(desk))
        )
    nothing = Empty(
        _("No conversation is open"), _("Choose one from the list: j and k move, o opens."), "mail-opened"
    )
    if not desk.shops:
        nothing = Empty(_("No shop yet"), _("An owner must add you to a shop first."), "building-store")
    page = inbox.InboxPage(found.title, found, None, nothing)
    return answers.page(request, "desk/inbox.html", page, place="inbox")


def _aside(desk: Desk) -> int | None:
    """How much was set aside, for the rail of those who may mend it."""
    shop_ids = desk.ids(Permission.REPAIR)
    return timeline.pulse(shop_ids).failures + desk.unread if shop_ids else None


def asked(request: HttpRequest) -> Asked:
    """What the address asks for; 404 when it cannot be understood."""
    said = request.GET
    try:
        return Asked(
            view=View(said.get("view") or View.OPEN),
            shop=said.get("shop", ""),
            query=said.get("q", "").strip(),
            after=Place.parse(said["after"]) if said.get("after") else None,
            filters=Filters(
                channel=Channel(said["channel"]) if said.get("channel") else None,
                language=said.get("language") or None,
                assignee_id=int(said["assignee"]) if said.get("assignee") else None,
            ),
        )
    except ValueError as error:
        raise Http404 from error


def listed(desk: Desk, wanted: Asked, *, open_id: int = 0) -> inbox.RowList:
    """The left pane."""
    shops = [shop.id for shop in desk.shops.values() if wanted.shop in {"", shop.slug}]
    if wanted.query:
        result = conversations.search(wanted.query, shop_ids=shops, staff_id=desk.staff_id)
        return rows.found(result, desk, wanted, open_id=open_id)
    page = conversations.inbox(
        shops, view=wanted.view, staff_id=desk.staff_id, filters=wanted.filters, after=wanted.after
    )
    return rows.listed(page.rows, page.next, desk, wanted, open_id=open_id)
