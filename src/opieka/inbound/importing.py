"""Mail from files: single mails, mbox files, Maildirs, and folders of all these."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO

from django.conf import settings

from opieka.channels.types import AccountCard
from opieka.inbound import commands
from opieka.inbound.types import NewPayload, Source

BATCH = 200
_BETWEEN = re.compile(rb"From .*\d\d:\d\d.*\d{4}")
"""The line between two mails of an mbox. It needs a time and a year: texts have lines that begin with From, too."""
_ESCAPED = re.compile(rb">+From ")
_FIELD = re.compile(rb"(\xef\xbb\xbf)?\s*[A-Za-z][A-Za-z0-9-]*[ \t]*:")
_SUFFIXES = {".eml", ".mbox", ".mbx"}


def load(path: Path, account: AccountCard, progress: Callable[[int], None]) -> tuple[int, int]:
    """Store every mail below a path for a mailbox; (seen, new). `progress` hears of bytes done."""
    seen = fresh = 0
    found = mails(path, progress)
    while batch := list(islice(found, BATCH)):
        seen += len(batch)
        fresh += commands.accept_many([_payload(raw, account) for raw in batch])
    return seen, fresh


def total(path: Path) -> int:
    """Bytes below a path, for progress bars."""
    return sum(file.stat().st_size for file in files(path))


def files(path: Path) -> Iterator[Path]:
    """The files that may hold mail, in order: a file itself, or those of a folder that look like mail."""
    if path.is_file():
        yield path
        return
    for file in sorted(path.rglob("*")):
        inside = [file, *(folder for folder in file.parents if folder.is_relative_to(path))][:-1]
        # A Maildir's folders begin with a dot.
        hidden = any(each.name.startswith(".") and not (each / "cur").is_dir() for each in inside)
        unfinished = file.parent.name == "tmp" and (file.parent.parent / "cur").is_dir()
        if not hidden and not unfinished and file.is_file() and _may_be_mail(file):
            yield file


def mails(path: Path, progress: Callable[[int], None]) -> Iterator[bytes]:
    """Every mail below a path, one at a time."""
    for file in files(path):
        with file.open("rb") as opened:
            if _BETWEEN.match(opened.readline()):
                opened.seek(0)
                yield from _mbox(opened, progress)
            else:
                opened.seek(0)
                yield opened.read(settings.OPIEKA.max_mail_bytes)
                progress(file.stat().st_size)


def _may_be_mail(file: Path) -> bool:
    if file.suffix.lower() in _SUFFIXES or (file.parent.parent / "cur").is_dir():
        return True
    with file.open("rb") as opened:
        head = opened.read(1024)
    return bool(_BETWEEN.match(head) or _FIELD.match(head))


def _mbox(file: IO[bytes], progress: Callable[[int], None]) -> Iterator[bytes]:
    """The mails of an mbox, unescaped as mboxrd; read line by line, for such files may be of any size."""
    limit = settings.OPIEKA.max_mail_bytes
    mail, size, after_blank = bytearray(), len(file.readline()), False
    for line in file:
        if after_blank and line.startswith(b"From ") and _BETWEEN.match(line):
            yield bytes(mail)
            progress(size)
            mail, size = bytearray(), 0
        elif len(mail) < limit:
            mail += line[1:] if line.startswith(b">") and _ESCAPED.match(line) else line
        size += len(line)
        after_blank = line in {b"\n", b"\r\n"}
    yield bytes(mail)
    progress(size)


def _payload(raw: bytes, account: AccountCard) -> NewPayload:
    limit = settings.OPIEKA.max_mail_bytes
    headers = {"truncated": True} if len(raw) >= limit else {}
    return NewPayload(account.shop_id, Source.MAIL, account.id, raw[:limit], headers=headers)
