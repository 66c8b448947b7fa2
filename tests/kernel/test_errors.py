"""Refusals in words: codes for programs, names for people."""

from __future__ import annotations

import pytest
from django.utils import translation

from opieka.channels.commands.accounts import BadAccount, _checked
from opieka.channels.types import AccountDetails
from opieka.conversations.commands.steps import NotPossibleNow
from opieka.conversations.types import State
from opieka.kernel.errors import DomainError
from opieka.orders.commands.connecting import MissingCredentials
from opieka.orders.queries import connectors
from opieka.shops.commands import BadShop, MoreThanOwn
from opieka.shops.types import Permission


@pytest.mark.parametrize(
    ("kind", "name", "codes"),
    [
        (NotPossibleNow, "state", set(State)),
        (MoreThanOwn, "permissions", set(Permission)),
        (MissingCredentials, "fields", {*connectors()["shopify"], *connectors()["woocommerce"]}),
    ],
)
def test_every_code_a_refusal_can_tell_has_a_name(
    kind: type[DomainError], name: str, codes: set[str]
) -> None:
    assert codes <= set(kind.names[name])


def test_a_person_reads_names_in_her_language_and_a_program_codes() -> None:
    error = NotPossibleNow(state="snoozed")
    with translation.override("en"):
        assert str(error) == "This conversation is in the state “Snoozed”; that step is not possible now."
    with translation.override("pl"):
        assert "snoozed" not in str(error).lower()
    assert error.data == {"state": "snoozed"}
    several = MoreThanOwn(permissions=["answer", "merge"])
    with translation.override("en"):
        assert str(several).endswith(": Answer customers, Merge customers")


def test_what_has_no_name_is_told_as_it_is() -> None:
    assert "“x”" in str(BadShop(field="slug", value="x"))
    assert str(BadShop(field="moon", value="x")).endswith("moon.")
    with pytest.raises(BadAccount) as refused:
        _checked(AccountDetails("no address", "Shop"))
    assert refused.value.data["field"] == "address"
