"""Tasks as something a customer has: `has task(open and overdue)`, `no task for 60 days`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.db.models import Q

from regulars.criteria import when
from regulars.criteria.fields import Asking
from regulars.criteria.kinds import choice_field, date_field, flag_field, person_field, text_field
from regulars.criteria.language import Value
from regulars.criteria.things import Thing
from regulars.criteria.when import Ago, Period
from regulars.customers import choices

from .due import When
from .models import Kind, State, Task
from .queries import standing


def _due(operator: str, value: Value, asking: Asking) -> Q:
    """A day is compared as a day, a moment as a moment."""
    if not isinstance(value, date | Ago | Period):
        return Q(due_by__isnull=True)
    days = when.day_bounds(operator, value, asking.now, asking.zone)
    moments = when.bounds(operator, value, asking.now, asking.zone)
    return Q(*((f"due_on__{lookup}", edge) for lookup, edge in days)) | Q(
        *((f"due_at__{lookup}", edge) for lookup, edge in moments)
    )


def _overdue(asking: Asking) -> Q:
    return Q(state=State.TODO) & standing(When.OVERDUE, asking.now, asking.zone)


task = Thing(
    "task",
    "Task",
    Task.objects.all,
    (
        flag_field("open", "Open", Q(state=State.TODO)),
        flag_field("overdue", "Overdue", _overdue),
        choice_field("state", "State", "state", State.choices),
        choice_field("kind", "Kind", "kind", Kind.choices),
        person_field("assignee", "Assignee", "assignee", choices.owners, aliases=("for",)),
        replace(date_field("due", "Due", "due_by"), q=_due),
        text_field("title", "Title", "title"),
        date_field("done", "Done", "done_at"),
        date_field("added", "Added", "created_at"),
    ),
    moment="added",
)
