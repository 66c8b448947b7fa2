"""Messages: answering, writing first, taking back, sending again, and what one was like as it came."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from opieka.channels import commands as channels
from opieka.channels import queries as stored
from opieka.channels.types import MessageFile
from opieka.conversations import commands, queries
from opieka.conversations.types import Draft as Answer
from opieka.conversations.types import Opening, Original
from opieka.kernel.errors import Conflict, NotFound
from opieka.rest.fields import PathId
from opieka.rest.operations import Request, Resource, address
from opieka.rest.resources.files import DOWNLOAD, as_bytes
from opieka.rest.schemas.conversations import Draft, Message, NewConversation, NewReply, Writing
from opieka.rest.schemas.messages import MessageHtml, MessageInConversation
from opieka.shops.types import Permission

messages = Resource("messages")


@messages.create("/conversations", Permission.ANSWER, MessageInConversation)
def start_conversation(
    request: Request, response: HttpResponse, body: NewConversation
) -> MessageInConversation:
    """Write to a customer first. It can be taken back while its delivery is held."""
    caller = request.caller
    opening = Opening(
        shop_id=caller.shop_id,
        account_id=body.mailbox_id,
        to=body.to.party(),
        subject=body.subject,
        language=body.language,
    )
    made = commands.start(opening, draft=_draft(request, body), key=request.key, by=caller.actor)
    return _made(request, response, made)


@messages.create("/conversations/{conversation_id}/messages", Permission.ANSWER, MessageInConversation)
def reply(
    request: Request, response: HttpResponse, conversation_id: PathId, body: NewReply
) -> MessageInConversation:
    """Answer. It can be taken back while its delivery is held."""
    caller = request.caller
    told = {
        "to": tuple(party.party() for party in body.to),
        "channel": body.channel,
        "seen_message_id": body.seen_message_id,
        "anyway": body.anyway,
    }
    made = commands.reply(
        conversation_id,
        draft=_draft(request, body, **told),
        key=request.key,
        shop_ids=[caller.shop_id],
        by=caller.actor,
    )
    return _made(request, response, made)


@messages.get("/messages/{message_id}", Permission.READ, MessageInConversation)
def get_message(request: Request, message_id: PathId) -> MessageInConversation:
    """One message, and how far its delivery has come."""
    found = _original(request, message_id)
    return MessageInConversation(conversation_id=found.conversation_id, message=Message.make(found.item))


@messages.get("/messages/{message_id}/html", Permission.READ, MessageHtml)
def get_message_html(request: Request, message_id: PathId) -> MessageHtml:
    """A message's HTML made safe to show; 404 when it has none."""
    found = _original(request, message_id)
    if found.html is None:
        raise NotFound
    return MessageHtml.make(found.html)


@messages.get("/messages/{message_id}/source", Permission.READ, None, openapi=DOWNLOAD)
def get_message_source(request: Request, message_id: PathId) -> HttpResponse:
    """A message's raw bytes as they came; 404 when it has none."""
    found = _original(request, message_id)
    if not found.raw_sha256:
        raise NotFound
    return as_bytes(stored.file(found.raw_sha256, shop_ids=[request.caller.shop_id]))


@messages.post("/messages/{message_id}/undo", Permission.ANSWER, Draft)
def undo_message(request: Request, message_id: PathId) -> Draft:
    """Take an answer back before it leaves, to be written on."""
    caller = request.caller
    return Draft.make(commands.undo_reply(message_id, shop_ids=[caller.shop_id], by=caller.actor))


@messages.post("/messages/{message_id}/retry", Permission.ANSWER, MessageInConversation)
def retry_message(request: Request, message_id: PathId) -> MessageInConversation:
    """Send an answer that failed once more: the same bytes under the same Message-ID."""
    caller = request.caller
    delivery = _original(request, message_id).item.delivery
    if delivery is None:
        raise Conflict
    channels.retry(delivery.dispatch_id, shop_id=caller.shop_id, by=caller.actor)
    return get_message(request, message_id)


def _original(request: Request, message_id: int) -> Original:
    return queries.original(message_id, shop_ids=[request.caller.shop_id])


def _made(request: Request, response: HttpResponse, message_id: int) -> MessageInConversation:
    response.headers["Location"] = address("get_message", message_id=message_id)
    return get_message(request, message_id)


def _draft(request: Request, body: Writing, **told: Any) -> Answer:
    """What is written, with its files: NotFound for one the shop does not have."""
    known = stored.files({file.sha256 for file in body.files}, shop_ids=[request.caller.shop_id])
    files = []
    for file in body.files:
        if file.sha256 not in known:
            raise NotFound
        bytes_ = known[file.sha256]
        files.append(MessageFile(file.sha256, file.filename, bytes_.content_type, bytes_.size))
    cc = tuple(party.party() for party in body.cc)
    return Answer(text=body.text, cc=cc, files=tuple(files), resolve=body.resolve, **told)
