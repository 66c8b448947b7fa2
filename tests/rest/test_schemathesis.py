"""The API keeps to its own description, whatever is sent: Schemathesis over every operation, in this process.

Each request is made with a token that has every scope, on a shop with one of everything, and undone afterwards.
"""

from __future__ import annotations

import pkgutil
from enum import Enum
from importlib import import_module
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from pydantic import BaseModel
from pytest_django.fixtures import Settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
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
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application(), config=CONFIG)
pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, settings: Settings, noon: object) -> World:
    """One of everything, no limit of requests, and passwords hashed in no time."""
    monkeypatch.setattr(commands, "REQUESTS_A_MINUTE", 10**9)
    # A request's end would close the connection and so the test's transaction.
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return make_world()


def test_the_description_is_valid_openapi() -> None:
    assert schema.raw_schema["openapi"] == "3.1.0"
    schema.validate()


@schema.parametrize()
@hypothesis.settings(suppress_health_check=list(hypothesis.HealthCheck), derandomize=True)
def test_every_operation_keeps_to_its_description(case: Any, world: World) -> None:
    if case.meta is None or case.meta.generation.mode is GenerationMode.POSITIVE:
        own = {name: world.ids[name] for name in case.path_parameters}
        case.path_parameters.update(own)
    with transaction.atomic():
        headers = {"Authorization": f"Bearer {world.program.token}"}
        case.call_and_validate(headers=headers, checks=CHECKS)
        transaction.set_rollback(True)


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
