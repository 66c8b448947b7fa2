"""The page of an order: what it says, what it offers, and who may see it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from opieka.deliveries import commands, queries
from opieka.deliveries.models import Choice, Parcel
from opieka.deliveries.types import Arrival, ChoiceKind, PagePreferences, PromiseSource
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM, ActorKind
from opieka.kernel.errors import NotFound
from opieka.portal.views.shown import POLICY
from opieka.returns.models import Case
from opieka.shops import commands as shops
from opieka.timeline.models import Touchpoint
from tests.deliveries.building import after, report, take, tracking
from tests.factories import make_shop
from tests.portal.building import POINT, World, make_world, text

pytestmark = pytest.mark.django_db
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[datetime]:
    with clock.fixed(after(3)):
        yield after(3)


@pytest.fixture
def world() -> World:
    return make_world()


def state(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page)
    assert found
    return found[1]


# The state in one sentence


@pytest.mark.parametrize(
    ("stages", "sentence"),
    [
        ((), "Your parcel comes on Thursday."),
        (("out_for_delivery",), "Your parcel comes today."),
        (("attempt_failed",), "The courier came and could not hand your parcel over."),
        (("awaiting_collection",), "Your parcel waits for you at the pickup point."),
        (("exception",), "Your parcel is held up."),
        (("delivered",), "Your parcel was delivered: today."),
        (("returning",), "Your parcel is on its way back to us."),
        (("returned",), "Your parcel came back to us."),
        (("lost",), "We are sorry: the carrier has lost your parcel."),
        (("cancelled",), "This parcel is not sent."),
    ],
)
def test_the_state_comes_first(world: World, stages: tuple[str, ...], sentence: str) -> None:
    world.report("label_created", "in_transit", *stages)
    assert state(text(world.get())) == sentence


def test_an_uncertain_day_is_told_as_it_is(world: World) -> None:
    commands.promise(
        world.order_id,
        shop_id=world.shop.id,
        promised_from=after(24 * 3),
        promised_to=after(24 * 4),
        source=PromiseSource.SHOP,
        by=SYSTEM,
    )
    assert state(text(world.get())) == "Your parcel comes on Thursday or Friday."


def test_a_slot_on_the_day_is_told_with_its_hours(world: World) -> None:
    commands.promise(
        world.order_id,
        shop_id=world.shop.id,
        promised_from=after(7),
        promised_to=after(10),
        source=PromiseSource.CUSTOMER,
        by=SYSTEM,
    )
    world.report("label_created", "in_transit", "out_for_delivery")
    assert state(text(world.get())) == "Your parcel comes today between 17:00 and 20:00."


def test_late_is_said_and_the_old_promise_is_not_repeated(world: World) -> None:
    with clock.fixed(after(24 * 5)):
        commands.sweep(100, by=SYSTEM)
        page = text(world.get())
    assert state(page) == "We are sorry, your parcel is late."
    assert "Thursday" not in page


def test_a_promise_nobody_believes_in_is_not_told_as_if_it_held(world: World) -> None:
    Parcel.objects.update(risk=0.7)
    page = text(world.get())
    assert state(page) == "Your parcel will probably come later than promised. We are sorry."
    assert "Thursday" not in page


def test_an_order_without_parcels_says_what_happens_now() -> None:
    world = make_world()
    assert "Order 1001" in text(world.get())
    commands.forget_receiver([], shop_id=world.shop.id, by=SYSTEM)
    from opieka.deliveries.models import Parcel

    Parcel.objects.all().delete()
    assert state(text(world.get())) == "Your order comes on Thursday."


def test_several_parcels_stand_below_each_other(world: World) -> None:
    world.report("label_created", "in_transit", "delivered", number="MEM2")
    page = text(world.get())
    assert "Parcel 1 of 2" in page
    assert "Parcel 2 of 2" in page
    assert page.count("<summary>") == 1, "one button is shown, the other choices are folded"
    assert page.count('class="steps"') == 2


# What can be done


def test_only_what_is_offered_can_be_chosen(world: World) -> None:
    offered = {offer.kind for offer in queries.offers(world.parcel_id, shop_ids=[world.shop.id])}
    assert ChoiceKind.PICKUP_POINT not in offered  # no points are known
    page = text(world.get())
    linked = set(re.findall(rf'/{world.parcel_id}/(\w+)/"', page)) - {"arrived"}
    assert linked == {kind.value for kind in offered - {ChoiceKind.CANCEL}}
    text(world.get(f"{world.parcel_id}/pickup_point/"), 409)
    text(world.get(f"{world.parcel_id}/cancel/"), 404)
    text(world.get(f"{world.parcel_id}/nonsense/"), 404)


def test_a_day_is_chosen_and_stands_on_the_page(world: World) -> None:
    path = f"{world.parcel_id}/slot/"
    page = text(world.get(path))
    value = re.findall(r'name="pick" value="([^"]+)"', page)[2]
    answer = world.post(path, pick=value, key="one")
    assert answer.status_code == 302
    world.post(path, pick=value, key="one")  # she pressed twice
    (row,) = Choice.objects.all()
    assert f"{row.day}/{row.time_from:%H:%M}/{row.time_to:%H:%M}" == value
    shown = text(world.client.get(answer["Location"]))
    assert "Thank you. Your choice is noted." in shown
    assert "Choose another day: Tuesday 3 November, 17:00 to 20:00" in shown
    by = Touchpoint.objects.get(kind="DeliveryChosen")
    assert by.actor_kind == ActorKind.CUSTOMER


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("slot", {}),
        ("slot", {"pick": "2026-12-24"}),
        ("slot", {"pick": "nonsense/x/y"}),
        ("slot", {"pick": "2026-11-03/03:00/04:00"}),
        ("neighbour", {"words": "  "}),
        ("address", {"street": "Polna 5"}),
    ],
)
def test_an_answer_that_cannot_be_is_asked_for_again(world: World, kind: str, data: dict[str, str]) -> None:
    page = text(world.post(f"{world.parcel_id}/{kind}/", **data), 422)
    assert 'role="alert"' in page
    assert data.get("street", "") in page
    assert not Choice.objects.exists()


def test_what_she_writes_is_shown_as_words(world: World) -> None:
    world.post(f"{world.parcel_id}/neighbour/", words="<script>alert(1)</script>", key="1")
    page = text(world.get())
    assert "&lt;script&gt;" in page
    assert "<script" not in page


def test_a_choice_can_be_taken_back(world: World) -> None:
    world.post(f"{world.parcel_id}/neighbour/", words="Nowak", key="1")
    choice = Choice.objects.get()
    other = make_world()
    assert other.post(f"choices/{choice.pk}/").status_code == 404
    assert world.post(f"choices/{choice.pk}/").status_code == 302
    assert "Nowak" not in text(world.get())


def test_points_are_listed_by_distance_near_home_or_another_place(world: World) -> None:
    commands.keep_points(world.shop.id, carrier="memory", points=[POINT], by=SYSTEM)
    path = f"{world.parcel_id}/pickup_point/"
    page = text(world.get(path))
    assert "Kiosk Złota" in page
    assert "10 m" in page
    assert "no pickup point near" in text(world.get(path, place="Nowhere"))
    value = re.findall(r'name="pick" value="(\d+)"', page)[0]
    assert world.post(path, pick="999999", key="1").status_code == 422
    assert world.post(path, pick=value, key="2").status_code == 302
    assert "Kiosk Złota, Złota 1" in text(world.get())


def test_the_day_goes_into_her_calendar(world: World) -> None:
    body = text(world.get(f"{world.parcel_id}/calendar.ics"))
    assert body.startswith("BEGIN:VCALENDAR\r\n")
    assert "DTSTART;VALUE=DATE:20261105" in body
    assert all(len(line.encode()) <= 75 for line in body.split("\r\n"))


# Arrived whole?


def test_it_is_asked_after_the_delivery_and_never_before(world: World) -> None:
    path = f"{world.parcel_id}/arrived/"
    assert "Did everything arrive well?" not in text(world.get())
    assert world.post(path, how="whole", key="1").status_code == 409
    world.report("label_created", "in_transit", "delivered")
    assert "Did everything arrive well?" in text(world.get())
    assert world.post(path, how="whole", key="1").status_code == 302
    page = text(world.get())
    assert "Did everything arrive well?" not in page
    assert "all is well" in page


def test_a_damage_is_told_with_pictures(world: World) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile as File

    world.report("label_created", "in_transit", "delivered")
    path = f"{world.parcel_id}/arrived/"
    text(world.get(path, how="damaged"))
    refused: list[Any] = [
        [File("a.png", b"<html><script>", "image/png")],
        [File("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "image/svg+xml")],
        [File(f"{n}.png", PNG + bytes([n]), "image/png") for n in range(7)],
    ]
    for photos in refused:
        text(world.post(path, how="damaged", words="Crushed", key="1", photos=photos), 422)
    assert not Touchpoint.objects.filter(kind="ArrivalTold").exists()
    photo = File("../../etc/x.exe", PNG, "text/html")
    assert world.post(path, how="damaged", words="Crushed", key="1", photos=[photo]).status_code == 302
    news = queries.arrivals([world.parcel_id], shop_ids=[world.shop.id])[world.parcel_id].news
    assert (news.arrival, news.words, len(news.photos)) == (Arrival.DAMAGED, "Crushed", 1)


def test_a_safe_place_is_shown_in_a_picture_to_the_desk_and_forgotten_with_her(world: World) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile as File

    path = f"{world.parcel_id}/safe_place/"
    assert 'type="file"' in text(world.get(path))
    assert 'type="file"' not in text(world.get(f"{world.parcel_id}/neighbour/"))
    page = text(world.post(path, words="On the terrace", key="1", photos=[File("a.png", b"<html>")]), 422)
    assert "On the terrace" in page
    assert not Choice.objects.exists()
    assert world.post(path, words="On the terrace", key="1", photos=[File("a", PNG)]).status_code == 302
    (card,) = queries.choices([world.parcel_id], shop_ids=[world.shop.id])
    assert len(card.choice.photos) == 1
    assert queries.files_in_use(card.choice.photos, world.shop.id) == set(card.choice.photos)
    assert "On the terrace, with a picture" in text(world.get())
    person = Parcel.objects.get(id=world.parcel_id).customer_id
    commands.forget_receiver([person or 0], shop_id=world.shop.id, by=SYSTEM)
    assert queries.files_in_use(card.choice.photos, world.shop.id) == set()


def test_a_parcel_in_a_locker_shows_its_code_and_the_way_while_it_is_there(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    told = PagePreferences(map_directions="https://maps.test/?to={latitude},{longitude}")
    shops.set_preferences(world.shop.id, value=told, by=SYSTEM)
    point = replace(POINT, code="WAW01A", locker=True, hours="Mo-Fr 08:00-20:00; Sa 09:00-14:00")
    commands.keep_points(world.shop.id, carrier="memory", points=[point], by=SYSTEM)
    waits = report(2, "awaiting_collection", depot="WAW01A", collect_by=after(50))
    parcel = tracking(waits, number="MEM1", carrier="memory", collect_code="483920")
    assert "483920" not in repr(parcel)
    take(world.shop.id, parcel, told_by="memory")
    page = text(world.get())
    assert "<strong>483 920</strong>" in page
    assert 'role="img" aria-label="The same code to be scanned"><svg' in page
    assert "Open: Mon-Fri 08:00-20:00; Sat 09:00-14:00" in page
    assert "It is at Kiosk Złota, Złota 1, Warszawa." in page
    assert 'href="https://maps.test/?to=52.231900,21.006700"' in page
    assert "Collect it by:" in page
    with clock.fixed(after(51)):
        assert "483 920" not in text(world.get()), "the locker is emptied"
    world.report("label_created", "in_transit", "awaiting_collection", "delivered")
    assert "483 920" not in text(world.get())
    commands.forget_codes([world.parcel_id], shop_id=world.shop.id, by=SYSTEM)
    assert queries.collect_codes([world.parcel_id], shop_ids=[world.shop.id]) == {}
    stored = str(list(Touchpoint.objects.values_list("data", flat=True)))
    assert "483920" not in stored + caplog.text


# Who may see it


def test_nobody_without_the_right_key_sees_anything(world: World) -> None:
    key = world.key
    shop, order, lock, ends, signature = key.split("-")
    forged = [
        f"{shop}-{int(order) + 1}-{lock}-{ends}-{signature}",
        f"{int(shop) + 1}-{order}-{lock}-{ends}-{signature}",
        f"{shop}-{order}-{lock}-{int(ends) + 1}-{signature}",
        f"{shop}-{order}-{int(lock) + 1}-{ends}-{signature}",
        key[:-1] + ("a" if key[-1] != "a" else "b"),
        key[:-1],
        signature,
        "",
        "-",
        "é" * 16,
        "0" * 5000,
    ]
    for one in forged:
        with pytest.raises(NotFound):
            queries.opened(one)
    answers = [world.client.get(f"/my/o/{one}/") for one in forged if one]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert not any(b"1001" in answer.content for answer in answers)


def test_a_key_ends_and_can_be_made_void(world: World) -> None:
    key = world.key
    with clock.fixed(after(3) + timedelta(days=60)):
        assert queries.opened(key) == (world.shop.id, world.order_id)
    with clock.fixed(after(3) + timedelta(days=61)), pytest.raises(NotFound):
        queries.opened(key)
    commands.change_page_lock(world.order_id, shop_id=world.shop.id, by=SYSTEM)
    with pytest.raises(NotFound):
        queries.opened(key)
    assert queries.opened(world.key) == (world.shop.id, world.order_id)
    with pytest.raises(NotFound):
        queries.page_key(world.order_id, shop_id=make_shop().id)


def test_the_parcels_of_others_are_no_part_of_it(world: World) -> None:
    other = make_world()
    for path in (
        f"{other.parcel_id}/slot/",
        f"{other.parcel_id}/calendar.ics",
        f"{other.parcel_id}/arrived/?how=whole",
    ):
        assert world.get(path).status_code == 404
    assert world.post(f"{other.parcel_id}/neighbour/", words="x", key="1").status_code == 404
    assert not Choice.objects.exists()


def test_pages_are_closed_to_caches_scripts_frames_and_referrers(world: World) -> None:
    answer = world.get()
    page = text(answer)
    assert answer["Content-Security-Policy"] == POLICY
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex"
    assert "<script" not in page
    assert " style=" not in page
    assert not answer.cookies


def test_the_language_is_the_browsers_until_she_chooses_one(world: World) -> None:
    def spoken(**headers: str) -> str:
        answer = world.client.get(f"/my/o/{world.key}/", headers=headers)
        found = re.search(r'<html lang="(\w+)">', text(answer))
        assert found
        return found[1]

    assert spoken(**{"Accept-Language": "el-GR,el;q=0.9,en;q=0.5"}) == "el"
    assert spoken(**{"Accept-Language": "de, uk;q=0.8, ru;q=0.7"}) == "ru"
    assert spoken(**{"Accept-Language": "xx"}) == "en"
    assert world.get(language="pl").status_code == 302
    assert spoken(**{"Accept-Language": "el"}) == "pl"


def test_the_page_is_small_and_asks_the_database_as_rarely_for_many_parcels_as_for_one(world: World) -> None:
    path = f"/my/o/{world.key}/"

    def asked() -> int:
        with CaptureQueriesContext(connection) as questions:
            page = text(world.client.get(path))
        assert len(page.encode()) < 60_000
        return len(questions)

    one = asked()
    for number in range(2, 9):
        world.report("label_created", "in_transit", number=f"MEM{number}")
    assert asked() == one <= MOST


MOST = 14


# Cancelling


def test_an_order_that_has_not_left_is_cancelled_in_two_steps() -> None:
    with clock.fixed(after(3)):
        world = make_world()
        Parcel.objects.filter(shop_id=world.shop.id).update(handed_over_at=None, stage="label_created")
        assert f'/my/o/{world.key}/cancel/"' in text(world.get())
        assert "Do you want to cancel the whole order?" in text(world.get("cancel/"))
        assert Case.objects.count() == 0
        for _ in range(2):
            assert world.post("cancel/").status_code == 302
        (case,) = Case.objects.all()
        assert case.order_id == world.order_id
        page = text(world.get())
        assert "are stopping the order" in page
        assert "/cancel/" not in page


def test_what_has_left_is_not_offered_to_be_cancelled(world: World) -> None:
    assert "/cancel/" not in text(world.get())
    assert world.post("cancel/").status_code == 302
    assert "It had already left" in text(world.get())
