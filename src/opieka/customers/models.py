"""People, their contact points, merges, suspected duplicates, what they allow, and who was erased."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Coalesce, Lower, NullIf

from opieka.kernel.text import fold

# Latin, Greek and Cyrillic letters that are sorted as others are: capitals, accents, ё.
_LETTERS = "".join(
    letter
    for letter in map(chr, (*range(0xC0, 0x180), *range(0x386, 0x3CF), *range(0x400, 0x460)))
    if letter.isalpha() and len(fold(letter)) == 1 and fold(letter) != letter
)
SORTING = Func(
    Lower(Coalesce(NullIf("name", Value("")), Value("\uffff"))),
    Value(_LETTERS),
    Value("".join(map(fold, _LETTERS))),
    function="translate",
    output_field=TextField(),
)
"""The name as lists sort it, whatever the database's own order: without case and accents, the nameless last."""


class Customer(models.Model):
    """A person. `person` is the customer she was merged into, at the end of the chain; her own id otherwise."""

    group = models.ForeignKey("shops.ShopGroup", on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=300)
    language = models.CharField(max_length=2)
    since = models.DateTimeField()
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    person_id = models.BigIntegerField(null=True)
    search = SearchVectorField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["group", "id"], name="customer_by_group"),
            models.Index(
                F("group"), SORTING, F("id"), name="customer_by_name", condition=Q(merged_into__isnull=True)
            ),
            models.Index(fields=["person_id"], name="customer_merged", condition=Q(person_id__isnull=False)),
            models.Index(
                fields=["merged_into"], name="customer_loser", condition=Q(merged_into__isnull=False)
            ),
            GinIndex(fields=["search"], name="customer_search"),
        ]

    def __str__(self) -> str:
        return self.name or f"customer {self.pk}"


class Contact(models.Model):
    """A contact point: normalised, and unique in its shop group.

    It stays with the customer it was first seen at; merging moves no rows, the person follows from `customer`.
    """

    group = models.ForeignKey("shops.ShopGroup", on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=12)
    value = models.CharField(max_length=320)
    reach = models.CharField(max_length=4, default="ok")
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["group", "kind", "value"], name="contact_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["customer", "id"], name="contact_by_customer")]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class Merge(models.Model):
    """The record by which a merge is undone."""

    group = models.ForeignKey("shops.ShopGroup", on_delete=models.PROTECT, related_name="+", db_index=False)
    winner = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    loser = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    actor_kind = models.CharField(max_length=12)
    actor_id = models.BigIntegerField(null=True)
    merged_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["loser"], name="merged_once", condition=Q(undone_at=None)),
        ]
        indexes: ClassVar = [models.Index(fields=["winner"], name="merge_by_winner")]

    def __str__(self) -> str:
        return f"{self.loser_id} into {self.winner_id}"


class Suspicion(models.Model):
    """Two customers that one message or order showed as the same person; a person decides."""

    group = models.ForeignKey("shops.ShopGroup", on_delete=models.PROTECT, related_name="+", db_index=False)
    low = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    high = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    dismissed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["low", "high"], name="suspicion_once"),
        ]

    def __str__(self) -> str:
        return f"{self.low_id} = {self.high_id}?"


class Consent(models.Model):
    """What a person said about one purpose on one channel. Only appended; the last counts (`at`, then id)."""

    group = models.ForeignKey("shops.ShopGroup", on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    purpose = models.CharField(max_length=12)
    channel = models.CharField(max_length=12)
    given = models.BooleanField()
    source = models.CharField(max_length=10)
    wording = models.CharField(max_length=40)
    actor_kind = models.CharField(max_length=12)
    actor_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer", "purpose", "channel", "at", "id"], name="consent_by_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.channel} {'given' if self.given else 'withdrawn'}"


class Erasure(models.Model):
    """That a person was erased. `people` are pairs of an id and the moment she was first met under it: so she is
    found again in a backup of before. `traces` (encrypted) is what others need to forget her too, and empty
    once they all have."""

    group = models.ForeignKey("shops.ShopGroup", on_delete=models.PROTECT, related_name="+")
    people = models.JSONField()
    touchpoint_ids = ArrayField(models.BigIntegerField(), default=list)
    traces = models.TextField()
    actor_kind = models.CharField(max_length=12)
    actor_id = models.BigIntegerField(null=True)
    erased_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], name="erasure_open", condition=Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return f"erasure {self.pk}"


class Export(models.Model):
    """A copy of all of a person's data in some shops, made at somebody's request and kept for a while."""

    group = models.ForeignKey("shops.ShopGroup", on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    shop_ids = ArrayField(models.BigIntegerField())
    actor_kind = models.CharField(max_length=12)
    actor_id = models.BigIntegerField(null=True)
    requested_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    size = models.BigIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer", "-id"], name="export_by_customer"),
            models.Index(fields=["expires_at"], name="export_age"),
        ]

    def __str__(self) -> str:
        return f"export {self.pk}"


class ExportPart(models.Model):
    """A stretch of an export's bytes, so that none is ever in memory whole."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.IntegerField()
    body = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["export", "number"], name="export_part_once"),
        ]

    def __str__(self) -> str:
        return f"part {self.number} of export {self.export_id}"
