"""Reading and answering, with scripts and without."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from opieka.conversations import commands, queries
from opieka.conversations.types import MessageItem, State, Thread, View
from opieka.kernel.actor import Actor
from opieka.shops.types import Role
from tests.desk.conftest import World, answered

HTMX = {"HX-Request": "true"}


def hidden(html: str) -> dict[str, str]:
    """The hidden inputs of the composer."""
    composer = html[html.index('id="composer"') :]
    return dict(re.findall(r'<input type="hidden" name="(key|seen)" value="([^"]*)"', composer))


def thread(world: World) -> Thread:
    return queries.thread(world.conversation, shop_ids=[world.shop.id])


def test_the_inbox_lists_conversations_and_the_page_shows_one(agent: Client, world: World) -> None:
    page = agent.get("/inbox/").content.decode()
    assert "Anna Kowalska" in page
    assert "Jan Wazon" in page
    page = agent.get(f"/conversations/{world.conversation}/").content.decode()
    assert "Where is my vase?" in page
    assert "folded" in page
    assert 'hx-get="/inbox/"' in page, "the list comes to stand beside it"
    assert "Jan Wazon" in agent.get("/inbox/", headers=HTMX).content.decode()


def test_htmx_gets_the_piece_alone(agent: Client, world: World) -> None:
    piece = agent.get(f"/conversations/{world.conversation}/", headers=HTMX).content.decode()
    assert "<html" not in piece
    assert 'id="composer"' in piece


def test_opening_marks_read(agent: Client, world: World) -> None:
    def unread() -> dict[int, bool]:
        rows = queries.inbox([world.shop.id], view=View.OPEN, staff_id=world.staff[Role.AGENT]).rows
        return {row.id: row.unread for row in rows}

    assert unread()[world.conversation]
    agent.get(f"/conversations/{world.conversation}/")
    assert unread() == {world.conversation: False, world.other_conversation: True}


def test_beside_shows_the_customer_and_her_order(agent: Client, world: World) -> None:
    piece = agent.get(f"/conversations/{world.conversation}/beside/", headers=HTMX).content.decode()
    for words in ("Anna Kowalska", "anna@example.com", "#1001", "Vase", "349", "Ordered"):
        assert words in piece, words


def test_a_reply_by_plain_form_and_by_htmx(agent: Client, world: World) -> None:
    address = f"/conversations/{world.conversation}/"
    given = hidden(agent.get(address).content.decode())
    sent = agent.post(f"{address}send/", {"mode": "reply", "text": "Tomorrow.", "then": "", **given})
    assert sent.status_code == 302
    again = agent.post(
        f"{address}send/", {"mode": "reply", "text": "Tomorrow.", "then": "", **given}, headers=HTMX
    )
    assert again.status_code == 200, "the same key again is the same message"
    ours = [item for item in thread(world).items if isinstance(item, MessageItem) and item.author_id]
    assert [item.segments[0].text for item in ours] == ["Tomorrow."]
    page = agent.get(address).content.decode()
    assert "Tomorrow." in page
    assert 'data-until="' in page, "it can be undone"


def test_sending_and_resolving(agent: Client, world: World) -> None:
    address = f"/conversations/{world.conversation}/"
    given = hidden(agent.get(address).content.decode())
    piece = agent.post(
        f"{address}send/", {"mode": "reply", "text": "Done.", "then": "resolve", **given}, headers=HTMX
    )
    assert 'hx-swap-oob="true"' in piece.content.decode()
    assert thread(world).state is State.RESOLVED


def test_an_empty_reply_keeps_the_page_and_says_why(agent: Client, world: World) -> None:
    address = f"/conversations/{world.conversation}/"
    given = hidden(agent.get(address).content.decode())
    refused = agent.post(f"{address}send/", {"mode": "reply", "text": "  ", **given})
    assert refused.status_code == 422
    assert "There is nothing to send yet" in refused.content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_colleague_was_quicker(agent: Client, world: World, headers: dict[str, str]) -> None:
    address = f"/conversations/{world.conversation}/"
    given = hidden(agent.get(address).content.decode())
    answered(world)
    said = {"mode": "reply", "text": "On Friday.", "then": "resolve", **given}
    refused = agent.post(f"{address}send/", said, headers=headers)
    assert refused.status_code == 409
    html = refused.content.decode()
    assert "A colleague has answered meanwhile" in html
    assert 'name="anyway" value="resolve"' in html
    if headers:
        assert refused["HX-Retarget"] == "#composer-trouble"
    else:
        assert "On Friday." in html, "the words are still in the composer"
    agent.post(f"{address}send/", said | {"then": "", "anyway": "resolve"}, headers=headers)
    assert thread(world).state is State.RESOLVED


def test_a_note_is_for_colleagues(agent: Client, world: World) -> None:
    address = f"/conversations/{world.conversation}/"
    given = hidden(agent.get(address).content.decode())
    piece = agent.post(
        f"{address}send/", {"mode": "note", "text": "She <b>called</b>.", **given}, headers=HTMX
    )
    html = piece.content.decode()
    assert "She &lt;b&gt;called&lt;/b&gt;." in html
    assert 'class="note"' in html


def test_files_travel_with_a_reply(agent: Client, world: World, tmp_path: object) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    address = f"/conversations/{world.conversation}/"
    given = hidden(agent.get(address).content.decode())
    files = [SimpleUploadedFile("label.pdf", b"%PDF-1.4 x", "application/pdf")]
    agent.post(f"{address}send/", {"mode": "reply", "text": "Here.", "files": files, **given}, headers=HTMX)
    assert "label.pdf" in agent.get(address).content.decode()


def test_an_answer_taken_back_is_in_the_composer_again(agent: Client, world: World) -> None:
    message = answered(world, "Too early")
    back = agent.post(f"/messages/{message}/undo/", headers=HTMX)
    assert back["HX-Retarget"] == "#composer"
    assert "Too early</textarea>" in back.content.decode()
    assert "An answer was taken back" in agent.get(f"/conversations/{world.conversation}/").content.decode()


STEPS = {
    "resolve": State.RESOLVED,
    "spam": State.SPAM,
}


@pytest.mark.parametrize(("step", "state"), STEPS.items())
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_steps_can_be_undone(
    agent: Client, world: World, step: str, state: State, headers: dict[str, str]
) -> None:
    address = f"/conversations/{world.conversation}/"
    done = agent.post(f"{address}{step}/", headers=headers)
    assert thread(world).state is state
    if headers:
        assert json.loads(done["HX-Trigger"])["toast"]["undo"] == f"{address}reopen/"
        assert 'id="thread-head"' in done.content.decode()
    else:
        page = agent.get(done["Location"]).content.decode()
        assert f'action="{address}reopen/"' in page
    agent.post(f"{address}reopen/", headers=headers)
    assert thread(world).state is State.OPEN


def test_a_step_that_is_not_possible_says_so(agent: Client, world: World) -> None:
    address = f"/conversations/{world.conversation}/"
    agent.post(f"{address}resolve/")
    told = agent.post(f"{address}resolve/", headers=HTMX)
    assert told.status_code == 409
    assert "not possible now" in json.loads(told["HX-Trigger"])["toast"]["text"]
    assert told["HX-Reswap"] == "none"
    page = agent.post(f"{address}resolve/")
    assert page.status_code == 409
    assert "Something came first" in page.content.decode()


def test_assigning_and_snoozing(agent: Client, world: World) -> None:
    address = f"/conversations/{world.conversation}/"
    lead = world.staff[Role.LEAD]
    agent.post(f"{address}assign/", {"staff": lead})
    assert thread(world).assignee_id == lead
    agent.post(f"{address}assign/", {"staff": ""})
    assert thread(world).assignee_id is None
    analyst = agent.post(f"{address}assign/", {"staff": world.staff[Role.ANALYST]})
    assert analyst.status_code == 422
    agent.post(f"{address}snooze/", {"until": "tomorrow"})
    assert thread(world).state is State.SNOOZED
    assert agent.post(f"{address}snooze/", {"until": "never"}).status_code == 404


def test_the_mail_as_it_was_sent_runs_nothing_and_loads_nothing(agent: Client, world: World) -> None:
    frame = agent.get(f"/messages/{world.message}/html/")
    html = frame.content.decode()
    assert "color:red" in html.replace(" ", "")
    assert "spy.example" not in html.replace("data-remote-src", "").split("src=")[1]
    assert f"/messages/{world.message}/files/{world.sha256}/" in html
    policy = frame["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "https:" not in policy
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    shown = agent.get(f"/messages/{world.message}/html/?pictures=1")
    assert 'src="https://spy.example/x.gif"' in shown.content.decode()
    assert "img-src 'self' data: https: http:" in shown["Content-Security-Policy"]


def test_looks_change_by_form_and_by_htmx(agent: Client, world: World) -> None:
    piece = agent.post(f"/messages/{world.message}/looks/", {"looks": "1"}, headers=HTMX).content.decode()
    assert "<iframe" in piece
    assert "Pictures from elsewhere" in piece
    to = agent.post(f"/messages/{world.message}/looks/", {"looks": "1", "pictures": "1"})
    assert "pictures=1" in agent.get(to["Location"]).content.decode()


@pytest.mark.parametrize(("address", "kind"), [("source/", "message/rfc822"), ("files/{sha}/", "image/png")])
def test_files_are_saved_never_opened(agent: Client, world: World, address: str, kind: str) -> None:
    got = agent.get(f"/messages/{world.message}/{address.format(sha=world.sha256)}")
    assert got["Content-Type"] == kind
    assert got["Content-Disposition"].startswith("attachment")
    assert got["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in got["Content-Security-Policy"]
    picture = agent.get(f"/messages/{world.message}/files/{world.sha256}/?picture=1")
    assert picture["Content-Disposition"] == "inline"


def test_joining_and_parting(agent: Client, world: World) -> None:
    address = f"/conversations/{world.conversation}/"
    commands.change_customer(
        world.other_conversation, customer_id=world.customer, shop_ids=[world.shop.id], by=Actor.staff(1)
    )
    offered = agent.get(f"{address}join/").content.decode()
    assert "Bowl" in offered
    agent.post(f"{address}join/", {"other": world.other_conversation})
    page = agent.get(address).content.decode()
    assert "Joined with another conversation" in page
    undo = re.search(r"/joins/\d+/part/", page)
    assert undo
    agent.post(undo[0])
    assert thread(world).joined_ids == ()


def test_giving_a_conversation_to_another_customer(agent: Client, world: World) -> None:
    address = f"/conversations/{world.conversation}/customer/"
    assert "Jan Wazon" in agent.get(f"{address}?q=jan").content.decode()
    agent.post(address, {"customer": world.other_customer})
    assert thread(world).customer_id == world.other_customer


def test_search_finds_words_and_says_how_it_read_them(agent: Client, world: World) -> None:
    page = agent.get("/inbox/?view=all&q=vase").content.decode()
    assert "Anna Kowalska" in page
    assert "Jan Wazon" not in page
    assert "Nothing found" in agent.get("/inbox/?q=zzzzzz").content.decode()
    assert agent.get("/inbox/?view=nonsense").status_code == 404


def test_pages_of_a_list_go_on_where_they_ended(agent: Client, world: World) -> None:
    first = queries.inbox([world.shop.id], view=View.OPEN, limit=1)
    page = agent.get(f"/inbox/?after={first.next}").content.decode()
    assert f'id="row-{first.rows[0].id}"' not in page
