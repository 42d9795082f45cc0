"""Who gave a fact the value it has, and when: read from the kept history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model

from regulars.customers.models import histories
from regulars.staff.models import User

FAR = 100


@dataclass(frozen=True)
class Writing:
    """`by` is "" when no colleague did it, but an import or the house itself."""

    at: datetime
    by: str


def latest(row: Model, columns: Sequence[str]) -> Writing | None:
    """The writing that made these columns what they are; None when none is kept."""
    history = next((found for model, found, _ in histories() if model is type(row)), None)
    if history is None:
        return None
    kept = history._default_manager.filter(pgh_obj_id=row.pk).order_by("-pgh_id")
    said = kept.values(*columns, "pgh_created_at", "pgh_context")[:FAR]
    present = {column: getattr(row, column) for column in columns}
    last = None
    for one in said:
        if any(one[column] != value for column, value in present.items()):
            break
        last = one
    if last is None:
        return None
    return Writing(last["pgh_created_at"], _name((last["pgh_context"] or {}).get("user")))


def _name(pk: int | None) -> str:
    user = User.objects.filter(pk=pk).first() if pk else None
    return user.name if user else ""
