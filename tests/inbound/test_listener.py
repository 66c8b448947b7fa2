"""Real SMTP and LMTP into our listener: 250 means stored, and nobody else's mail is taken."""

from __future__ import annotations

import asyncio
import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from django.db import OperationalError

from opieka.channels import queries as channels
from opieka.inbound import listener
from opieka.inbound.listener import Listener
from opieka.inbound.models import Payload
from tests.channels import samples
from tests.factories import make_shop
from tests.inbound.mails import mail, read_all, subjects

pytestmark = pytest.mark.django_db(transaction=True)

LIMIT = 3_000_000


@pytest.fixture
def port() -> Iterator[int]:
    with listening() as port:
        yield port


@contextmanager
def listening() -> Iterator[int]:
    loop = asyncio.new_event_loop()
    made = Listener(max_bytes=LIMIT, hostname="care.example")
    server = loop.run_until_complete(made.start("127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_closed(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
        made.stop()


async def _closed(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


@contextmanager
def client(port: int) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as made:
        yield made


def test_a_mail_is_stored_before_it_is_acknowledged(port: int) -> None:
    shop = make_shop()
    samples.make_account(shop, address="sklep@las.example", plus_addressing=True)
    with client(port) as smtp:
        refused = smtp.sendmail("", ["Sklep+c1.x@las.example", "nobody@las.example"], mail(1))
        assert Payload.objects.get().headers == {"mail_from": "", "rcpt_to": ["Sklep+c1.x@las.example"]}
    assert refused == {"nobody@las.example": (550, b"5.1.1 No such mailbox here")}
    read_all()
    assert subjects(shop.id) == ["Paczka 1"]


def test_one_mail_for_two_shops_is_two(port: int) -> None:
    shops = [make_shop(), make_shop()]
    for shop, address in zip(shops, ("a@las.example", "b@las.example"), strict=True):
        samples.make_account(shop, address=address)
    with client(port) as smtp:
        for _ in range(2):
            smtp.sendmail("x@example.com", ["a@las.example", "A@las.example", "b@las.example"], mail(1))
    read_all()
    assert [subjects(shop.id) for shop in shops] == [["Paczka 1"]] * 2


def test_no_recipient_of_ours_is_refused(port: int) -> None:
    with client(port) as smtp, pytest.raises(smtplib.SMTPRecipientsRefused):
        smtp.sendmail("x@example.com", ["anybody@example.org"], mail(1))


def test_the_database_is_away(port: int) -> None:
    samples.make_account(make_shop(), address="sklep@las.example")
    with client(port) as smtp, patch.object(listener, "store", side_effect=OperationalError):
        with pytest.raises(smtplib.SMTPDataError) as caught:
            smtp.sendmail("x@example.com", ["sklep@las.example"], mail(1))
        assert caught.value.smtp_code == 451
    with client(port) as smtp, patch.object(channels, "account_for", side_effect=OperationalError):
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            smtp.sendmail("x@example.com", ["sklep@las.example"], mail(1))
        assert refused.value.recipients["sklep@las.example"][0] == 451


def test_too_large_and_lines_too_long(port: int) -> None:
    samples.make_account(make_shop(), address="sklep@las.example")
    long_line = mail(1) + b"x" * 100_000 + b"\r\n"
    with client(port) as smtp:
        smtp.sendmail("x@example.com", ["sklep@las.example"], long_line)
        with pytest.raises(smtplib.SMTPResponseException) as caught:
            smtp.sendmail("x@example.com", ["sklep@las.example"], mail(2) + b"x\r\n" * LIMIT)
        assert caught.value.smtp_code == 552
    assert Payload.objects.count() == 1


def test_lmtp_answers_for_each_recipient(port: int) -> None:
    shop = make_shop()
    for address in ("a@las.example", "b@las.example"):
        samples.make_account(shop, address=address)
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as lmtp:
        assert lmtp.docmd("LHLO", "mta.example")[0] == 250
        assert lmtp.docmd("MAIL", "FROM:<>")[0] == 250
        codes = [lmtp.docmd("RCPT", f"TO:<{who}@las.example>")[0] for who in ("a", "b", "c")]
        assert codes == [250, 250, 550]
        assert lmtp.docmd("DATA")[0] == 354
        lmtp.send(mail(1) + b".\r\n")
        assert [lmtp.getreply()[0] for _ in range(2)] == [250, 250]
        assert lmtp.noop()[0] == 250
    assert Payload.objects.count() == 2


def test_many_at_once(port: int) -> None:
    samples.make_account(make_shop(), address="sklep@las.example")

    def send(number: int) -> None:
        with client(port) as smtp:
            for each in range(5):
                smtp.sendmail("x@example.com", ["sklep@las.example"], mail(10 * number + each))

    threads = [threading.Thread(target=send, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert Payload.objects.count() == 30


def test_too_many_connections_are_told_so(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "MOST_CONNECTIONS", 1)
    with client(port), pytest.raises(smtplib.SMTPException) as caught:
        smtplib.SMTP("127.0.0.1", port, timeout=20)
    assert getattr(caught.value, "smtp_code", None) == 421
