"""What the portal remembers: who asked for a code to see an order, for a day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """Somebody who wants to see an order. `asked` (its number and a contact) is encrypted; what limits are counted by,
    the name of the attempt and the code are digests. `order_id` is None where there is no such order."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=64, unique=True)
    asked = models.TextField()
    number = models.CharField(max_length=16)
    contact = models.CharField(max_length=16)
    remote = models.CharField(max_length=16)
    network = models.CharField(max_length=16)
    language = models.CharField(max_length=2)
    order_id = models.BigIntegerField(null=True)
    code = models.CharField(max_length=16, default="")
    tries = models.SmallIntegerField(default=0)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["shop", "made_at"], name="entry_lately"),
            models.Index(fields=["made_at"], name="entry_age"),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.made_at}"
