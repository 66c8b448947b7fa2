"""Taking in what customers write: one message or a batch, once, whatever the order and however often."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from opieka.channels import queries as channels
from opieka.channels.types import Channel, Incoming, MessageFile, Party
from opieka.conversations.commands import filing, indexing, joining, stopping
from opieka.conversations.commands.candidates import Candidates, candidates
from opieka.conversations.commands.loading import lock_names
from opieka.conversations.facts import ConversationOpened, MessageReceived
from opieka.conversations.models import Attachment, Conversation, Message, Reference
from opieka.conversations.policy import states, texts, threading
from opieka.conversations.policy.threading import Group, Known, Mail, name_key
from opieka.conversations.policy.wishes import wish
from opieka.conversations.types import Direction, InboxPreferences, MessageKind, Unreadable
from opieka.customers import commands as customers
from opieka.customers.queries import languages
from opieka.customers.types import ContactKind, ContactPoint, Sighting
from opieka.kernel import bulk, clock
from opieka.kernel.actor import SYSTEM, Actor
from opieka.shops import queries as shops
from opieka.timeline.commands import record_many
from opieka.timeline.types import NewTouchpoint


def receive(incoming: Incoming, *, by: Actor) -> int:
    """Take in one message; returns its id, the same however often it comes."""
    return receive_many([incoming], by=by)[0]


def receive_many(batch: Sequence[Incoming], *, by: Actor) -> list[int]:
    """Take in messages, those of each shop in one transaction; returns their ids."""
    by_shop: dict[int, list[int]] = defaultdict(list)
    for place, incoming in enumerate(batch):
        by_shop[incoming.shop_id].append(place)
    ids: dict[int, int] = {}
    for shop_id, places in sorted(by_shop.items()):
        own = channels.own_addresses(shop_id)
        arrivals = [_arrival(batch[place], own) for place in places]
        ids |= zip(places, _receive(shop_id, arrivals, by), strict=True)
    return [ids[place] for place in range(len(batch))]


def receive_unreadable(found: Unreadable, *, by: Actor) -> int:
    """Show what could not be read: a conversation with the raw source attached; returns the message's id."""
    raw = MessageFile(found.raw_sha256, found.filename, found.content_type, found.size)
    incoming = Incoming(
        shop_id=found.shop_id,
        account_id=found.account_id,
        channel=found.channel,
        external_id=found.external_id,
        sender=None,
        received_at=found.received_at,
        raw_sha256=found.raw_sha256,
        files=(raw,),
        defects=(found.reason,),
    )
    arrival = replace(_arrival(incoming, ()), kind=MessageKind.UNREADABLE)
    return _receive(found.shop_id, [arrival], by)[0]


@dataclass(frozen=True)
class _Arrival:
    """One incoming message on its way."""

    incoming: Incoming
    writer: Party | None
    kind: MessageKind
    identity: UUID
    at: datetime
    mail: Mail
    message_id: int = 0

    @property
    def is_wish(self) -> bool:
        return self.incoming.channel is Channel.SMS and wish(self.incoming.text) is not None

    @property
    def names(self) -> set[UUID]:
        return {self.identity, *self.mail.own, *self.mail.refs}


def _arrival(incoming: Incoming, own_addresses: Collection[str]) -> _Arrival:
    own, refs = threading.names(incoming)
    writer = threading.writer(incoming, own_addresses)
    sender = writer or incoming.sender
    mail = Mail(
        own=frozenset(map(name_key, own)),
        refs=tuple(map(name_key, refs)),
        sender=threading.address(sender.kind, sender.value) if sender else "",
        person=None,
        people=frozenset(
            threading.people_of(sender, incoming.sender, *incoming.reply_to, *incoming.to, *incoming.cc)
        ),
        by_person=incoming.channel in threading.BY_PERSON,
    )
    return _Arrival(
        incoming=incoming,
        writer=writer,
        kind=states.kind_of(incoming, from_customer=incoming.sender is None or writer is not None),
        identity=name_key(threading.fingerprint(incoming)),
        at=states.moment(incoming.sent_at, incoming.received_at),
        mail=mail,
    )


