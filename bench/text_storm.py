"""A storm of texts with the reader killed in the middle: is each acted on once, and how fast?

Fresh embedded PostgreSQL with its usual settings. Every text comes by the webhook's way (stored first); every tenth
is a STOP, every fiftieth comes twice. Readers in processes of their own are killed with SIGKILL several times.
Run: python bench/text_storm.py [TEXTS]
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

TEXTS = 10_000
KILLS = 5
READ = (
    "import django; django.setup()\nfrom opieka.inbound import jobs\nimport time\n"
    "while True:\n    jobs.read_batch() or time.sleep(0.1)"
)


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

    began = time.perf_counter()
    store(count)
    stored = time.perf_counter() - began
    seconds, killed = read_under_fire(count)
    table = Table("what", "figure")
    for what, figure in {
        "texts": count,
        "stored, in seconds (texts/s)": f"{stored:.1f} ({count / stored:.0f})",
        "read, in seconds with restarts (texts/s)": f"{seconds:.1f} ({count / seconds:.0f})",
        "readers killed": killed,
        **outcome(count),
    }.items():
        table.add_row(what, str(figure))
    Console().print(table)


def store(count: int) -> None:
    """Take in all texts as the webhook does, a hundred in a transaction."""
    from opieka.channels import commands as channels
    from opieka.channels import queries
    from opieka.channels.adapters.sms.base import Call
    from opieka.channels.types import Sending, TextDetails
    from opieka.inbound import commands, texts
    from opieka.kernel.actor import SYSTEM
    from opieka.shops import commands as shops

    shop = shops.open_shop(
        shops.ShopDetails("storm", "Storm", "PL", "PLN", "Europe/Warsaw", ("pl",)), by=SYSTEM
    )
    options = {"send_url": "http://127.0.0.1:9/", "parameters": "to={to}&text={text}"}
    details = TextDetails("+48500100200", "Storm", Sending.PROVIDER, "gateway", options)
    account = queries.account(channels.open_number(shop, details=details, by=SYSTEM))

    def call(n: int) -> Call:
        text = "STOP" if n % 10 == 0 else f"Proszę przełożyć paczkę {n} na piątek"
        told = urlencode({"from": f"+48601{n:06}", "to": "48500100200", "text": text, "id": n})
        return Call("GET", f"{queries.hook_url(account.token)}?{told}")

    wanted = [n for n in range(count) for _ in range(2 if n % 50 == 0 else 1)]
    for start in range(0, len(wanted), 100):
        batch = [texts.payload(call(n), account, reports=False) for n in wanted[start : start + 100]]
        commands.accept_many(batch)


def read_under_fire(count: int) -> tuple[float, int]:
    """Let readers read until all is done, killing each of the first after a while."""
    from opieka.inbound.models import Payload

    done = Payload.objects.filter(state="done")
    began, killed = time.perf_counter(), 0
    while done.count() < count:
        before = done.count()
        # The readers' address of the database is this process's: it is in the environment by now.
        reader = subprocess.Popen([sys.executable, "-W", "ignore", "-c", READ])
        aim = before + count // (KILLS + 1) if killed < KILLS else count
        while done.count() < min(aim, count):
            time.sleep(0.05)
        killed += killed < KILLS
        reader.send_signal(signal.SIGKILL)
        reader.wait()
    return time.perf_counter() - began, killed


def outcome(count: int) -> dict[str, str]:
    """What became of them; each pair should be alike."""
    from opieka.channels.models import Dispatch
    from opieka.conversations.models import Conversation, Message
    from opieka.customers.models import Consent
    from opieka.timeline.models import Touchpoint

    stops = len(range(0, count, 10))
    return {
        "messages (expected)": f"{Message.objects.filter(direction='in').count()} ({count})",
        "received facts (expected)": f"{Touchpoint.objects.filter(kind='MessageReceived').count()} ({count})",
        "conversations (expected)": f"{Conversation.objects.count()} ({count})",
        "STOP consents (expected)": f"{Consent.objects.filter(given=False).count()} ({stops})",
        "confirmations to send (expected)": f"{Dispatch.objects.count()} ({stops})",
    }


if __name__ == "__main__":
    main()
