"""Reading a real IMAP server: nothing twice, nothing missed, whatever happens to the connection."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.db import DatabaseError, connection
from pytest_django.fixtures import Settings

from opieka.channels import commands as channels
from opieka.channels import queries as channel_queries
from opieka.channels.adapters.base import ChannelError
from opieka.channels.adapters.email.client import imap
from opieka.channels.types import AccountCard, Receiving, Trouble
from opieka.conversations.models import Message
from opieka.inbound import pollers
from opieka.inbound.models import Payload
from opieka.inbound.pollers import Overtaken, read_folder
from tests.channels import samples
from tests.factories import make_shop
from tests.inbound import dovecot
from tests.inbound.dovecot import Dovecot
from tests.inbound.mails import mail, read_all, subjects

pytestmark = [pytest.mark.dovecot, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def server(local_network: None) -> Iterator[Dovecot]:
    home = Path(tempfile.mkdtemp(prefix="dovecot-", dir="/tmp"))  # its sockets need a short path
    try:
        with dovecot.running(home) as running:
            yield running
    finally:
        shutil.rmtree(home, ignore_errors=True)


def make_account(server: Dovecot, **changes: Any) -> AccountCard:
    shop = make_shop()
    options = {"receiving": Receiving.IMAP, "imap": server.server} | changes
    return channel_queries.account(samples.make_account(shop, **options))


def read(server: Dovecot, account: AccountCard, folder: str = "INBOX") -> int:
    details = channel_queries.account_details(account.id)
    with imap.connected(server.server) as mailbox:
        return read_folder(mailbox, account, details, folder)


def eventually(true: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.1)


def test_all_that_is_new_once_and_flags_and_dates_do_not_matter(server: Dovecot) -> None:
    account = make_account(server)
    long_ago = datetime(2020, 1, 1, tzinfo=UTC).timestamp()
    server.put(mail(1), mail(2), date=long_ago)
    with server.session() as client:
        client.select("INBOX")
        client.store("1:*", "+FLAGS", "\\Seen")
    assert read(server, account) == 2
    assert read(server, account) == 0
    server.put(mail(3), date=long_ago)
    assert read(server, account) == 1
    read_all()
    assert subjects(account.shop_id) == ["Paczka 1", "Paczka 2", "Paczka 3"]
    with server.session() as client:
        client.select("INBOX")
        assert client.search(None, "UNSEEN")[1] == [b"3"]  # nothing of ours changed the mailbox


def test_only_what_comes_from_now_on(server: Dovecot) -> None:
    account = make_account(server, history=False)
    server.put(mail(1))
    assert read(server, account) == 0
    server.put(mail(2))
    assert read(server, account) == 1


def test_other_folders(server: Dovecot) -> None:
    account = make_account(server, folders=("INBOX", "Sklep i zwroty"))
    server.put(mail(1), folder='"Sklep i zwroty"')
    assert read(server, account, "Sklep i zwroty") == 1
    with pytest.raises(ChannelError) as caught:
        read(server, account, "Nie ma")
    assert caught.value.trouble is Trouble.FOLDER


def test_renumbered_it_is_read_again_and_kept_once(server: Dovecot) -> None:
    account = make_account(server)
    server.put(mail(1), mail(2))
    read(server, account)
    server.renumber()
    server.put(mail(3))
    assert read(server, account) == 3
    assert Payload.objects.count() == 3
    assert read(server, account) == 0


def test_deleted_between_looking_and_fetching(server: Dovecot) -> None:
    account = make_account(server)
    server.put(mail(1), mail(2), mail(3))
    with server.session() as client:
        client.select("INBOX")
        client.store("2", "+FLAGS", "\\Deleted")
        client.expunge()
    with patch.object(imap.Mailbox, "after", lambda mailbox, uid: [1, 2, 3]):
        read(server, account)
    assert Payload.objects.count() == 2


def test_a_mail_the_server_does_not_hand_out_is_seen_and_passed(server: Dovecot) -> None:
    account = make_account(server)
    server.put(mail(1), mail(2), mail(3))
    fetch = imap.Mailbox._fetch

    def refusing(mailbox: Any, uids: Any, what: bytes) -> Any:
        if 2 in uids and what.startswith(b"BODY"):
            raise imap.Refused("NO [SERVERBUG] Internal error")
        return fetch(mailbox, uids, what)

    with patch.object(imap.Mailbox, "_fetch", refusing):
        assert read(server, account) == 3
        assert read(server, account) == 0
    read_all()
    kinds = sorted(Message.objects.filter(shop_id=account.shop_id).values_list("kind", flat=True))
    assert kinds == ["person", "person", "unreadable"]


def test_large_mails_in_pieces_and_too_large_ones_in_part(server: Dovecot, settings: Settings) -> None:
    account = make_account(server)
    settings.OPIEKA = replace(settings.OPIEKA, max_mail_bytes=5_000_000)
    large = mail(1) + b"x" * 70 + b"\r\n" + b"0123456789\r\n" * 300_000
    larger = mail(2) + b"0123456789\r\n" * 500_000
    server.put(large, mail(3), larger, mail(4))
    with patch.object(pollers, "MOST_BYTES", 1_000_000):
        assert read(server, account) == 4
    stored = {row.raw_sha256: row for row in Payload.objects.all()}
    files = channel_queries.files(stored, shop_ids=[account.shop_id])
    sizes = sorted(file.size for file in files.values())
    assert sizes == sorted([len(mail(3)), len(mail(4)), len(large), pollers.GLIMPSE])
    read_all()
    cut = Message.objects.get(shop_id=account.shop_id, subject="Paczka 2")
    assert "truncated" in cut.defects
    assert len(subjects(account.shop_id)) == 4


def test_two_readers_at_once_store_all_once(server: Dovecot) -> None:
    account = make_account(server)
    server.put(*[mail(number) for number in range(40)])
    problems: list[BaseException] = []

    def again_and_again() -> None:
        try:
            for _ in range(20):
                try:
                    if read(server, account) == 0:
                        return
                except Overtaken:
                    continue
        except DatabaseError as problem:
            problems.append(problem)
        finally:
            connection.close()

    with patch.object(pollers, "MOST_MAILS", 3):
        threads = [threading.Thread(target=again_and_again) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert problems == []
    assert Payload.objects.count() == 40
    assert channel_queries.cursor(account.id, "INBOX") is not None


def test_a_crash_between_storing_and_moving_the_cursor_doubles_nothing(server: Dovecot) -> None:
    account = make_account(server)
    server.put(mail(1))
    with (
        patch.object(channels, "move_cursor", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        read(server, account)
    assert Payload.objects.count() == 0
    assert read(server, account) == 1


def test_a_wrong_password_is_a_sentence(server: Dovecot) -> None:
    account = make_account(server, imap=replace(server.server, password="wrong"))
    assert channels.test_account(account.id, shop_id=account.shop_id) == [Trouble.LOGIN]
    assert channel_queries.account(account.id).receive_trouble is Trouble.LOGIN


def test_the_running_process(server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """It hears of new mail by IDLE, comes back after it was thrown out, and only one of two is at work."""
    monkeypatch.setattr(imap, "GLANCE_SECONDS", 0.2)
    monkeypatch.setattr(pollers, "LOOK_AROUND", 0.2)
    monkeypatch.setattr(pollers, "FIRST_PAUSE", 0.2)
    monkeypatch.setattr(pollers, "LONGEST_PAUSE", 0.5)
    make_account(server)
    server.put(mail(1))
    stops = [threading.Event(), threading.Event()]
    sessions = 0
    begin = pollers._session

    def counted(account: AccountCard, stopped: threading.Event) -> None:
        nonlocal sessions
        sessions += 1
        begin(account, stopped)

    monkeypatch.setattr(pollers, "_session", counted)
    threads = [threading.Thread(target=pollers.run, args=(stop,)) for stop in stops]
    for thread in threads:
        thread.start()
    try:
        eventually(lambda: Payload.objects.count() == 1)
        server.put(mail(2))
        eventually(lambda: Payload.objects.count() == 2)
        assert sessions == 1
        server.drop_connections()
        eventually(lambda: sessions >= 2)
        server.put(mail(3))
        eventually(lambda: Payload.objects.count() == 3)
        stops[0].set()
        threads[0].join(20)
        server.put(mail(4))
        eventually(lambda: Payload.objects.count() == 4)
    finally:
        for stop in stops:
            stop.set()
        for thread in threads:
            thread.join(20)
