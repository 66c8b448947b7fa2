"""How fast is what is new in a mail told from its history?

Over the replies in `tests/channels/email/folding/replies`, as they are and with a history of 400 lines more.
Run: python bench/reply_folding.py
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from opieka.channels.adapters.email.mapping.folding import fold, fold_html

REPLIES = Path(__file__).parent.parent / "tests/channels/email/folding/replies"
ROUNDS = 20
HISTORY = 400


def mails(form: str) -> list[str]:
    """The cases of one form without their margins."""
    found: list[list[str]] = []
    for path in sorted(REPLIES.glob("*.txt")):
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("# "):
                found.append([])
                wanted = line.startswith(f"# {form}")
            elif wanted:
                found[-1].append(line[1:])
    return ["\n".join(lines) for lines in found if lines]


def seconds(work: Callable[[str], object], texts: list[str]) -> list[float]:
    """CPU seconds per text, every text several times."""
    taken: list[float] = []
    for text in texts * ROUNDS:
        began = time.process_time()
        work(text)
        taken.append(time.process_time() - began)
    return taken


def main() -> None:
    plain, html = mails("plain"), mails("html")
    long_plain = [text + "\n" + "> history of this conversation\n" * HISTORY for text in plain]
    block = "<blockquote type=cite>" + "<p class=x><span>history</span></p>" * HISTORY + "</blockquote>"
    table = Table("mails", "texts", "texts/s (mean)", "median µs", "p95 µs")
    for name, work, texts in (
        ("plain", fold, plain),
        ("plain, long history", fold, long_plain),
        ("html", fold_html, html),
        ("html, long history", fold_html, [text + block for text in html]),
    ):
        taken = seconds(work, texts)
        p95 = statistics.quantiles(taken, n=20)[-1]
        figures = (
            f"{1 / statistics.mean(taken):,.0f}",
            f"{statistics.median(taken) * 1e6:,.0f}",
            f"{p95 * 1e6:,.0f}",
        )
        table.add_row(name, str(len(texts)), *figures)
    Console().print(table)


if __name__ == "__main__":
    main()
