"""How fast mail is read: `python bench/mail_parse.py [FOLDER]`; default: the real mails beside the checkout.

One core, everything in memory; a mail counts from its bytes to the finished ParsedMail with hashes.
"""

from __future__ import annotations

import base64
import os
import random
import statistics
import sys
import time
from pathlib import Path

from opieka.channels.adapters.email.mapping import parse

ROUNDS = 5


def real(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.rglob("*.eml"))]


def written(count: int) -> list[bytes]:
    """Ordinary customer mail: text and HTML, a quoted history, every fifth with a photo of 300 kB."""
    chance = random.Random(1)
    text = (
        "Dzień dobry,\r\n\r\ngdzie jest moja paczka? Zamówienie 1234.\r\n\r\nPozdrawiam\r\nAnna\r\n\r\n"
        + "> cytat\r\n" * 20
    )
    markup = (
        "<div>Dzień dobry,<br>gdzie jest moja <b>paczka</b>?</div>"
        + "<blockquote><p>cytat</p></blockquote>" * 20
    )
    photo = base64.encodebytes(chance.randbytes(300_000)).replace(b"\n", b"\r\n")
    found = []
    for number in range(count):
        parts = (
            f"--a\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
            f"--a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{markup}\r\n--a--\r\n"
        ).encode()
        head = (
            f"From: Anna <anna{number}@example.pl>\r\nTo: sklep@example.pl\r\n"
            f"Message-ID: <{number}@example.pl>\r\nDate: Mon, 23 Nov 2026 10:00:00 +0100\r\n"
            "Subject: =?utf-8?Q?zam=C3=B3wienie?=\r\nMIME-Version: 1.0\r\n"
        )
        kind = "Content-Type: multipart/alternative; boundary=a\r\n\r\n"
        raw = (head + kind).encode() + parts
        if number % 5 == 0:
            outer = f"{head}Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n{kind}".encode()
            image = b"\r\n--m\r\nContent-Type: image/jpeg; name=a.jpg\r\n"
            raw = outer + parts + image + b"Content-Transfer-Encoding: base64\r\n\r\n" + photo + b"--m--\r\n"
        found.append(raw)
    return found


def measure(name: str, mails: list[bytes]) -> None:
    """One line of the table; each mail's best round counts, so that other work on the machine does not."""
    best = [float("inf")] * len(mails)
    for _ in range(ROUNDS):
        for index, raw in enumerate(mails):
            begin = time.perf_counter()
            parse(raw)
            best[index] = min(best[index], time.perf_counter() - begin)
    milliseconds = sorted(1000 * each for each in best)
    p95 = milliseconds[int(0.95 * (len(milliseconds) - 1))]
    size = sum(map(len, mails)) / len(mails) / 1024
    print(
        f"{name:<22}{len(mails):>6}{size:>9.1f}{len(mails) / sum(best):>10.0f}"
        f"{statistics.median(milliseconds):>9.2f}{p95:>9.2f}{milliseconds[-1]:>9.2f}"
    )


def main() -> None:
    beside = (
        Path(os.environ.get("OPIEKA_SHARED") or Path(__file__).parents[2] / "shared") / "fixtures" / "mail"
    )
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else beside
    print(f"{'':<22}{'mails':>6}{'avg kB':>9}{'mails/s':>10}{'median':>9}{'p95':>9}{'max ms':>9}")
    if folder.is_dir():
        measure(folder.name, real(folder))
    measure("customer mail", written(200))


if __name__ == "__main__":
    main()
