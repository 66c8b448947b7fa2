"""People: finding and meeting them, what they did, and whether two are one."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpResponse, StreamingHttpResponse
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from opieka.customers import commands, queries
from opieka.kernel.errors import NotFound
from opieka.rest import paging
from opieka.rest.fields import CLEAN, Page, Paging, PathId
from opieka.rest.operations import Request, Resource, address
from opieka.rest.resources.files import ZIP_DOWNLOAD
from opieka.rest.schemas.customers import (
    Consent,
    Customer,
    CustomerChange,
    Export,
    Merge,
    NewConsent,
    NewContactPoint,
    NewCustomer,
    NewMerge,
)
from opieka.rest.schemas.timeline import Touchpoint
from opieka.shops.types import Permission
from opieka.timeline import queries as timeline

customers = Resource("customers")


class Finding(Paging):
    """Whom to list: everybody, or those whose names, addresses or numbers begin with the words of `text`; the
    latter are one page."""

    text: Annotated[str, Field(max_length=200, pattern=CLEAN)] = ""


@customers.get("/customers", Permission.READ, Page[Customer])
def list_customers(request: Request, query: Query[Finding]) -> Page[Customer]:
    """People, the latest met first."""
    shop_ids = [request.caller.shop_id]
    if query.text.strip():
        hits = queries.find(query.text, shop_ids=shop_ids, limit=query.limit)
        return Page[Customer](items=[Customer.make(card) for card in hits], next=None)
    place = paging.decode(query.cursor, tuple[int])
    before = place[0] if place else None
    found = queries.latest(shop_ids=shop_ids, before_id=before, limit=query.limit + 1)
    shown = found[: query.limit]
    more = paging.encode([shown[-1].id]) if len(found) > len(shown) else None
    return Page[Customer](items=[Customer.make(card) for card in shown], next=more)


@customers.create("/customers", Permission.ANSWER, Customer, also={200: Customer})
def meet_customer(request: Request, response: HttpResponse, body: NewCustomer) -> Status[Customer]:
    """Find the person with any of these contact points (200), or meet her (201); unknown points are added."""
    caller = request.caller
    points = [point.written() for point in body.contact_points]
    known = queries.recognised(points, shop_id=caller.shop_id)
    customer_id = commands.recognise(
        points, shop_id=caller.shop_id, name=body.name, language=body.language or "", by=caller.actor
    )
    response.headers["Location"] = address("get_customer", customer_id=customer_id)
    return Status(201 if known is None else 200, get_customer(request, customer_id))


@customers.get("/customers/{customer_id}", Permission.READ, Customer)
def get_customer(request: Request, customer_id: PathId) -> Customer:
    """One person, by any id she was ever known by."""
    return Customer.make(queries.card(customer_id, shop_ids=[request.caller.shop_id]))


@customers.patch("/customers/{customer_id}", Permission.ANSWER, Customer)
def change_customer(request: Request, customer_id: PathId, body: CustomerChange) -> Customer:
    """Correct a person's name or language."""
    caller = request.caller
    commands.change(customer_id, **body.given(), shop_id=caller.shop_id, by=caller.actor)
    return get_customer(request, customer_id)


@customers.post("/customers/{customer_id}/contact_points", Permission.ANSWER, Customer)
def add_contact_point(request: Request, customer_id: PathId, body: NewContactPoint) -> Customer:
    """Write down one more way to reach a person."""
    caller = request.caller
    commands.add_contact_point(customer_id, point=body.written(), shop_id=caller.shop_id, by=caller.actor)
    return get_customer(request, customer_id)


@customers.get("/customers/{customer_id}/consents", Permission.READ, Page[Consent])
def list_consents(request: Request, customer_id: PathId) -> Page[Consent]:
    """What a person allows: the word that counts for each purpose and channel she ever spoke of."""
    card = queries.card(customer_id, shop_ids=[request.caller.shop_id])
    items = [Consent.make(said) for said in queries.consents(card.lineage)]
    return Page[Consent](items=items, next=None)


@customers.post("/customers/{customer_id}/consents", Permission.ANSWER, Page[Consent])
def record_consent(request: Request, customer_id: PathId, body: NewConsent) -> Page[Consent]:
    """Write down that a person said yes or no; answers what she allows now."""
    caller = request.caller
    commands.record_consent(customer_id, consent=body.said(), shop_id=caller.shop_id, by=caller.actor)
    return list_consents(request, customer_id)


@customers.delete("/customers/{customer_id}", Permission.PRIVACY)
def erase_customer(request: Request, customer_id: PathId) -> None:
    """Erase a person for all shops of the operator, for ever. Her orders stay in the books, without her."""
    caller = request.caller
    commands.erase(customer_id, shop_id=caller.shop_id, by=caller.actor)


