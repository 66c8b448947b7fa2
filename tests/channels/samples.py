"""Mailboxes and messages for tests."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from opieka.channels import commands
from opieka.channels.adapters.base import Letter
from opieka.channels.types import AccountDetails, Outgoing, Party, Security, Sending, Server
from opieka.kernel.actor import SYSTEM
from opieka.shops.types import ShopCard

_numbers = count(1)


def smtp_server(port: int, **changes: object) -> Server:
    plain = Server("127.0.0.1", port, Security.PLAIN)
    return replace(plain, **changes)  # type: ignore[arg-type]  # test data


def make_account(shop: ShopCard, **changes: object) -> int:
    """A mailbox that sends into memory, unless told otherwise."""
    address = f"sklep{next(_numbers)}@las.example"
    details = AccountDetails(address=address, name="Las i Dom", sending=Sending.MEMORY)
    return commands.open_account(shop.id, details=replace(details, **changes), by=SYSTEM)  # type: ignore[arg-type]  # test data


def changed(details: AccountDetails, **changes: object) -> AccountDetails:
    """The details with some of them different."""
    return replace(details, **changes)  # type: ignore[arg-type]  # test data


def letter() -> Letter:
    """A small complete message."""
    return Letter(b"Subject: x\r\n\r\nx\r\n", "1@las.example", "sklep@las.example", ("anna@example.com",))


def outgoing(shop: ShopCard, account_id: int, **changes: object) -> Outgoing:
    plain = Outgoing(
        shop_id=shop.id,
        account_id=account_id,
        customer_id=None,
        thread="conversation:17",
        message=f"message:{next(_numbers)}",
        to=(Party("email", "anna@example.com", "Anna Żółw"),),
        subject="Re: Gdzie jest moja paczka?",
        text="Dzień dobry,\nwysłana wczoraj.\n",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # test data
