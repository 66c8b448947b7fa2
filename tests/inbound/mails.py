"""Mails as they come, and what has become of them."""

from __future__ import annotations

from opieka.conversations.models import Message
from opieka.inbound import jobs


def mail(
    number: int = 1,
    *,
    sender: str = "anna@example.com",
    text: str = "Gdzie jest moja paczka?",
    extra: str = "",
) -> bytes:
    lines = f"""From: Anna Zając <{sender}>
To: sklep@las.example
Subject: Paczka {number}
Date: Mon, 23 Nov 2026 12:00:{number % 60:02} +0100
Message-ID: <m{number}@example.com>
Content-Type: text/plain; charset=utf-8
{extra}
{text} {number}
"""
    return lines.replace("\n", "\r\n").encode()


def read_all() -> int:
    """Read everything that waits, as the worker does."""
    total = 0
    while done := jobs.read_batch():
        total += done
    return total


def subjects(shop_id: int) -> list[str]:
    return sorted(Message.objects.filter(shop_id=shop_id).values_list("subject", flat=True))
