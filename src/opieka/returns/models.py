"""Cases: what a customer wants undone, and how far that is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from opieka.returns.types import OPEN

IS_OPEN = Q(status__in=[status.value for status in OPEN])


class Case(models.Model):
    """A customer's matter about an order. `request_id` is the orders' request to the shop's system."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=12)
    status = models.CharField(max_length=12)
    order = models.ForeignKey("orders.Order", on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    request_id = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    refund = models.CharField(max_length=10, default="")
    refunded_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=40, default="")
    next_best = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop", "order", "kind"], condition=IS_OPEN, name="case_open_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "order", "-id"], name="case_by_order"),
            models.Index(fields=["shop", "customer", "-id"], name="case_by_customer"),
            models.Index(fields=["shop", "status", "-id"], name="case_by_status"),
            models.Index(fields=["conversation"], name="case_by_conversation"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.order}"
