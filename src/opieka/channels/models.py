"""Mailboxes and numbers of shops, how far their folders are read, stored files, outgoing messages."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from opieka.channels.types import Channel


class Account(models.Model):
    """A mailbox of a shop, or a number or name from which it sends texts.

    A mail address belongs to one shop only, so that arriving mail has one owner. Arriving texts are known by the
    `token` in the address of the webhook.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=12, default=Channel.EMAIL, db_default=Channel.EMAIL)
    address = models.CharField(max_length=320)
    name = models.CharField(max_length=200)
    receiving = models.CharField(max_length=10)
    sending = models.CharField(max_length=10)
    plus_addressing = models.BooleanField(default=False)
    provider = models.CharField(max_length=30, default="")
    # The whole `AccountDetails` or `TextDetails` with hosts, users and passwords, as encrypted JSON.
    details = models.TextField()
    token = models.CharField(max_length=40, unique=True)
    active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()
    receive_trouble = models.CharField(max_length=20, default="")
    receive_detail = models.TextField(default="")
    received_at = models.DateTimeField(null=True)
    send_trouble = models.CharField(max_length=20, default="")
    send_detail = models.TextField(default="")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "channel", "address"], name="account_once"),
            models.UniqueConstraint(
                fields=["address"], name="account_mailbox", condition=Q(channel=Channel.EMAIL)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["receiving"], name="account_receiving", condition=Q(active=True)),
        ]

    def __str__(self) -> str:
        return self.address


class FolderCursor(models.Model):
    """How far one IMAP folder is read: every UID up to `uid` of this UIDVALIDITY is stored."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    folder = models.CharField(max_length=500)
    uidvalidity = models.BigIntegerField()
    uid = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "folder"], name="foldercursor_once"),
        ]

    def __str__(self) -> str:
        return f"{self.folder} {self.uidvalidity}:{self.uid}"


class StoredFile(models.Model):
    """Bytes under their content hash, once. Who may see them is told by `ShopFile`."""

    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    content_type = models.CharField(max_length=100)
    packed = models.BooleanField()
    body = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["sha256"], name="storedfile_once")]

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {self.content_type} {self.size}"


class ShopFile(models.Model):
    """A shop has this file: only through such a row are its bytes read."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "file"], name="shopfile_once"),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.file_id}"


class Dispatch(models.Model):
    """One outgoing message. Its id and its bytes are fixed before the first attempt.

    Of a mail they are its Message-ID and the RFC 5322 message, of an SMS a random id and its text in UTF-8.
    `automatic`: no person wrote it.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    customer_id = models.BigIntegerField(null=True)
    thread = models.CharField(max_length=60)
    message = models.CharField(max_length=60)
    automatic = models.BooleanField(default=False, db_default=False)
    key = models.CharField(max_length=120)
    message_id = models.CharField(max_length=250)
    # What the provider calls it, where it does not keep our Message-ID.
    provider_id = models.CharField(max_length=250, default="")
    # None once its words are forgotten: it is never sent (again) then.
    raw = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    recipients = ArrayField(models.CharField(max_length=320))
    # Those of `recipients` who have not been served yet.
    waiting = ArrayField(models.CharField(max_length=320))
    state = models.CharField(max_length=10)
    attempts = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)
    not_after = models.DateTimeField(null=True)
    first_try_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=20, default="")
    detail = models.TextField(default="")
    # What the provider has told of it since it took it.
    reported = models.CharField(max_length=10, default="", db_default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "key"], name="dispatch_once"),
            models.UniqueConstraint(fields=["message_id"], name="dispatch_message_id"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "message"], name="dispatch_by_message"),
            models.Index(fields=["account", "-id"], name="dispatch_by_account"),
            models.Index(
                fields=["provider_id"], name="dispatch_by_provider_id", condition=~Q(provider_id="")
            ),
            models.Index(
                fields=["next_try_at"],
                name="dispatch_due",
                condition=Q(state__in=["held", "queued", "sending"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.state}"
