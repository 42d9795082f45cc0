"""Files that were brought in, and what became of each row worth remembering."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from regulars.lib import clock, ids

if TYPE_CHECKING:
    from regulars.staff.models import User


KINDS = [("customers", "Customers"), ("staff", "Colleagues"), ("events", "History")]


class State(models.TextChoices):
    """Where an import stands."""

    UPLOADED = "uploaded", "Waiting for you"
    QUEUED = "queued", "Starting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    STOPPED = "stopped", "Stopped"
    FAILED = "failed", "Failed"


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: User) -> ImportQuerySet:
        """One's own; all of them for those who see all customers anyway."""
        return self if user.role.sees_everybody else self.filter(by=user)


class Import(models.Model):
    """One file on its way in.

    `columns` is a list of `{"heading", "target", "label"}`, one for each column of the file;
    `options` as in `regulars.imports.options`. `last_number` is the record up to which everything
    is written: it moves in the transaction that writes, so that a run killed in the middle goes
    on where it stopped. `version` counts how often the mapping changed: what was found out with an
    older one is dropped. `moved_at` is when a run or a check last said that it is alive.
    """

    public_id = models.UUIDField(default=ids.uuid7, unique=True, editable=False)
    name = models.CharField(max_length=200)
    file = models.CharField(max_length=100, blank=True)
    size = models.BigIntegerField(default=0)
    kind = models.CharField(max_length=12, choices=KINDS)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    columns = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    reading = models.JSONField(default=dict)
    failure = models.TextField(blank=True)

    version = models.IntegerField(default=0)

    last_number = models.BigIntegerField(default=0)
    expected = models.BigIntegerField(default=0)
    added = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    repaired = models.BigIntegerField(default=0)
    empty = models.BigIntegerField(default=0)
    owners_set = models.BigIntegerField(default=0)

    # What it wrote, and its undo; of colleagues `StaffLine` knows, and `undone` what came of it.
    receipt = models.ForeignKey(
        "bulk.Receipt", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(default=clock.now)
    undone = models.JSONField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Import]] = models.Manager.from_queryset(ImportQuerySet)()

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("imports:import", args=[self.public_id])

    @property
    def accepted(self) -> int:
        """Rows that are in: added, updated, or there already."""
        return self.added + self.updated + self.unchanged

    @property
    def read(self) -> int:
        """Records that were looked at; rows of empty cells are counted on their own."""
        return self.accepted + self.rejected

    @property
    def is_open(self) -> bool:
        """Whether mapping and options may still change."""
        return self.state == State.UPLOADED

    @property
    def is_busy(self) -> bool:
        return self.state in (State.QUEUED, State.RUNNING)

    @property
    def is_over(self) -> bool:
        return self.state in (State.DONE, State.STOPPED, State.FAILED)

    @property
    def is_counted(self) -> bool:
        """Whether `expected` is the number of rows, rather than about it."""
        return bool(self.reading.get("counted"))

    @property
    def is_checked(self) -> bool:
        """Whether the preview tells of every row."""
        return bool(self.reading.get("complete"))

    @property
    def percent(self) -> int:
        """How far it is, 0–100, by the rows that the preview expects."""
        return min(100, self.last_number * 100 // self.expected) if self.expected else 0


class Outcome(models.TextChoices):
    ADDED = "added", "Added"
    UPDATED = "updated", "Updated"
    UNCHANGED = "unchanged", "Unchanged"
    REJECTED = "rejected", "Rejected"


class ImportRow(models.Model):
    """A row that was added, updated, repaired or rejected.

    Rejected rows keep `cells` and `text` as the file had them, to be fixed and sent again; the
    others keep no copy of what they said. `number` counts records from 1, `line` is the line of
    the file or the row of the sheet.
    """

    never_given = True

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows", db_index=False)
    number = models.BigIntegerField()
    line = models.BigIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    column = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    cells = models.JSONField(default=list)
    text = models.TextField(blank=True)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["of", "number"], name="import_row_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["of", "number"], name="import_rejected", condition=Q(outcome="rejected")
            ),
            models.Index(fields=["customer"], name="import_row_customer"),
        ]

    def __str__(self) -> str:
        return f"record {self.number}, line {self.line}: {self.outcome}"


class StaffLine(models.Model):
    """A colleague whom an import added or changed: the fields it wrote, as they were and became.

    Of role, team and store the row id stands there.
    """

    never_given = True

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="staff_lines")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    added = models.BooleanField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.user_id} {'added' if self.added else 'changed'} by {self.of_id}"
