"""Texts by the API: the numbers they leave from, what they cost, answering by them; and many parcels at once."""

from __future__ import annotations

import pytest

from opieka.channels import queries as channels
from opieka.shops.types import Permission
from tests.rest.world import Program, issue, make_world, said

pytestmark = pytest.mark.django_db
GATEWAY = {"send_url": "http://kannel.example/cgi-bin/sendsms", "parameters": "to={to}&text={text}"}
THREE_IN_TWO = "Przesyłka będzie u Państwa w piątek między 10 a 12, a w razie zmiany napiszemy."


def test_a_number_is_opened_and_a_customer_answered_by_text(noon: object) -> None:
    world = make_world()
    call, ids = world.program, world.ids
    new = {"address": "500 300 200", "name": "Las", "sending": "provider", "provider": "gateway"}
    made = said(call.post("/numbers", new | {"options": GATEWAY}), 201)
    account = channels.account(made["id"], shop_ids=[world.shop.id])
    assert made["address"] == "+48500300200"
    assert made["webhook"] == channels.hook_url(account.token)
    assert made["options"] == ["parameters", "send_url"]
    # Who may only read is not told the address that texts are handed over at.
    reader = Program(issue(world.shop, {Permission.READ}))
    assert said(reader.get(f"/numbers/{made['id']}"))["webhook"] == ""
    changed = said(call("patch", f"/numbers/{made['id']}", {"name": "Sklep", "active": False}))
    assert (changed["name"], changed["active"], changed["options"]) == ("Sklep", False, made["options"])
    assert said(call("patch", f"/numbers/{ids['mailbox_id']}", {"name": "No"}), 404)["code"] == "not_found"
    taken = said(call.post("/numbers", {"address": "+48500300200", "name": "Twice"}), 409)
    assert taken["code"] == "number_taken"

    cost = said(call.post("/texts/parts", {"text": THREE_IN_TWO}))
    assert (cost["alphabet"], cost["count"]) == ("ucs2", 2)
    phone = {"kind": "phone", "value": "+48 601 234 567"}
    said(call.post(f"/customers/{ids['customer_id']}/contact_points", phone))
    answer = {"text": THREE_IN_TWO, "channel": "sms", "anyway": True}
    sent = said(call.post(f"/conversations/{ids['conversation_id']}/messages", answer), 201)["message"]
    assert (sent["channel"], sent["text_parts"], sent["to"][0]["value"]) == ("sms", 2, "+48601234567")
    quiet = said(call("patch", "/shop/preferences", {"texts": {"quiet_from": 1320}}))["texts"]
    assert quiet == {"quiet_from": 1320, "quiet_until": 480}


def test_what_was_done_together_is_undone_by_its_moment(noon: object) -> None:
    world = make_world()
    call = world.program
    said(call.post("/parcels", {"tracking_number": "MEM2", "carrier": "memory", "order_number": "A1"}), 201)
    (parcel,) = said(call.get(f"/parcels?order_id={world.ids['order_id']}"))["items"]
    promises = f"/orders/{world.ids['order_id']}/promises"
    before = said(call.get(promises))
    told = {"parcel_ids": [parcel["id"]], "promised_to": "2027-01-04T09:00:00Z"}
    done = said(call.post("/many-parcels/promises", told))
    assert done["count"] == 1
    assert len(said(call.get(promises))["items"]) == len(before["items"]) + 1
    assert said(call.post("/many-parcels/promises/undo", {"at": done["at"]})) == {"count": 1}
    assert said(call.get(promises)) == before
    other = make_world()
    foreign = told | {"parcel_ids": [parcel["id"], other.ids["parcel_id"]]}
    assert said(call.post("/many-parcels/promises", foreign), 404)["code"] == "not_found"

    done = said(call.post("/many-parcels/notices/dismiss", {"kind": "malformed"}))
    assert (done["count"], said(call.get("/parcel-notices"))["items"]) == (1, [])
    assert said(call.post("/many-parcels/notices/bring-back", {"at": done["at"]})) == {"count": 1}
    assert len(said(call.get("/parcel-notices"))["items"]) == 1