@customers.create("/customers/{customer_id}/exports", Permission.PRIVACY, Export)
def request_export(request: Request, response: HttpResponse, customer_id: PathId) -> Export:
    """Have a copy made of all that the shop knows of a person: pages to read, JSON, files, mails, in a zip."""
    caller = request.caller
    made = commands.request_export(customer_id, shop_ids=[caller.shop_id], by=caller.actor)
    response.headers["Location"] = address("get_export", export_id=made)
    return get_export(request, made)


@customers.get("/exports/{export_id}", Permission.PRIVACY, Export)
def get_export(request: Request, export_id: PathId) -> Export:
    """Whether a copy is ready."""
    return Export.of(queries.export(export_id, shop_ids=[request.caller.shop_id]))


@customers.get("/exports/{export_id}/file", Permission.PRIVACY, None, openapi=ZIP_DOWNLOAD)
def download_export(request: Request, export_id: PathId) -> StreamingHttpResponse:
    """The zip; 404 while it is being made and after it has expired."""
    made = queries.export(export_id, shop_ids=[request.caller.shop_id])
    if made.ready_at is None:
        raise NotFound
    response = StreamingHttpResponse(queries.export_bytes(made.id), content_type="application/zip")
    response.headers["Content-Disposition"] = "attachment"
    return response


@customers.get("/customers/{customer_id}/touchpoints", Permission.READ, Page[Touchpoint])
def list_customer_touchpoints(
    request: Request, customer_id: PathId, query: Query[Paging]
) -> Page[Touchpoint]:
    """A person's timeline in this shop, newest first."""
    shop_ids = [request.caller.shop_id]
    card = queries.card(customer_id, shop_ids=shop_ids)
    place = paging.decode(query.cursor, tuple[int])
    found = timeline.of_customers(
        card.lineage, shop_ids=shop_ids, before_id=place[0] if place else None, limit=query.limit + 1
    )
    shown = found[: query.limit]
    more = paging.encode([shown[-1].id]) if len(found) > len(shown) else None
    return Page[Touchpoint](items=[Touchpoint.make(entry) for entry in shown], next=more)


@customers.get("/customers/{customer_id}/suspicions", Permission.READ, Page[Customer])
def list_suspicions(request: Request, customer_id: PathId) -> Page[Customer]:
    """Who may be the same person, for somebody to decide."""
    shop_ids = [request.caller.shop_id]
    card = queries.card(customer_id, shop_ids=shop_ids)
    found = queries.suspected(card.id, shop_ids=shop_ids)
    return Page[Customer](items=[Customer.make(other) for other in found], next=None)


@customers.delete("/customers/{customer_id}/suspicions/{other_id}", Permission.MERGE)
def dismiss_suspicion(request: Request, customer_id: PathId, other_id: PathId) -> None:
    """Say that two customers are two people."""
    caller = request.caller
    for asked in (customer_id, other_id):
        queries.card(asked, shop_ids=[caller.shop_id])
    commands.dismiss_suspicion(customer_id, other_id=other_id, shop_id=caller.shop_id, by=caller.actor)


@customers.get("/customers/{customer_id}/merges", Permission.READ, Page[Merge])
def list_merges(request: Request, customer_id: PathId) -> Page[Merge]:
    """The merges into a person that can be undone, newest first."""
    shop_ids = [request.caller.shop_id]
    card = queries.card(customer_id, shop_ids=shop_ids)
    found = queries.merges(card.id, shop_ids=shop_ids)
    return Page[Merge](items=[Merge.of(merge) for merge in found], next=None)


@customers.create("/customers/{customer_id}/merges", Permission.MERGE, Merge)
def merge_customers(request: Request, response: HttpResponse, customer_id: PathId, body: NewMerge) -> Merge:
    """Make another customer part of this one. Nothing is lost: it can be undone exactly."""
    caller = request.caller
    merge_id = commands.merge(customer_id, loser_id=body.loser_id, shop_id=caller.shop_id, by=caller.actor)
    response.headers["Location"] = address("unmerge_customers", merge_id=merge_id)
    made = list_merges(request, customer_id).items
    return next(merge for merge in made if merge.id == merge_id)


@customers.delete("/merges/{merge_id}", Permission.MERGE)
def unmerge_customers(request: Request, merge_id: PathId) -> None:
    """Undo a merge: both are again who they were, and what came since stays with the winner."""
    caller = request.caller
    commands.unmerge(merge_id, shop_id=caller.shop_id, by=caller.actor)
