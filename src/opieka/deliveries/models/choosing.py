"""What customers decide and say, where parcels are collected, and the locks of orders' pages."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from opieka.deliveries.models.following import Parcel
from opieka.deliveries.types import ChoiceState


class PickupPoint(models.Model):
    """A point or locker where parcels of a carrier are collected; `gone_at`: the carrier names it no more."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    carrier = models.CharField(max_length=30)
    code = models.CharField(max_length=60)
    locker = models.BooleanField(default=False)
    name = models.CharField(max_length=200)
    street = models.CharField(max_length=200)
    postcode = models.CharField(max_length=20)
    postcode_key = models.CharField(max_length=20)
    city = models.CharField(max_length=100)
    city_key = models.CharField(max_length=100)
    country = models.CharField(max_length=2)
    latitude = models.FloatField()
    longitude = models.FloatField()
    hours = models.CharField(max_length=200, default="")
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "carrier", "code"], name="point_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["shop", "carrier", "latitude", "longitude"],
                name="point_by_place",
                condition=Q(gone_at=None),
            ),
            models.Index(
                fields=["shop", "carrier", "postcode_key"],
                name="point_by_postcode",
                condition=Q(gone_at=None),
            ),
            models.Index(
                fields=["shop", "carrier", "city_key"], name="point_by_city", condition=Q(gone_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.code}"


class Choice(models.Model):
    """A customer's decision about a parcel. `details` are her words and address, encrypted; `reference` is the
    carrier's own name for the request, `due_at` when it is asked (again)."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=10)
    by_hand = models.BooleanField()
    day = models.DateField(null=True)
    time_from = models.TimeField(null=True)
    time_to = models.TimeField(null=True)
    point = models.ForeignKey(
        PickupPoint, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    details = models.TextField(default="")
    photos = ArrayField(models.CharField(max_length=64), default=list)
    refusal = models.CharField(max_length=20, default="")
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    tries = models.SmallIntegerField(default=0)
    reference = models.CharField(max_length=100, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "parcel", "key"], name="choice_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["shop", "id"],
                name="choice_by_hand",
                condition=Q(state=ChoiceState.REQUESTED, by_hand=True),
            ),
            # Not by shop: the job that asks carriers looks at all shops at once.
            models.Index(fields=["due_at"], name="choice_due", condition=Q(due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Arrived(models.Model):
    """What a customer said of a delivered parcel; the last said counts. `words` are encrypted."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=200)
    arrival = models.CharField(max_length=20)
    words = models.TextField(default="")
    photos = ArrayField(models.CharField(max_length=64), default=list)
    told_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "parcel", "key"], name="arrived_once"),
        ]

    def __str__(self) -> str:
        return f"{self.parcel_id} {self.arrival}"


class CollectCode(models.Model):
    """What opens the locker a parcel is in, encrypted."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="+", db_index=False)
    code = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["shop", "parcel"], name="collect_code_once")]

    def __str__(self) -> str:
        return f"{self.parcel_id}"


class PageLock(models.Model):
    """How often the lock of an order's page was changed: older keys do not fit."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    order = models.ForeignKey("orders.Order", on_delete=models.CASCADE, related_name="+", db_index=False)
    changed = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "order"], name="page_lock_once"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.changed}"
