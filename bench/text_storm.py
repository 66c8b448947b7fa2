"""A storm of texts with the worker killed in the middle: is each acted on once, and how fast?

Fresh embedded PostgreSQL with its usual settings. Each customer waits for a parcel and texts that she wants it on
another day; it comes by the webhook's way (stored first), every fiftieth twice, and every tenth is a STOP instead.
Whole workers (readers, reactions, jobs) are killed with SIGKILL several times. Run: python bench/text_storm.py [TEXTS]
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

TEXTS = 10_000
KILLS = 5
WORK = "from opieka.project import boot; boot.ready()\nfrom opieka.project import work; work.run(4)"


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else TEXTS
    with tempfile.TemporaryDirectory() as data:
        os.environ |= {"OPIEKA_DATA": data, "OPIEKA_DATABASE_URL": "", "OPIEKA_SECRET_KEY": "bench " * 8}
        from opieka.project import boot
        from opieka.project.database import stop_embedded

        boot.ready()
        from opieka.project import upgrade

        upgrade.ensure()
        try:
            measure(count)
        finally:
            stop_embedded(Path(data))


def measure(count: int) -> None:
    """Print the table."""
    from rich.console import Console
    from rich.table import Table

    shop_id, account_id = open_shop()
    send_parcels(shop_id, count)
    began = time.perf_counter()
    store(account_id, count)
    stored = time.perf_counter() - began
    seconds, killed = work_under_fire(count)
    table = Table("what", "figure")
    for what, figure in {
        "texts": count,
        "stored, in seconds (texts/s)": f"{stored:.1f} ({count / stored:.0f})",
        "acted on, in seconds with restarts (texts/s)": f"{seconds:.1f} ({count / seconds:.0f})",
        "workers killed": killed,
        **outcome(count),
    }.items():
        table.add_row(what, str(figure))
    Console().print(table)


def open_shop() -> tuple[int, int]:
    """A shop with a number, which tells its customers something by itself, and so hears them."""
    from opieka.care.types import NoticePreferences, ParcelNews
    from opieka.channels import commands as channels
    from opieka.channels.types import Sending, TextDetails
    from opieka.kernel.actor import SYSTEM
    from opieka.shops import commands as shops
    from opieka.timeline import reacting

    reacting.begin()
    shop_id = shops.open_shop(
        shops.ShopDetails("storm", "Storm", "PL", "PLN", "Europe/Warsaw", ("pl",)), by=SYSTEM
    )
    shops.set_preferences(shop_id, value=NoticePreferences(on=(ParcelNews.ATTEMPTED,)), by=SYSTEM)
    options = {"send_url": "http://127.0.0.1:9/", "parameters": "to={to}&text={text}"}
    details = TextDetails("+48500100200", "Storm", Sending.MEMORY, "gateway", options)
    return shop_id, channels.open_number(shop_id, details=details, by=SYSTEM)


def send_parcels(shop_id: int, count: int) -> None:
    """An order for each customer, and its parcel on the way."""
    from opieka.deliveries import commands as deliveries
    from opieka.deliveries.types import ParcelStage, Tracking, TrackingReport
    from opieka.kernel import clock
    from opieka.kernel.actor import SYSTEM
    from opieka.orders import commands as orders
    from opieka.orders.models import Order
    from opieka.orders.types import Contact, OrderSnapshot
    from opieka.timeline import reacting

    now = clock.now()
    moving = TrackingReport(at=now - timedelta(hours=1), stage=ParcelStage.IN_TRANSIT)
    for start in range(0, count, 500):
        numbers = range(start, min(start + 500, count))
        placed = [
            OrderSnapshot(
                external_id=str(n),
                number=f"S{n:06}",
                placed_at=now - timedelta(days=1),
                updated_at=now - timedelta(days=1),
                currency="PLN",
                total=10_000,
                contact=Contact(phone=f"+48601{n:06}", name=f"Customer {n}", language="pl"),
                promised_at=now + timedelta(days=3),
            )
            for n in numbers
        ]
        orders.apply_orders(placed, shop_id=shop_id, source="csv", by=SYSTEM)
        ids = Order.objects.filter(shop_id=shop_id, number__in=[order.number for order in placed])
        deliveries.follow(dict.fromkeys(ids.values_list("id", flat=True)), shop_id=shop_id, by=SYSTEM)
        tracked = [
            Tracking(carrier="memory", tracking_number=f"MEM{n}", reports=(moving,), order_number=f"S{n:06}")
            for n in numbers
        ]
        deliveries.take(tracked, shop_id=shop_id, told_by="memory", by=SYSTEM)
    while reacting.run_all():
        pass


def store(account_id: int, count: int) -> None:
    """Take in all texts as the webhook does, a hundred in a transaction."""
    from opieka.channels import queries
    from opieka.channels.adapters.sms.base import Call
    from opieka.inbound import commands, texts

    account = queries.account(account_id)

    def call(n: int) -> Call:
        text = "STOP" if n % 10 == 0 else "Proszę przełożyć na piątek"
        told = urlencode({"from": f"+48601{n:06}", "to": "48500100200", "text": text, "id": n})
        return Call("GET", f"{queries.hook_url(account.token)}?{told}")

    wanted = [n for n in range(count) for _ in range(2 if n % 50 == 0 else 1)]
    for start in range(0, len(wanted), 100):
        batch = [texts.payload(call(n), account, reports=False) for n in wanted[start : start + 100]]
        commands.accept_many(batch)


def work_under_fire(count: int) -> tuple[float, int]:
    """Let workers work until all is done, killing each of the first after a while."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    from opieka.care.models import Turn
    from opieka.inbound.jobs import wake

    wake()
    wishes = count - len(range(0, count, 10))
    began, killed = time.perf_counter(), 0
    while Turn.objects.count() < wishes or ProcrastinateJob.objects.filter(status="todo").exists():
        before = Turn.objects.count()
        # The workers' address of the database is this process's: it is in the environment by now.
        worker = subprocess.Popen([sys.executable, "-W", "ignore", "-c", WORK])
        aim = before + wishes // (KILLS + 2) if killed < KILLS else wishes
        while Turn.objects.count() < aim:
            time.sleep(0.05)
        if killed == KILLS:
            worker.send_signal(signal.SIGTERM)
            worker.wait()
            break
        killed += 1
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    return time.perf_counter() - began, killed


