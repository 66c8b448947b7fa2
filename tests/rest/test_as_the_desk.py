"""What the desk can do, programs can do: no command that a screen calls is out of the API's reach."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import opieka

ROOT = Path(opieka.__file__).parent

ELSEWHERE = {
    "opieka.channels.commands.store_files": "files are sent one by one (upload_file), then named in a reply",
    "intake.count_aside": "a number of the rail; a program counts what it lists",
    "opieka.deliveries.commands.name_carrier": "add_parcel says the same: the number with its carrier",
    "opieka.channels.commands.set_logo": "an owner chooses it once; so far only in the settings",
    "opieka.shops.commands.set_language": "the language of a person's own desk; a program has none",
}
"""Commands of the desk that no operation calls, and why none has to."""


def test_every_command_of_the_desk_is_an_operation() -> None:
    desk, rest = called("desk"), called("rest")
    assert len(desk) > 50
    assert sorted(desk - rest - ELSEWHERE.keys()) == []
    assert sorted(ELSEWHERE.keys() - (desk - rest)) == [], "no longer an exception"


def called(surface: str) -> set[str]:
    """What a surface uses of the commands of the domains below it, of reactions tried again, and of the intake."""
    return {
        name for file in sorted((ROOT / surface).rglob("*.py")) for name in _used(ast.parse(file.read_text()))
    }


def _used(tree: ast.Module) -> Iterator[str]:
    known = dict(_imported(tree))
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) if known.get(name, "").startswith("command "):
                yield known[name].removeprefix("command ")
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if known.get(name, "").startswith(
                "module "
            ):
                yield f"{known[name].removeprefix('module ')}.{attr}"
            case ast.Attribute(value=ast.Attribute(attr="intake"), attr=attr):
                yield f"intake.{attr}"


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """What a name of a file stands for: a module of commands, or one command."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("opieka."):
            for one in node.names:
                whole = f"{node.module}.{one.name}"
                if one.name in {"commands", "reacting"}:
                    yield one.asname or one.name, f"module {whole}"
                elif whole.split(".")[-2] in {"commands", "reacting"} and one.name.islower():
                    yield one.asname or one.name, f"command {whole}"
