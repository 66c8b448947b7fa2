"""Parcels, what was reported of them, promises, the orders watched, and a shop's carriers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from opieka.deliveries.types import TERMINAL, Leg, ParcelStage

IS_OPEN = ~Q(stage__in=TERMINAL)
IS_WAITING = Q(foresee_at__isnull=False)
"""Of orders of which no carrier has anything yet."""
IN_TROUBLE = Q(late_at__isnull=False) | Q(stale_at__isnull=False) | Q(lost_at__isnull=False)


class Connection(models.Model):
    """A shop's access to a carrier, aggregator or warehouse. `rests_until`: it asked for patience."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    carrier = models.CharField(max_length=30)
    credentials = models.TextField()  # JSON, encrypted
    active = models.BooleanField(default=True)
    heard_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=40, default="")
    failure_detail = models.CharField(max_length=300, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "carrier"], name="delivery_connection_once"),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.carrier}"


class Parcel(models.Model):
    """One shipment with one tracking number; what its reports come to, and what is reckoned of it.

    `carrier` is "" while nobody knows whose number it is. `way` is the leg it was sent on, `leg` the one it is on.
    `promised_*` is what its customer was told last, `carrier_*` the carrier's estimate, `expected_*`, `risk` (0 to 1
    of being late) and `why` (a code) are our own. `announced` are the meanings told, with spaces between. `look_at`
    is when the sweep must look at it, `ahead_at` the first report of the future, `ask_at` when its carrier is asked,
    `foresee_at` when its risk is reckoned again.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    carrier = models.CharField(max_length=30, default="")
    number = models.CharField(max_length=60)
    carrier_word = models.CharField(max_length=100, default="")
    service = models.CharField(max_length=100, default="")
    order = models.ForeignKey(
        "orders.Order", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    customer_id = models.BigIntegerField(null=True)
    shipment_id = models.BigIntegerField(null=True)
    order_key = models.CharField(max_length=100, default="")
    reference = models.CharField(max_length=100, default="")
    sender = models.CharField(max_length=100, default="")
    created_at = models.DateTimeField()
    way = models.CharField(max_length=20, default=Leg.OUTBOUND)
    leg = models.CharField(max_length=20, default=Leg.OUTBOUND)
    stage = models.CharField(max_length=20, default=ParcelStage.UNKNOWN)
    reason = models.CharField(max_length=30, default="")
    handed_to = models.CharField(max_length=20, default="unknown")
    collect_by = models.DateTimeField(null=True)
    depot = models.CharField(max_length=100, default="")
    city = models.CharField(max_length=100, default="")
    country = models.CharField(max_length=2, default="")
    origin_country = models.CharField(max_length=2, default="")
    origin_postcode = models.CharField(max_length=20, default="")
    destination_country = models.CharField(max_length=2, default="")
    destination_postcode = models.CharField(max_length=20, default="")
    attempts = models.SmallIntegerField(default=0)
    first_attempt = models.BooleanField(null=True)
    first_reason = models.CharField(max_length=30, default="")
    label_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    last_report_at = models.DateTimeField(null=True)
    last_progress_at = models.DateTimeField(null=True)
    promised_from = models.DateTimeField(null=True)
    promised_to = models.DateTimeField(null=True)
    carrier_from = models.DateTimeField(null=True)
    carrier_to = models.DateTimeField(null=True)
    expected_from = models.DateTimeField(null=True)
    expected_to = models.DateTimeField(null=True)
    risk = models.FloatField(null=True)
    why = models.CharField(max_length=40, default="")
    late_at = models.DateTimeField(null=True)
    stale_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    announced = models.TextField(default="")
    look_at = models.DateTimeField(null=True)
    stale_due_at = models.DateTimeField(null=True)
    lost_due_at = models.DateTimeField(null=True)
    ahead_at = models.DateTimeField(null=True)
    ask_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    foresee_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "number", "carrier"], name="parcel_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "order"], name="parcel_by_order", condition=Q(order__isnull=False)),
            models.Index(
                fields=["shop", "customer_id"],
                name="parcel_by_customer",
                condition=Q(customer_id__isnull=False),
            ),
            models.Index(
                fields=["shop", "order_key"],
                name="parcel_unjoined",
                condition=Q(order=None) & ~Q(order_key=""),
            ),
            models.Index(fields=["shop", "stage", "-id"], name="parcel_by_stage"),
            models.Index(fields=["shop", "-id"], name="parcel_in_trouble", condition=IN_TROUBLE),
            # What the control tower sorts and filters open parcels by.
            models.Index(fields=["shop", "risk", "id"], name="parcel_by_risk", condition=IS_OPEN),
            models.Index(fields=["shop", "promised_to", "id"], name="parcel_by_promise", condition=IS_OPEN),
            models.Index(fields=["shop", "last_report_at", "id"], name="parcel_by_news", condition=IS_OPEN),
            models.Index(fields=["shop", "carrier", "-id"], name="parcel_by_carrier", condition=IS_OPEN),
            models.Index(fields=["shop", "depot", "-id"], name="parcel_by_depot", condition=IS_OPEN),
            # The three that do not begin with the shop: sweep, polling and foreseeing ask for all shops at once.
            models.Index(fields=["look_at"], name="parcel_look", condition=Q(look_at__isnull=False)),
            models.Index(fields=["ask_at"], name="parcel_ask", condition=Q(ask_at__isnull=False)),
            models.Index(fields=["foresee_at"], name="parcel_foresee", condition=Q(foresee_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.number}"


class Report(models.Model):
    """One carrier report on a parcel, kept for ever. `digest` is the hash of all it says; `told_by` who brought it."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="+", db_index=False)
    digest = models.CharField(max_length=20)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    told_by = models.CharField(max_length=30)
    stage = models.CharField(max_length=20)
    reason = models.CharField(max_length=30)
    leg = models.CharField(max_length=20)
    handed_to = models.CharField(max_length=20)
    raw_code = models.CharField(max_length=100)
    raw_text = models.CharField(max_length=500)
    depot = models.CharField(max_length=100)
    city = models.CharField(max_length=100)
    country = models.CharField(max_length=2)
    collect_by = models.DateTimeField(null=True)
    expected_from = models.DateTimeField(null=True)
    expected_to = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "parcel", "digest"], name="report_once"),
        ]

    def __str__(self) -> str:
        return f"{self.at} {self.stage} {self.raw_code}"


