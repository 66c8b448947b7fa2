"""What do the desk's pages, and the questions behind them, cost with 1,000, 10,000 and 100,000 conversations?

A page is everything the server does for it: all middleware, the queries, the template. Aims: 25 ms in
the median, 40 ms at the 95th percentile, at most 15 queries, the same however many conversations there are.
One shop, three messages a conversation (question, answer, thanks), one in twenty still open, one order for three
conversations; words as frequent as in a language. Rows are written in bulk into a database of their own in a
temporary folder. CPU ms (ours and the database's) says what a figure would be on a machine that does nothing else.
Run: python bench/inbox_pages.py [CONVERSATIONS ...]
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

os.environ.setdefault("OPIEKA_DATA", tempfile.mkdtemp(prefix="opieka-bench-"))

from opieka.project import assets, boot

boot.ready()
assets.collect()

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from rich.console import Console
from rich.progress import track
from rich.table import Table

from opieka.channels import commands as channels
from opieka.channels.types import AccountDetails, Sending
from opieka.conversations import commands, queries
from opieka.conversations.commands import indexing
from opieka.conversations.facts import ConversationResolved
from opieka.conversations.models import Conversation, Message, Reference, Seen
from opieka.conversations.policy.threading import name_key
from opieka.conversations.types import View
from opieka.customers import commands as customers
from opieka.customers.types import ContactKind, ContactPoint, Sighting
from opieka.kernel import bulk, clock
from opieka.kernel.actor import SYSTEM
from opieka.orders import commands as orders
from opieka.orders.types import Contact, LineSnapshot, OrderSnapshot, PaymentStatus
from opieka.shops import commands as shops
from opieka.shops.models import StaffMember
from opieka.shops.types import Role
from opieka.timeline.commands import record_many
from opieka.timeline.types import NewTouchpoint

SIZES = [1_000, 10_000, 100_000]
CHUNK = 1_000
ROUNDS = 60
STARTED = clock.now()
CHANCE = random.Random(7)
SYLLABLES = [first + vowel for first in "bcdfghjklmnprstwz" for vowel in "aeiouy"]
WORDS = ["".join(CHANCE.choices(SYLLABLES, k=CHANCE.randint(2, 4))) for _ in range(30_000)]
FREQUENCY = list(accumulate(1 / rank for rank in range(1, len(WORDS) + 1)))
ANSWER = "Your parcel is on its way."


def words(count: int) -> str:
    return " ".join(CHANCE.choices(WORDS, cum_weights=FREQUENCY, k=count))


def open_shop() -> tuple[int, list[int]]:
    """A shop with a mailbox and ten agents."""
    details = shops.ShopDetails(
        "bench", "Bench", "PL", "PLN", "Europe/Warsaw", ("pl",), hours=[[(0, 1440)]] * 7
    )
    shop_id = shops.open_shop(details, by=SYSTEM)
    channels.open_account(
        shop_id, details=AccountDetails("help@bench.example", "Bench", sending=Sending.MEMORY), by=SYSTEM
    )
    agents = []
    for number in range(10):
        agent = shops.add_staff(
            f"a{number}@example.com", name=f"Agent {number}", password="long enough", by=SYSTEM
        )
        shops.grant_role(agent, shop_id=shop_id, role=Role.AGENT, by=SYSTEM)
        agents.append(agent)
    return shop_id, agents


def order(number: int) -> OrderSnapshot:
    """The order of one customer."""
    address = f"c{number}@example.com"
    return OrderSnapshot(
        external_id=str(number),
        number=f"#{number}",
        placed_at=STARTED - timedelta(days=20),
        updated_at=STARTED - timedelta(days=19),
        currency="PLN",
        total=34_900,
        payment_status=PaymentStatus.PAID,
        contact=Contact(name=words(2).title(), email=address),
        lines=(LineSnapshot(external_id="1", name=words(3), quantity=1, price=34_900, total=34_900),),
    )


@transaction.atomic
def write(shop_id: int, agents: list[int], first: int) -> None:
    """A chunk of conversations with all that belongs to them."""
    numbers = range(first, first + CHUNK)
    sightings = [
        Sighting([ContactPoint(ContactKind.EMAIL, f"c{n // 3}@example.com")], name=f"{words(2).title()}")
        for n in numbers
    ]
    people = customers.recognise_many(sightings, shop_id=shop_id, by=SYSTEM)
    ids = bulk.new_ids(Conversation, CHUNK)
    message_ids = bulk.new_ids(Message, 3 * CHUNK)
    conversations, messages, references = [], [], []
    for place, (number, row_id, person) in enumerate(zip(numbers, ids, people, strict=True)):
        began = STARTED - timedelta(days=700) + timedelta(minutes=10 * number)
        state = CHANCE.choices(["open", "waiting", "snoozed", "resolved", "spam"], [3, 2, 1, 93, 1])[0]
        mine = message_ids[3 * place : 3 * place + 3]
        conversation = Conversation(
            id=row_id, shop_id=shop_id, customer_id=person, channel="email", account_id=1, subject=words(5),
            state=state, assignee_id=CHANCE.choice([None, *agents]), language="pl", opened_at=began,
            last_message_at=began + timedelta(hours=30), message_count=3, last_message_id=mine[2],
            last_incoming_id=mine[2], preview=words(15),
        )  # fmt: skip
        conversations.append(conversation)
        for turn, message_id in enumerate(mine):
            at = began + timedelta(hours=15 * turn)
            external = f"{message_id}@example.com"
            text = ANSWER if turn == 1 else words(CHANCE.randint(20, 120))
            messages.append(
                Message(
                    id=message_id, shop_id=shop_id, conversation=conversation, identity=name_key(external),
                    direction="out" if turn == 1 else "in", kind="person", channel="email", account_id=1,
                    external_id=external, customer_id=person, sender_kind="email",
                    author_id=CHANCE.choice(agents) if turn == 1 else None,
                    sender_value=f"c{number // 3}@example.com", at=at, received_at=at, sent_at=at,
                    subject=conversation.subject, text=f"{text}\n\n> quoted\n> history",
                    folds=[len(text), len(text) + 20],
                )
            )  # fmt: skip
            references.append(
                Reference(
                    shop_id=shop_id,
                    key=name_key(external),
                    own=True,
                    customer_id=person,
                    message_id=message_id,
                )
            )
    bulk.insert(conversations)
    bulk.insert(messages)
    bulk.insert(references)
    bulk.insert(
        [
            Seen(
                shop_id=shop_id,
                staff_id=agents[0],
                conversation_id=row.pk,
                message_id=row.last_message_id,
            )
            for row in conversations[::2]
        ]
    )
    indexing.index([indexing.Entry(message, "pl", whole=False) for message in messages])
    bought = [order(number) for number in range(first // 3 + 1, (first + CHUNK) // 3)]
    orders.apply_orders(bought, shop_id=shop_id, source="csv", by=SYSTEM)
    record_many(
        NewTouchpoint(
            ConversationResolved(conversation_id=row.pk),
            shop_id,
            row.customer_id,
            f"conversation:{row.pk}",
            SYSTEM,
        )
        for row in conversations
    )


def measure(work: Callable[[], object]) -> tuple[int, float, float, float]:
    """Queries; median, 95th percentile and mean CPU time (ours and the database's) in milliseconds."""
    work()  # what is read once (templates, catalogues, the session) is not the question
    asked: list[str] = []

    def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        work()
    taken = []
    used = cpu()
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - began))
    used = 1000 * (cpu() - used) / ROUNDS
    return (
        sum("SAVEPOINT" not in sql for sql in asked),
        statistics.median(taken),
        statistics.quantiles(taken, n=20)[-1],
        used,
    )


