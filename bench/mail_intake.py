"""How fast mail is taken in from files: raw bytes stored, then read into conversations.

Fresh embedded PostgreSQL with its usual settings; one process. CPU seconds are those of that process and of the
database's together: mails by CPU second is what one core does. Ordinary mail: three in four answer an earlier one
with a quoted history, text and HTML, every tenth with a photo of 100 kB.
Run: python bench/mail_intake.py [MAILS] [FOLDER ...]; a folder of real mail is measured beside.
"""

from __future__ import annotations

import base64
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

MAILS = 5_000
CHANCE = random.Random(7)
SYLLABLES = [first + vowel for first in "bcdfghjklmnprstwz" for vowel in "aeiouyąęó"]


def words(count: int) -> str:
    return " ".join("".join(CHANCE.choices(SYLLABLES, k=CHANCE.randint(2, 4))) for _ in range(count))


def written(number: int) -> bytes:
    """One mail of a thread of up to four."""
    thread, place = divmod(number, 4)
    text = words(60)
    history = "\r\n".join("> " + words(8) for _ in range(15 * place))
    quoted = f"\r\nW dniu 23.11.2026 o 10:00 Las i Dom pisze:\r\n{history}\r\n" if place else ""
    html = f"<html><body><p>{text}</p><blockquote>{history}</blockquote></body></html>"
    before = f"<{thread}.{place - 1}@example.pl>"
    refers = f"In-Reply-To: {before}\r\nReferences: {before}\r\n" if place else ""
    photo = ""
    if number % 10 == 0:
        data = base64.encodebytes(CHANCE.randbytes(100_000)).decode().replace("\n", "\r\n")
        photo = (
            "--m\r\nContent-Type: image/jpeg; name=a.jpg\r\n"
            f"Content-Transfer-Encoding: base64\r\n\r\n{data}\r\n"
        )
    return (
        f"From: Anna Nowak <anna{thread}@example.pl>\r\nTo: sklep@las.example\r\n"
        f"Subject: Paczka {thread}\r\nDate: Mon, 23 Nov 2026 10:{place:02}:00 +0100\r\n"
        f"Message-ID: <{thread}.{place}@example.pl>\r\n{refers}MIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n"
        "Content-Type: multipart/alternative; boundary=a\r\n\r\n"
        f"--a\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n{quoted}\r\n"
        f"--a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n--a--\r\n{photo}--m--\r\n"
    ).encode()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else MAILS
    with tempfile.TemporaryDirectory() as data:
        os.environ |= {"OPIEKA_DATA": data, "OPIEKA_DATABASE_URL": ""}
        from opieka.project import boot
        from opieka.project.database import stop_embedded

        boot.ready()
        from opieka.project import upgrade

        upgrade.ensure()
        try:
            measure(Path(data), count, [Path(name) for name in sys.argv[2:]])
        finally:
            stop_embedded(Path(data))


def measure(data: Path, count: int, folders: list[Path]) -> None:
    """Print the table."""
    from rich.console import Console
    from rich.table import Table

    box = data / "written.mbox"
    with box.open("wb") as file:
        for number in range(count):
            file.write(b"From anna@example.pl Mon Nov 23 10:00:00 2026\n")
            file.write(written(number).replace(b"\r\n", b"\n") + b"\n")
    table = Table("mails from", "step", "mails", "seconds", "CPU seconds", "mails/s", "mails/CPU s")
    for path in [box, *folders]:
        take_in(data, path, table)
    Console().print(table)


def take_in(data: Path, path: Path, table: object) -> None:
    """Store one source, read it, and feed it once more."""
    from opieka.channels import commands as channels
    from opieka.channels import queries
    from opieka.channels.types import AccountDetails
    from opieka.inbound import importing, jobs
    from opieka.kernel.actor import SYSTEM
    from opieka.shops import commands as shops

    slug = "bench-" + "".join(char for char in path.stem.lower() if char.isalnum())
    shop = shops.open_shop(shops.ShopDetails(slug, "Bench", "PL", "PLN", "Europe/Warsaw", ("pl",)), by=SYSTEM)
    details = AccountDetails(f"{slug}@las.example", "Bench")
    account = queries.account(channels.open_account(shop, details=details, by=SYSTEM))

    def store() -> int:
        return importing.load(path, account, lambda _: None)[0]

    def read() -> int:
        total = 0
        while done := jobs.read_batch():
            total += done
        return total

    begun = time.perf_counter(), cpu(data)
    mails = 0
    for name, work in (("store", store), ("read", read), ("feed again", store)):
        mails = row(data, table, path.stem, name, work) if name != "feed again" else mails
        if name == "read":
            spent = time.perf_counter() - begun[0], cpu(data) - begun[1]
            add(table, path.stem, "both", mails, *spent)
    row(data, table, path.stem, "feed again", store)


def row(data: Path, table: object, source: str, name: str, work: Callable[[], int]) -> int:
    at, used = time.perf_counter(), cpu(data)
    mails = work()
    add(table, source, name, mails, time.perf_counter() - at, cpu(data) - used)
    return mails


def add(table: object, source: str, name: str, mails: int, seconds: float, used: float) -> None:
    figures = (f"{mails:,}", f"{seconds:.1f}", f"{used:.1f}", f"{mails / seconds:.0f}", f"{mails / used:.0f}")
    table.add_row(source, name, *figures)  # type: ignore[attr-defined]  # a rich.table.Table


def cpu(data: Path) -> float:
    """CPU seconds of this process, and of all of the database's that are alive."""
    ticks = os.sysconf("SC_CLK_TCK")
    head = int((data / "postgres" / "postmaster.pid").read_text().split()[0])
    used = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(stat.parent.name) == head or int(fields[1]) == head:
            used += int(fields[11]) + int(fields[12])
    return time.process_time() + used / ticks


if __name__ == "__main__":
    main()
