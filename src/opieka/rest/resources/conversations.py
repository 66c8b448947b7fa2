"""The inbox: lists, threads, search, and what is done with a conversation."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Query
from pydantic import Field

from opieka.channels.types import Channel
from opieka.conversations import commands, queries
from opieka.conversations.types import Filters, Place, View
from opieka.customers import queries as customers
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Invalid, NotFound
from opieka.rest import paging
from opieka.rest.fields import CLEAN, MOST, In, Page, Paging, PathId
from opieka.rest.operations import Request, Resource, address
from opieka.rest.schemas.conversations import (
    Conversation,
    ConversationChange,
    ConversationRow,
    Counts,
    Found,
    Made,
    NewJoin,
    NewNote,
    Read,
    SearchPage,
    Snooze,
)
from opieka.shops import queries as shops
from opieka.shops.types import Permission

conversations = Resource("conversations")


class WhoseList(Invalid):
    code = "staff_id_missing"
    sentence = _("The list “mine” is a person's: say whose by staff_id.")


class Listing(Paging):
    """Which list, narrowed by what. `staff_id` is who reads: whose are hers, and what she has not read."""

    view: View = View.OPEN
    staff_id: PathId | None = None
    channel: Channel | None = None
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] | None = None
    assignee_id: PathId | None = None
    customer_id: PathId | None = None


class Reader(In):
    """Who reads."""

    staff_id: PathId | None = None


class Seeking(In):
    """What is searched for, by whom."""

    text: Annotated[str, Field(min_length=1, max_length=200, pattern=CLEAN)]
    staff_id: PathId | None = None
    limit: Annotated[PathId, Field(le=MOST)] = 30


@conversations.get("/conversations", Permission.READ, Page[ConversationRow])
def list_conversations(request: Request, query: Query[Listing]) -> Page[ConversationRow]:
    """A list of the inbox, the latest message first."""
    shop_ids = [request.caller.shop_id]
    if query.view is View.MINE and query.staff_id is None:
        raise WhoseList
    if query.customer_id is not None:
        customers.card(query.customer_id, shop_ids=shop_ids)
    place = paging.decode(query.cursor, tuple[datetime, int])
    found = queries.inbox(
        shop_ids,
        view=query.view,
        staff_id=query.staff_id,
        filters=Filters(query.channel, query.language, query.assignee_id, query.customer_id),
        after=Place(*place) if place else None,
        limit=query.limit,
    )
    more = paging.encode((found.next.at, found.next.id)) if found.next else None
    return Page[ConversationRow](items=[ConversationRow.make(row) for row in found.rows], next=more)


@conversations.get("/conversations/counts", Permission.READ, Counts)
def count_conversations(request: Request, query: Query[Reader]) -> Counts:
    """How many conversations the lists of the day hold."""
    return Counts.of(queries.counts([request.caller.shop_id], staff_id=query.staff_id))


@conversations.get("/conversations/search", Permission.READ, SearchPage)
def search_conversations(request: Request, query: Query[Seeking]) -> SearchPage:
    """Conversations whose messages hold all the words, or whose customer they name, the latest first."""
    shop_ids = [request.caller.shop_id]
    result = queries.search(query.text, shop_ids=shop_ids, staff_id=query.staff_id, limit=query.limit)
    return SearchPage(
        items=[Found.make(found) for found in result.found],
        next=None,
        read_as={word: list(others) for word, others in result.read_as.items()},
    )


@conversations.get("/conversations/{conversation_id}", Permission.READ, Conversation)
def get_conversation(request: Request, conversation_id: PathId, query: Query[Paging]) -> Conversation:
    """A conversation with the latest of what was said, noted and done; `cursor` asks for what was before."""
    place = paging.decode(query.cursor, tuple[int])
    thread = queries.thread(
        conversation_id,
        shop_ids=[request.caller.shop_id],
        before=place[0] if place else None,
        limit=query.limit,
    )
    return Conversation.make(thread, earlier=paging.encode([thread.earlier]) if thread.earlier else None)


@conversations.patch("/conversations/{conversation_id}", Permission.ANSWER, ConversationRow)
def change_conversation(
    request: Request, conversation_id: PathId, body: ConversationChange
) -> ConversationRow:
    """Say whose it is: of the team, of the people."""
    caller, given = request.caller, body.given()
    shop_ids = [caller.shop_id]
    if "assignee_id" in given:
        commands.assign(conversation_id, staff_id=body.assignee_id, shop_ids=shop_ids, by=caller.actor)
    if "customer_id" in given:
        commands.change_customer(
            conversation_id, customer_id=body.customer_id, shop_ids=shop_ids, by=caller.actor
        )
    return _row(request, conversation_id)


@conversations.create("/conversations/{conversation_id}/notes", Permission.ANSWER, Made)
def add_note(request: Request, response: HttpResponse, conversation_id: PathId, body: NewNote) -> Made:
    """Leave a remark for colleagues; no customer ever sees it."""
    caller = request.caller
    made = commands.note(conversation_id, text=body.text, shop_ids=[caller.shop_id], by=caller.actor)
    response.headers["Location"] = address("get_conversation", conversation_id=conversation_id)
    return Made(id=made)


@conversations.post("/conversations/{conversation_id}/resolve", Permission.ANSWER)
def resolve_conversation(request: Request, conversation_id: PathId) -> None:
    """Settle it: nothing is left to do."""
    caller = request.caller
    commands.resolve(conversation_id, shop_ids=[caller.shop_id], by=caller.actor)


@conversations.post("/conversations/{conversation_id}/reopen", Permission.ANSWER)
def reopen_conversation(request: Request, conversation_id: PathId) -> None:
    """Take it up again: when it was settled, put away, or taken for spam."""
    caller = request.caller
    commands.reopen(conversation_id, shop_ids=[caller.shop_id], by=caller.actor)


@conversations.post("/conversations/{conversation_id}/snooze", Permission.ANSWER)
def snooze_conversation(request: Request, conversation_id: PathId, body: Snooze) -> None:
    """Put it away until a time, or until the customer writes."""
    caller = request.caller
    commands.snooze(conversation_id, until=body.until, shop_ids=[caller.shop_id], by=caller.actor)


@conversations.post("/conversations/{conversation_id}/spam", Permission.ANSWER)
def mark_spam(request: Request, conversation_id: PathId) -> None:
    """Put it among the spam, where what its sender writes will follow it."""
    caller = request.caller
    commands.mark_spam(conversation_id, shop_ids=[caller.shop_id], by=caller.actor)


@conversations.post("/conversations/{conversation_id}/read", Permission.ANSWER)
def mark_read(request: Request, conversation_id: PathId, body: Read) -> None:
    """Remember how far a staff member has read; never goes back."""
    shop_id = request.caller.shop_id
    _row(request, conversation_id)
    if not shops.members(shop_id, staff_id=body.staff_id):
        raise NotFound
    reader = Actor.staff(body.staff_id)
    commands.mark_read(conversation_id, message_id=body.message_id, shop_ids=[shop_id], by=reader)


@conversations.create("/conversations/{conversation_id}/joins", Permission.ANSWER, Made)
def join_conversations(
    request: Request, response: HttpResponse, conversation_id: PathId, body: NewJoin
) -> Made:
    """Make two conversations one: the older one goes on. It can be undone."""
    caller = request.caller
    join_id = commands.join(
        conversation_id, other_id=body.other_id, shop_ids=[caller.shop_id], by=caller.actor
    )
    response.headers["Location"] = address("part_conversations", join_id=join_id)
    return Made(id=join_id)


@conversations.delete("/joins/{join_id}", Permission.ANSWER)
def part_conversations(request: Request, join_id: PathId) -> None:
    """Undo a join: what moved goes back, and the two are not joined again by themselves."""
    caller = request.caller
    commands.part(join_id, shop_ids=[caller.shop_id], by=caller.actor)


def _row(request: Request, conversation_id: int) -> ConversationRow:
    found = queries.rows([conversation_id], shop_ids=[request.caller.shop_id])
    if not found:
        raise NotFound
    return ConversationRow.make(found[0])
