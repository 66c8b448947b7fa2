"""The house rules a machine can check, for every domain and surface at once.

Which row may import which is import-linter's (pyproject.toml). Here: what is private to a domain, the order
of files inside it, pure modules, writes only in commands, foreign keys only downwards, and sizes.
An exception is one line in `EXCEPTIONS`, with its reason.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

SOURCE = Path(__file__).parent.parent / "src" / "opieka"
ROWS = [
    {"kernel"}, {"shops"}, {"timeline"}, {"clocks", "webhooks"}, {"customers"}, {"catalogue"},
    {"channels", "orders", "knowledge"}, {"conversations"}, {"goodwill", "deliveries"}, {"returns"},
    {"surveys", "quality", "journeys"}, {"care", "campaigns", "assistant", "insights"},
    {"desk", "counter", "portal", "rest", "inbound"}, {"project"},
]  # fmt: skip
SURFACES = ROWS[-2]
ORDER = ["types", "facts", "policy", "models", "queries", "commands", "jobs", "reactions"]
OUTSIDE = {"adapters", "connectors", "carriers"}
PUBLIC = {"types", "facts", "queries", "commands", "apps"}
PURE = {"types", "facts", "policy"}
IMPURE = ("django", "procrastinate", "psycopg", "httpx", "allauth")
WRITES = {
    "save", "delete", "create", "update", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "asave", "adelete", "acreate", "aupdate",
}  # fmt: skip
LONGEST_FUNCTION, LONGEST_MODULE = 40, 400

EXCEPTIONS = {
    # The timeline's readers are its public face beside the usual files; they keep their own cursors.
    "timeline.reacting": "public: react_to and the runner; writes cursors and failures",
    "timeline.reading": "between models and commands: reads by transaction horizon",
    "timeline.live": "public: the live feed",
}


@dataclass(frozen=True)
class Module:
    """One source file: `timeline.commands` is domain `timeline`, part `commands`."""

    name: str
    path: Path
    tree: ast.Module
    lines: int

    @property
    def domain(self) -> str:
        return self.name.split(".")[0]

    @property
    def part(self) -> str:
        return [*self.name.split("."), ""][1]

    def imports(self) -> Iterator[str]:
        """What it imports of us, without the leading package: `shops.queries`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def modules() -> list[Module]:
    """Every source file but migrations."""
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        if "migrations" in parts:
            continue
        text = path.read_text()
        name = ".".join(part for part in parts if part != "__init__")
        found.append(Module(name, path, ast.parse(text), len(text.splitlines())))
    return found


def domains() -> list[str]:
    """The domains there are: rows that are neither kernel, surface nor project."""
    known = set().union(*ROWS[1:-2])
    return sorted(known & {module.domain for module in modules()})


def ours(target: str) -> tuple[str, str] | None:
    """`opieka.shops.queries.shop` is ("shops", "queries")."""
    parts = target.split(".")
    return (parts[1], [*parts, ""][2]) if parts[0] == "opieka" and len(parts) > 1 else None


def report(wrong: list[str]) -> None:
    assert not wrong, "\n" + "\n".join(wrong)


def test_a_domain_has_only_the_files_of_the_closed_vocabulary() -> None:
    allowed = {*ORDER, *OUTSIDE, "apps", "migrations", ""}
    report(
        [
            f"{module.name}: a domain has no file of that name"
            for module in modules()
            if module.domain in domains() and module.part not in allowed and module.name not in EXCEPTIONS
        ]
    )


def test_what_is_private_to_a_domain_stays_there() -> None:
    wrong = []
    for module in modules():
        for target in module.imports():
            found = ours(target)
            if found is None or found[0] == module.domain or found[0] not in domains():
                continue
            domain, part = found
            if part in PUBLIC or f"{domain}.{part}" in EXCEPTIONS or module.domain == "project":
                continue
            if module.domain == "inbound" and part in OUTSIDE:
                continue
            wrong.append(
                f"{module.name} imports {target}: only types, facts, queries and commands are public"
            )
    report(wrong)


def test_the_order_of_files_inside_a_domain() -> None:
    """reactions and jobs > commands > queries > models > policy > facts > types; commands may defer jobs."""
    wrong = []
    for module in modules():
        if module.domain not in domains() or module.part not in ORDER:
            continue
        for target in module.imports():
            found = ours(target)
            if found is None or found[0] != module.domain or found[1] not in ORDER:
                continue
            if (module.part, found[1]) == ("commands", "jobs"):
                continue  # to defer the job that goes on after the commit
            if ORDER.index(found[1]) > ORDER.index(module.part):
                wrong.append(f"{module.name} imports {target}")
    report(wrong)


