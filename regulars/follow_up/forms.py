"""What the pages of tasks read."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from django import forms
from django.utils import timezone

from regulars.staff import queries as staff
from regulars.staff.models import User

from .facts import DESCRIPTION, TITLE
from .models import Kind, Task

MOST = 500
OWNER, NOBODY = "owner", "nobody"


class TaskForm(forms.Form):
    """`due` is a day, `time` makes it a moment; `assignee` is an id, `owner` or `nobody`."""

    title = forms.CharField(
        label="What",
        max_length=TITLE,
        error_messages={"required": "Say what is to be done"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label="Kind", choices=Kind.choices, required=False)
    due = forms.DateField(
        label="Due",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "Choose a day"},
    )
    time = forms.TimeField(
        label="Time",
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": "Write a time, such as 14:30"},
    )
    assignee = forms.ChoiceField(label="For", required=False)
    description = forms.CharField(
        label="More about it",
        max_length=DESCRIPTION,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, by: User, of: Task | None = None, **kwargs: Any) -> None:
        initial = _as_form(of, timezone.get_current_timezone()) if of else {"kind": Kind.ACTION}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.people = {str(p.pk): p for p in staff.colleagues(by)[:MOST]}
        if of is not None and of.assignee is not None:
            self.people.setdefault(str(of.assignee.pk), of.assignee)
        names = [(key, person.name) for key, person in self.people.items()]
        first = [] if of is not None else [(OWNER, "The owner of the customer")]
        field = self.fields["assignee"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = [*first, (NOBODY, "Anybody"), *names]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("time") and not said.get("due") and "due" not in self.errors:
            self.add_error("due", "Choose the day too")
        return said

    def facts(self) -> dict[str, str]:
        """As `facts.clean` reads it: only what the form that was sent asks for."""
        said = self.cleaned_data
        due, time = said["due"], said["time"]
        found = {key: said[key] for key in ("title", "kind", "description") if key in self.data}
        if "due" in self.data:
            day = due.isoformat() if due else ""
            found["due"] = f"{day}T{time.isoformat()}" if due and time else day
        return found


def _as_form(task: Task, zone: tzinfo) -> dict[str, Any]:
    at = task.due_at.astimezone(zone) if task.due_at else None
    return {
        "title": task.title,
        "kind": task.kind,
        "description": task.description,
        "due": at.date() if at else task.due_on,
        "time": at.time() if at else None,
        "assignee": str(task.assignee_id or NOBODY),
    }
