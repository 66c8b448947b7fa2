"""Her copy: everything of hers, nothing of others, in her language, gone after a week."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.test import Client

from opieka.customers import commands, queries
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.kernel.errors import NotFound
from opieka.project.privacy import jobs
from opieka.project.privacy.archive import STRETCH, Stretches, safe_name
from opieka.timeline import reacting
from tests.desk.conftest import signed_in
from tests.factories import make_shop
from tests.privacy import world
from tests.privacy.world import Kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept() -> Kept:
    return world.fill(make_shop())


def made(kept: Kept) -> int:
    """A copy, made as the worker does."""
    export_id = commands.request_export(kept.customer, shop_ids=[kept.shop.id], by=SYSTEM)
    jobs.export.func(export_id=export_id)
    return export_id


def opened(export_id: int) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(queries.export_bytes(export_id))))


def test_it_holds_everything_of_hers(kept: Kept) -> None:
    archive = opened(made(kept))
    assert archive.testzip() is None
    names = archive.namelist()
    index = archive.read("index.html").decode()
    for words in (
        world.NAME,
        world.EMAIL,
        world.WORK,
        "+48 512 345 678",
        "1001",
        "Kukułcza 7",
        "Malachitowy dzbanek",
    ):
        assert words in index, words
    assert '<html lang="pl"' in index
    talk = archive.read(f"conversations/{kept.conversation}.html").decode()
    assert "Gdzie jest mój malachitowy dzbanek?" in talk
    assert "Smarkata Żaneta" in talk, "what is noted of her is hers too"
    assert len([name for name in names if name.startswith("files/")]) == 2
    assert len([name for name in names if name.startswith("mails/")]) == 2
    consents = json.loads(archive.read("data/consents.json"))
    assert [(one["purpose"], one["given"], one["wording"]) for one in consents] == [
        ("marketing", True, "newsletter/3")
    ]
    (order,) = json.loads(archive.read("data/orders.json"))
    assert order["shipping_address"]["street"] == "Kukułcza 7"
    kinds = {entry["what"] for entry in json.loads(archive.read("data/timeline.json"))}
    assert {"CustomerMet", "OrderPlaced", "ConsentGiven", "MessageReceived"} <= kinds


def test_it_holds_nothing_that_others_wrote_among_themselves(kept: Kept) -> None:
    archive = opened(made(kept))
    assert f"conversations/{kept.shared}.html" not in archive.namelist()
    (said,) = json.loads(archive.read("data/said_elsewhere.json"))
    assert said["sender"]["value"] == world.EMAIL
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Kupuje z kolega." not in everything


def test_it_is_kept_for_a_week_and_goes_with_her(kept: Kept) -> None:
    export_id = made(kept)
    card = queries.export(export_id, shop_ids=[kept.shop.id])
    assert card.size == sum(map(len, queries.export_bytes(export_id)))
    stranger = make_shop()
    with pytest.raises(NotFound):
        queries.export(export_id, shop_ids=[stranger.id])
    with clock.fixed(clock.now() + timedelta(days=8)):
        with pytest.raises(NotFound):
            queries.export(export_id)
        assert commands.drop_exports() == 1
    another = made(kept)
    commands.erase(kept.customer, shop_id=kept.shop.id, by=SYSTEM)
    assert list(queries.export_bytes(another)) == []
    jobs.export.func(export_id=another)  # was under way: ends without a word
    with pytest.raises(NotFound):
        commands.request_export(kept.customer, shop_ids=[kept.shop.id], by=SYSTEM)


def test_from_the_desk(kept: Kept) -> None:
    client: Client = signed_in(kept.agent)
    own = f"/customers/{kept.customer}/"
    assert client.post(f"{own}copy/").status_code == 302
    (card,) = queries.exports([kept.customer], shop_ids=[kept.shop.id])
    assert "Being made" in client.get(own).content.decode()
    assert client.get(f"/copies/{card.id}/").status_code == 404
    jobs.export.func(export_id=card.id)
    assert f"/copies/{card.id}/" in client.get(own).content.decode()
    answer = client.get(f"/copies/{card.id}/")
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a streaming answer
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None


def test_from_the_desk_erased_after_the_name_was_typed(kept: Kept) -> None:
    client: Client = signed_in(kept.agent)
    own = f"/customers/{kept.customer}/erase/"
    page = client.get(own).content.decode()
    for words in ("4 contact points", "1 conversation with all", "of 1 order", world.NAME):
        assert words in page, words
    wrong = client.post(own, {"typed": "Zaneta"})
    assert wrong.status_code == 422
    assert "Nothing was erased" in wrong.content.decode()
    assert client.post(own, {"typed": world.NAME}).status_code == 302
    assert queries.card(kept.customer, shop_ids=[kept.shop.id]).erased
    page = client.get(f"/customers/{kept.customer}/").content.decode()
    assert "Erased person" in page
    assert "erase/" not in page
    assert client.get(own).status_code in {403, 404}


def test_stretches_are_about_a_megabyte() -> None:
    taken: list[bytes] = []
    into = Stretches(taken.append)
    for _ in range(25):
        into.write(b"x" * 100_000)
    into.close()
    into.close()
    assert [len(one) for one in taken] == [STRETCH, STRETCH, STRETCH // 2]


@pytest.mark.parametrize(
    ("name", "safe"),
    [("../../etc/passwd", "_.._etc_passwd"), ("фото 1.jpg", "фото 1.jpg"), ("", "file"), ("a\\b:c", "a_b_c")],
)
def test_names_of_files_are_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_the_worker_hears_of_the_request(kept: Kept) -> None:
    assert "project.privacy.jobs.make_the_copy" in {each.name for each in reacting.reactions()}
