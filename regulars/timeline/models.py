"""Events and who has read them: append only, *answered* is the only later change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from .kinds import EventKind, kind_of

DAY = "on_day"
"""In an event's data: the date, when nobody knows the time of day. `happened_at` is its beginning
where it was brought in."""


class Event(models.Model):
    """One entry on a customer's timeline; written only by `timeline.actions`.

    The four flags are what its kind said when it was written, so that the standing columns of a
    customer can be rebuilt whatever packs are installed later.
    """

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="events", db_index=False
    )
    kind = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    data = models.JSONField(default=dict)
    awaits_answer = models.BooleanField(default=False)
    answers = models.BooleanField(default=False)
    wants_reading = models.BooleanField(default=False)
    is_activity = models.BooleanField(default=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    origin = models.CharField(max_length=200, blank=True)
    # Which act of writing the record it was recorded with: the history keeps what that wrote.
    act = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer", "-happened_at", "-id"], name="ev_cust"),
            models.Index(
                fields=["customer", "happened_at"],
                name="ev_open",
                condition=Q(awaits_answer=True, answered_at=None),
            ),
            models.Index(fields=["customer", "act"], name="ev_act", condition=~Q(act=None)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "origin"], condition=~Q(origin=""), name="ev_origin_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_at:%Y-%m-%d %H:%M}"

    @property
    def what(self) -> EventKind:
        return kind_of(self.kind)

    @property
    def sentence(self) -> str:
        return self.what.say(self.data)

    @property
    def quote(self) -> str:
        return self.what.quoted(self.data)

    @property
    def day(self) -> date | None:
        """The day of an event whose time of day nobody knows, else None."""
        return day_of(self.data, self.happened_at)

    @property
    def is_waiting(self) -> bool:
        return self.awaits_answer and self.answered_at is None

    @property
    def response_time(self) -> timedelta | None:
        """How long the customer waited for the answer; None while waiting or when none is due."""
        if not self.awaits_answer or self.answered_at is None:
            return None
        return max(self.answered_at - self.happened_at, timedelta(0))


def day_of(data: Mapping[str, Any], happened_at: datetime) -> date | None:
    """As `Event.day`, for one of whom only the columns are at hand."""
    said = data.get(DAY)
    try:
        day = date.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    near = day is not None and abs((happened_at.date() - day).days) <= 1
    return day if near else None


class Reading(models.Model):
    """Up to when one user has read one customer's timeline."""

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="readings", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    read_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "user"], name="reading_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} read {self.customer_id} up to {self.read_at:%Y-%m-%d %H:%M}"


class Mention(models.Model):
    """A colleague whom an event asks to look; `seen_at` is when they did, or answered."""

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="mentions", db_index=False
    )
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentions", db_index=False
    )
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer", "user"], name="mention_customer"),
            models.Index(fields=["user", "-id"], name="mention_open", condition=Q(seen_at=None)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "user"], name="mention_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.event_id}"
