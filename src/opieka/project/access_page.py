"""`docs/access.md`: the table of every view and who may use it."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from opieka.project.access import VIEWS, Open
from opieka.rest.api import SCOPES
from opieka.shops.policy import roles_with
from opieka.shops.types import Permission, Role

_HEAD = """# Who may use what

Made from `project/access.py` by `make docs`; a test walks every address and compares.
What the table does not name is refused. Beyond it, every view reads and changes only what belongs to shops in which
the person has that permission: everything else is answered with 404.

| Address | View | Asks for | {roles} |
|---|---|---|{lines}
"""


def patterns() -> dict[str, str]:
    """Every named address of the installation: the view's name and its path."""
    return dict(_walk(get_resolver().url_patterns, "", ""))


def markdown() -> str:
    """The page."""
    head = _HEAD.format(roles=" | ".join(role.title() for role in Role), lines="---|" * len(Role))
    rows = [_row(name, path) for name, path in sorted(patterns().items(), key=lambda one: one[1])]
    return head + "\n".join(rows) + "\n"


def _walk(found: list[URLPattern | URLResolver], path: str, namespace: str) -> Iterator[tuple[str, str]]:
    for one in found:
        here = path + str(one.pattern)
        if isinstance(one, URLResolver):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from _walk(one.url_patterns, here, inner)
        elif one.name:
            yield f"{namespace}{one.name}", here
        else:
            yield here, here


def _row(name: str, path: str) -> str:
    needed = VIEWS[name]
    if needed is Open.KEY:
        allowed = [""] * len(Role)
        asks = f"an API token with `{SCOPES[name.partition(':')[2]].value}`"
    elif isinstance(needed, Open):
        allowed = ["yes" if needed in {Open.PUBLIC, Open.STAFF} else ""] * len(Role)
        asks = needed.value
    else:
        allowed = ["yes" if role in roles_with(Permission(needed)) else "" for role in Role]
        asks = f"`{needed.value}`"
    shown = path.replace("|", "\\|")
    return f"| `/{shown}` | `{name}` | {asks} | {' | '.join(allowed)} |"
