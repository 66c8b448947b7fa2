"""What moved a customer's balance."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Movement(models.Model):
    """One experience of a customer. What it weighs is the shop's preference of the day, so it is not stored.

    `customer` is the person as the touchpoint knows her; reads go through her lineage. `key` makes the same
    experience one row, that of its first touchpoint.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    experience = models.CharField(max_length=20)
    key = models.CharField(max_length=120)
    touchpoint_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "key"], name="movement_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "customer", "-at", "-id"], name="movement_by_customer"),
        ]

    def __str__(self) -> str:
        return self.key
