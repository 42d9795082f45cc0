"""What the room of what is due plugs into others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.http import HttpRequest

from regulars.bulk.deeds import deeds
from regulars.criteria.things import things
from regulars.customers.cards import Panel, panels
from regulars.customers.handed import HandedOver, handed_over
from regulars.customers.merging.ways import MergeWay, merge_ways
from regulars.staff.departures import Departure, departures
from regulars.staff.models import User
from regulars.timeline.kinds import EventKind, Shelf, Side, event_kinds
from regulars.ui.places import Badge, Place, places

from . import actions, merging, panel, pressing
from .deed import ADD_TASK
from .thing import task

PRIVATE = ("title", "description", "assignee")


def _kind(key: str, label: str, *sentence: str, icon: str = "checklist") -> EventKind:
    return EventKind(
        f"task.{key}", label, sentence, Shelf.CUSTOMER, Side.US, PRIVATE, icon,
        is_activity=False, by_hand=False,
    )  # fmt: skip


event_kinds.register(
    _kind("added", "Task", "added a task for {assignee}: {title}", "added a task: {title}",
          "added a task"),
    _kind("changed", "Task changed", "changed the task: {title}", "changed a task", icon="edit"),
    _kind("reassigned", "Task reassigned",
          "gave a task to {assignee}: {title}", "left a task to anybody: {title}",
          "took the tasks of {from} off them", "gave a task to somebody else", icon="user-share"),
    _kind("done", "Task done", "did: {title}", "did a task", icon="circle-check"),
    _kind("reopened", "Task opened again", "opened a task again: {title}", "opened a task again",
          icon="arrow-back-up"),
    _kind("archived", "Task archived", "archived the task: {title}", "archived a task",
          icon="archive"),
    _kind("restored", "Task brought back", "brought a task back: {title}", "brought a task back",
          icon="refresh"),
)  # fmt: skip
things.register(task)
deeds.register(ADD_TASK)
merge_ways.register(MergeWay("follow_up.Task.customer", merging.move))
panels.register(
    Panel("next_steps", "Next steps", "follow_up/_next_steps.html", panel.context, order=10,
          rows=panel.rows)
)  # fmt: skip


def _follow(before: Mapping[int, int], to: User | None, by: User | None) -> None:
    actions.follow(before, to=to, by=by)


def _leave(user: User, now: datetime) -> None:
    actions.release(user, by=None)


departures.register(Departure("tasks", _leave))
handed_over.register(HandedOver("tasks", _follow))


def due_badge(request: HttpRequest) -> Badge | None:
    """How many of one's own are due by tonight; red when one is overdue."""
    if not isinstance(request.user, User):
        return None
    found = pressing.pressing(request, request.user)
    return Badge(found.count, "due", late=found.late)


places.register(
    Place("tasks", "Tasks", "follow_up:tasks", "checklist", 30, function="customers",
          badge=due_badge, go="t")
)  # fmt: skip
