"""Incidents, storms, plans with their steps, and playbooks."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from opieka.care.types import StepState

IS_OPEN = Q(closed_at=None)


class Playbook(models.Model):
    """What a shop does about a kind of incident, instead of the usual."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    steps = ArrayField(models.CharField(max_length=20))
    by_itself_to = models.SmallIntegerField()
    gift = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["shop", "kind"], name="playbook_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {', '.join(self.steps)}"


class Storm(models.Model):
    """The same trouble of many parcels of one carrier at one place."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    carrier = models.CharField(max_length=30)
    depot = models.CharField(max_length=100)
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop", "kind", "carrier", "depot"], condition=IS_OPEN, name="storm_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.carrier} {self.depot}"


class Plan(models.Model):
    """What is done for one customer about one matter ("order:17"). `arm` was drawn before anything was done.

    `kind` and `severity` are those of its worst incident. `wrote_at` and `ordered_at` are the customer's first
    message and order afterwards, for measuring.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    matter = models.CharField(max_length=60)
    order_id = models.BigIntegerField(null=True)
    conversation_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=20)
    severity = models.SmallIntegerField()
    arm = models.CharField(max_length=10)
    owner = models.ForeignKey(
        "shops.StaffMember", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    wrote_at = models.DateTimeField(null=True)
    ordered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "matter"], condition=IS_OPEN, name="plan_open_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "-severity", "-id"], name="plan_open", condition=IS_OPEN),
            models.Index(fields=["shop", "-id"], name="plan_by_shop"),
            models.Index(
                fields=["shop", "customer", "-id"],
                name="plan_by_customer",
                condition=Q(customer__isnull=False),
            ),
            models.Index(fields=["shop", "arm", "opened_at"], name="plan_by_arm", condition=~Q(arm="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.matter}"


class Incident(models.Model):
    """Something that went wrong for a customer. While it is open, the same is the same incident (`times`)."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="+", db_index=False)
    storm = models.ForeignKey(Storm, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=60)
    parcel_id = models.BigIntegerField(null=True)
    carrier = models.CharField(max_length=30, default="")
    depot = models.CharField(max_length=100, default="")
    severity = models.SmallIntegerField()
    times = models.IntegerField(default=1)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop", "subject", "kind"], condition=IS_OPEN, name="incident_open_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "plan", "id"], name="incident_by_plan"),
            models.Index(fields=["shop", "kind", "carrier", "depot", "opened_at"], name="incident_by_lane"),
            models.Index(
                fields=["shop", "storm"], name="incident_of_storm", condition=Q(storm__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class PlanStep(models.Model):
    """One thing done or to be done. `trouble` is why it could not be done without a person."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=10, default=StepState.PLANNED)
    by_itself = models.BooleanField(default=False)
    trouble = models.CharField(max_length=20, default="")
    done_at = models.DateTimeField(null=True)
    staff = models.ForeignKey(
        "shops.StaffMember", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    message_id = models.BigIntegerField(null=True)
    coupon_id = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "plan", "kind"], name="plan_step_once"),
            models.UniqueConstraint(
                fields=["shop", "coupon_id"], condition=Q(coupon_id__isnull=False), name="plan_step_by_coupon"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Turn(models.Model):
    """A text of hers about a delivery: how it was understood and what was done.

    `kept` is encrypted: what she means and the decisions that were made or are asked about. While `open` her next text
    is heard as an answer to it, until `expires_at`. `answer_id` is our message about it.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    conversation_id = models.BigIntegerField()
    message_id = models.BigIntegerField()
    parcel_id = models.BigIntegerField(null=True)
    order_id = models.BigIntegerField(null=True)
    intent = models.CharField(max_length=20)
    confidence = models.FloatField()
    move = models.CharField(max_length=12)
    why = models.CharField(max_length=20, default="")
    kept = models.TextField(default="")
    choice_ids = ArrayField(models.BigIntegerField(), default=list)
    case_id = models.BigIntegerField(null=True)
    answer_id = models.BigIntegerField(null=True)
    open = models.BooleanField(default=False)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "message_id"], name="turn_once"),
            models.UniqueConstraint(
                fields=["shop", "conversation_id"], condition=Q(open=True), name="turn_open_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "conversation_id", "-message_id"], name="turn_by_conversation"),
            models.Index(
                fields=["shop", "parcel_id"], name="turn_by_parcel", condition=Q(parcel_id__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.intent} {self.move}"
