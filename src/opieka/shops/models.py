"""Shops, their operators, the people who work there, API tokens and preferences."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class ShopGroup(models.Model):
    """One operator. Its shops share customers; no other group's shops ever see them."""

    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class Shop(models.Model):
    group = models.ForeignKey(ShopGroup, on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    timezone = models.CharField(max_length=64)
    languages = ArrayField(models.CharField(max_length=2))
    accent = models.CharField(max_length=7, default="#0f766e")
    logo = models.CharField(max_length=64, default="")
    # Seven lists (Monday first) of [start, end] minutes after midnight.
    hours = models.JSONField(default=list)
    closed_days = ArrayField(models.DateField(), default=list)
    open_days = ArrayField(models.DateField(), default=list)

    def __str__(self) -> str:
        return self.name


class StaffManager(BaseUserManager["StaffMember"]):
    """What Django's authentication asks of a user table: look up by e-mail."""

    def get_by_natural_key(self, username: str | None) -> StaffMember:
        return self.get(email__iexact=username)


class StaffMember(AbstractBaseUser):
    """A person who works at the desk; what she may do is in her memberships."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=2, default="en")
    is_active = models.BooleanField(default=True)

    objects = StaffManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="+")
    staff = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=20)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "staff"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.staff} {self.role} {self.shop}"


class ApiToken(models.Model):
    """A key of an integration to one shop. Only the token's digest is stored."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)
    scopes = ArrayField(models.CharField(max_length=20))
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["shop", "id"], name="token_by_shop", condition=Q(revoked_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"


class Preference(models.Model):
    """One domain's typed preferences for one shop, stored as JSON."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=60)
    value = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "key"], name="preference_once"),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.key}"
