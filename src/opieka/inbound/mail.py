"""Raw mails into conversations: many at once, and each alone when one of them makes trouble."""

from __future__ import annotations

import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import OperationalError, transaction

from opieka.channels import commands as channels
from opieka.channels import queries as channel_queries
from opieka.channels.adapters.email.mapping import parse
from opieka.channels.commands import NewFile
from opieka.channels.types import Address, Channel, Incoming, MessageFile, ParsedMail, Party
from opieka.conversations import commands as conversations
from opieka.conversations.types import Unreadable
from opieka.inbound import commands
from opieka.inbound.types import HOPELESS, Stored
from opieka.kernel.actor import SYSTEM

UNREADABLE = "unreadable"
"""How the parser's codes begin for a mail it could make nothing of."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Read:
    """A stored mail and what it says."""

    stored: Stored
    mail: ParsedMail


def apply(batch: Sequence[Stored]) -> None:
    """Turn mails into messages and settle them. One that cannot be turned becomes a visible conversation."""
    good = []
    for stored in batch:
        problem = _problem(stored)
        mail = ParsedMail() if problem else parse(stored.raw)
        problem = problem or next((code for code in mail.defects if code.startswith(UNREADABLE)), "")
        if problem:
            _unreadable(stored, problem)
        else:
            good.append(Read(stored, mail))
    try:
        with transaction.atomic():
            _receive(good)
    except OperationalError:
        raise  # the database, not a mail: all are tried again
    except Exception as error:
        if len(good) == 1:
            log.exception("payload %s", good[0].stored.id)
            _unreadable(good[0].stored, type(error).__name__)
            return
        for read in good:
            apply([read.stored])


def _problem(stored: Stored) -> str:
    """Why a mail is not even tried; "" when it is."""
    return "crashes" if stored.attempts > HOPELESS else str(stored.headers.get("notice", ""))


def _unreadable(stored: Stored, reason: str) -> None:
    """Show a mail that could not be read, with its source attached, and set it aside to be tried again."""
    found = Unreadable(
        shop_id=stored.shop_id,
        account_id=stored.owner_id,
        channel=Channel.EMAIL,
        external_id=f"sha256:{stored.sha256}",
        received_at=stored.received_at,
        raw_sha256=stored.sha256,
        size=len(stored.raw),
        filename="message.eml",
        content_type=stored.content_type,
        reason=reason,
    )
    with transaction.atomic():
        conversations.receive_unreadable(found, by=SYSTEM)
        commands.fail(stored.id, error=reason)


def _receive(batch: Sequence[Read]) -> None:
    by_shop: dict[int, list[Read]] = defaultdict(list)
    for read in batch:
        by_shop[read.stored.shop_id].append(read)
    for shop_id in sorted(by_shop):
        reads = by_shop[shop_id]
        wanted = _foreign(shop_id, reads)
        files = _store_files(shop_id, wanted)
        threads = channel_queries.threads_of(
            {name for read in wanted for name in _references(read.mail)}, shop_id=shop_id
        )
        messages = [_incoming(read, attached, threads) for read, attached in zip(wanted, files, strict=True)]
        conversations.receive_many(messages, by=SYSTEM)
        for read in wanted:
            _bounced(read)
        commands.settle([read.stored.id for read in reads])


def _foreign(shop_id: int, reads: Sequence[Read]) -> list[Read]:
    """Without the copies of what this very mailbox sent: they are in their conversations already."""
    marked = {read.mail.message_id or "" for read in reads if read.mail.loop_mark}
    own = channel_queries.senders_of(marked, shop_id=shop_id) if marked else {}
    return [read for read in reads if own.get(read.mail.message_id or "") != read.stored.owner_id]


def _store_files(shop_id: int, reads: Sequence[Read]) -> list[tuple[MessageFile, ...]]:
    new = [
        NewFile(file.data, file.content_type, file.filename or "", file.content_id or "", file.inline)
        for read in reads
        for file in read.mail.attachments
    ]
    stored = iter(channels.store_files(new, shop_id=shop_id) if new else [])
    return [tuple(next(stored) for _ in read.mail.attachments) for read in reads]


def _incoming(read: Read, files: tuple[MessageFile, ...], threads: dict[str, str]) -> Incoming:
    mail, stored = read.mail, read.stored
    references = _references(mail)
    sender = mail.sender
    truncated = ("truncated",) if stored.headers.get("truncated") else ()
    return Incoming(
        shop_id=stored.shop_id,
        account_id=stored.owner_id,
        channel=Channel.EMAIL,
        external_id=mail.message_id or _synthetic_id(mail),
        sender=_party(sender) if sender and sender.email else None,
        received_at=stored.received_at,
        raw_sha256=stored.sha256,
        own_thread=channel_queries.own_thread(_addresses(read)) or _first(threads, references),
        references=references,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        reply_text=mail.reply_text,
        quoted_text=mail.quoted_text,
        files=files,
        to=_parties(mail.to),
        cc=_parties(mail.cc),
        reply_to=_parties(mail.reply_to),
        sent_at=mail.date,
        automatic=mail.automatic or _is_ours(mail) or stored.headers.get("mail_from") == "",
        bulk=mail.list_id is not None,
        bounce=mail.bounce,
        defects=mail.defects + truncated,
    )


def _references(mail: ParsedMail) -> tuple[str, ...]:
    """The ids a mail refers to, nearest first."""
    return tuple(dict.fromkeys([*mail.in_reply_to, *reversed(mail.references)]))


def _addresses(read: Read) -> Iterable[str]:
    """Where our mark may stand: the addresses a mail was sent to, and the ids it refers to."""
    mail = read.mail
    yield from (each.email for each in (*mail.to, *mail.cc))
    yield from mail.delivered_to
    yield from read.stored.headers.get("rcpt_to", ())
    yield from _references(mail)
    if mail.bounce and mail.bounce.original_id:
        yield mail.bounce.original_id


def _first(threads: dict[str, str], references: Iterable[str]) -> str:
    return next((threads[name] for name in references if name in threads), "")


def _is_ours(mail: ParsedMail) -> bool:
    return mail.loop_mark is not None and channel_queries.is_own_mark(mail.loop_mark)


def _synthetic_id(mail: ParsedMail) -> str:
    """For a mail without Message-ID: the same whichever way the mail came, in one piece or re-wrapped."""
    parts = [mail.sender.email if mail.sender else "", str(mail.date or ""), mail.subject, mail.text.strip()]
    parts += [file.sha256 for file in mail.attachments]
    return "sha256:" + hashlib.sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()


def _bounced(read: Read) -> None:
    """Mark the message that came back, if the report names it: a recipient alone anybody could name."""
    bounce = read.mail.bounce
    if bounce is None:
        return
    ids = {bounce.original_id or "", *_references(read.mail)} - {""}
    for dispatch_id in channel_queries.dispatches_of(ids, account_id=read.stored.owner_id):
        channels.mark_bounced(dispatch_id, bounce=bounce)


def _party(address: Address) -> Party:
    return Party("email", address.email, address.name)


def _parties(addresses: Iterable[Address]) -> tuple[Party, ...]:
    return tuple(_party(each) for each in addresses if each.email)
