"""Conversations with their messages and notes, the index that threads them, and what search needs."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from opieka.conversations.types import Direction, State

HERE = Q(joined_into=None)
LIST = ("-last_message_at", "-id")


class Conversation(models.Model):
    """The thread with a customer.

    `customer` is the person as known when it came; reads go through her lineage. `opened_at` is the moment of its
    earliest message, which gives it subject and customer; `waiting_since` the moment since when the
    customer waits for a person's answer. One that was joined to another stays, empty, and points there.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    customer_by_hand = models.BooleanField(default=False)
    channel = models.CharField(max_length=12)
    account_id = models.BigIntegerField()
    subject = models.CharField(max_length=500)
    state = models.CharField(max_length=8, default=State.OPEN)
    assignee = models.ForeignKey(
        "shops.StaffMember", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    language = models.CharField(max_length=3, default="")
    opened_at = models.DateTimeField()
    last_message_at = models.DateTimeField()
    last_customer_message_at = models.DateTimeField(null=True)
    waiting_since = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    message_count = models.IntegerField(default=0)
    last_message_id = models.BigIntegerField(default=0)
    last_incoming_id = models.BigIntegerField(default=0)
    preview = models.CharField(max_length=160, default="")
    preview_direction = models.CharField(max_length=3, default=Direction.IN)
    has_files = models.BooleanField(default=False)
    related = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    related_why = models.CharField(max_length=10, default="")
    joined_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["shop", *LIST], name="conversation_list", condition=HERE),
            models.Index(fields=["shop", "state", *LIST], name="conversation_by_state", condition=HERE),
            models.Index(
                fields=["shop", *LIST],
                name="conversation_unassigned",
                condition=HERE & Q(state=State.OPEN, assignee=None),
            ),
            models.Index(
                fields=["shop", "assignee", "state", *LIST],
                name="conversation_by_assignee",
                condition=HERE & Q(assignee__isnull=False),
            ),
            models.Index(fields=["shop", "customer", *LIST], name="conversation_by_customer", condition=HERE),
            models.Index(
                fields=["snoozed_until"],
                name="conversation_snoozed",
                condition=Q(state=State.SNOOZED),
            ),
            models.Index(
                fields=["joined_into"], name="conversation_joined", condition=Q(joined_into__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.state})"


class Message(models.Model):
    """What was said, whole. `folds` are the stretches of `text` that are history or signature: shown on request.

    `at` orders a thread: when it was written, as far as that can be believed. `identity` makes the same
    message the same row however often it comes. `people` are the addresses that took part.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.PROTECT, related_name="+", db_index=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="+", db_index=False)
    identity = models.UUIDField()
    direction = models.CharField(max_length=3)
    kind = models.CharField(max_length=10)
    channel = models.CharField(max_length=12)
    account_id = models.BigIntegerField()
    external_id = models.TextField()
    customer_id = models.BigIntegerField(null=True)
    author = models.ForeignKey(
        "shops.StaffMember", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    sender_kind = models.CharField(max_length=12, default="")
    sender_value = models.TextField(default="")
    sender_name = models.TextField(default="")
    to = models.JSONField(default=list)
    cc = models.JSONField(default=list)
    reply_to = models.JSONField(default=list)
    people = ArrayField(models.TextField(), default=list)
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    subject = models.TextField(default="")
    text = models.TextField(default="")
    folds = ArrayField(models.IntegerField(), default=list)
    reply_text = models.TextField(default="")
    html = models.TextField(default="")
    about = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    bounce = models.CharField(max_length=4, default="")
    # What the conversation was before this answer, to go back to when it is withdrawn.
    before = models.JSONField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    raw_sha256 = models.CharField(max_length=64, default="")
    defects = ArrayField(models.TextField(), default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "identity"], name="message_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "conversation", "at", "id"], name="message_by_conversation"),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.channel} {self.at:%Y-%m-%d %H:%M}"


class Reference(models.Model):
    """One name by which a message is known (`own`) or to which it refers, as a hash. `customer_id` wrote it."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.UUIDField()
    own = models.BooleanField()
    customer_id = models.BigIntegerField(null=True)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["shop", "key", "customer_id"], name="reference_by_key"),
            models.Index(fields=["shop", "key"], name="reference_own", condition=Q(own=True)),
        ]

    def __str__(self) -> str:
        return f"{self.key} of message {self.message_id}"


