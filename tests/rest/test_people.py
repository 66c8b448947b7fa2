"""People, what they did, files, and the feed of all that happens."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from opieka.customers import commands as customers
from opieka.customers.types import ContactKind, ContactPoint
from opieka.kernel.actor import SYSTEM
from tests.rest.world import Program, World, make_world, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(noon: object) -> World:
    return make_world()


@pytest.fixture
def call(world: World) -> Program:
    return world.program


def test_met_then_recognised(call: Program) -> None:
    point = {"kind": "phone", "value": "601 234 567"}
    met = call.post("/customers", {"contact_points": [point], "name": "Dora", "language": "el"})
    person = said(met, 201)
    assert person["contact_points"] == [
        {"kind": "phone", "value": "+48601234567", "display": "+48 601 234 567", "reach": "ok"}
    ]
    more = {"contact_points": [point, {"kind": "email", "value": "Dora@Example.com"}]}
    again = call.post("/customers", more)
    assert again.headers["Location"] == met.headers["Location"]
    known = said(again)
    assert (known["id"], known["name"], known["language"]) == (person["id"], "Dora", "el")
    assert [one["value"] for one in known["contact_points"]] == ["dora@example.com", "+48601234567"]


def test_corrected_and_given_a_contact_point(world: World, call: Program) -> None:
    path = f"/customers/{world.ids['customer_id']}"
    assert said(call("patch", path, {"language": "ru"}))["language"] == "ru"
    assert said(call("patch", path, {}))["language"] == "ru"
    point = {"kind": "email", "value": "anna@work.example"}
    assert len(said(call.post(f"{path}/contact_points", point))["contact_points"]) == 2
    taken = call.post(f"/customers/{world.ids['other_id']}/contact_points", point)
    assert said(taken, 409)["code"] == "contact_point_taken"


def test_merged_and_parted(world: World, call: Program) -> None:
    anna, beata = world.ids["customer_id"], world.ids["other_id"]
    made = call.post(f"/customers/{anna}/merges", {"loser_id": beata})
    merge = said(made, 201)
    assert (merge["winner_id"], merge["loser_id"]) == (anna, beata)
    assert said(call.get(f"/customers/{beata}"))["id"] == anna
    assert next(one["id"] for one in said(call.get(f"/customers/{anna}/merges"))["items"]) == merge["id"]
    assert call("delete", made.headers["Location"]).status_code == 204
    assert said(call.get(f"/customers/{beata}"))["id"] == beata


def test_suspected_and_told_apart(world: World, call: Program) -> None:
    names = ("anna", "beata")
    points = [ContactPoint(ContactKind.EMAIL, f"{name}@{world.shop.slug}.example") for name in names]
    customers.recognise(points, shop_id=world.shop.id, by=SYSTEM)
    path = f"/customers/{world.ids['customer_id']}/suspicions"
    (other,) = said(call.get(path))["items"]
    assert other["id"] == world.ids["other_id"]
    assert call("delete", f"{path}/{other['id']}").status_code == 204
    assert said(call.get(path))["items"] == []


def test_found_by_the_beginning_of_a_name(world: World, call: Program) -> None:
    found = said(call.get(f"/customers?text=ann+{world.shop.slug}"))
    assert [one["id"] for one in found["items"]] == [world.ids["customer_id"]]


@pytest.mark.parametrize(
    "path", ["/customers", "/customers/{customer_id}/touchpoints", "/conversations?view=all"]
)
def test_lists_come_page_by_page(world: World, call: Program, path: str) -> None:
    path = world.fill(path)
    joiner = "&" if "?" in path else "?"
    whole = [one["id"] for one in said(call.get(path))["items"]]
    seen, page = [], said(call.get(f"{path}{joiner}limit=1"))
    seen += [one["id"] for one in page["items"]]
    while page["next"]:
        page = said(call.get(f"{path}{joiner}limit=1&cursor={page['next']}"))
        seen += [one["id"] for one in page["items"]]
    assert seen == whole
    assert len(whole) > 1


def test_a_persons_timeline(world: World, call: Program) -> None:
    items = said(call.get(f"/customers/{world.ids['customer_id']}/touchpoints"))["items"]
    kinds = {item["kind"] for item in items}
    assert {"CustomerMet", "OrderPlaced", "ConversationOpened", "MessageReceived"} <= kinds
    assert {item["customer_id"] for item in items} == {world.ids["customer_id"]}
    known = {fact["kind"]: fact for fact in said(call.get("/facts"))["items"]}
    for item in items:
        assert set(item["data"]) == set(known[item["kind"]]["fields"])


@pytest.mark.django_db(transaction=True)
def test_the_feed_misses_nothing() -> None:
    world = make_world()
    call = world.program
    whole, page = [], said(call.get("/touchpoints?limit=3"))
    while page["items"]:
        whole += [item["id"] for item in page["items"]]
        page = said(call.get(f"/touchpoints?limit=3&cursor={page['next']}"))
    assert whole == sorted(whole)
    assert len(whole) > 10
    now = said(call.get("/touchpoints?from_now=true"))
    assert now["items"] == []
    make_world()
    call.post(f"/conversations/{world.ids['conversation_id']}/notes", {"text": "New."})
    for cursor in (page["next"], now["next"]):
        (item,) = said(call.get(f"/touchpoints?cursor={cursor}"))["items"]
        assert (item["kind"], item["by"]["kind"]) == ("NoteAdded", "integration")
    only = said(call.get("/touchpoints?kind=NoteAdded"))["items"]
    assert {one["kind"] for one in only} == {"NoteAdded"}


def test_files_by_their_bytes(world: World, call: Program) -> None:
    headers = {"Authorization": f"Bearer {call.token}"}
    bare = call.client.generic(
        "POST", "/api/v1/files?filename=a.txt", b"Parcel", "application/octet-stream", headers=headers
    )
    form = call.client.post(
        "/api/v1/files", {"file": SimpleUploadedFile("b.txt", b"Parcel", "text/plain")}, headers=headers
    )
    assert (bare.status_code, form.status_code) == (201, 201)
    assert bare.headers["Location"] == form.headers["Location"]
    assert (bare.json()["filename"], form.json()["filename"]) == ("a.txt", "b.txt")
    read = call.get(bare.headers["Location"])
    assert read.content == b"Parcel"
    assert read.headers["Content-Disposition"] == "attachment"


def test_uploads_that_hold_nothing(call: Program) -> None:
    headers = {"Authorization": f"Bearer {call.token}"}
    for sent in (
        {},
        {"other": SimpleUploadedFile("b.txt", b"x")},
        {"file": SimpleUploadedFile("b.txt", b"")},
    ):
        assert call.client.post("/api/v1/files", sent, headers=headers).json()["code"] == "no_file"
    assert said(call.post("/files"), 422)["code"] == "no_file"
    broken = call.client.generic(
        "POST", "/api/v1/files", b"--x\r\n", "multipart/form-data; boundary=", headers=headers
    )
    assert broken.status_code == 400


def test_what_she_allows(world: World, call: Program) -> None:
    path = f"/customers/{world.ids['customer_id']}/consents"
    yes = {"purpose": "surveys", "channel": "sms", "allowed": True, "source": "form", "wording": "checkout/2"}
    assert [one["allowed"] for one in said(call.post(path, yes))["items"]] == [True]
    no = {"purpose": "surveys", "channel": "sms", "allowed": False, "source": "customer"}
    known = said(call.post(path, no))["items"]
    assert known == said(call.get(path))["items"]
    assert [(one["purpose"], one["allowed"], one["source"]) for one in known] == [
        ("surveys", False, "customer")
    ]
    service = call.post(path, yes | {"purpose": "service"})
    assert said(service, 422)["code"] == "needs_no_consent"