def test_types_facts_and_policy_are_pure() -> None:
    report(
        [
            f"{module.name} imports {target}"
            for module in modules()
            if module.domain in domains() and module.part in PURE
            for target in module.imports()
            if target.startswith(IMPURE)
            or (ours(target) or ("", ""))[1] in {"models", "queries", "commands", "jobs", "reactions"}
        ]
    )


def test_only_commands_write() -> None:
    watched = [
        module
        for module in modules()
        if module.domain in {*domains(), *SURFACES}
        and module.part != "commands"
        and module.name not in EXCEPTIONS
    ]
    report(
        [
            f"{module.name}:{call.lineno} writes; commands.py is the place"
            for module in watched
            for call in ast.walk(module.tree)
            if isinstance(call, ast.Call) and is_write(call)
        ]
    )


def is_write(call: ast.Call) -> bool:
    """A call such as `Row.objects.create()` or `row.save()`; `some_dict.update()` is none."""
    if not (isinstance(call.func, ast.Attribute) and call.func.attr in WRITES):
        return False
    on = ast.unparse(call.func.value)
    return ".objects" in on or call.func.attr in {"save", "bulk_create", "bulk_update", "get_or_create"}


def test_no_signals_no_get_model_no_save_overrides() -> None:
    wrong = []
    for module in modules():
        if any(
            "django.db.models.signals" in target or "django.dispatch" in target for target in module.imports()
        ):
            wrong.append(f"{module.name}: signals")
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and node.attr == "get_model":
                wrong.append(f"{module.name}:{node.lineno}: get_model")
            if (
                module.part == "models"
                and isinstance(node, ast.FunctionDef)
                and node.name in {"save", "delete"}
            ):
                wrong.append(f"{module.name}:{node.lineno}: overrides {node.name}")
    report(wrong)


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("opieka.")]


def row_of(label: str) -> int:
    return next(number for number, row in enumerate(ROWS) if label in row)


def test_foreign_keys_point_down_and_cannot_be_followed_up() -> None:
    wrong = []
    for model in our_models():
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignObject):
                target = field.related_model._meta
                inside = target.app_label == model._meta.app_label
                if not inside and row_of(target.app_label) >= row_of(model._meta.app_label):
                    wrong.append(f"{model.__name__}.{field.name} points up to {target.label}")
                if not field.remote_field.hidden:
                    wrong.append(f"{model.__name__}.{field.name}: related_name is not '+'")
    report(wrong)


def test_models_say_what_they_are() -> None:
    report([f"{model.__name__} has no __str__" for model in our_models() if "__str__" not in vars(model)])


def test_sizes() -> None:
    wrong = [f"{m.name}: {m.lines} lines" for m in modules() if m.lines > LONGEST_MODULE]
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    wrong.append(f"{module.name}.{node.name}: {length} lines")
    report(wrong)


def test_public_functions_and_classes_say_what_they_are_for() -> None:
    """In the files others read: one line at least."""
    wrong = []
    for module in modules():
        read_by_others = module.domain in domains() and module.part in {"queries", "commands", "policy"}
        if not (read_by_others or module.domain == "kernel"):
            continue
        wrong += [
            f"{module.name}.{node.name} has no docstring"
            for node in module.tree.body
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
            and not is_error(node)
        ]
    report(wrong)


def is_error(node: ast.FunctionDef | ast.ClassDef) -> bool:
    """A domain error explains itself in its sentence."""
    return isinstance(node, ast.ClassDef) and any("sentence" in ast.unparse(line) for line in node.body)


def test_every_domain_and_surface_explains_itself() -> None:
    named = set().union(*ROWS[1:-1])
    begun = {module.domain for module in modules() if module.part not in {"", "apps"}} & named
    report(
        [f"{name} has no README.md" for name in sorted(begun) if not (SOURCE / name / "README.md").exists()]
    )


def test_the_rows_are_those_of_the_import_contract() -> None:
    text = (SOURCE.parent.parent / "pyproject.toml").read_text()
    for row in ROWS:
        for name in row:
            assert f'"{name}' in text or f" {name}" in text or f"({name})" in text, name


@pytest.mark.django_db
def test_migrations_are_in_step_and_linear() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    loader = MigrationLoader(connection)
    assert loader.detect_conflicts() == {}


def test_exceptions_are_still_needed() -> None:
    names = {module.name for module in modules()}
    assert set(EXCEPTIONS) <= names, set(EXCEPTIONS) - names
    assert all(inspect.cleandoc(reason) for reason in EXCEPTIONS.values())
