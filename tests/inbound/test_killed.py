"""SIGKILL in the middle: nothing is lost and nothing doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from opieka.channels import commands as channels
from opieka.channels import jobs as channel_jobs
from opieka.channels import queries as channel_queries
from opieka.channels.policy.delivery import LEASE
from opieka.channels.types import DispatchState, Sending
from opieka.conversations.models import Message
from opieka.inbound import commands
from opieka.inbound.models import Payload
from opieka.inbound.types import NewPayload, Source, State
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from tests.channels import samples
from tests.channels.relay import Relay
from tests.factories import make_shop
from tests.inbound.mails import mail, read_all

pytestmark = pytest.mark.django_db(transaction=True)

READ = "from opieka.inbound import jobs, queries; jobs.BATCH = 5\nwhile jobs.read_batch(): pass"
DELIVER = "from opieka.channels import jobs; jobs.deliver({})"


@contextmanager
def process(code: str, *, stderr: int | None = None, **environ: str) -> Iterator[subprocess.Popen[bytes]]:
    """Another process on the test's database, killed at the end."""
    options = connection.get_connection_params()
    url = f"postgresql://{options['user']}@/{options['dbname']}?host={options['host']}&port={options.get('port', '')}"
    url = url.removesuffix("&port=")
    start = "import django; django.setup()\n"
    command = [sys.executable, "-W", "ignore", "-c", start + code]
    environ = os.environ | {"OPIEKA_DATABASE_URL": url} | environ
    running = subprocess.Popen(command, env=environ, stderr=stderr)
    try:
        yield running
    finally:
        running.send_signal(signal.SIGKILL)
        running.wait(20)


def eventually(true: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)


def test_the_reader_is_killed_again_and_again() -> None:
    shop = make_shop()
    account = samples.make_account(shop)
    commands.accept_many([NewPayload(shop.id, Source.MAIL, account, mail(number)) for number in range(120)])
    done = Payload.objects.filter(state=State.DONE)
    for _ in range(2):
        before = done.count()
        with process(READ):
            eventually(lambda before=before: done.count() > before)  # type: ignore[misc]  # bound in the loop
    read_all()
    assert done.count() == 120
    assert Message.objects.filter(shop_id=shop.id).count() == 120


def test_the_sender_is_killed_after_the_relay_has_taken_it(smtp_relay: Relay) -> None:
    shop = make_shop()
    account = samples.make_account(shop, sending=Sending.SMTP, smtp=samples.smtp_server(smtp_relay.port))
    made = channels.send(samples.outgoing(shop, account, automatic=True), key="k", by=SYSTEM)
    smtp_relay.stall = True
    with process(DELIVER.format(made.dispatch_id), OPIEKA_INTERNAL_HOSTS="127.0.0.1"):
        assert smtp_relay.stalled.wait(60)
    smtp_relay.stall = False
    delivery = channel_queries.deliveries([made.message], shop_id=shop.id)[made.message]
    assert delivery.state is DispatchState.SENDING
    channel_jobs.sweep(0)
    channel_jobs.deliver(made.dispatch_id)
    assert len(smtp_relay.taken) == 1
    with clock.fixed(clock.now() + LEASE + timedelta(seconds=1)):
        channel_jobs.sweep(0)
        channel_jobs.deliver(made.dispatch_id)
    first, second = smtp_relay.raw()
    assert first == second  # one message, whoever looks at its Message-ID
    delivery = channel_queries.deliveries([made.message], shop_id=shop.id)[made.message]
    assert delivery.state is DispatchState.SENT
