"""Orders as their shops keep them, the connections they come by, and what a person should look at."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q


class Connection(models.Model):
    """A shop's connector with its keys, and how far it has been read.

    `phase` is what is being read now ("" when at rest), `since` from which change on (all when null), `cursor` where
    to go on; `caught_up_to` is the moment up to which everything was read.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    connector = models.CharField(max_length=20)
    credentials = models.TextField()  # JSON, encrypted
    active = models.BooleanField(default=True)
    phase = models.CharField(max_length=10, default="")
    cursor = models.TextField(default="")
    since = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    done = models.IntegerField(default=0)
    total = models.IntegerField(null=True)
    caught_up_to = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=40, default="")
    failure_detail = models.CharField(max_length=300, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "connector"], name="connection_once"),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.connector}"


class Order(models.Model):
    """An order. Known by its parts alone while `placed_at` is null: nobody sees it yet.

    `progress` and `digest` complete `updated_at` to the version that counts; `reached` are the milestones announced.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    source = models.CharField(max_length=20)
    external_id = models.CharField(max_length=100)
    number = models.CharField(max_length=100, default="")
    number_key = models.CharField(max_length=100, default="")
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    placed_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(null=True)
    progress = models.SmallIntegerField(default=0)
    digest = models.CharField(max_length=24, default="")
    reached = models.SmallIntegerField(default=0)
    currency = models.CharField(max_length=3, default="")
    total = models.BigIntegerField(default=0)
    status = models.CharField(max_length=10, default="")
    payment_status = models.CharField(max_length=20, default="")
    fulfilment_status = models.CharField(max_length=12, default="")
    contact = models.JSONField(default=dict)
    shipping_address = models.JSONField(default=dict)
    billing_address = models.JSONField(default=dict)
    note = models.TextField(default="")
    promised_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    discount_codes = ArrayField(models.CharField(max_length=100), default=list)
    # Since then nothing is known of the buyer, and nothing is taken over that would tell who it was.
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "source", "external_id"], name="order_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "customer", "-placed_at"], name="order_by_customer"),
            models.Index(fields=["shop", "number_key"], name="order_by_number"),
            models.Index(
                fields=["shop", "-placed_at", "-id"],
                name="order_newest",
                condition=Q(placed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CancelRequest(models.Model):
    """A wish to cancel an order, for its source to grant; `outcome` is "" until it has answered.

    `reference` is what the connector must know to go on (a job's id there).
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    reference = models.CharField(max_length=200, default="")
    outcome = models.CharField(max_length=12, default="")
    refund = models.CharField(max_length=10, default="")
    why = models.CharField(max_length=40, default="")
    detail = models.CharField(max_length=300, default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop", "order"], condition=Q(outcome=""), name="cancel_request_open_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["shop", "order", "-id"], name="cancel_request_by_order")]

    def __str__(self) -> str:
        return f"{self.order} {self.outcome}"


class DiscountRequest(models.Model):
    """A wish that the shop's system honours a discount code, or (`removing`) no longer; `outcome` is "" until it has
    answered. `about` is what the code is for ("coupon:17")."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    code = models.CharField(max_length=100)
    about = models.CharField(max_length=60)
    amount = models.BigIntegerField()
    per_cent = models.SmallIntegerField()
    currency = models.CharField(max_length=3)
    valid_until = models.DateTimeField()
    removing = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    outcome = models.CharField(max_length=12, default="")
    why = models.CharField(max_length=40, default="")
    detail = models.CharField(max_length=300, default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "code"], name="discount_request_once"),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.outcome}"


class OrderLine(models.Model):
    """One line. A line taken out of its order stays with quantity 0, because cases may speak of it."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+", db_index=False)
    external_id = models.CharField(max_length=100)
    position = models.SmallIntegerField()
    name = models.CharField(max_length=500)
    sku = models.CharField(max_length=100)
    product_outside_id = models.CharField(max_length=100)
    variant_outside_id = models.CharField(max_length=100)
    quantity = models.IntegerField()
    price = models.BigIntegerField()
    total = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "order", "external_id"], name="line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.name}"


class Payment(models.Model):
    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+", db_index=False)
    external_id = models.CharField(max_length=100)
    method = models.CharField(max_length=100)
    amount = models.BigIntegerField()
    status = models.CharField(max_length=20)
    paid_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "order", "external_id"], name="payment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.amount}"


class Refund(models.Model):
    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+", db_index=False)
    external_id = models.CharField(max_length=100)
    updated_at = models.DateTimeField()
    progress = models.BigIntegerField()
    digest = models.CharField(max_length=24)
    announced = models.BooleanField(default=False)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    issued_at = models.DateTimeField(null=True)
    reason = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "order", "external_id"], name="refund_once"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class Shipment(models.Model):
    """Goods sent off, as the shop tells it. `lines` are pairs of a line's external id and a quantity."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+", db_index=False)
    external_id = models.CharField(max_length=100)
    updated_at = models.DateTimeField()
    progress = models.BigIntegerField()
    digest = models.CharField(max_length=24)
    reached = models.SmallIntegerField(default=0)
    announced = models.SmallIntegerField(default=0)
    status = models.CharField(max_length=20)
    carrier = models.CharField(max_length=100)
    tracking_numbers = ArrayField(models.CharField(max_length=100))
    tracking_url = models.TextField()
    lines = models.JSONField()
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "order", "external_id"], name="shipment_once"),
        ]
        indexes: ClassVar = [GinIndex(fields=["tracking_numbers"], name="shipment_by_tracking")]

    def __str__(self) -> str:
        return f"{self.carrier} {', '.join(self.tracking_numbers)}"


class Notice(models.Model):
    """Something in a source's data that a person should look at, however often it came."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    source = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    where = models.CharField(max_length=100)
    value = models.CharField(max_length=100)
    times = models.IntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "source", "kind", "where", "value"], name="notice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.where} {self.value}"
