"""The log of touchpoints, and how far each reaction has read it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q


class Touchpoint(models.Model):
    """One thing that happened between a shop and a customer. Appended, never changed.

    The table has one more column, `xid xid8 default pg_current_xact_id()`: the transaction that wrote the
    row. Django does not know it; `reading.py` needs it to read only what can no longer change (ADR 5).
    Ids of other tables are plain numbers, so that the log can be partitioned and a customer erased.
    """

    shop_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=60)
    stage = models.CharField(max_length=10)
    subject = models.CharField(max_length=60)
    data = models.JSONField()
    actor_kind = models.CharField(max_length=12)
    actor_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["shop_id", "customer_id", "-at", "-id"], name="touchpoint_by_customer"),
            models.Index(fields=["shop_id", "subject", "id"], name="touchpoint_by_subject"),
            BrinIndex(fields=["recorded_at"], name="touchpoint_recorded"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Cursor(models.Model):
    """How far one reaction has read: all before `low`, and of the window up to `high` ids to `last_id`."""

    reaction = models.CharField(max_length=120, primary_key=True)
    low = models.BigIntegerField()
    high = models.BigIntegerField()
    last_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.reaction} {self.low}-{self.high}-{self.last_id}"


class Failure(models.Model):
    """A touchpoint one reaction could not handle: set aside, retried, seen by people until it is mended."""

    shop_id = models.BigIntegerField()
    reaction = models.CharField(max_length=120)
    touchpoint_id = models.BigIntegerField()
    error = models.TextField()
    attempts = models.IntegerField(default=1)
    failed_at = models.DateTimeField()
    mended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["touchpoint_id", "reaction"], name="failure_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop_id", "-id"], name="failure_open", condition=Q(mended_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.reaction}: {self.error[:80]}"
