"""Who works in the shop, and which programs may call."""

from __future__ import annotations

from django.http import HttpResponse

from opieka.kernel.errors import NotFound
from opieka.rest.fields import Page, PathId
from opieka.rest.operations import Request, Resource, address
from opieka.rest.schemas.shops import (
    IssuedToken,
    NewStaffMember,
    NewToken,
    StaffChange,
    StaffMember,
    Token,
)
from opieka.shops import commands, queries
from opieka.shops.types import Permission

staff = Resource("staff")
tokens = Resource("tokens")


@staff.get("/staff", Permission.READ, Page[StaffMember])
def list_staff(request: Request) -> Page[StaffMember]:
    """Who works in the shop, by name."""
    found = queries.members(request.caller.shop_id)
    return Page[StaffMember](items=[StaffMember.make(card) for card in found], next=None)


@staff.get("/staff/{staff_id}", Permission.READ, StaffMember)
def get_staff_member(request: Request, staff_id: PathId) -> StaffMember:
    """One person who works in the shop."""
    found = queries.members(request.caller.shop_id, staff_id=staff_id)
    if not found:
        raise NotFound
    return StaffMember.make(found[0])


@staff.create("/staff", Permission.STAFF, StaffMember)
def add_staff_member(request: Request, response: HttpResponse, body: NewStaffMember) -> StaffMember:
    """Give a person a role, and an account unless she has one in another shop of the operator; the token must
    have whatever the role may do."""
    caller = request.caller
    group_id = queries.shop(caller.shop_id).group_id
    staff_id = queries.colleague(body.email, group_id=group_id) or commands.add_staff(
        body.email, name=body.name, password=body.password, language=body.language, by=caller.actor
    )
    commands.grant_role(staff_id, shop_id=caller.shop_id, role=body.role, by=caller.actor)
    response.headers["Location"] = address("get_staff_member", staff_id=staff_id)
    return get_staff_member(request, staff_id)


@staff.patch("/staff/{staff_id}", Permission.STAFF, StaffMember)
def change_staff_member(request: Request, staff_id: PathId, body: StaffChange) -> StaffMember:
    """Give a person another role; the token must have whatever the role may do."""
    get_staff_member(request, staff_id)
    for role in body.given().values():
        commands.grant_role(staff_id, shop_id=request.caller.shop_id, role=role, by=request.caller.actor)
    return get_staff_member(request, staff_id)


@staff.delete("/staff/{staff_id}", Permission.STAFF)
def remove_staff_member(request: Request, staff_id: PathId) -> None:
    """Take a person out of the shop; what she did stays."""
    get_staff_member(request, staff_id)
    commands.revoke_role(staff_id, shop_id=request.caller.shop_id, by=request.caller.actor)


@tokens.get("/tokens", Permission.SETTINGS, Page[Token])
def list_tokens(request: Request) -> Page[Token]:
    """The live tokens, newest first."""
    rows = queries.tokens(request.caller.shop_id)
    return Page[Token](items=[Token.of(row) for row in rows], next=None)


@tokens.get("/tokens/{token_id}", Permission.SETTINGS, Token)
def get_token(request: Request, token_id: PathId) -> Token:
    """One live token."""
    row = queries.tokens(request.caller.shop_id).filter(id=token_id).first()
    if row is None:
        raise NotFound
    return Token.of(row)


@tokens.create("/tokens", Permission.SETTINGS, IssuedToken)
def issue_token(request: Request, response: HttpResponse, body: NewToken) -> IssuedToken:
    """Make a token with scopes this one has itself; its text is shown this once."""
    caller = request.caller
    scopes = frozenset(body.scopes)
    plain = commands.issue_token(caller.shop_id, name=body.name, scopes=scopes, by=caller.actor)
    made = queries.token(plain)
    if made is None:
        raise NotFound
    response.headers["Location"] = address("get_token", token_id=made.pk)
    return IssuedToken(**Token.of(made).model_dump(), token=plain)


@tokens.delete("/tokens/{token_id}", Permission.SETTINGS)
def revoke_token(request: Request, token_id: PathId) -> None:
    """Make a token useless from now on."""
    get_token(request, token_id)
    commands.revoke_token(token_id, shop_id=request.caller.shop_id, by=request.caller.actor)
