"""Mailboxes: opened, changed, found by address, tested; secrets stay where they belong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from opieka.channels import commands, queries
from opieka.channels.adapters.anymail.mapping import PROVIDERS
from opieka.channels.adapters.base import ChannelError
from opieka.channels.commands import AddressTaken, BadAccount
from opieka.channels.models import Account
from opieka.channels.types import AccountDetails, Receiving, Security, Sending, Server, Trouble
from opieka.kernel.actor import SYSTEM
from opieka.kernel.errors import NotFound
from tests.channels import relay, samples
from tests.factories import make_shop

pytestmark = pytest.mark.django_db

SMTP = Server("smtp.las.example", 465, Security.TLS, "sklep", "tajne")
GOOD = AccountDetails(address="Sklep@Łódź.example", name=" Las ", sending=Sending.SMTP, smtp=SMTP)


def test_an_address_is_normalised_and_belongs_to_one_shop() -> None:
    account = commands.open_account(make_shop().id, details=GOOD, by=SYSTEM)
    assert queries.account(account).address == "sklep@xn--d-uga0v4h.example"
    with pytest.raises(AddressTaken):
        commands.open_account(make_shop().id, details=replace(GOOD, address="SKLEP@łódź.example"), by=SYSTEM)


@pytest.mark.parametrize(
    "changes",
    [
        {"address": "sklep"},
        {"address": "a b@las.example"},
        {"address": "sklep@las.example\r\nX: y"},
        {"name": "x" * 201},
        {"smtp": None},
        {"smtp": Server("host name", 25)},
        {"smtp": Server("las.example", 0)},
        {"receiving": Receiving.IMAP},
        {"receiving": Receiving.IMAP, "imap": SMTP, "folders": ()},
        {"receiving": Receiving.WEBHOOK},
        {"sending": Sending.PROVIDER, "provider": "nobody"},
    ],
)
def test_what_cannot_be_a_mailbox(changes: dict[str, object]) -> None:
    with pytest.raises(BadAccount):
        commands.open_account(make_shop().id, details=replace(GOOD, **changes), by=SYSTEM)  # type: ignore[arg-type]  # test data


def test_passwords_are_encrypted_and_kept_only_for_the_same_host() -> None:
    shop = make_shop()
    account = commands.open_account(shop.id, details=GOOD, by=SYSTEM)
    assert "tajne" not in Account.objects.get(id=account).details
    same = replace(GOOD, name="Las i Dom", smtp=replace(SMTP, password=""))
    commands.change_account(account, shop_id=shop.id, details=same, by=SYSTEM)
    assert queries.account_details(account).smtp == SMTP
    elsewhere = replace(GOOD, smtp=replace(SMTP, password="", host="evil.example"))
    commands.change_account(account, shop_id=shop.id, details=elsewhere, by=SYSTEM)
    changed = queries.account_details(account).smtp
    assert changed is not None
    assert changed.password == ""


def test_another_shop_cannot_touch_it() -> None:
    account = commands.open_account(make_shop().id, details=GOOD, by=SYSTEM)
    other = make_shop().id
    with pytest.raises(NotFound):
        commands.change_account(account, shop_id=other, details=GOOD, by=SYSTEM)
    with pytest.raises(NotFound):
        commands.set_active(account, shop_id=other, active=False, by=SYSTEM)
    with pytest.raises(NotFound):
        queries.account(account, shop_ids=[other])


def test_mail_finds_its_mailbox() -> None:
    shop = make_shop()
    plain = samples.make_account(shop, address="a@las.example")
    plus = samples.make_account(shop, address="b@las.example", plus_addressing=True)
    found = {
        address: getattr(queries.account_for(address), "id", None)
        for address in ("A@las.example", "a+x@las.example", "B+x.y@Las.Example", "c@las.example", "", "@")
    }
    assert list(found.values()) == [plain, None, plus, None, None, None]
    commands.set_active(plain, shop_id=shop.id, active=False, by=SYSTEM)
    assert queries.account_for("a@las.example") is None


def test_a_provider_without_signatures_gets_a_password_in_its_address() -> None:
    details = replace(GOOD, sending=Sending.PROVIDER, provider="postmark", options={"server_token": "t"})
    shop = make_shop()
    account = commands.open_account(shop.id, details=details, by=SYSTEM)
    secret = queries.account_details(account).options["webhook_secret"]
    assert secret.startswith("opieka:")
    commands.change_account(
        account, shop_id=shop.id, details=replace(details, options={"server_token": ""}), by=SYSTEM
    )
    assert queries.account_details(account).options == {"server_token": "t", "webhook_secret": secret}


def test_every_provider_can_be_chosen() -> None:
    for name in PROVIDERS:
        options = dict.fromkeys(PROVIDERS[name].keys, "k")
        samples.make_account(make_shop(), sending=Sending.PROVIDER, provider=name, options=options)


@pytest.mark.usefixtures("local_network")
def test_testing_says_what_is_wrong() -> None:
    shop = make_shop()
    with relay.running(login=True) as running:
        good = samples.smtp_server(running.port, user=relay.USER, password=relay.PASSWORD)
        account = samples.make_account(shop, sending=Sending.SMTP, smtp=good)
        assert commands.test_account(account, shop_id=shop.id) == []
        bad = samples.make_account(shop, sending=Sending.SMTP, smtp=replace(good, password="ascii"))
        assert commands.test_account(bad, shop_id=shop.id) == [Trouble.LOGIN]
        tls = samples.make_account(shop, sending=Sending.SMTP, smtp=replace(good, security=Security.STARTTLS))
        assert commands.test_account(tls, shop_id=shop.id) == [Trouble.TLS]
    assert commands.test_account(account, shop_id=shop.id) == [Trouble.UNREACHABLE]
    assert queries.account(account).send_trouble is Trouble.UNREACHABLE
    unknown = samples.make_account(shop, sending=Sending.SMTP, smtp=Server("nobody.invalid", 25))
    assert commands.test_account(unknown, shop_id=shop.id) == [Trouble.UNKNOWN_HOST]


def test_every_trouble_has_a_sentence() -> None:
    assert len({queries.sentence(trouble) for trouble in Trouble}) == len(Trouble)


def test_a_trouble_is_noted_and_forgotten() -> None:
    account = samples.make_account(make_shop())
    commands.note_receiving(account, trouble=ChannelError(Trouble.LOGIN, "NO [AUTH]"))
    assert queries.account(account).receive_trouble is Trouble.LOGIN
    commands.note_receiving(account, trouble=None)
    assert queries.account(account).receive_trouble is None
