"""An inbox worked through by a program: found, answered, taken back, put away."""

from __future__ import annotations

import pytest

from opieka.channels.adapters.memory import client as memory
from opieka.timeline import queries as timeline
from tests.rest.world import Program, World, make_world, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(noon: object) -> World:
    return make_world()


@pytest.fixture
def call(world: World) -> Program:
    return world.program


def test_a_conversation_as_it_is_read(world: World, call: Program) -> None:
    found = said(call.get(f"/conversations/{world.ids['conversation_id']}"))
    assert found["customer_id"] == world.ids["customer_id"]
    kinds = [(item["type"], item.get("direction")) for item in found["items"]]
    assert ("message", "in") in kinds
    assert ("message", "out") in kinds
    assert ("note", None) in kinds
    asked = next(item for item in found["items"] if item["id"] == world.ids["message_id"])
    assert asked["segments"] == [{"text": f"anna asks {world.shop.slug}", "folded": False}]
    assert said(call.get(f"/messages/{asked['id']}/html"))["html"] == f"<p>Hello {world.shop.slug}</p>"
    raw = call.get(f"/messages/{asked['id']}/source")
    assert raw.content == f"Raw of {world.shop.slug}".encode()
    assert raw.headers["Content-Type"] == "application/octet-stream"


def test_its_earlier_items_come_page_by_page(world: World, call: Program) -> None:
    path = f"/conversations/{world.ids['conversation_id']}?limit=1"
    page = said(call.get(path))
    seen = [item["id"] for item in page["items"] if item["type"] == "message"]
    while page["next"]:
        page = said(call.get(f"{path}&cursor={page['next']}"))
        seen = [item["id"] for item in page["items"] if item["type"] == "message"] + seen
    whole = said(call.get(f"/conversations/{world.ids['conversation_id']}"))["items"]
    assert seen == [item["id"] for item in whole if item["type"] == "message"]
    assert len(seen) == 3


def test_an_answer_leaves_with_its_file(world: World, call: Program) -> None:
    body = {
        "text": "It left today.",
        "anyway": True,
        "resolve": True,
        "files": [{"sha256": world.ids["sha256"], "filename": "label.txt"}],
    }
    path = f"/conversations/{world.ids['conversation_id']}"
    made = call.post(f"{path}/messages", body, key="k1")
    message = said(made, 201)["message"]
    assert said(call.get(made.headers["Location"])) == said(made, 201)
    assert message["delivery"]["state"] == "held"
    assert message["to"][0]["value"] == f"anna@{world.shop.slug}.example"
    assert [(file["filename"], file["content_type"]) for file in message["files"]] == [
        ("label.txt", "text/plain")
    ]
    assert said(call.post(f"{path}/messages", body, key="k1"), 201)["message"]["id"] == message["id"]
    assert said(call.get(path))["state"] == "resolved"
    (entry,) = [
        one
        for one in timeline.of_subject(
            path[1:].replace("conversations/", "conversation:"), shop_id=world.shop.id
        )
        if one.fact.kind == "MessageSent" and one.by.id == world.ids["token_id"]
    ]
    assert entry.by.kind == "integration"
    assert memory.outbox == []  # it is still held


def test_an_answer_taken_back_comes_as_a_draft(world: World, call: Program) -> None:
    path = f"/conversations/{world.ids['conversation_id']}/messages"
    made = said(call.post(path, {"text": "Too soon.", "anyway": True}), 201)["message"]["id"]
    assert said(call.post(f"/messages/{made}/undo"))["text"] == "Too soon."
    assert said(call.get(f"/messages/{made}"))["message"]["withdrawn"] is True


def test_what_came_meanwhile_is_pointed_out(world: World, call: Program) -> None:
    path = f"/conversations/{world.ids['conversation_id']}/messages"
    problem = said(call.post(path, {"text": "Hello", "seen_message_id": world.ids["message_id"]}), 409)
    assert problem["code"] == "colleague_answered"
    assert problem["data"] == {"message_id": world.ids["failed_id"]}


def test_writing_first(world: World, call: Program) -> None:
    body = {
        "mailbox_id": world.ids["mailbox_id"],
        "to": {"value": "Dora@Example.com", "name": "Dora"},
        "subject": "Your order",
        "text": "It left today.",
        "language": "en",
    }
    made = said(call.post("/conversations", body), 201)
    rows = {row["id"]: row for row in said(call.get("/conversations?view=waiting"))["items"]}
    row = rows[made["conversation_id"]]
    assert (row["customer"], row["subject"], row["preview"]) == ("Dora", "Your order", "It left today.")


