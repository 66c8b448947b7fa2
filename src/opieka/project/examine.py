"""`opieka check`: what is misconfigured, in words, with the remedy."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.urls import reverse

from opieka.channels import commands, queries
from opieka.conversations.types import InboxPreferences
from opieka.kernel import clock
from opieka.project import upgrade
from opieka.shops import queries as shops
from opieka.webhooks import queries as webhooks

ENOUGH_DISK = 1 << 30
OLDEST_POSTGRES = 150_000


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong and what to do about it."""

    problem: str
    remedy: str


def findings() -> list[Finding]:
    """Everything that is wrong now."""
    return [*_database(), *_address(), *_key(), *_disk(), *_work(), *_mailboxes(), *_webhooks()]


def _database() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_setting('server_version_num')::int, current_setting('server_encoding')"
        )
        version, encoding = cursor.fetchone()
    if version < OLDEST_POSTGRES:
        yield Finding(f"PostgreSQL {version // 10_000} is too old.", "Use PostgreSQL 15 or later.")
    if encoding != "UTF8":
        yield Finding(f"The database is encoded in {encoding}.", "Create it with ENCODING 'UTF8'.")
    if upgrade.pending():
        yield Finding("The database is older than the program.", "Run: opieka migrate")


def _address() -> Iterator[Finding]:
    config = settings.OPIEKA
    local = config.hostname in {"localhost", "127.0.0.1"}
    if not local and not config.secure:
        yield Finding(
            f"People reach this installation by {config.url}, unencrypted.",
            "Put a proxy with a certificate before it and set OPIEKA_URL=https://...",
        )
    if config.secure and not config.trusted_proxy:
        yield Finding(
            "OPIEKA_URL is https, but the proxy's word about it is not trusted.",
            "Set OPIEKA_TRUSTED_PROXY=yes if a proxy that sets X-Forwarded-Proto is the only way in.",
        )
    try:
        socket.getaddrinfo(config.hostname, None)
    except OSError:
        yield Finding(f"The name {config.hostname} is not known.", "Correct OPIEKA_URL or the name service.")


def _key() -> Iterator[Finding]:
    path = settings.OPIEKA.data / "secret.key"
    if path.exists() and path.stat().st_mode & 0o077 and not os.environ.get("OPIEKA_SECRET_KEY"):
        yield Finding(f"Others on this machine can read {path}.", f"Run: chmod 600 {path}")


def _disk() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.OPIEKA.data if settings.OPIEKA.data.exists() else "/").free
    if free < ENOUGH_DISK:
        yield Finding(
            f"Only {free >> 20} MB of disk are free.", "Make room: PostgreSQL stops when it is full."
        )


def _work() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from procrastinate_jobs where status = 'todo'"
            " and coalesce(scheduled_at, now()) < now() - interval '10 minutes'"
        )
        waiting = cursor.fetchone()[0]
    if waiting:
        yield Finding(
            f"{waiting} jobs have waited for more than ten minutes.", "Start a worker: opieka worker"
        )


def _webhooks() -> Iterator[Finding]:
    """Addresses of programs that have not taken a fact for long."""
    for endpoint in [] if upgrade.pending() else webhooks.troubled(clock.now()):
        page = reverse("desk:webhook", args=[shops.shop(endpoint.shop_id).slug, endpoint.id])
        off = "" if endpoint.active else " and is disabled for it"
        yield Finding(
            f"The webhook to {urlsplit(endpoint.url).hostname} has failed since "
            f"{endpoint.failing_since:%Y-%m-%d %H:%M} UTC{off}.",
            f"Look at what it answered, and mend the receiver: {settings.OPIEKA.url}{page}",
        )


def _mailboxes() -> Iterator[Finding]:
    """Reaches every server of every mailbox."""
    for account in [] if upgrade.pending() else queries.all_accounts():
        for trouble in commands.test_account(account.id, shop_id=account.shop_id):
            yield Finding(f"{account.address} does not work.", queries.sentence(trouble))


def kept() -> list[str]:
    """What each shop keeps how long, in words."""
    said = []
    for shop in shops.shops() if not upgrade.pending() else []:
        wishes = shops.preferences(shop.id, InboxPreferences)
        sources, spam = (
            f"for {months} month{'s' if months > 1 else ''}" if months else "as long as the customer"
            for months in (wishes.keep_sources_months, wishes.keep_spam_months)
        )
        said.append(f"{shop.slug}: mails as they came and went {sources}; spam and automatic mails {spam}.")
    return said
