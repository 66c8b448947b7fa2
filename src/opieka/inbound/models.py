"""Everything that came in, as it came."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import HashIndex
from django.db import models
from django.db.models import Q


class Payload(models.Model):
    """One incoming payload: a mail, or the body of a webhook. Stored before it is looked at, never changed.

    `owner_id` is the mailbox or connection it came to. `external_id` is the sender's own number for it, or the
    hash of its bytes: the same thing fed twice is one row. Without `raw_sha256` the bytes are forgotten; the row
    stays, so that they are not taken in again.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    source = models.CharField(max_length=20)
    owner_id = models.BigIntegerField()
    external_id = models.CharField(max_length=128)
    raw_sha256 = models.CharField(max_length=64)
    # What does not stand in the bytes: the envelope of a mail, the headers of a webhook.
    headers = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10)
    attempts = models.IntegerField(default=0)
    failures = models.IntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    error = models.TextField(default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop", "source", "owner_id", "external_id"], name="payload_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["attempts", "id"], name="payload_waiting", condition=Q(state="waiting")),
            models.Index(
                fields=["next_try_at"],
                name="payload_later",
                condition=Q(state__in=["failed", "fetching", "partial"]),
            ),
            models.Index(fields=["shop", "-id"], name="payload_failed", condition=Q(state="failed")),
            HashIndex(fields=["raw_sha256"], name="payload_by_bytes"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id[:12]} {self.state}"