@pytest.mark.parametrize(
    ("step", "body", "state"),
    [
        ("resolve", None, "resolved"),
        ("spam", None, "spam"),
        ("snooze", {"until": "2026-11-24T08:00:00+01:00"}, "snoozed"),
    ],
)
def test_put_away_and_taken_up_again(
    world: World, call: Program, step: str, body: object, state: str
) -> None:
    path = f"/conversations/{world.ids['conversation_id']}"
    assert call.post(f"{path}/{step}", body).status_code == 204
    found = said(call.get(path))
    assert found["state"] == state
    assert found["snoozed_until"] == ("2026-11-24T07:00:00Z" if body else None)
    assert call.post(f"{path}/reopen").status_code == 204
    assert said(call.get(path))["state"] == "open"
    assert said(call.post(f"{path}/reopen"), 409)["code"] == "conversation_step"


def test_given_to_somebody_and_read_by_her(world: World, call: Program) -> None:
    staff, path = world.ids["staff_id"], f"/conversations/{world.ids['third_id']}"
    row = said(call("patch", path, {"assignee_id": staff, "customer_id": world.ids["customer_id"]}))
    assert (row["assignee_id"], row["customer_id"]) == (staff, world.ids["customer_id"])
    mine = f"/conversations?view=mine&staff_id={staff}"
    (row,) = said(call.get(mine))["items"]
    assert row["unread"] is True
    last = said(call.get(path))["last_message_id"]
    assert call.post(f"{path}/read", {"staff_id": staff, "message_id": last}).status_code == 204
    assert said(call.get(mine))["items"][0]["unread"] is False
    assert said(call.get(f"/conversations/counts?staff_id={staff}"))["mine"] == 1
    assert said(call("patch", path, {"assignee_id": None}))["assignee_id"] is None
    assert said(call.get("/conversations?view=mine"), 422)["code"] == "staff_id_missing"


def test_joined_and_parted(world: World, call: Program) -> None:
    one, other = world.ids["conversation_id"], world.ids["third_id"]
    made = call.post(f"/conversations/{one}/joins", {"other_id": other})
    assert said(made, 201)["id"]
    assert said(call.get(f"/conversations/{other}"))["id"] == one
    assert call("delete", made.headers["Location"]).status_code == 204
    assert said(call.get(f"/conversations/{other}"))["id"] == other


def test_found_by_its_words(world: World, call: Program) -> None:
    page = said(call.get("/conversations/search?text=anna+asks"))
    assert world.ids["conversation_id"] in [one["conversation"]["id"] for one in page["items"]]
    hits = [stretch["text"] for one in page["items"] for stretch in one["passage"] if stretch["hit"]]
    assert "asks" in hits


def test_lists_narrowed(world: World, call: Program) -> None:
    def ids(query: str) -> list[int]:
        return [row["id"] for row in said(call.get(f"/conversations?{query}"))["items"]]

    assert world.ids["conversation_id"] in ids(f"view=all&customer_id={world.ids['customer_id']}")
    assert world.ids["third_id"] not in ids(f"view=all&customer_id={world.ids['customer_id']}")
    assert ids("view=all&channel=sms") == []
    assert ids(f"view=all&assignee_id={world.ids['staff_id']}") == []


def test_saved_answers(world: World, call: Program) -> None:
    made = call.post("/macros", {"name": "Late", "texts": {"en": "Sorry, {{ customer.first_name }}."}})
    path = made.headers["Location"]
    assert said(call("patch", path, {"name": "Too late"}))["texts"] == said(made, 201)["texts"]
    preview = said(call.get(f"{path}/preview?conversation_id={world.ids['conversation_id']}"))
    assert preview == {"text": "Sorry, anna.", "language": "en", "missing": []}
    bad = call("patch", path, {"texts": {"en": "{{ nothing }}"}})
    assert said(bad, 422)["code"] == "macro_placeholder"
    assert call("delete", path).status_code == 204
    assert call.get(path).status_code == 404


def test_a_failed_message_is_sent_again(world: World, call: Program) -> None:
    path = f"/messages/{world.ids['failed_id']}"
    assert said(call.post(f"{path}/retry"))["message"]["delivery"]["state"] == "queued"
    assert call.post(f"{path}/retry").status_code == 409
    assert call.post(f"/messages/{world.ids['message_id']}/retry").status_code == 409
