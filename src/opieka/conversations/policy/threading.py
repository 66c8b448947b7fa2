"""Which messages are one conversation.

Two messages belong together when they share a name (a Message-ID, our own thread's name) and one vouches for the
other's writer: both are from the same person, or one refers to the other and its writer is among the people of
that other. The relation is a property of the pair alone, and conversations are its connected components: so the
order in which messages arrive makes no difference. Whoever merely quotes a name he was never given to is a
stranger: he gets a conversation of his own, with a hint.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from opieka.channels.types import Channel, Incoming, Party
from opieka.conversations.types import RelatedWhy

MOST_REFERENCES = 20
MOST_PEOPLE = 50
BY_PERSON = frozenset(
    {Channel.CHAT, Channel.SMS, Channel.WHATSAPP, Channel.MESSENGER, Channel.TELEGRAM, Channel.VIBER}
)
"""Channels without references: what one person writes to one account is one conversation."""


def name_key(name: str) -> UUID:
    """How a name is stored and compared: 128 bits of its hash, for names may be of any length."""
    return UUID(bytes=hashlib.blake2b(name.encode(errors="surrogatepass"), digest_size=16).digest())


def address(kind: str, value: str) -> str:
    """An address as people are compared by."""
    return f"{kind}:{value.strip().casefold()}"


def writer(incoming: Incoming, own: Collection[str]) -> Party | None:
    """Who wrote a message; of a contact form's mail, which the shop sends itself, whom the answer is for.

    `own` are the shop's own addresses. None when the shop wrote to itself: then no customer did.
    """

    def is_own(party: Party) -> bool:
        return party.value.strip().lower() in own

    sender = incoming.sender
    if sender is None or not is_own(sender):
        return sender
    return next((party for party in incoming.reply_to if party.value and not is_own(party)), None)


def people_of(*parties: Party | None) -> list[str]:
    """The addresses of those who take part in a message."""
    found = (address(party.kind, party.value) for party in parties if party and party.value)
    return list(dict.fromkeys(found))[:MOST_PEOPLE]


def fingerprint(incoming: Incoming) -> str:
    """What makes a message the same when it comes again.

    Its id alone would do if programs did not give one id to many messages: those must all be kept.
    """
    sender = incoming.sender.value.casefold() if incoming.sender else ""
    sent = incoming.sent_at.isoformat() if incoming.sent_at else ""
    return "\0".join([incoming.external_id, sender, sent, incoming.subject, incoming.text])


def names(incoming: Incoming) -> tuple[list[str], list[str]]:
    """The names others may refer to a message by, and those it refers to, nearest first."""
    own = [] if incoming.external_id.startswith("sha256:") else [incoming.external_id]
    bounced = incoming.bounce.original_id if incoming.bounce else None
    refs = [bounced or "", incoming.own_thread, *incoming.references]
    if incoming.channel in BY_PERSON and incoming.sender:
        refs.append(with_person(incoming.account_id, incoming.sender))
    return own, [name for name in nearest_references(refs) if name not in own]


def with_person(account_id: int, party: Party) -> str:
    """The name shared by all that one person and one account say to each other on a channel by person."""
    return f"with:{account_id}:{address(party.kind, party.value)}"


def nearest_references(names: Sequence[str]) -> tuple[str, ...]:
    """Of a thread's names (nearest first) those worth keeping: the nearest, and its root."""
    unique = tuple(dict.fromkeys(name for name in names if name))
    return unique if len(unique) <= MOST_REFERENCES else (*unique[: MOST_REFERENCES - 1], unique[-1])


@dataclass(frozen=True)
class Mail:
    """A message as threading sees it.

    `by_person`: it came on a channel without references.
    `own` are the names others refer to it by, `refs` the names it refers to, nearest first; `person` is its
    writer (of our own messages: whom they are for) and `people` the addresses that took part in it.
    """

    own: frozenset[UUID]
    refs: tuple[UUID, ...]
    sender: str
    person: int | None
    people: frozenset[str]
    bounce: bool = False
    by_person: bool = False


@dataclass(frozen=True)
class Known:
    """A message that has its conversation. `over`: that one was resolved too long ago to go on."""

    message_id: int
    conversation_id: int
    mail: Mail
    from_us: bool = False
    over: bool = False


@dataclass(frozen=True)
class Group:
    """New messages (by their places in the batch) of one conversation.

    No `conversations`: a new one. Several: they are one, and the others join the first.
    """

    mails: tuple[int, ...]
    conversations: tuple[int, ...] = ()
    related: int | None = None
    why: RelatedWhy | None = None


def belong_together(one: Mail, other: Mail) -> bool:
    """Whether two messages that share a name are of one conversation."""
    same_person = one.person is not None and one.person == other.person
    return same_person or _vouches(one, other) or _vouches(other, one)


def _vouches(known: Mail, reply: Mail) -> bool:
    return reply.sender in known.people and not known.own.isdisjoint(reply.refs)


