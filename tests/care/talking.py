"""A customer with a phone and a parcel on its way, and what is texted to and fro."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from opieka.care import jobs
from opieka.care.models import Turn
from opieka.care.types import Move, NoticePreferences, ParcelNews
from opieka.conversations import commands as conversations
from opieka.conversations.models import Conversation, Message
from opieka.deliveries.models import Choice
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.shops import commands as shops
from tests.conversations.texts import make_number, sms
from tests.deliveries.building import after
from tests.portal.building import CONTACT, World, make_world


@dataclass
class Talk:
    """One shop that tells and listens, one customer; a minute passes between her texts."""

    world: World
    account: int
    at: datetime

    def says(self, text: str, **parts: Any) -> Move | None:
        """She texts it, and the worker takes it."""
        return self.takes(self.sends(text, **parts))

    def sends(self, text: str, **parts: Any) -> int:
        """It only comes."""
        self.at += timedelta(minutes=1)
        with clock.fixed(self.at):
            return conversations.receive(sms(self.world.shop, self.account, text, **parts), by=SYSTEM)

    def takes(self, message_id: int) -> Move | None:
        """The worker's job of a message."""
        with clock.fixed(self.at):
            jobs.take_text(message_id, self.world.shop.id)
        turn = Turn.objects.filter(shop_id=self.world.shop.id, message_id=message_id).first()
        return Move(turn.move) if turn else None

    @property
    def turns(self) -> list[Turn]:
        return list(Turn.objects.filter(shop_id=self.world.shop.id).order_by("message_id"))

    @property
    def told(self) -> list[str]:
        """What she was texted, oldest first."""
        rows = Message.objects.filter(shop_id=self.world.shop.id, direction="out", channel="sms")
        return list(rows.order_by("id").values_list("text", flat=True))

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What was decided, and where it stands."""
        rows = Choice.objects.filter(shop_id=self.world.shop.id).order_by("id")
        return list(rows.values_list("kind", "state"))

    @property
    def conversation(self) -> Conversation:
        return Conversation.objects.get(shop_id=self.world.shop.id, channel="sms")


def make_talk(*, language: str = "en", **changes: Any) -> Talk:
    """Her parcel is under way, promised in three days; it is Monday, three in the afternoon."""
    now = after(5)
    with clock.fixed(now):
        world = make_world(contact=replace(CONTACT, language=language), **changes)
        shops.set_preferences(world.shop.id, value=NoticePreferences(on=tuple(ParcelNews)), by=SYSTEM)
        return Talk(world, make_number(world.shop), now)
