"""What colleagues write down about a customer, beside the event that stands on the timeline."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from .customer import Customer
from .history import kept


class CallStatus(models.TextChoices):
    """How the call went that a note is about; empty: it is about none."""

    NONE = "", "No call"
    REACHED = "reached", "Reached"
    LEFT_MESSAGE = "left_message", "Left a message"
    NO_ANSWER = "no_answer", "No answer"
    BUSY = "busy", "Busy"
    CALL_BACK = "call_back", "Wants a call back"
    WRONG_NUMBER = "wrong_number", "Wrong number"


@kept(customer="", label="Type of note", named=("name",), hidden=("position",))
class NoteType(models.Model):
    """What notes are about, in the company's own words; a retired one is no longer offered."""

    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(Lower("name"), name="note_type_name_once")]

    def __str__(self) -> str:
        return self.name


@kept(
    named=("text",),
    hidden=("event", "author", "pinned_by", "edited_at", "edited_by", "retracted_by"),
    taken_back="retracted_at",
    unsaid={"text": "", "details": {}},
)
class Note(models.Model):
    """A note as it reads now; `event` stands on the timeline and says the same.

    A note that came from elsewhere has its row once it is edited or pinned. `details` are what
    packs ask for, by the key of their `NoteDetail`.
    """

    event = models.OneToOneField("timeline.Event", on_delete=models.CASCADE, related_name="note")
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="notes", db_index=False
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    type = models.ForeignKey(NoteType, on_delete=models.PROTECT, null=True, related_name="notes")
    call_status = models.CharField(max_length=12, choices=CallStatus, blank=True)
    details = models.JSONField(default=dict)
    text = models.TextField(max_length=8_000, blank=True)
    pinned_at = models.DateTimeField(null=True)
    pinned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    edited_at = models.DateTimeField(null=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    retracted_at = models.DateTimeField(null=True)
    retracted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer"], name="note_customer"),
            models.Index(
                fields=["customer", "pinned_at"],
                name="note_pinned",
                condition=Q(pinned_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def is_pinned(self) -> bool:
        return self.pinned_at is not None

    @property
    def is_retracted(self) -> bool:
        return self.retracted_at is not None
