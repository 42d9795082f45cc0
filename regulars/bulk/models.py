"""Receipts: what was done to many customers at once, to whom, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from regulars.lib import clock, ids

from .deeds import Deed, deeds

if TYPE_CHECKING:
    from regulars.customers.models import Customer, MergedProfile
    from regulars.staff.models import User


class State(models.TextChoices):
    """Where a piece of work on many customers stands."""

    DRAFT = "draft", "Not yet done"
    QUEUED = "queued", "Starting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    STOPPED = "stopped", "Stopped"
    FAILED = "failed", "Failed"
    UNDOING = "undoing", "Taking back"
    UNDONE = "undone", "Taken back"


BUSY = (State.QUEUED, State.RUNNING, State.UNDOING)
OVER = (State.DONE, State.STOPPED, State.FAILED)


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def visible_to(self, user: User) -> ReceiptQuerySet:
        """One's own; all of them for those who see all customers anyway."""
        return self if user.role.sees_everybody else self.filter(by=user)


class Receipt(models.Model):
    """One piece of work on many customers: a deed, an import.

    `deed` is the key of a deed, or of another kind of work such as `import`, which is `about` a
    page of its own. `selection` is as in `selection.Selection`, until all its customers are lines.
    `passed` counts those who were passed over, by the reason.
    History keeps `receipt` (this row's id) with every row that was written.
    """

    public_id = models.UUIDField(default=ids.uuid7, unique=True, editable=False)
    deed = models.CharField(max_length=40)
    label = models.CharField(max_length=200, blank=True)
    about = models.CharField(max_length=200, blank=True)
    values = models.JSONField(default=dict)
    selection = models.JSONField(default=dict)
    chosen = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    failure = models.TextField(blank=True)
    can_undo = models.BooleanField(default=True)
    remove_touched = models.BooleanField(default=False)
    passed = models.JSONField(default=dict)
    # The acts of writing in which events were brought in from elsewhere: undo withdraws those.
    acts = models.JSONField(default=list)

    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    undone = models.PositiveIntegerField(default=0)
    conflicts = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    # Of the conflicts, those who live on in somebody else: once they are apart, undo goes on.
    merged = models.PositiveIntegerField(default=0)
    # Of the conflicts, those it added who were changed since: they may be removed later, too.
    stays = models.PositiveIntegerField(default=0)

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Receipt]] = models.Manager.from_queryset(ReceiptQuerySet)()

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["-created_at", "-id"], name="receipt_recent"),
            models.Index(
                fields=["moved_at"],
                name="receipt_busy",
                condition=Q(state__in=["queued", "running", "undoing"]),
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.deed

    def get_absolute_url(self) -> str:
        return reverse("bulk:receipt", args=[self.public_id])

    @property
    def what(self) -> Deed | None:
        return deeds.get(self.deed)

    @property
    def is_busy(self) -> bool:
        return self.state in BUSY

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def may_be_undone(self) -> bool:
        waits = self.state == State.UNDONE and self.merged > 0
        return (self.is_over or waits) and self.can_undo and self.changed > 0

    @property
    def may_be_undone_further(self) -> bool:
        """Whether somebody it added is left who was changed since."""
        return self.state == State.UNDONE and self.can_undo and self.stays > 0

    @property
    def is_being_fixed(self) -> bool:
        """Whether it was started and more are still to be written down."""
        return self.state == State.QUEUED and bool(self.selection)

    @property
    def percent(self) -> int:
        """How far it is, 0–100."""
        if self.state == State.UNDOING:
            gone = self.undone + self.conflicts
            return min(100, gone * 100 // self.changed) if self.changed else 0
        if self.is_being_fixed or not self.total:
            return 0
        return min(100, self.done * 100 // self.total)


class Outcome(models.TextChoices):
    WAITING = "", "Not yet"
    CHANGED = "changed", "Changed"
    ADDED = "added", "Added"
    SKIPPED = "skipped", "Skipped"


WROTE = (Outcome.CHANGED, Outcome.ADDED)


class Undone(models.TextChoices):
    NOT = "", "Not yet"
    BACK = "back", "As it was"
    PARTLY = "partly", "Changed since: those values stay"
    REMOVED = "removed", "Removed"
    STAYS = "stays", "Changed since: stays"
    MERGED = "merged", "Merged: to be taken apart first"


class Line(models.Model):
    """One customer of a receipt, what became of them, and of the undo.

    `torn` lists what somebody changed since, `[{"what", "now", "was"}]`; it goes with the customer.
    `whom` is the id that somebody had who was written and lives on in `customer` by now.
    """

    never_given = True

    receipt = models.ForeignKey(
        Receipt, on_delete=models.CASCADE, related_name="lines", db_index=False
    )
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    whom = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, db_default="")
    reason = models.CharField(max_length=200, blank=True, db_default="")
    at = models.DateTimeField(db_default=Now())
    undone = models.CharField(max_length=10, choices=Undone, blank=True, db_default="")
    torn = models.JSONField(default=list, db_default=[])

    profile: MergedProfile | None = None  # who was merged, as `queries` reads it along

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["receipt", "customer", "whom"], name="line_once", nulls_distinct=False
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer"], name="line_customer"),
            models.Index(
                fields=["receipt", "customer"], name="line_waiting", condition=Q(outcome="")
            ),
            models.Index(
                fields=["receipt", "undone", "customer", "whom"],
                name="line_wrote",
                condition=Q(outcome__in=["changed", "added"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id} {self.customer_id}: {self.outcome}"

    @property
    def whose(self) -> int:
        """The id of whoever was written."""
        return self.whom or self.customer_id

    @property
    def written(self) -> Customer | MergedProfile:
        """Whoever it was done to, by their own name and id."""
        return self.profile if self.whom and self.profile else self.customer

    @property
    def told(self) -> list[Any]:
        """What stays after the undo, and what it would have been."""
        if self.undone == Undone.STAYS:
            return [{"what": "Added by it", "now": "Stays", "was": "Removed"}]
        if self.undone != Undone.MERGED:
            return list(self.torn)
        said = "They are apart again: undo once more."
        if self.profile is not None:
            said = (
                f"{self.profile.name} was merged into {self.customer.name}: "
                "take them apart first, then undo again."
            )
        was = "Removed" if self.outcome == Outcome.ADDED else "As before"
        return [{"what": "Merged", "now": said, "was": was}, *self.torn]
