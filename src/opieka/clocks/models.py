"""The clocks."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q

from opieka.clocks.types import OPEN, Status

IS_OPEN = Q(status__in=OPEN)


class Clock(models.Model):
    """One deadline. `counts` says which time it counts (Counts), `next_at` when the sweeper must look at it."""

    class Counts(models.TextChoices):
        """Which time passes on a clock; a fixed one cannot be paused."""

        OPEN = "open"
        ALL = "all"
        FIXED = "fixed"

    shop = models.ForeignKey("shops.Shop", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=60)
    customer_id = models.BigIntegerField(null=True)
    basis = models.CharField(max_length=10)
    counts = models.CharField(max_length=5)
    status = models.CharField(max_length=10, default=Status.RUNNING)
    starts_at = models.DateTimeField()
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_total = models.DurationField(default=timedelta)
    breached_at = models.DateTimeField(null=True)
    satisfied_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop", "subject", "kind"], condition=IS_OPEN, name="clock_open_once"
            ),
            models.CheckConstraint(
                condition=Q(status=Status.RUNNING, next_at__isnull=False)
                | (~Q(status=Status.RUNNING) & Q(next_at=None)),
                name="clock_running_is_swept",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.PAUSED, paused_at__isnull=False)
                | (~Q(status=Status.PAUSED) & Q(paused_at=None)),
                name="clock_paused_since",
            ),
        ]
        indexes: ClassVar = [
            # The one index that does not begin with the shop: the sweeper asks for all shops at once.
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="clock_next"),
            models.Index(fields=["shop", "due_at", "id"], condition=IS_OPEN, name="clock_open_by_due"),
            models.Index(fields=["shop", "subject", "id"], name="clock_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.status}"
