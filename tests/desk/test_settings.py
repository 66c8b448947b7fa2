"""Settings: the shop, its mailboxes, people, saved answers, keys and sources of orders."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from opieka.channels import queries as channels
from opieka.channels.types import Receiving
from opieka.conversations import commands as conversations
from opieka.conversations import queries as conversation_queries
from opieka.conversations.types import InboxPreferences
from opieka.kernel.actor import SYSTEM
from opieka.orders import queries as orders
from opieka.shops import queries as shops
from opieka.shops.types import Permission, Role
from tests.desk.conftest import World, signed_in
from tests.factories import make_shop, make_staff

HTMX = {"HX-Request": "true"}


@pytest.fixture
def owner(world: World) -> Client:
    return world.client(Role.OWNER)


@pytest.fixture
def home(world: World) -> str:
    return f"/settings/{world.shop.slug}/"


def sent_back(html: str) -> dict[str, str | list[str]]:
    """What the form of a page would send as it is."""
    form = html[html.index('<main id="main"') :]
    values: dict[str, str | list[str]] = {}
    for tag in re.findall(r"<input [^>]+>", form):
        name, kind = re.search(r'name="([^"]+)"', tag), re.search(r'type="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if not name or not kind or kind[1] in {"search"}:
            continue
        if kind[1] == "checkbox":
            if "checked" in tag:
                known = values.setdefault(name[1], [])
                assert isinstance(known, list)
                known.append(value[1] if value else "on")
        else:
            values[name[1]] = value[1] if value else ""
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        values[name] = chosen[1] if chosen else ""
    return values | dict(re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL))


def test_the_way_in_leads_to_the_first_part(owner: Client, home: str, agent: Client) -> None:
    assert owner.get("/settings/")["Location"] == home
    assert agent.get("/settings/").status_code == 403


def test_the_shop_is_changed_with_its_hours_and_closed_days(owner: Client, world: World, home: str) -> None:
    now = sent_back(owner.get(home).content.decode())
    changed = now | {
        "name": "Las i Łąka",
        "sat": "10:00-14:00",
        "sun": "",
        "closed_days": "2026-12-24\n2026-12-31",
        "accent": "#aa3300",
        "default_language": "el",
    }
    assert owner.post(home, changed).status_code == 302
    shop = shops.shop(world.shop.id)
    assert (shop.name, shop.accent, shop.languages[0]) == ("Las i Łąka", "#aa3300", "el")
    calendar = shops.calendar(shop.id)
    assert list(map(list, calendar.hours))[5] == [(600, 840)]
    assert {day.day for day in calendar.closed_days} == {24, 31}
    again = sent_back(owner.get(home).content.decode())
    assert again["sat"] == "10:00-14:00"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("mon", "from nine to five", "Write hours like"), ("closed_days", "Christmas", "Write dates like")],
)
def test_what_cannot_be_right_is_told_at_its_field(
    owner: Client, home: str, field: str, value: str, said: str
) -> None:
    refused = owner.post(home, sent_back(owner.get(home).content.decode()) | {field: value})
    assert refused.status_code == 422
    assert said in refused.content.decode()


def test_preferences(owner: Client, world: World, home: str) -> None:
    kept = {"keep_sources_months": "0", "keep_spam_months": "0"}
    owner.post(f"{home}conversations/", {"first_response_minutes": "60", "reopen_days": "7", **kept})
    assert shops.preferences(world.shop.id, InboxPreferences) == InboxPreferences(
        first_response_minutes=60, reopen_days=7
    )


def test_a_mailbox_is_opened_changed_and_tried(owner: Client, world: World, home: str) -> None:
    new = sent_back(owner.get(f"{home}mailboxes/new/").content.decode())
    made = owner.post(
        f"{home}mailboxes/new/",
        new | {"address": "shop@las.example", "name": "Las", "receiving": "smtp", "sending": "console"},
    )
    assert made.status_code == 302
    page = owner.get(made["Location"]).content.decode()
    assert "Its servers answer" in page
    (account,) = [one for one in channels.accounts([world.shop.id]) if one.address == "shop@las.example"]
    assert account.receiving is Receiving.SMTP
    given = sent_back(page)
    given |= {
        "receiving": "imap",
        "imap_host": "127.0.0.1",
        "imap_port": "1",
        "imap_user": "u",
        "imap_password": "p",
    }
    moved = owner.post(made["Location"], given)
    page = owner.get(moved["Location"]).content.decode()
    assert "leads into a private network" in page, "the sentence says what to do"
    assert 'value="p"' not in page, "passwords are never shown"
    assert owner.post(f"{made['Location']}rest/", {"active": "0"}).status_code == 302
    assert "Rests" in owner.get(f"{home}mailboxes/").content.decode()


def test_a_taken_address_is_refused_in_words(owner: Client, world: World, home: str) -> None:
    new = sent_back(owner.get(f"{home}mailboxes/new/").content.decode())
    new |= {"address": f"help@{world.shop.slug}.example", "name": "x", "receiving": "none", "sending": "none"}
    refused = owner.post(f"{home}mailboxes/new/", new)
    assert refused.status_code == 422
    assert "is a mailbox here already" in refused.content.decode()


def test_people_come_change_and_go(owner: Client, world: World, home: str) -> None:
    said = {
        "email": "ewa@las.example",
        "name": "Ewa",
        "language": "pl",
        "role": "agent",
        "password": "dlugie i dobre haslo",
    }
    assert owner.post(f"{home}staff/", said).status_code == 302
    (ewa,) = [one for one in shops.members(world.shop.id) if one.name == "Ewa"]
    owner.post(f"{home}staff/{ewa.staff_id}/", {"role": "lead"})
    assert Permission.REPAIR in shops.permissions(ewa.staff_id)[world.shop.id]
    owner.post(f"{home}staff/{ewa.staff_id}/revoke/")
    assert shops.permissions(ewa.staff_id) == {}
    undo = re.search(r"/settings/[^\"]+/restore/[^\"]+", owner.get(f"{home}staff/").content.decode())
    assert undo
    owner.post(undo[0])
    assert Permission.REPAIR in shops.permissions(ewa.staff_id)[world.shop.id]
    assert owner.post(f"{home}staff/{ewa.staff_id}/restore/owner/forged/").status_code == 404


def test_a_colleague_of_another_shop_gets_a_role_without_a_second_account(world: World, home: str) -> None:
    sister = make_shop(group_id=world.shop.group_id)
    known = make_staff(sister, Role.AGENT, name="Iza")
    email = shops.members(sister.id)[0].email
    world.client(Role.OWNER).post(
        f"{home}staff/", {"email": email, "name": "Iza", "language": "pl", "role": "agent"}
    )
    assert world.shop.id in shops.permissions(known)


def test_the_last_owner_cannot_leave(owner: Client, world: World, home: str) -> None:
    me = world.staff[Role.OWNER]
    refused = owner.post(f"{home}staff/{me}/revoke/")
    assert refused.status_code == 403
    assert "A shop needs an owner" in refused.content.decode()


def test_saved_answers_reach_the_composer(owner: Client, world: World, home: str) -> None:
    owner.post(
        f"{home}answers/new/", {"name": "Late", "text_pl": "Witaj {{ customer.first_name }}!", "text_en": ""}
    )
    (macro,) = conversation_queries.macros([world.shop.id])
    agent = world.client()
    talk = f"/conversations/{world.conversation}/"
    assert "Late" in agent.get(f"{talk}macros/", headers=HTMX).content.decode()
    assert agent.get(f"{talk}macros/{macro.id}/").content.decode() == "Witaj Anna!"
    wrong = owner.post(f"{home}answers/{macro.id}/", {"name": "Late", "text_pl": "{{ weather }}"})
    assert wrong.status_code == 422
    assert "is no placeholder" in wrong.content.decode()
    owner.post(f"{home}answers/{macro.id}/delete/")
    assert conversation_queries.macros([world.shop.id]) == []


def test_a_key_is_shown_once(owner: Client, world: World, home: str) -> None:
    page = owner.post(f"{home}keys/", {"name": "stock", "scopes": ["read"]}).content.decode()
    key = re.search(r"opk_[\w-]{32}", page)
    assert key
    assert shops.token(key[0])
    later = owner.get(f"{home}keys/").content.decode()
    assert key[0] not in later
    assert "stock" in later
    revoke = re.search(r"/settings/[^\"]+/keys/\d+/revoke/", later)
    assert revoke
    owner.post(revoke[0])
    assert shops.token(key[0]) is None


def test_orders_come_from_a_connected_system(owner: Client, world: World, home: str) -> None:
    keys = {
        "url": "https://las.example",
        "consumer_key": "ck_1",
        "consumer_secret": "cs_1",
        "webhook_secret": "w",
    }
    assert owner.post(f"{home}orders/woocommerce/", keys).status_code == 302
    (card,) = orders.connections([world.shop.id])
    assert card.active
    page = owner.get(f"{home}orders/woocommerce/").content.decode()
    assert f"/inbound/orders/{card.id}/" in page
    assert "cs_1" not in page
    owner.post(f"{home}orders/woocommerce/disconnect/")
    assert not orders.connections([world.shop.id])[0].active
    assert owner.get(f"{home}orders/memory/").status_code == 404


def test_writing_first(agent: Client, world: World) -> None:
    page = agent.get("/inbox/new/?to=nowa@example.com&language=el").content.decode()
    given = sent_back(page) | {"subject": "Dostawa", "text": "Dzień dobry", "account": str(world.account)}
    made = agent.post("/inbox/new/", given)
    assert made.status_code == 302
    assert "Dzień dobry" in agent.get(made["Location"]).content.decode()
    again = agent.post("/inbox/new/", given)
    assert again["Location"] == made["Location"], "the same form sent twice writes once"


def test_settings_of_one_shop_are_closed_to_the_staff_of_another(world: World) -> None:
    stranger = make_staff(make_shop(), Role.OWNER)
    client = signed_in(stranger)
    assert client.get(f"/settings/{world.shop.slug}/").status_code == 404


def test_macros_of_another_shop_are_not_found(owner: Client, world: World, home: str) -> None:
    other = make_shop()
    made = conversations.save_macro(other.id, name="x", texts_by_language={"pl": "x"}, by=SYSTEM)
    assert owner.get(f"{home}answers/{made}/").status_code == 404
    assert owner.post(f"{home}answers/{made}/delete/").status_code == 404