def bounced(mail: Mail, known: Iterable[Known]) -> Known | None:
    """The message of ours that a delivery report is about."""
    ours = [one for one in known if one.from_us and not one.mail.own.isdisjoint(mail.refs)]
    order = {name: place for place, name in enumerate(mail.refs)}
    last = len(order)
    return min(
        ours,
        key=lambda one: (min(order.get(name, last) for name in one.mail.own), -one.message_id),
        default=None,
    )


def gather(
    new: Sequence[Mail],
    known: Sequence[Known],
    *,
    apart: Collection[frozenset[int]] = (),
    going_on: Mapping[int, int] | None = None,
) -> list[Group]:
    """Sort new messages (no bounces) into conversations; `apart` are pairs that a person has parted.

    `going_on` are the unresolved conversations of people: the first text of somebody belongs there.
    """
    by_name: dict[UUID, list[Known]] = defaultdict(list)
    for one in known:
        for name in one.mail.own | set(one.mail.refs):
            by_name[name].append(one)
    links = [_links(mail, by_name) for mail in new]
    components = _components(new, links)
    groups = [group for component in components for group in _parted(component, links, apart)]
    groups = [_gone_on(group, new, going_on or {}) for group in groups]
    return [_with_hint(group, new, links, by_name) for group in groups]


def _links(mail: Mail, by_name: Mapping[UUID, Sequence[Known]]) -> list[Known]:
    """The known messages it belongs to, those of its nearest reference first."""
    names = [*mail.refs, *sorted(mail.own)]
    candidates = dict.fromkeys(
        one
        for name in names
        for one in sorted(by_name.get(name, ()), key=lambda known: name not in known.mail.own)
    )
    return [one for one in candidates if belong_together(mail, one.mail)]


def _components(new: Sequence[Mail], links: Sequence[Sequence[Known]]) -> list[Group]:
    find, union = _disjoint_sets()
    for place, linked in enumerate(links):
        find(("new", place))
        for one in linked:
            if not one.over:
                union(("new", place), ("old", one.conversation_id))
    for left, right in _sharing(new):
        if belong_together(new[left], new[right]):
            union(("new", left), ("new", right))
    mails: dict[object, list[int]] = defaultdict(list)
    conversations: dict[object, set[int]] = defaultdict(set)
    for place, linked in enumerate(links):
        root = find(("new", place))
        mails[root].append(place)
        conversations[root].update(one.conversation_id for one in linked if not one.over)
    return [Group(tuple(places), tuple(sorted(conversations[root]))) for root, places in mails.items()]


def _sharing(new: Sequence[Mail]) -> Iterator[tuple[int, int]]:
    """The pairs of new messages that share a name."""
    places: dict[UUID, list[int]] = defaultdict(list)
    for place, mail in enumerate(new):
        for name in mail.own | set(mail.refs):
            places[name].append(place)
    seen = {pair for sharing in places.values() for pair in combinations(sharing, 2)}
    return iter(sorted(seen))


def _disjoint_sets() -> tuple[Callable[[object], object], Callable[[object, object], None]]:
    parent: dict[object, object] = {}

    def find(node: object) -> object:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    def union(one: object, other: object) -> None:
        parent[find(one)] = find(other)

    return find, union


def _parted(group: Group, links: Sequence[Sequence[Known]], apart: Collection[frozenset[int]]) -> list[Group]:
    """What people have parted is not joined again: each message then goes where its nearest reference is."""
    if not any(frozenset(pair) in apart for pair in combinations(group.conversations, 2)):
        return [group]
    chosen: dict[int, list[int]] = defaultdict(list)
    for place in group.mails:
        near = (one.conversation_id for one in links[place] if not one.over)
        chosen[next(near, group.conversations[0])].append(place)
    return [Group(tuple(places), (conversation,)) for conversation, places in chosen.items()]


def _gone_on(group: Group, new: Sequence[Mail], going_on: Mapping[int, int]) -> Group:
    """A text says nothing of what it is about: one that shares no name goes on with what is going on."""
    if group.conversations:
        return group
    people = (new[place].person or 0 for place in group.mails if new[place].by_person)
    found = [going_on[person] for person in people if person in going_on]
    return Group(group.mails, (found[0],)) if found else group


def _with_hint(
    group: Group,
    new: Sequence[Mail],
    links: Sequence[Sequence[Known]],
    by_name: Mapping[UUID, Sequence[Known]],
) -> Group:
    if group.conversations:
        return group
    over = [one.conversation_id for place in group.mails for one in links[place]]
    if over:
        return Group(group.mails, (), max(over), RelatedWhy.CONTINUES)
    quoted = (
        one.conversation_id
        for place in group.mails
        for name in new[place].refs
        for one in by_name.get(name, ())
        if name in one.mail.own
    )
    related = next(quoted, None)
    return Group(group.mails, (), related, RelatedWhy.REFERENCE if related else None)
