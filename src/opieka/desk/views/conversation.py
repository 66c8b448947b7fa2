"""One conversation: read."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from opieka.conversations import commands, queries
from opieka.conversations.types import Gist, Thread
from opieka.customers import queries as customers
from opieka.desk.pages import inbox
from opieka.desk.pages.parts import Empty
from opieka.desk.presenters import beside as shown_beside
from opieka.desk.presenters import talk
from opieka.desk.presenters.story import BRIEFLY
from opieka.desk.presenters.thread import ALSO, Looks, looks_of
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers
from opieka.desk.views.inbox import asked
from opieka.desk.views.purchases import followed
from opieka.goodwill import queries as goodwill
from opieka.orders import queries as orders
from opieka.shops.types import Permission
from opieka.timeline import queries as timeline

_ORDERS, _ENTRIES, _TALKS, _HINT, _OPENED = 20, 8, 6, 60, 3


@require_GET
def show(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """The conversation, alone to htmx, else on the page of the inbox."""
    desk = at_desk(request)
    thread = read(desk, conversation_id)
    wanted = asked(request)
    shown = talk.conversation(thread, desk, back=wanted.address(), opened=_opened(request, desk))
    if answers.wants_piece(request):
        return answers.piece(request, "desk/_conversation.html", conversation=shown)
    return on_page(request, shown)


def on_page(request: HttpRequest, shown: inbox.Conversation, *, status: int = 200) -> HttpResponse:
    """An open conversation on the page of the inbox."""
    page = inbox.InboxPage(shown.title, None, shown, Empty("", ""), asked(request).address())
    return answers.page(request, "desk/inbox.html", page, place="inbox", status=status, count=False)


@require_GET
def items(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """The thread alone; with `before`, what came before a message."""
    desk = at_desk(request)
    before = request.GET.get("before", "")
    if not before:
        shown = talk.items(read(desk, conversation_id), desk, opened=_opened(request, desk))
        return answers.piece(request, "desk/_items.html", conversation=shown)
    if not before.isdigit():
        raise Http404
    thread = queries.thread(conversation_id, shop_ids=desk.shop_ids, before=int(before), also=ALSO)
    if answers.wants_piece(request):
        return answers.piece(request, "desk/_earlier.html", conversation=talk.items(thread, desk))
    back = reverse("desk:conversation", args=[thread.id])
    return on_page(request, talk.conversation(thread, desk, back=back))


@require_GET
def head(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """What stands above the thread."""
    return head_of(request, conversation_id)


def head_of(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """The same, after a command."""
    desk = at_desk(request)
    thread = queries.thread(conversation_id, shop_ids=desk.shop_ids, limit=0)
    return answers.piece(request, "desk/_head.html", conversation=talk.head(thread, desk))


@require_GET
def beside(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """The customer with her orders."""
    desk = at_desk(request)
    gist = queries.gist(conversation_id, shop_ids=desk.shop_ids)
    return answers.piece(request, "desk/_beside.html", beside=_beside(gist, desk))


@require_GET
def macros(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """The saved answers of its shop."""
    desk = at_desk(request)
    thread = queries.gist(conversation_id, shop_ids=desk.ids(Permission.ANSWER))
    found = tuple(
        inbox.Macro(
            name=one.name,
            hint=next(iter(one.texts.values()))[:_HINT],
            href=reverse("desk:macro", args=[thread.id, one.id]),
        )
        for one in queries.macros([thread.shop_id])
    )
    return answers.piece(request, "desk/_macros.html", macros=found)


@require_GET
def macro(request: HttpRequest, conversation_id: int, macro_id: int) -> HttpResponse:
    """A saved answer, filled in for a conversation, as plain text."""
    desk = at_desk(request)
    filled = queries.macro_preview(
        macro_id,
        conversation_id=conversation_id,
        staff_id=desk.staff_id,
        shop_ids=desk.ids(Permission.ANSWER),
    )
    return HttpResponse(filled.text, content_type="text/plain; charset=utf-8")


def read(desk: Desk, conversation_id: int) -> Thread:
    """A thread, which is read from now on."""
    thread = queries.thread(conversation_id, shop_ids=desk.shop_ids, also=ALSO)
    commands.mark_read(thread.id, message_id=thread.last_message_id, shop_ids=desk.shop_ids, by=desk.by)
    return thread


def _opened(request: HttpRequest, desk: Desk) -> dict[int, Looks]:
    """Which messages are shown as they were sent: a thread fetched again keeps what its reader chose."""
    chosen = [one for one in request.GET.getlist("looks") if one.isdigit()][:_OPENED]
    shown = ((one, queries.original(int(one), shop_ids=desk.shop_ids)) for one in chosen)
    pictures = request.GET.getlist("pictures")
    found = ((original.item.id, looks_of(original, pictures=one in pictures)) for one, original in shown)
    return {message_id: looks for message_id, looks in found if looks}


def _beside(gist: Gist, desk: Desk) -> inbox.Beside:
    refresh = reverse("desk:beside", args=[gist.id])
    if gist.customer_id is None:
        return shown_beside.nobody(refresh)
    shops = [gist.shop_id]
    card = customers.card(gist.customer_id, shop_ids=shops)
    talks = queries.gists(card.lineage, shop_ids=shops, limit=_TALKS)
    about = shown_beside.About(
        card,
        orders=followed(
            orders.of_customers(card.lineage, shop_ids=shops, limit=_ORDERS, brief=True), shop_ids=shops
        ),
        entries=timeline.of_customers(card.lineage, shop_ids=shops, kinds=BRIEFLY, limit=_ENTRIES),
        talks=[one for one in talks if one.id != gist.id],
        suspects=customers.suspected(card.id, shop_ids=shops, known=card.lineage),
        balance=goodwill.balance(card.lineage, shop_ids=shops),
    )
    may_merge = desk.may(Permission.MERGE, gist.shop_id)
    return shown_beside.beside(about, desk.reader(gist.shop_id), refresh=refresh, may_merge=may_merge)
