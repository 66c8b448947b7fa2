"""Choosing: whom a conversation is with, and with which other one it is one."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from opieka.conversations import commands, queries
from opieka.conversations.types import Filters, Gist, Row, View
from opieka.customers import queries as customers
from opieka.desk.pages.choose import ChoosePage, Option
from opieka.desk.pages.parts import Act, Empty, Link
from opieka.desk.presenters import beside, people, words
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers
from opieka.shops.types import Permission

_FOUND = 20


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Give a conversation to the customer it is really with."""
    desk = at_desk(request)
    thread = _thread(desk, conversation_id)
    if request.method == "POST":
        customer_id = _number(request, "customer")
        commands.change_customer(thread.id, customer_id=customer_id, shop_ids=[thread.shop_id], by=desk.by)
        return _back(request, thread, _("The conversation belongs to this customer now."))
    query = request.GET.get("q", "").strip()
    found = customers.find(query, shop_ids=[thread.shop_id], limit=_FOUND) if query else []
    options = tuple(
        Option(
            person=people.customer(card),
            href=reverse("desk:customer", args=[card.id]),
            text=", ".join(point.display for point in card.points[:2]),
            act=Act(_("It is hers"), request.path, fields=(("customer", str(card.id)),)),
        )
        for card in found
        if thread.customer_id not in card.lineage
    )
    return _page(request, thread, _("Whose conversation is it?"), query, options)


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Make two conversations one: first those of the same customer are offered."""
    desk = at_desk(request)
    thread = _thread(desk, conversation_id)
    if request.method == "POST":
        made = commands.join(
            thread.id, other_id=_number(request, "other"), shop_ids=[thread.shop_id], by=desk.by
        )
        return _back(request, thread, _("The two are one now."), undo=reverse("desk:part", args=[made]))
    query = request.GET.get("q", "").strip()
    rows = (
        [hit.row for hit in queries.search(query, shop_ids=[thread.shop_id], limit=_FOUND).found]
        if query
        else _of_same_customer(thread)
    )
    reader = desk.reader(thread.shop_id)
    options = tuple(
        Option(
            person=people.named(row.customer),
            href=reverse("desk:conversation", args=[row.id]),
            text=beside.talk(row, reader).title,
            act=Act(_("Join"), request.path, "arrows-join", (("other", str(row.id)),)),
            chip=words.state(row.state),
            when=reader.when(row.last_message_at),
        )
        for row in rows
        if row.id != thread.id
    )
    return _page(request, thread, _("With which conversation is it one?"), query, options)


@require_POST
def part(request: HttpRequest, join_id: int) -> HttpResponse:
    """Undo a join."""
    desk = at_desk(request)
    commands.part(join_id, shop_ids=desk.ids(Permission.ANSWER), by=desk.by)
    to = answers.came_from(request, reverse("desk:inbox"))
    return answers.done(request, _("They are two again."), to=to)


def _thread(desk: Desk, conversation_id: int) -> Gist:
    return queries.gist(conversation_id, shop_ids=desk.ids(Permission.ANSWER))


def _of_same_customer(thread: Gist) -> list[Row]:
    if thread.customer_id is None:
        return []
    hers = Filters(customer_id=thread.customer_id)
    return list(queries.inbox([thread.shop_id], view=View.ALL, filters=hers, limit=_FOUND).rows)


def _number(request: HttpRequest, name: str) -> int:
    said = request.POST.get(name, "")
    if not said.isdigit():
        raise Http404
    return int(said)


def _back(request: HttpRequest, thread: Gist, told: str, *, undo: str = "") -> HttpResponse:
    answers.say(request, told, undo=undo)
    return redirect("desk:conversation", thread.id)


def _page(
    request: HttpRequest, thread: Gist, title: str, query: str, options: tuple[Option, ...]
) -> HttpResponse:
    about = thread.subject or _("Without a subject")
    page = ChoosePage(
        title=title,
        back=Link(about, reverse("desk:conversation", args=[thread.id])),
        query=query,
        options=options,
        empty=Empty(_("Nobody and nothing found"), _("Search by name, address, phone or words."), "search"),
    )
    return answers.page(request, "desk/choose.html", page, place="inbox")