def outcome(count: int) -> dict[str, str]:
    """What became of them; each pair should be alike."""
    from opieka.care.models import Turn
    from opieka.conversations.models import Conversation, Message
    from opieka.customers.models import Consent
    from opieka.deliveries.models import Choice
    from opieka.timeline.models import Failure, Touchpoint

    stops = len(range(0, count, 10))
    wishes = count - stops
    answers = Message.objects.filter(direction="out").count()
    open_ = Conversation.objects.exclude(state="resolved").count()
    return {
        "messages (expected)": f"{Message.objects.filter(direction='in').count()} ({count})",
        "received facts (expected)": f"{Touchpoint.objects.filter(kind='MessageReceived').count()} ({count})",
        "texts acted on (expected)": f"{Turn.objects.filter(move='acted').count()} ({wishes})",
        "decisions (expected)": f"{Choice.objects.count()} ({wishes})",
        "decided facts (expected)": f"{Touchpoint.objects.filter(kind='DeliveryChosen').count()} ({wishes})",
        "answers and confirmations (expected)": f"{answers} ({count})",
        "STOP consents (expected)": f"{Consent.objects.filter(given=False).count()} ({stops})",
        "conversations somebody has to see to (expected)": f"{open_} (0)",
        "failures (expected)": f"{Failure.objects.count()} (0)",
    }


if __name__ == "__main__":
    main()
