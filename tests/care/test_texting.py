"""She answers what she was told, in her own words: acted on once, answered once, taken back by NO."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from opieka.care import commands, queries
from opieka.care.commands.outcomes import NotUndoable
from opieka.care.models import Incident
from opieka.care.types import Move, NoticePreferences, Why
from opieka.channels import queries as channels
from opieka.channels.types import Channel
from opieka.conversations import commands as conversations
from opieka.conversations.models import Message
from opieka.conversations.types import Draft, Notice
from opieka.customers.models import Consent
from opieka.deliveries import commands as deliveries
from opieka.deliveries import jobs as carriers
from opieka.deliveries.carriers.arranging import Outcome
from opieka.deliveries.carriers.memory.client import OUTCOMES
from opieka.deliveries.models import Choice, Parcel
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM, Actor
from opieka.orders.models import Order
from opieka.shops import commands as shops
from opieka.timeline import reacting
from opieka.timeline.models import Failure, Touchpoint
from tests.care.talking import Talk, make_talk
from tests.conversations.mails import mail
from tests.deliveries.building import report, take, tracking
from tests.factories import make_staff
from tests.orders import building as ordering
from tests.portal.building import CONTACT, POINT

pytestmark = pytest.mark.django_db
M = Move
MINUTE = timedelta(minutes=1)


def later(talk: Talk, pause: timedelta) -> Talk:
    return replace(talk, at=talk.at + pause)


def second_parcel(talk: Talk) -> None:
    """Another order of hers, on its way too."""
    with clock.fixed(talk.at):
        ordered = ordering.report(external_id="2002", number="1002", contact=CONTACT)
        ordering.apply(talk.world.shop.id, ordered)
        order = Order.objects.get(shop_id=talk.world.shop.id, number="1002").pk
        deliveries.follow({order: talk.at}, shop_id=talk.world.shop.id, by=SYSTEM)
        parcel = tracking(report(0, "in_transit"), number="MEM2", carrier="memory", order_number="1002")
        take(talk.world.shop.id, parcel, told_by="memory")


def test_a_wish_is_done_at_once_and_no_takes_it_back() -> None:
    talk = make_talk()
    assert talk.says("please bring it on Friday after 5pm") is M.ACTED
    assert talk.told == [
        "Order 1001: Friday 6 November, between 17:00 and 20:00. We arrange it and tell you. Reply NO to take it back."
    ]
    assert (talk.choices, talk.conversation.state) == ([("slot", "requested")], "resolved")
    with clock.fixed(talk.at + timedelta(minutes=9)):
        assert not deliveries.claim_choice(Choice.objects.get().pk), (
            "the carrier is asked when NO would come too late"
        )
    assert talk.says("thanks!") is M.NOTED
    assert talk.says("NO") is M.TAKEN_BACK
    assert talk.says("No.") is M.OFFERED
    assert (talk.choices, talk.conversation.state) == ([("slot", "withdrawn")], "resolved")
    assert talk.told[1] == "Order 1001: taken back. Everything stays as it was."
    assert not Incident.objects.exists()


def test_what_cannot_be_made_good_is_asked_about_first() -> None:
    talk = make_talk(language="pl")
    assert talk.says("wyślijcie na ul. Długa 5, 00-123 Warszawa") is M.ASKED
    assert talk.choices == []
    assert talk.says("nie") is M.KEPT
    assert talk.says("wyślijcie na ul. Długa 5, 00-123 Warszawa") is M.ASKED
    assert talk.says("tak") is M.ACTED
    assert talk.choices == [("address", "requested")]
    (card,) = [
        turn for turn in queries.turns(talk.conversation.pk, shop_ids=[talk.world.shop.id]) if turn.choice_ids
    ]
    assert (card.can_undo, card.choices[0].address is not None) == (True, True)
    stored = [talk.turns[-1].kept, *(str(row.data) for row in Touchpoint.objects.all())]
    assert not any("Długa" in text for text in stored), "no word of hers is legible in facts or turns"


def test_a_late_no_is_told_that_it_is_late() -> None:
    talk = make_talk()
    talk.says("please bring it on Friday")
    talk = later(talk, timedelta(minutes=11))
    OUTCOMES[talk.world.shop.slug]["MEM1"] = Outcome(accepted=None, reference="r")
    with clock.fixed(talk.at):
        carriers.arrange_choice(Choice.objects.get().pk)
    assert talk.says("NO") is M.OFFERED
    assert talk.turns[-1].why == Why.SENT
    assert "has been asked already" in talk.told[-1]
    assert talk.says("bring it on Thursday then") is M.OFFERED
    assert talk.turns[-1].why == Why.BEING_ASKED


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("accepted", [True, False])
def test_what_came_of_it_is_told_where_she_asked(accepted: bool) -> None:
    reacting.begin()
    talk = make_talk()
    talk.says("please bring it on Friday")
    talk = later(talk, timedelta(minutes=11))
    OUTCOMES[talk.world.shop.slug]["MEM1"] = Outcome(accepted=accepted)
    with clock.fixed(talk.at):
        carriers.arrange_choice(Choice.objects.get().pk)
        while reacting.run_all():
            pass
    assert not Failure.objects.exists()
    told = [text for text in talk.told if text.startswith("Order 1001:")]
    assert len(told) == 2
    if accepted:
        assert told[1] == "Order 1001: arranged: Friday 6 November."
    else:
        assert told[1].startswith("Order 1001: the carrier could not do this: Friday 6 November.\nPossible: ")
        assert "/my/o/" in told[1]


def test_who_waits_for_several_is_asked_which() -> None:
    talk = make_talk()
    second_parcel(talk)
    assert talk.says("please bring it on Friday") is M.WHICH
    assert (
        talk.told[-1] == "Which order do you mean? Reply with its number.\n1: 1002, Memory\n2: 1001, Memory"
    )
    assert talk.says("7") is M.PASSED
    assert talk.says("1002") is M.ACTED
    assert "Order 1002: Friday 6 November" in talk.told[-1]
    assert Choice.objects.get().parcel.number == "MEM2"
    assert talk.says("please bring order 1001 on Thursday") is M.ACTED
    assert Choice.objects.latest("id").parcel.number == "MEM1"


def test_points_near_are_put_before_her() -> None:
    talk = make_talk()
    far = [replace(POINT, code=f"WAW0{n}", name=f"Kiosk {n}", latitude=52.23 + n / 100) for n in (1, 2, 3)]
    deliveries.keep_points(talk.world.shop.id, carrier="memory", points=far, by=SYSTEM)
    assert talk.says("please bring it to a pickup point") is M.WHICH
    assert talk.told[-1].count("Kiosk") == 3
    assert talk.says("2") is M.ACTED
    chosen = Choice.objects.get().point
    assert chosen is not None
    assert chosen.name in talk.told[-1]
    assert talk.says("to pickup point WAW03 please") is M.ACTED
    assert [row.point.code for row in Choice.objects.order_by("id") if row.point][-1] == "WAW03"


def test_what_is_unclear_goes_to_a_person_who_is_announced_once() -> None:
    talk = make_talk()
    for text in (
        "where is my parcel?",
        "this is a disgrace",
        "leave it with the neighbour or in the shed",
    ):
        assert talk.says(text) is M.PASSED
    assert talk.told == ["Thank you. A person will read your message and answer you."]
    assert (talk.choices, talk.conversation.state) == ([], "open")
    assert talk.says("please bring it on Friday") is M.ACTED
    assert talk.conversation.state == "open", "her question is not answered by that"


def test_where_a_person_answers_rules_are_silent() -> None:
    talk = make_talk()
    talk.says("where is my parcel?")
    staff = Actor.staff(make_staff(talk.world.shop))
    with clock.fixed(talk.at):
        draft = Draft("On its way. Shall I send it on Friday?", anyway=True)
        conversations.reply(
            talk.conversation.pk, draft=draft, key="k", shop_ids=[talk.world.shop.id], by=staff
        )
    assert talk.says("yes") is M.PASSED
    assert talk.says("on Friday please") is M.PASSED
    assert [turn.why for turn in talk.turns][1:] == [Why.LED, Why.LED]
    assert len(talk.told) == 2


def test_what_waited_too_long_is_a_persons() -> None:
    talk = make_talk()
    message = talk.sends("bring it tomorrow please")
    talk = later(talk, timedelta(hours=7))
    assert talk.takes(message) is M.PASSED
    fresh = later(make_talk(), timedelta(0))
    fresh.says("send it to Long Street 5, 00-123 Warszawa")
    assert later(fresh, timedelta(hours=25)).says("yes") is M.PASSED


def test_an_older_text_read_later_is_not_acted_on() -> None:
    talk = make_talk()
    first, second = talk.sends("bring it on Friday"), talk.sends("no, on Thursday please")
    assert talk.takes(second) is M.ACTED
    assert talk.takes(first) is M.PASSED
    assert talk.choices == [("slot", "requested")]


def test_a_sentence_that_wants_no_more_texts_is_heard() -> None:
    talk = make_talk(language="pl")
    assert talk.says("proszę nie pisać do mnie więcej smsów") is M.STOPPED
    assert Consent.objects.filter(given=False).count() >= 1
    assert len(talk.told) == 1
    assert talk.says("przełóżcie na piątek") is M.PASSED
    assert (talk.turns[-1].why, talk.choices, len(talk.told)) == (Why.UNTELLABLE, [], 1)


def test_nothing_is_answered_where_nothing_is_told() -> None:
    talk = make_talk()
    shops.set_preferences(talk.world.shop.id, value=NoticePreferences(), by=SYSTEM)
    assert talk.says("please bring it on Friday") is None
    assert talk.conversation.state == "open"


def test_a_mail_that_answers_a_notice_is_heard_and_no_other() -> None:
    talk = make_talk()
    shop = talk.world.shop
    account = next(one.id for one in channels.accounts([shop.id]) if one.channel == "email")
    customer = Parcel.objects.get(shop_id=shop.id).customer_id or 0
    with clock.fixed(talk.at):
        about = f"order:{talk.world.order_id}"
        notice = Notice(
            shop.id, customer, "On its way", "It comes on Thursday.", about=about, channel=Channel.EMAIL
        )
        told = conversations.tell(notice, key="n", by=SYSTEM)
        named = Message.objects.get(id=told.message_id or 0).external_id
        parts: dict[str, Any] = {
            "account_id": account,
            "text": "Please bring it on Friday.",
            "received_at": talk.at,
        }
        reply = mail(shop, references=(named,), own_thread=f"conversation:{told.conversation_id}", **parts)
        other = mail(shop, **parts)
        ids = conversations.receive_many([reply, other], by=SYSTEM)
    assert [talk.takes(message_id) for message_id in ids] == [M.ACTED, None]
    said = Message.objects.filter(shop_id=shop.id, direction="out").latest("id")
    assert (said.channel, said.conversation_id) == ("email", told.conversation_id)
    assert said.text.startswith("Order 1001: Friday 6 November.")
    assert said.text.endswith(shop.name)


def test_at_the_desk_it_is_undone_and_she_is_told() -> None:
    talk = make_talk()
    talk.says("leave it with my neighbour Nowak, flat 4")
    staff, (turn,) = Actor.staff(make_staff(talk.world.shop)), talk.turns
    assert queries.undoable([turn.pk], shop_ids=[talk.world.shop.id]) == {turn.pk}
    commands.undo_text(turn.pk, shop_ids=[talk.world.shop.id], by=staff)
    assert talk.choices == [("neighbour", "withdrawn")]
    assert talk.told[-1] == "Order 1001: taken back. Everything stays as it was."
    with pytest.raises(NotUndoable):
        commands.undo_text(turn.pk, shop_ids=[talk.world.shop.id], by=staff)
    assert talk.says("no") is M.OFFERED


@pytest.mark.django_db(transaction=True)
def test_the_worker_gives_each_text_a_job_in_its_conversations_turn() -> None:
    reacting.begin()
    talk = make_talk()
    ids = [talk.sends("bring it on Friday"), talk.sends("STOP"), talk.sends("thanks")]
    while reacting.run_all():
        pass
    lock = f"care.take_text:{talk.conversation.pk}"
    jobs = ProcrastinateJob.objects.filter(task_name="care.take_text", lock=lock).order_by("id")
    assert [job.args["message_id"] for job in jobs if job.args["message_id"] in ids] == [ids[0], ids[2]]
    assert not Failure.objects.exists()


def test_an_erased_customers_words_are_gone() -> None:
    talk = make_talk()
    talk.says("leave it with my neighbour Nowak, flat 4")
    customer = talk.turns[0].customer_id or 0
    commands.forget([customer], shop_id=talk.world.shop.id, by=SYSTEM)
    (turn,) = talk.turns
    assert (turn.kept, turn.customer_id, turn.open) == ("", None, False)
    assert not queries.turns(turn.conversation_id, shop_ids=[talk.world.shop.id])[0].choices


TEXTS = ("bring it on Friday", "NO", "on Thursday please", "yes")


@settings(max_examples=5)
@given(order=st.lists(st.integers(0, len(TEXTS) - 1), min_size=5, max_size=8))
def test_in_any_order_and_repetition_each_is_acted_on_once(order: Sequence[int]) -> None:
    talk = make_talk()
    ids = [talk.sends(text) for text in TEXTS]
    for place in order:
        talk.takes(ids[place])
    taken = sorted({ids[place] for place in order})
    assert [turn.message_id for turn in talk.turns] == taken
    acted = [turn for turn in talk.turns if turn.choice_ids]
    assert len(talk.choices) == len(acted) <= len(taken)
    assert sum(turn.open for turn in talk.turns) <= 1
    assert len(talk.told) <= len(taken)
    live = [kind for kind, state in talk.choices if state == "requested"]
    assert len(live) == len(set(live)), "of one matter one wish counts"
