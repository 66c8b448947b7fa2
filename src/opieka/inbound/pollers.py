"""Reading mailboxes by IMAP: one thread for each, for as long as this process is the mailbox's one reader."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from opieka.channels import commands as channels
from opieka.channels import queries as channel_queries
from opieka.channels.adapters.base import ChannelError
from opieka.channels.adapters.email.client import imap
from opieka.channels.adapters.email.client.imap import Mailbox
from opieka.channels.types import AccountCard, AccountDetails, Receiving, Trouble
from opieka.inbound import commands
from opieka.inbound.types import NewPayload, Source

log = logging.getLogger(__name__)

LOOK_AROUND = 5.0
"""Seconds between two looks at which mailboxes there are."""
IDLE, IDLE_WITH_FOLDERS = 300.0, 60.0
"""Seconds one IDLE lasts (servers end them after half an hour), and how often other folders are looked at."""
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 900.0
MOST_MAILS, MOST_BYTES = 50, 8_000_000
"""How much is fetched and stored at once."""
GLIMPSE = 262_144
"""How much is kept of a mail above the installation's limit: its headers and the first of its text."""


class Overtaken(Exception):
    """Another reader has moved the cursor: what was fetched is thrown away and reading begins anew."""


@dataclass
class Poller:
    """The thread of one mailbox."""

    account: AccountCard
    stopped: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    def start(self) -> None:
        self.thread = threading.Thread(
            target=poll, args=(self.account, self.stopped), name=self.account.address
        )
        self.thread.start()

    def join(self) -> None:
        self.stopped.set()
        if self.thread is not None:
            self.thread.join()


def run(stopped: threading.Event) -> None:
    """Poll every mailbox that nobody else polls, until told to stop.

    One database session holds the locks of all mailboxes of this process: when it breaks, the locks are gone,
    and so all pollers stop before anything else is done.
    """
    pollers: dict[int, Poller] = {}
    while not stopped.is_set():
        try:
            _look_around(pollers)
        except DatabaseError:
            log.warning("The database is away; mailboxes are not read until it is back.")
            _stop(pollers, pollers.keys())
            connection.close()
        stopped.wait(LOOK_AROUND)
    _stop(pollers, pollers.keys())
    connection.close()


def _look_around(pollers: dict[int, Poller]) -> None:
    wanted = {account.id: account for account in channel_queries.all_accounts(Receiving.IMAP)}
    changed = [
        poller.account.id
        for poller in pollers.values()
        if poller.account.id not in wanted
        or wanted[poller.account.id].changed_at != poller.account.changed_at
    ]
    _stop(pollers, changed)
    for account_id in changed:
        channel_queries.unlock(account_id)
    for account_id in wanted.keys() - pollers.keys():
        if channel_queries.try_lock(account_id):
            pollers[account_id] = Poller(wanted[account_id])
            pollers[account_id].start()


def _stop(pollers: dict[int, Poller], ids: Iterable[int]) -> None:
    going = [pollers.pop(account_id) for account_id in list(ids)]
    for poller in going:
        poller.stopped.set()
    for poller in going:
        poller.join()


def poll(account: AccountCard, stopped: threading.Event) -> None:
    """Read one mailbox until told to stop; whatever goes wrong is noted at the mailbox and tried again."""
    pause = FIRST_PAUSE
    while not stopped.is_set():
        try:
            _session(account, stopped)
            pause = FIRST_PAUSE
        except Overtaken:
            pause = FIRST_PAUSE
        except ChannelError as error:
            pause = _pause_after(account, error, pause)
        except DatabaseError:
            log.warning("mailbox %s: the database is away", account.id)
        except Exception as error:
            log.exception("mailbox %s", account.id)
            trouble = ChannelError(Trouble.UNEXPECTED, type(error).__name__)
            pause = _pause_after(account, trouble, pause)
        connection.close()
        stopped.wait(pause)


def _pause_after(account: AccountCard, error: ChannelError, pause: float) -> float:
    log.warning("mailbox %s: %s", account.id, error)
    try:
        channels.note_receiving(account.id, trouble=error)
    except DatabaseError:
        log.warning("mailbox %s: the database is away, too", account.id)
    return min(pause * 2, LONGEST_PAUSE)


