"""Writing planned colleagues, one by one: they are few, and each may be refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import DatabaseError, transaction

from regulars.imports.models import Outcome
from regulars.imports.plans.plan import StaffPlan
from regulars.lib.errors import Invalid, NotAllowed
from regulars.staff import actions as staff

if TYPE_CHECKING:
    from regulars.staff.models import User


def write(plans: Sequence[StaffPlan], *, by: User | None) -> None:
    """Add and change; a refused one becomes a rejected row. Nobody gets a password."""
    for plan in plans:
        if plan.outcome not in (Outcome.ADDED, Outcome.UPDATED):
            continue
        try:
            with transaction.atomic():
                if plan.user is None:
                    staff.add_person(by=by, **plan.changes)  # type: ignore[arg-type]
                else:
                    staff.change(plan.user, by=by, **plan.changes)
        except (Invalid, NotAllowed, DatabaseError) as error:
            plan.outcome = Outcome.REJECTED
            known = not isinstance(error, DatabaseError)
            plan.reason = str(error) if known else "The database does not accept this row."
