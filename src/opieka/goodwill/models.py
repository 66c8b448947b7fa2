"""What moved a customer's balance."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from opieka.goodwill.types import InShop


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


class Month(models.Model):
    """What a shop has given in a calendar month of its zone. Whoever gives locks it: budgets are never overdrawn."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    month = models.DateField()
    currency = models.CharField(max_length=3)
    spent = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "month", "currency"], name="goodwill_month_once"),
            models.CheckConstraint(condition=models.Q(spent__gte=0), name="goodwill_month_spent"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.spent} {self.currency}"


class Coupon(models.Model):
    """A gift with a code. `cost` was taken from `month`; amounts in minor units of `currency`."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    month = models.ForeignKey(Month, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=20)
    amount = models.BigIntegerField(default=0)
    per_cent = models.SmallIntegerField(default=0)
    cost = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=20)
    matter = models.CharField(max_length=60, default="")
    state = models.CharField(max_length=10)
    granted_at = models.DateTimeField()
    granted_by = models.BigIntegerField(null=True)
    valid_until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ordered_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=100)
    in_shop = models.CharField(max_length=10, default=InShop.DONE)
    why = models.CharField(max_length=40, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "code"], name="coupon_code_once"),
            models.UniqueConstraint(fields=["shop", "key"], name="coupon_key_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "-id"], name="coupon_by_shop"),
            models.Index(fields=["shop", "customer", "-id"], name="coupon_by_customer"),
            models.Index(
                fields=["shop", "-id"], name="coupon_by_hand", condition=models.Q(in_shop=InShop.BY_HAND)
            ),
        ]

    def __str__(self) -> str:
        return self.code
