"""What webhooks cost: `python bench/webhooks.py [FACTS]`.

A fresh embedded PostgreSQL with its usual settings. Facts are recorded as they are by commands, in one transaction for
each 100. Then the reaction catches up with them: with no endpoint, with one that wants none of them, with one, with
ten. Then one sender posts deliveries to a receiver of this machine in another process, and two in two processes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

FACTS = 20_000
SENT = 2_000
RECEIVER = """
import asyncio
async def one(reader, writer):
    head = await reader.readuntil(b"\\r\\n\\r\\n")
    size = next(int(l[15:]) for l in head.lower().split(b"\\r\\n") if l.startswith(b"content-length:"))
    await reader.readexactly(size)
    writer.write(b"HTTP/1.1 204 No Content\\r\\nconnection: close\\r\\n\\r\\n")
    await writer.drain()
    writer.close()
async def main():
    server = await asyncio.start_server(one, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""
SENDER = """
import django
django.setup()
from opieka.webhooks.jobs import Sender
from opieka.webhooks.models import Delivery
sender = Sender()
print(flush=True)
input()
while sender.step() or Delivery.objects.filter(next_try_at__isnull=False).exists():
    pass
sender.close()
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as data:
        os.environ |= {"OPIEKA_DATA": data, "OPIEKA_DATABASE_URL": "", "OPIEKA_INTERNAL_HOSTS": "localhost"}
        from opieka.project import boot
        from opieka.project.database import stop_embedded

        boot.ready()
        from opieka.project import upgrade

        upgrade.ensure()
        try:
            measure(int(sys.argv[1]) if len(sys.argv) > 1 else FACTS)
        finally:
            stop_embedded(Path(data))


def measure(facts: int) -> None:
    """Print the tables."""
    from opieka.kernel.actor import SYSTEM
    from opieka.shops import commands as shops
    from opieka.timeline import reacting
    from opieka.webhooks import commands
    from opieka.webhooks.types import Target

    details = shops.ShopDetails("bench", "Bench", "PL", "PLN", "Europe/Warsaw", ("en",))
    shop = shops.open_shop(details, by=SYSTEM)
    reaction = reacting._reactions["webhooks.tell_programs"]
    reacting._reactions.clear()
    reacting._reactions[reaction.name] = reaction
    reacting.begin()
    print(f"{'':<44}{'rows':>9}{'seconds':>9}{'a second':>10}{'own CPU s':>11}")
    with receiver() as url:

        def endpoints(count: int, *kinds: str) -> None:
            for _ in range(count):
                commands.add_endpoint(shop, target=Target(url, kinds=kinds), by=SYSTEM)

        line("facts recorded", facts, lambda: happen(shop, facts))
        line("reaction, no endpoint", facts, catch_up)
        for told, count, kinds in (
            ("reaction, an endpoint that wants none", 1, ("ClockBreached",)),
            ("reaction, one endpoint", 1, ()),
            ("reaction, ten endpoints", 9, ()),
        ):
            endpoints(count, *kinds)
            happen(shop, facts)
            line(told, facts, catch_up)
        for senders in (1, 2):
            start(senders)


def happen(shop: int, count: int) -> None:
    """So many facts, a hundred in a transaction."""
    from django.db import transaction

    from opieka.kernel.actor import SYSTEM
    from opieka.orders.facts import OrderPaid
    from opieka.timeline.commands import record_many
    from opieka.timeline.types import NewTouchpoint

    for first in range(0, count, 100):
        with transaction.atomic():
            record_many(
                NewTouchpoint(OrderPaid(order_id=n, total=1, currency="PLN"), shop, 1, f"order:{n}", SYSTEM)
                for n in range(first, first + 100)
            )


def catch_up() -> None:
    """The reaction takes all that is recorded."""
    from opieka.timeline import reacting

    reacting.run_all()


def start(senders: int) -> None:
    """So many sender processes share deliveries to ten endpoints."""
    from opieka.kernel import clock
    from opieka.webhooks.models import Delivery

    Delivery.objects.update(next_try_at=None)
    waiting = Delivery.objects.filter(state="pending").order_by("-id").values("id")[:SENT]
    Delivery.objects.filter(id__in=waiting).update(next_try_at=clock.now())
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "opieka.project.settings"}
    run = [
        subprocess.Popen(
            [sys.executable, "-c", SENDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        )
        for _ in range(senders)
    ]
    for one in run:
        one.stdout.read(1)  # type: ignore[union-attr]  # a pipe, as told

    def work() -> None:
        for one in run:
            one.stdin.write(b"\n")  # type: ignore[union-attr]  # as above
            one.stdin.flush()  # type: ignore[union-attr]  # as above
        for one in run:
            one.communicate()

    line(f"deliveries, senders: {senders} (CPU with their start)", SENT, work)


def line(told: str, rows: int, work: Callable[[], None]) -> None:
    """One line of the table."""
    begun, before = time.perf_counter(), cpu()
    work()
    took, own = time.perf_counter() - begun, cpu() - before
    print(f"{told:<44}{rows:>9,}{took:>9.2f}{rows / took:>10,.0f}{own:>11.2f}")


def cpu() -> float:
    """Seconds of CPU of this process and of those it has waited for; PostgreSQL's are not among them."""
    return sum(os.times()[:4])


@contextmanager
def receiver() -> Iterator[str]:
    """The address of something that takes webhooks and says 204."""
    process = subprocess.Popen([sys.executable, "-c", RECEIVER], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield f"http://localhost:{process.stdout.readline().strip()}/hooks"
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    main()