class Attachment(models.Model):
    """A file of a message; its bytes are stored under their hash by the channels."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.PROTECT, related_name="+", db_index=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+", db_index=False)
    sha256 = models.CharField(max_length=64)
    filename = models.TextField()
    content_type = models.CharField(max_length=255)
    size = models.BigIntegerField()
    content_id = models.TextField(default="")
    inline = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["shop", "message", "id"], name="attachment_by_message"),
            models.Index(fields=["shop", "sha256"], name="attachment_by_hash"),
        ]

    def __str__(self) -> str:
        return self.filename


class Note(models.Model):
    """A remark among staff; no customer ever sees it."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.PROTECT, related_name="+", db_index=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="+", db_index=False)
    author = models.ForeignKey(
        "shops.StaffMember", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["shop", "conversation", "at", "id"], name="note_by_conversation"),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Seen(models.Model):
    """How far a staff member has read a conversation."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.PROTECT, related_name="+", db_index=False)
    staff = models.ForeignKey("shops.StaffMember", on_delete=models.CASCADE, related_name="+", db_index=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+", db_index=False)
    message_id = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "staff", "conversation"], name="seen_once"),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} saw {self.conversation_id} to {self.message_id}"


class Join(models.Model):
    """The record by which a join is undone: what moved, and what both were before. An undone one keeps them apart."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.PROTECT, related_name="+", db_index=False)
    winner = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="+", db_index=False)
    loser = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="+", db_index=False)
    message_ids = ArrayField(models.BigIntegerField())
    note_ids = ArrayField(models.BigIntegerField())
    loser_state = models.CharField(max_length=8)
    winner_before = models.JSONField(encoder=DjangoJSONEncoder, default=dict)
    winner_after = models.JSONField(encoder=DjangoJSONEncoder, default=dict)
    actor_kind = models.CharField(max_length=12)
    actor_id = models.BigIntegerField(null=True)
    joined_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["shop", "winner", "id"], name="join_by_winner"),
            models.Index(fields=["shop", "loser", "id"], name="join_by_loser"),
        ]

    def __str__(self) -> str:
        return f"{self.loser_id} into {self.winner_id}"


class SearchEntry(models.Model):
    """The words of one message as keys. Apart from the message, so that searching reads nothing else."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, primary_key=True, related_name="+")
    shop = models.ForeignKey("shops.Shop", on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    keys = SearchVectorField()

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["keys"], name="search_keys"),
            models.Index(fields=["shop", "-at", "-message"], name="search_recent"),
        ]

    def __str__(self) -> str:
        return f"words of message {self.message_id}"


class Word(models.Model):
    """A key somebody has used in a shop, in how many messages, and itself with one letter left out each time."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=64)
    messages = models.IntegerField()
    variants = ArrayField(models.CharField(max_length=64))

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["shop", "key"], name="word_once")]
        indexes: ClassVar = [GinIndex(fields=["variants"], name="word_variants")]

    def __str__(self) -> str:
        return self.key


class Learned(models.Model):
    """Up to which message a shop's words are counted."""

    shop = models.OneToOneField("shops.Shop", on_delete=models.CASCADE, primary_key=True, related_name="+")
    message_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"words of shop {self.shop_id} to message {self.message_id}"


class Macro(models.Model):
    """A saved answer, in one or more languages."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=100)
    texts = models.JSONField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["shop", "name"], name="macro_once")]

    def __str__(self) -> str:
        return self.name
