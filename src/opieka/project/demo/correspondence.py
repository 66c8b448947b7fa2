"""Tells the demo's conversations: mails through the real intake, answers and notes through the desk's commands.

What the shop sent is noted as taken by a mail server. Nothing of it leaves the house.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial

from opieka.channels import commands as channels
from opieka.channels import queries as sent
from opieka.channels.adapters.base import Receipt
from opieka.channels.commands import NewFile
from opieka.channels.types import AccountDetails, MessageFile, Receiving, Sending
from opieka.conversations import commands, queries
from opieka.conversations.types import Draft, InboxPreferences, View
from opieka.inbound import commands as inbound
from opieka.inbound.jobs import read_batch
from opieka.inbound.types import NewPayload, Source
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM, Actor
from opieka.project.demo import mail
from opieka.project.demo.content import Act, Conversation, Demo, Message, Note, Shop
from opieka.shops import commands as shops

_TAKEN = timedelta(minutes=1)
_SETTLED = timedelta(minutes=2)


def open_mailbox(shop: Shop, shop_id: int) -> int:
    """Give a shop its address: mail comes to our own listener, answers are printed."""
    shops.set_preferences(
        shop_id, value=InboxPreferences(first_response_minutes=shop.first_response_minutes), by=SYSTEM
    )
    details = AccountDetails(
        address=shop.mail,
        name=shop.name,
        receiving=Receiving.SMTP,
        sending=Sending.CONSOLE,
        plus_addressing=True,
    )
    return channels.open_account(shop_id, details=details, by=SYSTEM)


class Correspondence:
    """One conversation on its way into the desk."""

    def __init__(
        self, demo: Demo, told: Conversation, *, account_id: int, staff: Mapping[str, int], shop_id: int
    ):
        self.demo = demo
        self.told = told
        self.account_id = account_id
        self.shop_id = shop_id
        self.staff = staff
        self.conversation_id = 0
        self.sent: dict[int, str] = {}

    def acts(self) -> Iterator[Act]:
        """What happened in it, each at its moment."""
        for index, message in enumerate(self.told.messages):
            yield message.at, partial(self._arrive if message.inbound else self._answer, index)
        for note in self.told.notes:
            yield note.at, partial(self._note, note)
        done = [note.at for note in self.told.notes]
        done += [message.at for message in self.told.messages if not message.inbound]
        if done:
            yield max(done) + _SETTLED, self._read
        if self.told.status == "resolved":
            yield max(self.told.messages[-1].at, *done) + _SETTLED, self._resolve

    def _by(self, key: str) -> Actor:
        return Actor.staff(self.staff[key])

    def _arrive(self, index: int) -> None:
        raw = mail.source(self.demo, self.told, index, self.sent)
        inbound.accept(NewPayload(self.shop_id, Source.MAIL, self.account_id, raw))
        while read_batch():
            pass
        if not self.conversation_id:
            newest = queries.inbox([self.shop_id], view=View.ALL).rows[0]
            self.conversation_id = newest.id

    def _answer(self, index: int) -> None:
        message = self.told.messages[index]
        draft = Draft(text=message.text, files=self._files(message), anyway=True)
        message_id = commands.reply(
            self.conversation_id,
            draft=draft,
            key=f"demo:{self.told.name}:{index}",
            shop_ids=[self.shop_id],
            by=self._by(message.by),
        )
        name = f"message:{message_id}"
        delivery = sent.deliveries([name], shop_id=self.shop_id)[name]
        self.sent[index] = f"<{delivery.message_id}>"
        with clock.fixed(message.at + _TAKEN):
            if work := channels.claim(delivery.dispatch_id):
                channels.mark_sent(work, receipt=Receipt())

    def _files(self, message: Message) -> tuple[MessageFile, ...]:
        carried = [mail.carried(self.demo, each, message.at) for each in message.attachments]
        new = [NewFile(file.content, file.content_type, file.name) for file in carried]
        return tuple(channels.store_files(new, shop_id=self.shop_id)) if new else ()

    def _note(self, note: Note) -> None:
        by = self._by(note.by)
        commands.note(self.conversation_id, text=note.text, shop_ids=[self.shop_id], by=by)
        if note.by == self.told.assignee:
            commands.take(self.conversation_id, shop_ids=[self.shop_id], by=by)

    def _resolve(self) -> None:
        by = self._by(self.told.assignee or "")
        commands.resolve(self.conversation_id, shop_ids=[self.shop_id], by=by)

    def _read(self) -> None:
        """The team knows all up to here: what is bold in the list is what came since."""
        thread = queries.thread(self.conversation_id, shop_ids=[self.shop_id])
        for member in self.demo.staff:
            if self.told.shop in member.roles:
                commands.mark_read(
                    self.conversation_id,
                    message_id=thread.last_message_id,
                    shop_ids=[self.shop_id],
                    by=self._by(member.key),
                )
