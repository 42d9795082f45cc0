"""Adding a task to many customers at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Any

from django import forms
from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from regulars.bulk.deeds import Deed, Skip, Values
from regulars.customers.models import Customer
from regulars.lib.errors import Invalid
from regulars.staff.models import User
from regulars.staff.time_zones import zone_of

from . import actions
from .actions.one import OWNER, TheOwner
from .due import read
from .facts import TaskFacts
from .forms import NOBODY, TaskForm
from .forms import OWNER as THE_OWNER
from .models import Kind, Task
from .queries import has_already


def form(user: User) -> type[forms.Form]:
    """A task's form whose cleaned data is plain JSON; `at` is the moment, in the zone of `user`."""

    class ManyForm(TaskForm):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, by=user, **kwargs)

        def clean(self) -> dict[str, Any]:
            said = super().clean()
            if self.errors:
                return said
            chosen = said.get("assignee") or THE_OWNER
            person = self.people.get(chosen)
            day, at = said["due"], said["time"]
            text = f"{day}T{at}" if day and at else str(day or "")
            try:
                due = read(text, zone_of(user))
            except ValueError as no:
                self.add_error("due", str(no))
                return said
            return {
                "title": said["title"],
                "kind": said["kind"] or Kind.ACTION.value,
                "description": said["description"],
                "due": day.isoformat() if day else "",
                "time": at.isoformat("minutes") if at else "",
                "at": due.at.isoformat() if due.at else "",
                "assignee": chosen,
                "assignee_name": person.name if person else "",
            }

    return ManyForm


def _facts(values: Values) -> TaskFacts:
    due = read(values["at"] or values["due"], UTC)
    return TaskFacts(values["title"], values["kind"], values["description"], due)


def _assignee(values: Values) -> User | TheOwner | None:
    chosen = values["assignee"]
    if chosen == THE_OWNER:
        return OWNER
    if chosen == NOBODY:
        return None
    found = User.objects.select_related("role", "store", "team").filter(pk=chosen).first()
    if found is None or not found.is_active:
        raise Invalid({"assignee": "This colleague is no longer there"})
    return found


def _says(values: Values) -> str:
    whose = {THE_OWNER: "their owner", NOBODY: "anybody"}.get(values["assignee"])
    return f"Add the task “{values['title']}” for {whose or values['assignee_name']}"


def _skips(values: Values) -> Sequence[Skip]:
    found = [Skip("Have this task already", has_already(_facts(values)))]
    to = _assignee(values)
    if isinstance(to, User):
        seen = Customer.objects.visible_to(to).values("pk")
        found.append(Skip(f"{to.name} does not see them", ~Q(pk__in=seen)))
    return found


def _before(values: Values) -> Combinable:
    """How many they have to be done."""
    mine = Task.objects.open().filter(customer=OuterRef("pk")).order_by()
    counted = mine.values("customer").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), Value(0))


ADD_TASK = Deed(
    "add_task",
    "Add a task",
    "checklist",
    form,
    _says,
    lambda ids, values, by: actions.add_many(
        ids, _facts(values), assignee=_assignee(values), by=by
    ),
    skips=_skips,
    before=_before,
    after=lambda values: "One more",
    order=50,
)
