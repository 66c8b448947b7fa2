"""Coming in by a code: the same whether the order exists or not, and no way to guess."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from opieka.conversations.models import Message
from opieka.deliveries import queries
from opieka.kernel import clock
from opieka.portal import commands, jobs
from opieka.portal.models import Entry
from tests.deliveries.building import after
from tests.factories import make_shop
from tests.portal.building import World, make_world, text

pytestmark = pytest.mark.django_db
BROWSER = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def _monday() -> Iterator[datetime]:
    with clock.fixed(after(3)):
        yield after(3)


@pytest.fixture
def world() -> World:
    return make_world()


def knock(
    world: World, number: str = "1001", contact: str = "anna@example.com", remote: str = "10.0.0.1"
) -> str:
    """Where the code is to be typed in, after the job has looked for the order."""
    client = Client(headers=BROWSER, REMOTE_ADDR=remote)
    answer = client.post(f"/my/in/{world.shop.slug}/", {"number": number, "contact": contact})
    assert answer.status_code == 302, answer.status_code
    jobs.send_code(entry_id=Entry.objects.latest("id").pk)
    return str(answer["Location"])


def codes() -> list[str]:
    """The codes that were sent, in their order."""
    texts = Message.objects.order_by("id").values_list("text", flat=True)
    return [found[1] for text in texts if (found := re.search(r"code is (\d{6})", text))]


def enter(path: str, code: str) -> int:
    return Client(headers=BROWSER).post(path, {"code": code}).status_code


@pytest.mark.parametrize(
    "contact", ["anna@example.com", " ANNA@example.com ", "+48 601 234 567", "601234567"]
)
@pytest.mark.parametrize("number", ["1001", "#1001"])
def test_number_and_contact_bring_a_code_that_opens_the_order(
    world: World, number: str, contact: str
) -> None:
    path = knock(world, number, contact)
    (code,) = codes()
    answer = Client(headers=BROWSER).post(path, {"code": f"{code[:3]} {code[3:]}"})
    assert answer.status_code == 302
    key = answer["Location"].split("/")[3]
    assert queries.opened(key) == (world.shop.id, world.order_id)
    assert "Order 1001" in text(Client(headers=BROWSER).get(answer["Location"]))
    assert enter(path, code) == 404  # once


@pytest.mark.parametrize(
    ("number", "contact"),
    [("1001", "eve@example.com"), ("9999", "anna@example.com"), ("9999", "eve@example.com"), ("1001", "?")],
)
def test_nobody_learns_whether_there_is_such_an_order(world: World, number: str, contact: str) -> None:
    client = Client(headers=BROWSER)

    def asked(number: str, contact: str) -> tuple[int, list[str], str]:
        with CaptureQueriesContext(connection) as queries_asked:
            answer = client.post(f"/my/in/{world.shop.slug}/", {"number": number, "contact": contact})
        kinds = [re.sub(r"s\d+_x\d+", "", query["sql"].split("'")[0][:60]) for query in queries_asked]
        page = text(client.get(answer["Location"])).replace(answer["Location"], "")
        return answer.status_code, kinds, page

    assert asked(number, contact) == asked("1001", "anna@example.com")
    Entry.objects.all().delete()
    path = knock(world, number, contact)
    assert codes() == []
    for code in ("000000", "", "123456"):
        assert enter(path, code) == 422


def test_a_code_cannot_be_guessed(world: World) -> None:
    path = knock(world)
    (code,) = codes()
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(commands.TRIES):
        assert enter(path, wrong) == 422
    assert enter(path, code) == 422, "after five tries the right one opens nothing either"


def test_a_code_is_valid_for_a_quarter_of_an_hour_and_only_for_its_attempt(world: World) -> None:
    first, second = knock(world), knock(world)
    old, new = codes()
    if old != new:
        assert enter(first, new) == 422
    with clock.fixed(after(3) + commands.LASTS + timedelta(seconds=1)):
        assert enter(second, new) == 404
    assert enter(second, new) == 302
    assert enter(f"/my/in/{make_shop().slug}/{first.split('/')[4]}/", old) == 404


@pytest.mark.parametrize(
    ("changing", "most"),
    [
        ("contact", commands.LIMITS["number"]),
        ("number", commands.LIMITS["contact"]),
        ("both", commands.LIMITS["remote"]),
        ("both, and within a /64", commands.LIMITS["remote"]),
        ("both, and within a network", commands.LIMITS["network"]),
        ("everything", commands.OF_A_SHOP),
    ],
)
def test_asking_too_often_ends_for_an_hour(
    world: World, changing: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if changing == "everything":  # a thousand take too long
        monkeypatch.setattr(commands, "OF_A_SHOP", most := 30)

    def remote(number: int) -> str:
        return {
            "both": "10.0.0.1",
            "both, and within a /64": f"2001:db8:0:7::{number:x}",
            "both, and within a network": f"10.0.1.{number}",
        }.get(changing, f"10.{number}.0.1")

    def ask(number: int) -> int:
        client = Client(headers=BROWSER, REMOTE_ADDR=remote(number))
        order = "1001" if changing == "contact" else f"X{number}"
        contact = "anna@example.com" if changing == "number" else f"p{number}@example.com"
        return client.post(f"/my/in/{world.shop.slug}/", {"number": order, "contact": contact}).status_code

    assert [ask(number) for number in range(most + 1)] == [302] * most + [429]
    with clock.fixed(after(3) + timedelta(hours=1, seconds=1)):
        assert ask(99) == 302


def test_what_is_kept_tells_nothing_and_is_forgotten(world: World) -> None:
    knock(world)
    (code,) = codes()
    row = Entry.objects.get()
    stored = " ".join(str(getattr(row, field.attname)) for field in Entry._meta.concrete_fields)
    assert code not in stored
    assert "anna" not in stored
    assert "10.0.0.1" not in stored
    with clock.fixed(after(3) + timedelta(days=1, hours=1)):
        jobs.forget(0)
    assert not Entry.objects.exists()


def test_both_fields_are_wanted(world: World) -> None:
    client = Client(headers=BROWSER)
    page = text(client.post(f"/my/in/{world.shop.slug}/", {"number": "1001"}), 422)
    assert "Fill in both fields." in page
    assert 'value="1001"' in page
    assert client.get("/my/in/nowhere/").status_code == 404


def test_a_code_is_sent_once_however_often_the_job_runs(world: World) -> None:
    knock(world)
    jobs.send_code(entry_id=Entry.objects.get().pk)
    assert len(codes()) == 1