def _session(account: AccountCard, stopped: threading.Event) -> None:
    """One connection: read all folders, then wait for more, until it breaks or we are told to stop."""
    details = channel_queries.account_details(account.id)
    if details.imap is None:
        raise ChannelError(Trouble.SETTINGS)
    first, *others = details.folders
    with imap.connected(details.imap) as mailbox:
        while not stopped.is_set():
            # The first folder comes last: it stays open, so that nothing is missed between reading and waiting.
            for folder in (*others, first):
                read_folder(mailbox, account, details, folder, stopped.is_set)
            channels.note_receiving(account.id, trouble=None)
            connection.close()  # nothing is held while waiting
            mailbox.wait(IDLE_WITH_FOLDERS if others else IDLE, stopped.is_set)


def read_folder(
    mailbox: Mailbox,
    account: AccountCard,
    details: AccountDetails,
    folder: str,
    is_stopped: Callable[[], bool] = lambda: False,
) -> int:
    """Store all that is new in a folder; returns how many mails were seen. Dates and flags do not matter."""
    opened = mailbox.open(folder)
    known = channel_queries.cursor(account.id, folder)
    if known is None and not details.history:
        _moved(account, folder, opened.uidvalidity, opened.uidnext - 1, 0)
        return 0
    # Under another UIDVALIDITY all UIDs are new; what was stored before is known by its content.
    uid = known[1] if known and known[0] == opened.uidvalidity else 0
    seen = 0
    for uids in _portions(mailbox, mailbox.after(uid)):
        if is_stopped():
            break
        payloads = list(_fetched(mailbox, account, uids, f"{folder}:{opened.uidvalidity}"))
        with transaction.atomic():
            commands.accept_many(payloads)
            _moved(account, folder, opened.uidvalidity, max(uids), uid)
        uid, seen = max(uids), seen + len(uids)
    return seen


@transaction.atomic
def _moved(account: AccountCard, folder: str, uidvalidity: int, uid: int, before: int) -> None:
    if not channels.move_cursor(account.id, folder=folder, uidvalidity=uidvalidity, uid=uid, before=before):
        raise Overtaken


def _portions(mailbox: Mailbox, uids: Sequence[int]) -> Iterator[dict[int, int]]:
    """The UIDs with their sizes, in their order, as many together as are fetched at once."""
    for start in range(0, len(uids), 10 * MOST_MAILS):
        some = uids[start : start + 10 * MOST_MAILS]
        sizes = mailbox.sizes(some)
        portion: dict[int, int] = {}
        for uid in some:
            size = sizes.get(uid, 0)
            if portion and (len(portion) >= MOST_MAILS or sum(portion.values()) + size > MOST_BYTES):
                yield portion
                portion = {}
            portion[uid] = size
        yield portion


def _fetched(
    mailbox: Mailbox, account: AccountCard, sizes: dict[int, int], place: str
) -> Iterator[NewPayload]:
    """The mails of a portion. One that the server will not hand out becomes a notice that people see."""
    if len(sizes) == 1:
        yield from _one(mailbox, account, *next(iter(sizes.items())), place)
        return
    try:
        answer = mailbox.fetch(list(sizes))
    except imap.Refused:
        answer = {}
        for uid, size in sizes.items():
            yield from _one(mailbox, account, uid, size, place)
    for uid, raw in answer.items():
        if raw is None:
            yield from _one(mailbox, account, uid, sizes[uid], place)
        else:
            yield NewPayload(account.shop_id, Source.MAIL, account.id, raw)


def _one(mailbox: Mailbox, account: AccountCard, uid: int, size: int, place: str) -> Iterator[NewPayload]:
    limit = settings.OPIEKA.max_mail_bytes
    said = "it sent nothing"
    try:
        raw = mailbox.fetch_large(uid, limit=limit if size <= limit else GLIMPSE)
    except imap.Refused as refusal:
        raw, said = None, str(refusal)
    if raw is None:
        text = f"The mail server does not hand out message {uid} of {place}: {said}\r\n"
        yield NewPayload(
            account.shop_id,
            Source.MAIL,
            account.id,
            text.encode(),
            "text/plain",
            f"{place}:{uid}"[-128:],
            {"notice": "not-handed-out"},
        )
    elif raw:
        cut = {"truncated": True, "size": size} if len(raw) < size and len(raw) in {limit, GLIMPSE} else {}
        yield NewPayload(account.shop_id, Source.MAIL, account.id, raw, headers=cut)
