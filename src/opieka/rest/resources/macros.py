"""Saved answers: kept, and filled in for a conversation."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Query

from opieka.conversations import commands, queries
from opieka.conversations.types import MacroCard
from opieka.kernel.errors import NotFound
from opieka.rest.fields import In, Page, PathId
from opieka.rest.operations import Request, Resource, address
from opieka.rest.schemas.messages import Macro, MacroChange, MacroPreview, NewMacro
from opieka.shops.types import Permission

macros = Resource("macros")


class Meant(In):
    """For which conversation, and who would send it."""

    conversation_id: PathId
    staff_id: PathId | None = None


@macros.get("/macros", Permission.READ, Page[Macro])
def list_macros(request: Request) -> Page[Macro]:
    """The saved answers, by name."""
    found = queries.macros([request.caller.shop_id])
    return Page[Macro](items=[Macro.make(card) for card in found], next=None)


@macros.get("/macros/{macro_id}", Permission.READ, Macro)
def get_macro(request: Request, macro_id: PathId) -> Macro:
    """One saved answer."""
    return Macro.make(_card(request, macro_id))


@macros.create("/macros", Permission.SETTINGS, Macro)
def add_macro(request: Request, response: HttpResponse, body: NewMacro) -> Macro:
    """Keep a new saved answer."""
    caller = request.caller
    macro_id = commands.save_macro(
        caller.shop_id, name=body.name, texts_by_language=dict(body.texts.items()), by=caller.actor
    )
    response.headers["Location"] = address("get_macro", macro_id=macro_id)
    return get_macro(request, macro_id)


@macros.patch("/macros/{macro_id}", Permission.SETTINGS, Macro)
def change_macro(request: Request, macro_id: PathId, body: MacroChange) -> Macro:
    """Change a saved answer's name or texts."""
    caller, card, given = request.caller, _card(request, macro_id), body.given()
    commands.save_macro(
        caller.shop_id,
        name=given.get("name", card.name),
        texts_by_language=given.get("texts", card.texts),
        macro_id=macro_id,
        by=caller.actor,
    )
    return get_macro(request, macro_id)


@macros.delete("/macros/{macro_id}", Permission.SETTINGS)
def delete_macro(request: Request, macro_id: PathId) -> None:
    """Forget a saved answer; what was sent with it stays."""
    caller = request.caller
    commands.delete_macro(macro_id, shop_id=caller.shop_id, by=caller.actor)


@macros.get("/macros/{macro_id}/preview", Permission.READ, MacroPreview)
def preview_macro(request: Request, macro_id: PathId, query: Query[Meant]) -> MacroPreview:
    """A saved answer in the customer's language, filled in for a conversation."""
    preview = queries.macro_preview(
        macro_id,
        conversation_id=query.conversation_id,
        staff_id=query.staff_id,
        shop_ids=[request.caller.shop_id],
    )
    return MacroPreview(text=preview.text, language=preview.language, missing=list(preview.missing))


def _card(request: Request, macro_id: int) -> MacroCard:
    found = queries.macros([request.caller.shop_id])
    card = next((card for card in found if card.id == macro_id), None)
    if card is None:
        raise NotFound
    return card
