"""Texts and their reports: kept when they are genuine, made messages later, the parts of long ones joined."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import OperationalError, transaction
from django.http import HttpRequest

from opieka.channels import commands as channels
from opieka.channels import queries as channel_queries
from opieka.channels.adapters.base import ChannelError
from opieka.channels.adapters.sms.base import Call, Gateway, Part, ReceivedText, TextReport
from opieka.channels.types import AccountCard, Bounce, Channel, Incoming, Party
from opieka.conversations import commands as conversations
from opieka.conversations.types import Unreadable
from opieka.customers.types import ContactKind
from opieka.inbound import commands, queries
from opieka.inbound.types import HOPELESS, PART_PATIENCE, NewPayload, Source, Stored
from opieka.kernel import clock, secrets
from opieka.kernel.actor import SYSTEM
from opieka.shops import queries as shops

log = logging.getLogger(__name__)
GAP = " […] "
"""Where a part of a longer text never came."""


@dataclass(frozen=True)
class Read:
    """A text and the payloads that are its parts."""

    payloads: tuple[Stored, ...]
    text: ReceivedText


def call(request: HttpRequest) -> Call:
    """A call as it came, by the address the world calls us by."""
    return Call(
        method=request.method or "",
        url=settings.OPIEKA.url + request.get_full_path(),
        body=request.body,
        headers={name.lower(): value for name, value in request.headers.items()},
    )


def gateway(account: AccountCard, made: Call) -> Gateway | None:
    """The gateway of a number, if it is the one that calls."""
    try:
        found = channel_queries.gateway(account.id)
        return found if found.genuine(made) else None
    except (ChannelError, ValueError):
        return None


def payload(made: Call, account: AccountCard, *, reports: bool) -> NewPayload:
    """A genuine call, to be stored. Without an id of the provider's the same words may come twice."""
    source = Source.TEXT_REPORTS if reports else Source.TEXTS
    return NewPayload(
        shop_id=account.shop_id,
        source=source,
        owner_id=account.id,
        raw=made.body or made.query.encode(),
        content_type="text/plain",
        external_id="" if reports else _id(made, account),
        headers={
            "method": made.method,
            "url": made.url if made.body else made.url.partition("?")[0],
            "content_type": made.headers.get("content-type", ""),
        },
    )


def apply(batch: Sequence[Stored]) -> None:
    """Turn texts into messages and settle them. One that cannot be turned becomes a visible conversation."""
    found: list[Read] = []
    joined: set[int] = set()
    for stored in batch:
        if stored.id in joined:
            continue
        try:
            read = _read(stored)
        except (ChannelError, LookupError, ValueError) as error:
            _unreadable(stored, type(error).__name__)
            continue
        if read:
            joined |= {one.id for one in read.payloads}
            found.append(read)
    _receive(found)


def apply_reports(batch: Sequence[Stored]) -> None:
    """Take over what a provider tells of texts of ours."""
    for stored in batch:
        for report in channel_queries.gateway(stored.owner_id).reports(_again(stored)):
            _reported(report, stored.owner_id)


def _id(made: Call, account: AccountCard) -> str:
    try:
        (text, *_) = channel_queries.gateway(account.id).texts(made)
    except (ChannelError, LookupError, ValueError):
        return ""
    return text.external_id[:128] or (secrets.token() if text.sent_at is None else "")


def _again(stored: Stored) -> Call:
    """The call as it was made."""
    told = stored.headers
    if told["method"] == "GET":
        return Call("GET", f"{told['url']}?{stored.raw.decode()}")
    return Call(told["method"], told["url"], stored.raw, {"content-type": told["content_type"]})


def _read(stored: Stored) -> Read | None:
    """What a payload says, with the other parts of it; None when it waits for them."""
    if stored.attempts > HOPELESS:
        raise ValueError("crashes")
    (text, *_) = channel_queries.gateway(stored.owner_id).texts(_again(stored))
    if text.part is None:
        return Read((stored,), text)
    name = f"{text.sender}:{text.part.reference}:{text.part.total}"
    commands.wait_for_parts(stored.id, name=name)
    parts = {part.number: (one, each) for one, each, part in _parts(stored, name)}
    waited = clock.now() - min(one.received_at for one, _ in parts.values())
    if len(parts) < text.part.total and waited < PART_PATIENCE:
        return None
    words = [parts[n][1].text if n in parts else GAP for n in range(1, text.part.total + 1)]
    first = parts[min(parts)][1]
    whole = replace(first, text="".join(words), external_id=first.external_id or f"{name}:{stored.id}")
    return Read(tuple(one for one, _ in parts.values()), whole)


def _parts(stored: Stored, name: str) -> list[tuple[Stored, ReceivedText, Part]]:
    reader = channel_queries.gateway(stored.owner_id)
    found = queries.parts(stored, name=name)
    texts = [(one, reader.texts(_again(one))[0]) for one in found]
    return [(one, text, text.part) for one, text in texts if text.part]


def _receive(reads: Sequence[Read]) -> None:
    """All together; when that fails, each alone, and the one that makes trouble becomes visible."""
    try:
        with transaction.atomic():
            conversations.receive_many([_incoming(read) for read in reads], by=SYSTEM)
            commands.settle([one.id for read in reads for one in read.payloads])
    except OperationalError:
        raise  # the database, not a text: all are tried again
    except Exception as error:  # noqa: BLE001  # whatever it is, the others go on
        if len(reads) == 1:
            # Without a traceback: it may quote the text.
            log.error("payload %s: %s", reads[0].payloads[0].id, type(error).__name__)  # noqa: TRY400  # see above
            for one in reads[0].payloads:
                _unreadable(one, type(error).__name__)
            return
        for read in reads:
            _receive([read])


def _incoming(read: Read) -> Incoming:
    stored, text = read.payloads[0], read.text
    country = shops.shop(stored.shop_id).country
    number = channel_queries.phone_number(text.sender, country)
    to = channel_queries.phone_number(text.to, country) or text.to
    return Incoming(
        shop_id=stored.shop_id,
        account_id=stored.owner_id,
        channel=Channel.SMS,
        external_id=text.external_id or f"sha256:{stored.sha256}:{stored.id}",
        sender=Party(ContactKind.PHONE if number else "", number or text.sender),
        received_at=stored.received_at,
        raw_sha256=stored.sha256,
        text=text.text,
        reply_text=text.text,
        to=(Party(ContactKind.PHONE, to),),
        sent_at=text.sent_at,
        # A name or a short number is a machine's.
        automatic=not number,
    )


def _reported(report: TextReport, account_id: int) -> None:
    for dispatch_id in channel_queries.dispatches_of(report.ids, account_id=account_id):
        if report.bounce:
            channels.mark_bounced(dispatch_id, bounce=Bounce(report.bounce, report.word[:20], None))
        else:
            channels.mark_reported(dispatch_id, reported=report.reported, word=report.word)


def _unreadable(stored: Stored, reason: str) -> None:
    """Show a text that could not be read, with its source attached, and set it aside to be tried again."""
    found = Unreadable(
        shop_id=stored.shop_id,
        account_id=stored.owner_id,
        channel=Channel.SMS,
        external_id=f"sha256:{stored.sha256}",
        received_at=stored.received_at,
        raw_sha256=stored.sha256,
        size=len(stored.raw),
        filename="text.txt",
        content_type=stored.content_type,
        reason=reason,
    )
    with transaction.atomic():
        conversations.receive_unreadable(found, by=SYSTEM)
        commands.fail(stored.id, error=reason)
