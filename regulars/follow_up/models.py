"""The tables of what is due."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from regulars.customers import limits
from regulars.customers.models import Customer, kept
from regulars.customers.visibility import scopes
from regulars.lib import clock

from .due import Due

if TYPE_CHECKING:
    from regulars.staff.models import User


class Kind(models.TextChoices):
    """What is to be done."""

    CALL = "call", "Call"
    TEXT = "text", "Text"
    EMAIL = "email", "Email"
    ACTION = "action", "Action"


class State(models.TextChoices):
    TODO = "todo", "To-do"
    DONE = "done", "Done"
    ARCHIVED = "archived", "Archived"


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: User) -> TaskQuerySet:
        """Tasks of the customers this user may view; every face starts here."""
        if scopes(user) is None and not limits.parts_of(user).q:
            return self
        return self.filter(customer__in=Customer.objects.visible_to(user))

    def open(self) -> TaskQuerySet:
        return self.filter(state=State.TODO)


class Tasks(models.Manager["Task"]):
    def get_queryset(self) -> TaskQuerySet:
        return TaskQuerySet(self.model, using=self._db)

    def visible_to(self, user: User) -> TaskQuerySet:
        return self.get_queryset().visible_to(user)

    def open(self) -> TaskQuerySet:
        return self.get_queryset().open()


@kept(
    label="Task",
    named=("title",),
    hidden=("due_by", "created_at", "created_by", "done_by"),
)
class Task(models.Model):
    """Something to do about a customer, for one colleague or for whoever has time.

    It is due on a day (`due_on`), at a moment (`due_at`), or whenever; `due_by` follows from the
    two and is what lists are sorted by.
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="tasks", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ACTION)
    title = models.CharField(max_length=200)
    description = models.TextField(max_length=4_000, blank=True)
    due_on = models.DateField("due", null=True)
    due_at = models.DateTimeField("due at", null=True)
    due_by = models.DateTimeField(null=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="tasks",
        db_index=False,
    )
    state = models.CharField(max_length=8, choices=State, default=State.TODO)
    done_at = models.DateTimeField("done", null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )

    objects: ClassVar[Tasks] = Tasks()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer", "state", "due_by", "id"], name="task_customer"),
            models.Index(
                fields=["assignee", "due_by", "id"], name="task_mine", condition=Q(state="todo")
            ),
            models.Index(fields=["due_by", "id"], name="task_due", condition=Q(state="todo")),
            models.Index(
                F("done_at").desc(), F("id").desc(), name="task_done", condition=Q(state="done")
            ),
            models.Index(
                "assignee",
                F("done_at").desc(),
                F("id").desc(),
                name="task_done_mine",
                condition=Q(state="done"),
            ),
            models.Index(fields=["-id"], name="task_archived", condition=Q(state="archived")),
            models.Index(
                fields=["assignee", "-id"],
                name="task_archived_mine",
                condition=Q(state="archived"),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(due_at=None), name="task_due_one_way"
            ),
            models.CheckConstraint(
                condition=Q(due_by=None, due_on=None, due_at=None)
                | Q(due_by__isnull=False) & (Q(due_on__isnull=False) | Q(due_at__isnull=False)),
                name="task_due_by_follows",
            ),
            models.CheckConstraint(
                condition=Q(state="archived")
                | Q(state="todo", done_at=None)
                | Q(state="done", done_at__isnull=False),
                name="task_done_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("follow_up:task", args=[self.pk])

    @property
    def due(self) -> Due:
        return Due(self.due_on, self.due_at)

    @property
    def is_open(self) -> bool:
        return self.state == State.TODO
