"""Mail from files of every kind, once however often it is imported."""

from __future__ import annotations

import mailbox
from pathlib import Path

import pytest

from opieka.channels import queries as channel_queries
from opieka.channels.types import AccountCard
from opieka.inbound import importing
from opieka.project.cli import main
from tests.channels import samples
from tests.factories import make_shop
from tests.inbound.mails import mail, read_all, subjects

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> AccountCard:
    return channel_queries.account(samples.make_account(make_shop()))


def load(path: Path, account: AccountCard) -> tuple[int, int]:
    done: list[int] = []
    counts = importing.load(path, account, done.append)
    assert sum(done) <= importing.total(path)
    return counts


def test_a_folder_of_everything_and_again(tmp_path: Path, account: AccountCard) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "one.eml").write_bytes(mail(1))
    (tmp_path / "noext").write_bytes(mail(2))
    (tmp_path / ".hidden.eml").write_bytes(mail(3))
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "README").write_bytes(b"What is in here\nSubject: mails\n")
    box = mailbox.mbox(tmp_path / "old.mbox")
    for number in (4, 5, 6):
        box.add(mail(number).replace(b"\r\n", b"\n"))
    box.close()
    maildir = mailbox.Maildir(tmp_path / "Maildir")
    maildir.add(mail(7))
    mailbox.Maildir(tmp_path / "Maildir" / ".Archiwum").add(mail(8))
    (tmp_path / "Maildir" / "tmp" / "half").write_bytes(mail(9))
    maildir.close()
    assert load(tmp_path, account) == (7, 7)
    assert load(tmp_path, account) == (7, 0)
    read_all()
    assert subjects(account.shop_id) == [f"Paczka {number}" for number in (1, 2, 4, 5, 6, 7, 8)]


def test_an_mbox_is_parted_only_where_a_mail_begins(tmp_path: Path, account: AccountCard) -> None:
    text = (
        b"From anna@example.com Mon Nov 23 12:00:00 2026\nFrom: a@example.com\nSubject: one\n\n"
        b">From the start\n>>From twice\n\nFrom here on nothing is a new mail.\nFrom 9:00 on\n\n"
        b"From  Mon Nov 23 12:00:00 2026\nFrom: b@example.com\nSubject: two\n\nend"
    )
    (tmp_path / "box").write_bytes(text)
    first, second = importing.mails(tmp_path / "box", lambda _: None)
    assert b"\nFrom the start\n>From twice\n" in first
    assert first.endswith(b"From 9:00 on\n\n")
    assert second == b"From: b@example.com\nSubject: two\n\nend"


def test_a_single_file_is_a_mail_whatever_it_is(tmp_path: Path, account: AccountCard) -> None:
    (tmp_path / "x.png").write_bytes(b"\x89PNG")
    assert load(tmp_path / "x.png", account) == (1, 1)
    (tmp_path / "empty").write_bytes(b"")
    assert load(tmp_path / "empty", account) == (1, 1)


def test_the_verb(tmp_path: Path, account: AccountCard, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.eml").write_bytes(mail(1))
    assert main(["mail", "import", str(tmp_path), "--account", account.address]) == 0
    assert subjects(account.shop_id) == ["Paczka 1"]
    assert "1 mails, 1 of them new" in capsys.readouterr().err
    assert main(["mail", "import", str(tmp_path / "missing"), "--account", account.address]) == 2
    samples.make_account(make_shop())
    assert main(["mail", "import", str(tmp_path)]) == 2


@pytest.mark.shared
def test_no_real_mail_is_dropped(shared: Path, account: AccountCard) -> None:
    from opieka.conversations.models import Message

    seen, fresh = load(shared / "fixtures" / "mail", account)
    read_all()
    assert seen == len(list((shared / "fixtures" / "mail").rglob("*.eml")))
    assert Message.objects.filter(shop_id=account.shop_id).count() <= fresh
    from opieka.inbound.models import Payload

    assert not Payload.objects.filter(shop_id=account.shop_id).exclude(state__in=["done", "failed"]).exists()
