"""Endpoints and what was, is or will be sent to them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from opieka.webhooks.types import DeliveryState


class Endpoint(models.Model):
    """An address of a shop's own program. No `kinds` means every fact."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    url = models.CharField(max_length=2000)
    description = models.CharField(max_length=200, default="")
    kinds = ArrayField(models.CharField(max_length=60), default=list)
    # Both encrypted.
    secret = models.TextField()
    old_secret = models.TextField(default="")
    old_secret_until = models.DateTimeField(null=True)
    active = models.BooleanField(default=True)
    disabled_at = models.DateTimeField(null=True)
    disabled_because = models.CharField(max_length=10, default="")
    # Since when no attempt has succeeded; None while the last one did.
    failing_since = models.DateTimeField(null=True)
    # It asked to be left alone until then.
    resting_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["shop", "id"], name="endpoint_by_shop")]

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One fact on its way to one endpoint. Its message id never changes, however often it is sent.

    `touchpoint_id` is None for a test. While it is being sent, `next_try_at` is when whoever sends it is
    taken for dead. `replayed_after` is the number of attempts before the last replay: the table of delays
    begins anew after it. `log` holds the latest attempts.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="+", db_index=False)
    touchpoint_id = models.BigIntegerField(null=True)
    message_id = models.CharField(max_length=40)
    kind = models.CharField(max_length=60)
    state = models.CharField(max_length=10, default=DeliveryState.PENDING)
    attempts = models.IntegerField(default=0)
    replayed_after = models.IntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    status = models.IntegerField(default=0)
    trouble = models.CharField(max_length=12, default="")
    log = models.JSONField(default=list)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["endpoint", "touchpoint_id"], name="delivery_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["endpoint", "-id"], name="delivery_log"),
            models.Index(
                fields=["endpoint", "next_try_at"],
                name="delivery_due",
                condition=Q(next_try_at__isnull=False),
            ),
            models.Index(
                fields=["endpoint", "state", "-id"],
                name="delivery_open",
                condition=~Q(state=DeliveryState.DELIVERED),
            ),
            models.Index(fields=["created_at"], name="delivery_age"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.state}"
