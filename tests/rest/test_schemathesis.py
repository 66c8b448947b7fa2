"""The API keeps to its own description, whatever is sent: Schemathesis over every operation, in this process.

Each request is made with a token that has every scope, on a shop with one of everything, and undone afterwards.
"""

from __future__ import annotations

import pkgutil
import zlib
from enum import Enum
from importlib import import_module
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from pydantic import BaseModel
from pytest_django import DjangoDbBlocker
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from opieka.rest import commands, schemas
from tests.rest.world import World, make_world

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
LARGE = ("take_orders", "take_products", "open_mailbox", "change_mailbox")
"""Bodies of so many fields that going along all their borders would take as long as everything else."""
CONFIG = schemathesis.Config.from_dict(
    {
        "generation": {"max-examples": 4, "deterministic": True, "database": "none", "no-shrink": True},
        "phases": {"stateful": {"enabled": False}},
        "operations": [
            {
                "include-operation-id": name,
                "phases": {"coverage": {"enabled": False}},
                "generation": {"max-examples": 5},
            }
            for name in LARGE
        ],
    }
)
PARTS = 8
"""Into how many tests the operations are dealt, so that several processes share them and each makes one world.

Schemathesis' own decorator would build all examples while collecting, in every process, for whatever tests are run.
"""
SETTINGS = hypothesis.settings(suppress_health_check=list(hypothesis.HealthCheck), derandomize=True)
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def whole(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> BaseSchema:
    with django_db_blocker.unblock():
        return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application(), config=CONFIG)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, noon: object) -> World:
    """One of everything, and no limit of requests."""
    monkeypatch.setattr(commands, "REQUESTS_A_MINUTE", 10**9)
    # A request's end would close the connection and so the test's transaction.
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
    return make_world()


def test_the_description_is_valid_openapi(whole: BaseSchema) -> None:
    assert whole.raw_schema["openapi"] == "3.1.0"
    whole.validate()


@pytest.mark.parametrize("part", range(PARTS))
def test_every_operation_keeps_to_its_description(whole: BaseSchema, part: int, world: World) -> None:
    def check(case: Any) -> None:
        if case.meta is None or case.meta.generation.mode is GenerationMode.POSITIVE:
            case.path_parameters.update({name: world.ids[name] for name in case.path_parameters})
        with transaction.atomic():
            headers = {"Authorization": f"Bearer {world.program.token}"}
            case.call_and_validate(headers=headers, checks=CHECKS)
            transaction.set_rollback(True)

    for found in whole.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        if zlib.crc32(operation.label.encode()) % PARTS == part:
            build_operation_test(
                config=whole.config,
                operation=operation,
                test_func=check,
                given_kwargs={},
                feedback=FeedbackSources(),
                explicit_settings=SETTINGS,
            )()


def test_no_two_things_in_the_description_share_a_name() -> None:
    """Ninja would silently describe one by the other."""
    named: dict[str, set[type]] = {}
    for module in map(import_module, _schema_modules()):
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, BaseModel | Enum):
                named.setdefault(thing.__name__, set()).add(thing)
    assert {name: things for name, things in named.items() if len(things) > 1} == {}


def _schema_modules() -> list[str]:
    return [f"{schemas.__name__}.{one.name}" for one in pkgutil.iter_modules(schemas.__path__)]
