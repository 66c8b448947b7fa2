"""Not longer than needed: what a shop does not want to keep is forgotten at night; a restore brings nobody back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from opieka.channels.models import Dispatch, StoredFile
from opieka.conversations import jobs
from opieka.conversations.models import Message
from opieka.conversations.policy.states import months_ago
from opieka.conversations.types import InboxPreferences
from opieka.customers import commands, queries
from opieka.customers.models import Customer, Erasure
from opieka.inbound.models import Payload
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.project import examine
from opieka.project.privacy import repeating
from opieka.shops import commands as shops
from opieka.timeline import reacting
from tests.factories import make_shop
from tests.privacy import world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("months", "then"),
    [(1, (2027, 2, 28)), (3, (2026, 12, 31)), (15, (2025, 12, 31)), (24, (2025, 3, 31))],
)
def test_months_end_where_shorter_ones_do(months: int, then: tuple[int, int, int]) -> None:
    now = datetime(2027, 3, 31, 2, 40, tzinfo=UTC)
    assert months_ago(now, months) == datetime(*then, 2, 40, tzinfo=UTC)
    assert months_ago(now, 0) is None


def test_sources_and_spam_are_forgotten_after_the_months_a_shop_has_set() -> None:
    reacting.begin()
    kept = world.fill(make_shop())
    other = world.fill(make_shop())
    wishes = InboxPreferences(keep_sources_months=6, keep_spam_months=1)
    shops.set_preferences(kept.shop.id, value=wishes, by=SYSTEM)
    automatic = world.letter(
        "auto", "Robot <robot@x.example>", "Jestem poza biurem", Auto_Submitted="auto-replied"
    )
    world.feed(kept.shop, kept.account, automatic)
    robot = Message.objects.filter(shop_id=kept.shop.id).latest("id")
    Dispatch.objects.update(next_try_at=None)
    with clock.fixed(clock.now() + timedelta(days=70)):
        jobs.forget_old(0)
    world.settle()
    robot.refresh_from_db()
    assert (robot.text, robot.sender_value, robot.subject) == ("", "", "")
    assert Message.objects.filter(shop_id=kept.shop.id).exclude(raw_sha256="").count() == 4, "not yet"
    with clock.fixed(clock.now() + timedelta(days=200)):
        jobs.forget_old(0)
    world.settle()
    mine, theirs = (Message.objects.filter(shop_id=one.shop.id) for one in (kept, other))
    assert not mine.exclude(raw_sha256="").exists()
    assert mine.filter(text__contains="malachitowy").exists(), "what was said stays"
    assert theirs.exclude(raw_sha256="").count() == 4
    assert not Payload.objects.filter(shop_id=kept.shop.id, source="mail").exclude(raw_sha256="").exists()
    assert not Dispatch.objects.filter(shop_id=kept.shop.id, raw__isnull=False).exists()
    needed = set(Payload.objects.values_list("raw_sha256", flat=True)) | set(
        Dispatch.objects.filter(raw__isnull=False).values_list("raw__sha256", flat=True)
    )
    raw = StoredFile.objects.filter(content_type="message/rfc822").values_list("sha256", flat=True)
    assert set(raw) <= needed
    said = next(line for line in examine.kept() if line.startswith(f"{kept.shop.slug}:"))
    assert "for 6 months" in said
    assert "for 1 month." in said


def test_who_was_erased_is_erased_again_after_a_restore(tmp_path: Path) -> None:
    reacting.begin()
    kept = world.fill(make_shop())
    before = list(Customer.objects.filter(id__in=[kept.customer, kept.caller]).values())
    commands.erase(kept.customer, shop_id=kept.shop.id, by=SYSTEM)
    world.settle()
    path = tmp_path / "list"
    assert repeating.write(path) == Erasure.objects.count()
    assert not [needle for needle in world.NEEDLES if needle in path.read_text().casefold()]
    # The backup of before knows her, and nothing of the erasure.
    Erasure.objects.all().delete()
    for row in before:
        Customer.objects.filter(id=row["id"]).update(name=row["name"], erased_at=None)
    listed = repeating.read(path)
    assert repeating.erase_again(listed) == 1
    assert repeating.erase_again(listed) == 0
    assert queries.card(kept.caller, shop_ids=[kept.shop.id]).erased
    # Somebody else who has got her number since is not her.
    Customer.objects.filter(id=kept.customer).update(since=clock.now(), erased_at=None, name="Ewa")
    Customer.objects.filter(id=kept.caller).update(since=clock.now(), erased_at=None)
    assert repeating.erase_again(listed) == 0


def test_a_file_that_is_no_list_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_text("Anna\n")
    with pytest.raises(SystemExit, match="no list of erasures"):
        repeating.read(path)
