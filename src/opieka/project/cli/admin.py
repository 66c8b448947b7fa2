"""`opieka shop add`, `opieka user add`, `opieka token issue`: the first rows of an installation."""

from __future__ import annotations

import argparse
import getpass
import secrets
import sys
from typing import Any

from opieka.project.cli import verb


def register(verbs: Any) -> None:
    """Add the verbs of setting up."""
    shop = verbs.add_parser("shop", help="Set up shops.").add_subparsers(required=True, metavar="VERB")
    add = verb(shop, "add", add_shop, text="Open a shop.")
    add.add_argument("slug", help="its short name, e.g. las-i-dom")
    add.add_argument("--name", required=True)
    add.add_argument("--country", required=True, help="two letters, e.g. PL")
    add.add_argument("--currency", required=True, help="three letters, e.g. PLN")
    add.add_argument("--timezone", required=True, help="e.g. Europe/Warsaw")
    add.add_argument("--languages", default="en", help="comma-separated, the first is the default")
    add.add_argument("--with", dest="sister", help="short name of a shop of the same operator")

    user = verbs.add_parser("user", help="Set up staff.").add_subparsers(required=True, metavar="VERB")
    add = verb(user, "add", add_user, text="Give a person an account and a role.")
    add.add_argument("email")
    add.add_argument("--name", required=True)
    add.add_argument("--shop", required=True, action="append", help="short name; may be given several times")
    add.add_argument("--role", default="agent", choices=["owner", "lead", "agent", "associate", "analyst"])
    add.add_argument("--language", default="en", choices=["pl", "ru", "el", "en"])
    add.add_argument("--password", help="read from the terminal, or made up, when not given")

    token = verbs.add_parser("token", help="Let programs in.").add_subparsers(required=True, metavar="VERB")
    issue = verb(token, "issue", issue_token, text="Make an API token and print it, this once.")
    issue.add_argument("--shop", required=True, help="short name")
    issue.add_argument("--name", required=True, help="what it is for")
    issue.add_argument(
        "--scopes", required=True, help="comma-separated, e.g. read,import; see docs/operations.md"
    )


def add_shop(arguments: argparse.Namespace) -> int:
    """Open a shop, in the group of `--with` or as the first of a new operator."""
    from opieka.kernel.actor import SYSTEM
    from opieka.shops import commands, queries

    details = commands.ShopDetails(
        slug=arguments.slug,
        name=arguments.name,
        country=arguments.country,
        currency=arguments.currency,
        timezone=arguments.timezone,
        languages=tuple(arguments.languages.split(",")),
    )
    group_id = queries.shop_by_slug(arguments.sister).group_id if arguments.sister else None
    shop_id = commands.open_shop(details, group_id=group_id, by=SYSTEM)
    print(f"Shop {arguments.slug} is open (number {shop_id}).")  # noqa: T201  # the verb's answer
    return 0


def add_user(arguments: argparse.Namespace) -> int:
    """Make an account; all roles or none."""
    from django.db import transaction

    from opieka.kernel.actor import SYSTEM
    from opieka.shops import commands, queries
    from opieka.shops.types import Role

    password = arguments.password or _ask()
    with transaction.atomic():
        staff_id = commands.add_staff(
            arguments.email, name=arguments.name, password=password, language=arguments.language, by=SYSTEM
        )
        for slug in arguments.shop:
            shop = queries.shop_by_slug(slug)
            commands.grant_role(staff_id, shop_id=shop.id, role=Role(arguments.role), by=SYSTEM)
    said = "" if arguments.password or sys.stdin.isatty() else f" Password: {password}"
    print(f"{arguments.email} may log in.{said}")  # noqa: T201  # the verb's answer
    return 0


def issue_token(arguments: argparse.Namespace) -> int:
    """Make a token with any scopes: whoever can run this may do everything anyway."""
    from opieka.kernel.actor import SYSTEM
    from opieka.shops import commands, queries
    from opieka.shops.types import Permission

    scopes = set(arguments.scopes.split(","))
    unknown = scopes - set(Permission)
    if unknown:
        known = ", ".join(Permission)
        print(f"No such scope: {', '.join(sorted(unknown))}. There are: {known}", file=sys.stderr)  # noqa: T201  # as above
        return 2
    shop = queries.shop_by_slug(arguments.shop)
    wanted = frozenset(map(Permission, scopes))
    print(commands.issue_token(shop.id, name=arguments.name, scopes=wanted, by=SYSTEM))  # noqa: T201  # as above
    return 0


def _ask() -> str:
    return (
        getpass.getpass("Password (10 characters or more): ")
        if sys.stdin.isatty()
        else secrets.token_urlsafe(12)
    )
