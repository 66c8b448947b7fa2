"""Counting requests and remembering answers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from opieka.kernel import clock
from opieka.kernel.errors import Invalid
from opieka.rest.models import Answer, Usage

REQUESTS_A_MINUTE = 600
ANSWERS_KEPT = timedelta(days=2)


class KeyReused(Invalid):
    code = "idempotency_key_reused"
    sentence = _("This Idempotency-Key was used for another request. Make a new key for each new request.")


@dataclass(frozen=True)
class Given:
    """An answer as sent."""

    status: int
    body: bytes


class Refused(Exception):
    """The work answered with an error: nothing it did is kept, and neither is the answer."""

    def __init__(self, given: Given) -> None:
        super().__init__()
        self.given = given


def count_request(token_id: int) -> int:
    """Count one more request of a token; returns how many it may still make this minute (negative: too many)."""
    minute = clock.now().replace(second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into rest_usage (token_id, minute, count) values (%s, %s, 1)"
            " on conflict (token_id, minute) do update set count = rest_usage.count + 1 returning count",
            [token_id, minute],
        )
        return REQUESTS_A_MINUTE - int(cursor.fetchone()[0])


def once(token_id: int, *, key: str, request: bytes, work: Callable[[], Given]) -> tuple[Given, bool]:
    """Do the work unless this key was answered before; the answer, and whether it is a repetition.

    The key's row is written first and in the same transaction as the work. A second request with the key
    waits for the first one's end; when a process dies in between, nothing of it is kept.
    """
    digest = hashlib.sha256(request).hexdigest()
    try:
        with transaction.atomic():
            row = Answer.objects.create(
                token_id=token_id, key=key, request_digest=digest, body=b"", created_at=clock.now()
            )
            given = work()
            if given.status >= 400:  # HTTP's border between answers and refusals
                raise Refused(given)
            Answer.objects.filter(id=row.pk).update(status=given.status, body=given.body)
            return given, False
    except Refused as refused:
        return refused.given, False
    except IntegrityError:
        known = Answer.objects.filter(token_id=token_id, key=key).first()
        if known is None:
            raise
    if known.request_digest != digest:
        raise KeyReused
    return Given(known.status or 200, bytes(known.body)), True


def forget_old() -> int:
    """Drop what is too old to be asked for; returns how many answers were dropped."""
    now = clock.now()
    Usage.objects.filter(minute__lt=now - timedelta(minutes=5)).delete()
    dropped, _each = Answer.objects.filter(created_at__lt=now - ANSWERS_KEPT).delete()
    return dropped