def cpu() -> float:
    """CPU seconds of this process and of the database's process that serves it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        backend = cursor.fetchone()[0]
    user, system = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[11:13]
    return time.process_time() + (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def questions(shop_id: int, staff_id: int, count: int) -> dict[str, Callable[[], object]]:
    """What is asked; each call asks for something else."""
    shop_ids = [shop_id]
    ids = list(Conversation.objects.filter(shop_id=shop_id).values_list("id", flat=True))
    place = queries.inbox(shop_ids, view=View.ALL, limit=min(count // 2, 5000)).next

    def view(which: View) -> Callable[[], object]:
        return lambda: queries.inbox(shop_ids, view=which, staff_id=staff_id)

    def search(make: Callable[[], str]) -> Callable[[], object]:
        return lambda: queries.search(make(), shop_ids=shop_ids, staff_id=staff_id)

    def mistyped() -> str:
        word = CHANCE.choice(WORDS[:3000])
        return word[:2] + word[3:]

    return {
        "list: mine": view(View.MINE),
        "list: unassigned": view(View.UNASSIGNED),
        "list: resolved": view(View.RESOLVED),
        "list: all": view(View.ALL),
        "list: all, deep": lambda: queries.inbox(shop_ids, view=View.ALL, staff_id=staff_id, after=place),
        "counts": lambda: queries.counts(shop_ids, staff_id=staff_id),
        "conversation": lambda: queries.thread(CHANCE.choice(ids), shop_ids=shop_ids),
        "search: a common word": search(lambda: CHANCE.choice(WORDS[:20])),
        "search: a word": search(lambda: CHANCE.choice(WORDS[100:5000])),
        "search: a rare word": search(lambda: CHANCE.choice(WORDS[5000:])),
        "search: two words": search(lambda: words(2)),
        "search: mistyped": search(mistyped),
        "search: an address": search(lambda: f"c{CHANCE.randrange(count // 3)}@example.com"),
    }


def pages(staff_id: int, shop_id: int, count: int) -> dict[str, Callable[[], object]]:
    """What a browser asks for; each call of a conversation or a customer asks for another one."""
    client = Client(HTTP_HOST="localhost")
    client.force_login(
        StaffMember.objects.get(id=staff_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    rows = Conversation.objects.filter(shop_id=shop_id).order_by("-id")
    ids, people = (list(rows.values_list(name, flat=True)[:count]) for name in ("id", "customer_id"))

    def page(address: Callable[[], str], **headers: str) -> Callable[[], object]:
        def asked() -> None:
            answer = client.get(address(), headers=headers)
            assert answer.status_code == 200, (address(), answer.status_code)

        return asked

    def talk(ending: str = "") -> Callable[[], str]:
        return lambda: f"/conversations/{CHANCE.choice(ids)}/{ending}"

    piece = {"HX-Request": "true"}
    return {
        "page: inbox": page(lambda: "/inbox/"),
        "page: inbox, all": page(lambda: "/inbox/?view=all"),
        "page: search": page(lambda: f"/inbox/?view=all&q={CHANCE.choice(WORDS[100:5000])}"),
        "page: conversation": page(talk()),
        "piece: list": page(lambda: "/inbox/?view=all", **piece),
        "piece: conversation": page(talk(), **piece),
        "piece: customer beside": page(talk("beside/"), **piece),
        "page: customers": page(lambda: "/customers/"),
        "page: customers by name": page(lambda: "/customers/?sort=name"),
        "page: customer": page(lambda: f"/customers/{CHANCE.choice(people)}/"),
    }


def main() -> None:
    call_command("migrate", verbosity=0)
    shop_id, agents = open_shop()
    table = Table("page or question", "conversations", "queries", "median ms", "p95 ms", "CPU ms")
    written = 0
    for size in [int(argument) for argument in sys.argv[1:]] or SIZES:
        for first in track(range(written, size, CHUNK), f"{size:,} conversations"):
            write(shop_id, agents, first)
        written = size
        while commands.learn_words(shop_id, by=SYSTEM):
            pass
        with connection.cursor() as cursor:
            cursor.execute("vacuum analyze")
        each = pages(agents[0], shop_id, size) | questions(shop_id, agents[0], size)
        for name, work in each.items():
            asked, *times = measure(work)
            table.add_row(name, f"{size:,}", str(asked), *(f"{figure:.1f}" for figure in times))
    Console().print(table)


if __name__ == "__main__":
    main()