def _sighting(writer: Party | None) -> Sighting:
    if writer is None or writer.kind not in set(ContactKind):
        return Sighting([])
    return Sighting([ContactPoint(ContactKind(writer.kind), writer.value)], name=writer.name)


@transaction.atomic
def _receive(shop_id: int, arrivals: Sequence[_Arrival], by: Actor) -> list[int]:
    once = {arrival.identity: arrival for arrival in arrivals}
    lock_names({name for arrival in once.values() for name in arrival.names}, shop_id=shop_id)
    rows = Message.objects.filter(shop_id=shop_id, identity__in=once)
    ids = dict(rows.values_list("identity", "id"))
    fresh = [arrival for identity, arrival in once.items() if identity not in ids]
    if fresh:
        intake = _Intake(shop_id, _identified(fresh, shop_id, by))
        intake.take_in()
        stopping.heed([arrival.message_id for arrival in intake.arrivals if arrival.is_wish])
        ids |= {arrival.identity: arrival.message_id for arrival in intake.arrivals}
    return [ids[arrival.identity] for arrival in arrivals]


def _identified(arrivals: Sequence[_Arrival], shop_id: int, by: Actor) -> list[_Arrival]:
    """With ids, and with the customers who wrote them; a mail server that reports a bounce is none."""
    nobody = Sighting([])
    sightings = [
        nobody if arrival.kind is MessageKind.BOUNCE else _sighting(arrival.writer) for arrival in arrivals
    ]
    who = customers.recognise_many(sightings, shop_id=shop_id, by=by)
    ids = bulk.new_ids(Message, len(arrivals))
    return [
        replace(arrival, message_id=message_id, mail=replace(arrival.mail, person=person))
        for arrival, message_id, person in zip(arrivals, ids, who, strict=True)
    ]


