"""Counting requests, doing each of them whole or not at all, and remembering answers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from opieka.kernel import clock, secrets
from opieka.kernel.errors import Invalid
from opieka.rest.models import Answer, Usage
from opieka.shops import commands as shops

REQUESTS_A_MINUTE = 600
ANSWERS_KEPT = timedelta(days=2)
REFUSED = 400
"""HTTP's border between answers and refusals."""


class KeyReused(Invalid):
    code = "idempotency_key_reused"
    sentence = _("This Idempotency-Key was used for another request. Make a new key for each new request.")


@dataclass(frozen=True)
class Budget:
    """How many requests a token may make in a minute, how many are left (negative: too many), and when
    the next minute begins, in seconds."""

    limit: int
    left: int
    reset: int


@dataclass(frozen=True)
class Given:
    """An answer as sent; `repeated` when it had been given before."""

    status: int
    body: bytes
    content_type: str
    location: str = ""
    repeated: bool = False


@dataclass(frozen=True)
class Key:
    """An `Idempotency-Key` of a token, and the request it stands for: method, address and body."""

    token_id: int
    text: str
    request: tuple[bytes, ...]

    @property
    def digest(self) -> str:
        """One hash of the whole request."""
        parts = [hashlib.sha256(part).digest() for part in self.request]
        return hashlib.sha256(b"".join(parts)).hexdigest()


class _Refused(Exception):
    """The work answered with a refusal: nothing it did is kept, and neither is the answer."""

    def __init__(self, given: Given) -> None:
        super().__init__()
        self.given = given


def count_request(token_id: int) -> Budget:
    """Count one more request of a token; the first of a minute also notes that the token is in use."""
    now = clock.now()
    minute = now.replace(second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into rest_usage (token_id, minute, count) values (%s, %s, 1)"
            " on conflict (token_id, minute) do update set count = rest_usage.count + 1 returning count",
            [token_id, minute],
        )
        count = int(cursor.fetchone()[0])
    if count == 1:
        shops.note_token_use(token_id)
    return Budget(REQUESTS_A_MINUTE, REQUESTS_A_MINUTE - count, 60 - now.second)


def perform(work: Callable[[], Given], *, key: Key | None) -> Given:
    """Do the work whole or not at all, and with a key at most once: KeyReused for another request.

    The key's row, the work and the answer are one transaction. A second request with the key waits for the
    first one's end and gets its answer; when the first is refused or dies, nothing is kept of it.
    """
    try:
        with transaction.atomic():
            return _first_time(work, key)
    except _Refused as refused:
        return refused.given
    except IntegrityError:
        known = key and Answer.objects.filter(token_id=key.token_id, key=key.text).first()
        if not (key and known):
            raise
    if known.request_digest != key.digest:
        raise KeyReused
    body = secrets.decrypt(bytes(known.body).decode()).encode()
    return Given(known.status, body, "application/json", known.location, repeated=True)


def _first_time(work: Callable[[], Given], key: Key | None) -> Given:
    row = key and Answer.objects.create(
        token_id=key.token_id, key=key.text, request_digest=key.digest, created_at=clock.now()
    )
    given = work()
    if given.status >= REFUSED:
        raise _Refused(given)
    if row:
        # Some answers tell a secret that is stored nowhere else in the clear.
        row.status, row.location = given.status, given.location
        row.body = secrets.encrypt(given.body.decode()).encode()
        row.save(update_fields=["status", "body", "location"])
    return given


def forget_old() -> int:
    """Drop what is too old to be asked for; returns how many answers were dropped."""
    now = clock.now()
    Usage.objects.filter(minute__lt=now - timedelta(minutes=5)).delete()
    dropped, _each = Answer.objects.filter(created_at__lt=now - ANSWERS_KEPT).delete()
    return dropped


def forget_answers(shop_id: int) -> int:
    """Empty the remembered answers of a shop's tokens; a repeated request is still not done again."""
    return Answer.objects.filter(token__shop_id=shop_id).update(body=b"{}")