class Promise(models.Model):
    """A date or slot the customer was told; the last one told counts, the others are history."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    order = models.ForeignKey("orders.Order", on_delete=models.CASCADE, related_name="+", db_index=False)
    promised_from = models.DateTimeField(null=True)
    promised_to = models.DateTimeField()
    source = models.CharField(max_length=10)
    told_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop", "order", "told_at", "source", "promised_to"], name="promise_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promised_to} {self.source}"


class Watch(models.Model):
    """An order whose delivery is watched as a whole, from however many senders it comes.

    `hand_over_due_at` is when the carrier should have all of it; `look_at` when the promise must be looked at. While no
    carrier has anything of it, `foresee_at` is when its risk is reckoned again; `risk`, `why` and `expected_*` are as
    with a parcel, and `doubted` is the promise that was announced to be in danger.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    order = models.ForeignKey("orders.Order", on_delete=models.CASCADE, related_name="+", db_index=False)
    customer_id = models.BigIntegerField(null=True)
    promised_from = models.DateTimeField(null=True)
    promised_to = models.DateTimeField(null=True)
    promised_by = models.CharField(max_length=10, default="")
    told_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    unsent = models.SmallIntegerField(default=0)
    hand_over_due_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)
    partly_at = models.DateTimeField(null=True)
    look_at = models.DateTimeField(null=True)
    expected_from = models.DateTimeField(null=True)
    expected_to = models.DateTimeField(null=True)
    risk = models.FloatField(null=True)
    why = models.CharField(max_length=40, default="")
    doubted = models.DateTimeField(null=True)
    foresee_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "order"], name="watch_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "-id"], name="watch_waiting", condition=IS_WAITING),
            # The two that do not begin with the shop: sweep and foreseeing ask for all shops at once.
            models.Index(fields=["look_at"], name="watch_look", condition=Q(look_at__isnull=False)),
            models.Index(fields=["foresee_at"], name="watch_foresee", condition=IS_WAITING),
        ]

    def __str__(self) -> str:
        return f"order {self.order_id} until {self.promised_to}"


class Usual(models.Model):
    """What is usual on a lane, learned from the shop's own parcels: `amount` in a carrier's working days.

    SILENCE is at a stage (98 of 100 are shorter), TRANSIT from hand-over to delivery (80 of 100 are). SATURDAY and
    SUNDAY are what a carrier moves on that day as a share of what it moves on a usual day.
    """

    SILENCE, TRANSIT, SATURDAY, SUNDAY = "silence", "transit", "saturday", "sunday"

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    what = models.CharField(max_length=10)
    carrier = models.CharField(max_length=30)
    stage = models.CharField(max_length=20)
    origin = models.CharField(max_length=2)
    destination = models.CharField(max_length=2)
    amount = models.FloatField()
    n = models.IntegerField()
    learned_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop", "what", "carrier", "stage", "origin", "destination"], name="usual_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.carrier} {self.origin}-{self.destination} {self.amount}"


class Foresight(models.Model):
    """What a shop's history taught of lateness: `data` are plain arrays (policy.lateness.storing)."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    learned_at = models.DateTimeField()
    parcels = models.IntegerField()
    data = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop"], name="foresight_once"),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.learned_at}"


class Notice(models.Model):
    """Something about tracking that a person should look at, however often it came."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    carrier = models.CharField(max_length=30)
    kind = models.CharField(max_length=20)
    where = models.CharField(max_length=100)
    value = models.CharField(max_length=100)
    times = models.IntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop", "carrier", "kind", "where", "value"], name="delivery_notice_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.where} {self.value}"
