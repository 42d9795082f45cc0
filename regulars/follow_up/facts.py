"""What a task says, as people and programs give it, cleaned or refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from regulars.lib import names
from regulars.lib.errors import Invalid

from .due import Due, read
from .models import Kind, Task

if TYPE_CHECKING:
    pass

TITLE, DESCRIPTION = 200, 4_000


@dataclass(frozen=True)
class TaskFacts:
    """What is to be done and until when; for whom is said beside it."""

    title: str
    kind: str = Kind.ACTION
    description: str = ""
    due: Due = field(default_factory=Due)

    @classmethod
    def of(cls, task: Task) -> TaskFacts:
        return cls(task.title, task.kind, task.description, task.due)

    @property
    def columns(self) -> dict[str, Any]:
        """As the table keeps them."""
        return {
            "title": self.title,
            "kind": self.kind,
            "description": self.description,
            "due_on": self.due.on,
            "due_at": self.due.at,
            "due_by": self.due.by,
        }


def clean(raw: Mapping[str, Any], zone: tzinfo, of: TaskFacts | None = None) -> TaskFacts:
    """The facts that `raw` gives (title, kind, description, due), and for the rest those of `of`.

    A time without a zone is one of `zone`. Raises `Invalid`.
    """
    known = of or TaskFacts("")
    errors: dict[str, str] = {}
    title = names.clean(str(raw.get("title", known.title) or ""))
    if not title:
        errors["title"] = "Say what is to be done"
    elif len(title) > TITLE:
        errors["title"] = f"At most {TITLE} characters: the rest fits into the description"
    kind = str(raw.get("kind", known.kind) or Kind.ACTION)
    if kind not in Kind.values:
        errors["kind"] = f"One of {', '.join(Kind.values)}"
    description = names.lines(str(raw.get("description", known.description) or ""), DESCRIPTION)
    if description is None:
        errors["description"] = f"At most {DESCRIPTION:,} characters"
    due = known.due
    try:
        due = read(str(raw["due"] or ""), zone) if "due" in raw else due
    except ValueError as no:
        errors["due"] = str(no)
    if errors:
        raise Invalid(errors)
    return TaskFacts(title, kind, description or "", due)
