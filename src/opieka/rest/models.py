"""What the API remembers: answers to repeated requests, and how much each token has asked."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Answer(models.Model):
    """The answer to a request with an `Idempotency-Key`, given again when the request is repeated."""

    token = models.ForeignKey("shops.ApiToken", on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=200)
    request_digest = models.CharField(max_length=64)
    status = models.IntegerField(default=0)
    location = models.TextField(default="")
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["token", "key"], name="answer_once")]
        indexes: ClassVar = [models.Index(fields=["created_at"], name="answer_age")]

    def __str__(self) -> str:
        return f"{self.key}: {self.status}"


class Usage(models.Model):
    """How many requests a token has made in one minute."""

    token = models.ForeignKey("shops.ApiToken", on_delete=models.CASCADE, related_name="+", db_index=False)
    minute = models.DateTimeField()
    count = models.IntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["token", "minute"], name="usage_once")]
        indexes: ClassVar = [models.Index(fields=["minute"], name="usage_age")]

    def __str__(self) -> str:
        return f"{self.token_id} {self.minute}: {self.count}"
