"""What the timeline and people are told of a task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .models import Task


def told(task: Task) -> dict[str, Any]:
    """The data of a task's event."""
    return {
        "task_id": task.pk,
        "title": task.title,
        "kind": task.kind,
        "assignee": task.assignee.name if task.assignee else "",
        "description": task.description[:1_000],
    }
