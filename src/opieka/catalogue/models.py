"""What shops sell."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class Product(models.Model):
    """A product. `low` and `high` are the cheapest and dearest variant, `in_stock` whether any can be bought."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    source = models.CharField(max_length=20)
    external_id = models.CharField(max_length=100)
    name = models.CharField(max_length=500)
    category = models.CharField(max_length=200)
    brand = models.CharField(max_length=200)
    url = models.TextField()
    image_url = models.TextField()
    currency = models.CharField(max_length=3)
    low = models.BigIntegerField(default=0)
    high = models.BigIntegerField(default=0)
    in_stock = models.BooleanField(default=True)
    withdrawn = models.BooleanField(default=False)
    updated_at = models.DateTimeField()
    digest = models.CharField(max_length=24)
    search = SearchVectorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "source", "external_id"], name="product_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "withdrawn", "category", "name"], name="product_by_category"),
            GinIndex(fields=["search"], name="product_search"),
        ]

    def __str__(self) -> str:
        return self.name


class Variant(models.Model):
    """One thing that can be bought. A variant no longer reported stays, withdrawn."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+", db_index=False)
    external_id = models.CharField(max_length=100)
    sku = models.CharField(max_length=100)
    name = models.CharField(max_length=500)
    price = models.BigIntegerField()
    stock = models.IntegerField(null=True)
    in_stock = models.BooleanField()
    withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "product", "external_id"], name="variant_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["shop", "sku"], name="variant_by_sku")]

    def __str__(self) -> str:
        return self.name
