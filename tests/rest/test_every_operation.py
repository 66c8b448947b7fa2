"""What holds for all operations alike, walked through one after the other: none can be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponse

from opieka.project.access import VIEWS, Open
from opieka.rest.operations import OPERATIONS, Operation
from opieka.shops.types import Permission
from tests.rest import samples
from tests.rest.world import Program, World, issue, make_world, said

pytestmark = pytest.mark.django_db

WITH_BODY = {"post", "put", "patch"}


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is done inside is not done afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def send(operation: Operation, things: World, program: Program) -> HttpResponse:
    """A request for some shop's things, from whichever program."""
    path = samples.address(operation.name, operation.path, things)
    return program(operation.method, path, samples.body(operation.name, things))


def test_every_operation_works_on_ones_own_things(noon: object) -> None:
    world = make_world()
    wrong: list[tuple[object, ...]] = []
    for operation in OPERATIONS.values():
        with undone():
            for first in samples.BEFORE.get(operation.name, ()):
                send(OPERATIONS[first], world, world.program)
            answer = send(operation, world, world.program)
            if answer.status_code >= 300:
                wrong.append((operation.name, answer.status_code, answer.content[:500]))
            if answer.status_code == 201 and not answer.headers.get("Location", "").startswith("/api/v1/"):
                wrong.append((operation.name, "no Location"))
            if "RateLimit-Remaining" not in answer.headers:
                wrong.append((operation.name, "no RateLimit"))
    assert not wrong, wrong


def test_other_shops_things_are_not_there(noon: object) -> None:
    """Any id of another shop, in the address or in the body, is as unknown as one that nobody has."""
    own, other = make_world(), make_world()
    before = fingerprint(other)
    wrong: list[tuple[object, ...]] = []
    for operation in OPERATIONS.values():
        with undone():
            answer = send(operation, other, own.program)
            addressed = "{" in operation.path
            if answer.status_code >= 500 or (addressed and answer.status_code != 404):
                wrong.append((operation.name, answer.status_code, answer.content[:300]))
            if other.shop.slug.encode() in answer.content:
                wrong.append((operation.name, "tells of the other shop", answer.content[:300]))
            if fingerprint(other) != before:
                wrong.append((operation.name, "changes the other shop"))
    assert not wrong, wrong


def test_other_shops_things_in_a_body_are_refused(noon: object) -> None:
    own, other = make_world(), make_world()
    for name in sorted(set(samples.NAMES_THINGS)):
        operation = OPERATIONS[name]
        with undone():
            path = samples.address(name, operation.path, own)
            answer = own.program(operation.method, path, samples.body(name, other))
            assert answer.status_code in {404, 422}, (name, answer.status_code, answer.content)


def test_without_a_token_nothing_is_answered() -> None:
    world = make_world()
    for operation in OPERATIONS.values():
        for stranger in (Program(), Program("opk_wrong"), Program("")):
            answer = send(operation, world, stranger)
            assert said(answer, 401)["code"] == "unauthenticated", operation.name
            assert answer.headers["WWW-Authenticate"] == "Bearer"
            assert answer.headers["Content-Type"] == "application/problem+json"


def test_without_its_scope_no_operation_is_possible() -> None:
    world = make_world()
    for scope in Permission:
        lacking = Program(issue(world.shop, set(Permission) - {scope}))
        for operation in OPERATIONS.values():
            if operation.scope is scope:
                problem = said(send(operation, world, lacking), 403)
                assert problem["code"] == "scope_missing", operation.name
                assert problem["data"] == {"scope": scope.value}


def test_ids_nobody_has_are_not_there(noon: object) -> None:
    world = make_world()
    world.ids = {name: 987_654_321 + place for place, name in enumerate(world.ids)} | {"sha256": "0" * 64}
    for operation in OPERATIONS.values():
        if "{" in operation.path:
            with undone():
                assert send(operation, world, world.program).status_code == 404, operation.name


def test_every_address_knows_its_token() -> None:
    """The table of the whole installation names each operation, as asking for a key."""
    assert all(VIEWS[f"api:{name}"] is Open.KEY for name in OPERATIONS)


def test_every_body_is_described() -> None:
    """An operation that reads a body has a sample here, and nothing else has one."""
    wrong = [name for name in samples.BODIES if OPERATIONS[name].method not in WITH_BODY]
    assert not wrong


def fingerprint(world: World) -> dict[str, object]:
    """All rows of a shop, table by table."""
    found: dict[str, object] = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            columns = {field.column for field in model._meta.concrete_fields}
            column = "shop_id" if "shop_id" in columns else "group_id" if "group_id" in columns else ""
            table = model._meta.db_table
            if not column or table.startswith(("auth_", "rest_")):
                continue
            value = world.shop.id if column == "shop_id" else world.shop.group_id
            cursor.execute(
                f"select count(*), md5(string_agg(t::text, '|' order by t::text)) from {table} t"
                f" where {column} = %s",
                [value],
            )
            found[table] = cursor.fetchone()
    return found