class _Intake:
    """New messages of one shop on their way into conversations. Their names are locked."""

    def __init__(self, shop_id: int, arrivals: Sequence[_Arrival]) -> None:
        self.shop_id = shop_id
        self.arrivals = arrivals
        self.now = clock.now()
        self.spoken = languages({arrival.mail.person for arrival in arrivals if arrival.mail.person})
        self.messages: list[Message] = []
        self.entries: list[indexing.Entry] = []
        self.news: list[NewTouchpoint] = []

    def take_in(self) -> None:
        preferences = shops.preferences(self.shop_id, InboxPreferences)
        found = candidates(
            [arrival.mail for arrival in self.arrivals],
            shop_id=self.shop_id,
            reopen_days=preferences.reopen_days,
            now=self.now,
        )
        conversations = found.conversations
        changed = {}
        groups = self._groups(found)
        ids = iter(bulk.new_ids(Conversation, sum(not group.conversations for group, _ in groups)))
        for group, about in groups:
            first, *others = group.conversations or [next(ids)]
            conversation = conversations.get(first) or self._opened(first, group)
            if conversation.joined_into_id is not None:  # by another mail of this batch
                conversation = conversations[conversation.joined_into_id]
            for loser in others:
                joining.join_rows(conversation, conversations[loser], by=SYSTEM, at=self.now)
            for place in group.mails:
                self._put(self.arrivals[place], conversation, about)
            changed[conversation.pk] = conversation
        self._save(list(changed.values()))

    def _groups(self, found: Candidates) -> list[tuple[Group, Known | None]]:
        """Which messages are of one conversation; a bounce goes to the message it is about and joins nothing."""
        bounces = [n for n, arrival in enumerate(self.arrivals) if arrival.kind is MessageKind.BOUNCE]
        others = [n for n, arrival in enumerate(self.arrivals) if arrival.kind is not MessageKind.BOUNCE]
        mails = [self.arrivals[place].mail for place in others]
        groups: list[tuple[Group, Known | None]] = [
            (replace(group, mails=tuple(others[mail] for mail in group.mails)), None)
            for group in threading.gather(mails, found.known, apart=found.apart, going_on=found.going_on)
        ]
        for place in bounces:
            about = threading.bounced(self.arrivals[place].mail, found.known)
            groups.append((Group((place,), (about.conversation_id,) if about else ()), about))
        return groups

    def _opened(self, conversation_id: int, group: Group) -> Conversation:
        """A new one for them."""
        head = min((self.arrivals[place] for place in group.mails), key=lambda arrival: arrival.at)
        conversation = Conversation(
            id=conversation_id,
            shop_id=self.shop_id,
            account_id=head.incoming.account_id,
            channel=head.incoming.channel,
            customer_id=head.mail.person,
            subject=head.incoming.subject[:500],
            opened_at=head.at,
            last_message_at=head.at,
            related_id=group.related,
            related_why=group.why or "",
        )
        opened = ConversationOpened(conversation_id=conversation.pk, channel=conversation.channel)
        by = _actor(head)
        self.news.append(filing.touchpoint(opened, conversation, by, at=head.incoming.received_at))
        return conversation

    def _put(self, arrival: _Arrival, conversation: Conversation, about: Known | None) -> None:
        message = self._message(arrival, conversation, about)
        self.messages.append(message)
        first = conversation.message_count == 0
        filing.put_in(
            conversation,
            message,
            has_files=any(not file.inline for file in arrival.incoming.files),
            expected=self.spoken.get(arrival.mail.person or 0, ""),
        )
        self.entries.append(indexing.Entry(message, conversation.language, whole=first))
        received = MessageReceived(
            conversation_id=conversation.pk,
            message_id=message.pk,
            channel=message.channel,
            message_kind=arrival.kind,
        )
        facts = [
            received,
            arrival.kind is MessageKind.PERSON and filing.customer_wrote(conversation, message.at),
        ]
        self.news += [
            filing.touchpoint(
                fact,
                conversation,
                _actor(arrival),
                at=arrival.incoming.received_at,
                customer_id=arrival.mail.person,
            )
            for fact in facts
            if fact
        ]

    def _message(self, arrival: _Arrival, conversation: Conversation, about: Known | None) -> Message:
        incoming = arrival.incoming
        sender = arrival.writer or incoming.sender or Party("", "")
        folds = texts.folds(incoming.text, incoming.reply_text)
        return Message(
            id=arrival.message_id,
            shop_id=self.shop_id,
            conversation_id=conversation.pk,
            identity=arrival.identity,
            direction=Direction.IN,
            kind=arrival.kind,
            channel=incoming.channel,
            account_id=incoming.account_id,
            external_id=incoming.external_id,
            customer_id=arrival.mail.person,
            sender_kind=sender.kind,
            sender_value=sender.value,
            sender_name=sender.name,
            to=filing.parties(incoming.to),
            cc=filing.parties(incoming.cc),
            reply_to=filing.parties(incoming.reply_to),
            people=sorted(arrival.mail.people),
            at=arrival.at,
            sent_at=incoming.sent_at,
            received_at=incoming.received_at,
            subject=incoming.subject,
            text=incoming.text,
            folds=folds or [],
            reply_text=incoming.reply_text if folds is None else "",
            html=incoming.html or "",
            about_id=about.message_id if about else None,
            bounce=incoming.bounce.kind if incoming.bounce else "",
            raw_sha256=incoming.raw_sha256,
            defects=list(incoming.defects),
        )

    def _save(self, conversations: Sequence[Conversation]) -> None:
        filing.save(conversations)
        bulk.insert(self.messages)
        references: list[Reference] = []
        attachments: list[Attachment] = []
        by_id = {arrival.message_id: arrival for arrival in self.arrivals}
        for message in self.messages:
            arrival = by_id[message.pk]
            references += filing.references(message, arrival.mail.own, arrival.mail.refs)
            attachments += filing.attachments(message, arrival.incoming.files)
        bulk.insert(references)
        bulk.insert(attachments)
        indexing.index(self.entries)
        record_many(self.news)


def _actor(arrival: _Arrival) -> Actor:
    return Actor.customer(arrival.mail.person) if arrival.mail.person else SYSTEM
