"""The pages of docs/ that are made from the code: `make docs` rewrites them, tests/test_docs.py compares."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import tests.conftest  # noqa: F401  # starts the database and Django where pytest has not
from opieka.kernel import facts
from opieka.project import access_page
from opieka.project.settings import DOMAINS
from opieka.rest.api import SCOPES
from opieka.rest.operations import OPERATIONS

DOCS = Path(__file__).parent.parent / "docs"


def facts_page() -> str:
    """Every fact: what integrators and reactions hear of."""
    for domain in DOMAINS:
        if (DOCS.parent / "src" / "opieka" / domain / "facts.py").exists():
            import_module(f"opieka.{domain}.facts")
    known = sorted(
        (fact for fact in facts.registered().values() if fact.__module__.startswith("opieka.")),
        key=lambda fact: (DOMAINS.index(fact.__module__.split(".")[1]), fact.__name__),
    )
    lines = [
        "# Facts",
        "",
        "What the domains announce on a customer's timeline. Fields are ids, numbers and codes; none holds personal",
        "text. A fact is stored for ever, so fields are only ever added.",
        "",
        "| fact | of | stage | fields | says |",
        "|---|---|---|---|---|",
    ]
    for fact in known:
        fields = ", ".join(f"`{name}`" for name in fact.__dataclass_fields__)
        own = fact.__doc__ if not (fact.__doc__ or "").startswith(f"{fact.__name__}(") else ""
        says = inspect.cleandoc(own or "").replace("\n", " ").replace("|", "\\|")
        lines.append(
            f"| `{fact.__name__}` | {fact.__module__.split('.')[1]} | {fact.stage} | {fields} | {says} |"
        )
    return "\n".join(lines) + "\n"


def operations_page() -> str:
    """Every operation of the API and the scope it needs."""
    lines = [
        "# Operations of the API",
        "",
        "What a program can do, and the scope its token needs. How it is done: [api.md](api.md); every field:",
        "`/api/v1/openapi.json`.",
        "",
        "| operation | scope | does |",
        "|---|---|---|",
    ]
    all_of_them = [OPERATIONS[name] for name in SCOPES]
    lines += [f"| `{one.method.upper()} {one.path}` | {one.scope} | {one.summary} |" for one in all_of_them]
    return "\n".join(lines) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "access.md": access_page.markdown,
    "facts.md": facts_page,
    "operations.md": operations_page,
}


def main() -> None:
    """Rewrite them all."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page())


if __name__ == "__main__":
    main()
