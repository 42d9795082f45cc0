"""Writing planned colleagues, one by one: they are few, and each may be refused. And their undo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import DatabaseError, transaction

from regulars.imports.models import Import, Outcome, StaffLine
from regulars.imports.plans.plan import StaffPlan
from regulars.imports.reading.targets import Kind
from regulars.lib import clock
from regulars.lib.errors import Invalid, NotAllowed
from regulars.staff import actions as staff
from regulars.staff import permission
from regulars.staff.models import Role, Store, Team, User

from .deciding import Busy

FIELDS = ("name", "external_id", "title", "phone", "email", "role_id", "team_id", "store_id")
ROWS = {"role_id": ("role", Role), "team_id": ("team", Team), "store_id": ("store", Store)}
SIGNED_IN = "has signed in"
CHANGED = "was changed since"
NEEDED = "is named elsewhere, such as in the history of customers, so is disabled instead"


def write(plans: Sequence[StaffPlan], *, by: User | None, job: Import) -> None:
    """Add and change; a refused one becomes a rejected row. Nobody gets a password."""
    for plan in plans:
        if plan.outcome not in (Outcome.ADDED, Outcome.UPDATED):
            continue
        before = _said(plan.user) if plan.user else {}
        try:
            with transaction.atomic():
                if plan.user is None:
                    user = staff.add_person(by=by, **plan.changes)  # type: ignore[arg-type]
                else:
                    user = staff.change(plan.user, by=by, **plan.changes)
                _note(job, user, before, added=plan.user is None)
        except (Invalid, NotAllowed, DatabaseError) as error:
            plan.outcome = Outcome.REJECTED
            known = not isinstance(error, DatabaseError)
            plan.reason = str(error) if known else "The database does not accept this row."


def take_back(job: Import, *, by: User | None) -> Import:
    """Colleagues whom it added and nobody knows go, those it changed are as before.

    Whoever has signed in or was changed since stays as they are, and is named. Raises `Busy` when
    there is nothing to take back, `NotAllowed`.
    """
    if by is not None:
        permission.check(by, "imports")
        permission.check(by, "staff")
    with transaction.atomic():
        job = Import.objects.select_for_update().get(pk=job.pk)
        if job.undone_at is not None:
            raise Busy("This import has been taken back already.")
        if job.kind != Kind.STAFF or not job.is_over or not job.staff_lines.exists():
            raise Busy("This import wrote no colleagues, or was not run.")
        found: dict[str, Any] = {"removed": 0, "disabled": 0, "restored": 0, "kept": []}
        for line in job.staff_lines.select_related("user__role"):
            became, why = (_removed if line.added else _restored)(line, by)
            if became:
                found[became] += 1
            if why:
                found["kept"].append(f"{line.user.name} {why}.")
        job.undone, job.undone_at = found, clock.now()
        job.save(update_fields=["undone", "undone_at"])
    return job


def _note(job: Import, user: User, before: dict[str, Any], *, added: bool) -> None:
    now = _said(user)
    changed = [key for key in FIELDS if before.get(key) != now[key]]
    StaffLine.objects.create(
        of=job,
        user=user,
        added=added,
        before={} if added else {key: before[key] for key in changed},
        after={key: now[key] for key in (FIELDS if added else changed)},
    )


def _said(user: User) -> dict[str, Any]:
    return {key: getattr(user, key) for key in FIELDS}


def _removed(line: StaffLine, by: User | None) -> tuple[str, str]:
    """What became of somebody it added, and the reason when they are not simply gone."""
    user = line.user
    if user.last_login or user.last_seen_at:
        return "", SIGNED_IN
    if any(getattr(user, key) != value for key, value in line.after.items()):
        return "", CHANGED
    try:
        with transaction.atomic():
            if staff.remove_person(user, but=[StaffLine], by=by):
                return "removed", ""
            staff.disable(user, by=by)
    except (Invalid, NotAllowed) as error:
        return "", f"stays: {error}".rstrip(".")
    return "disabled", NEEDED


def _restored(line: StaffLine, by: User | None) -> tuple[str, str]:
    """Each field that still says what the file said is as before."""
    user = line.user
    same = {key for key, value in line.after.items() if getattr(user, key) == value}
    facts: dict[str, Any] = {}
    for key in same:
        name, model = ROWS.get(key, (key, None))
        value = line.before[key]
        facts[name] = model.objects.filter(pk=value).first() if model else value  # type: ignore[attr-defined]
    if facts.get("role", user.role) is None:
        del facts["role"]
    try:
        with transaction.atomic():
            if facts:
                staff.change(user, by=by, **facts)
    except (Invalid, NotAllowed) as error:
        return "", f"stays: {error}".rstrip(".")
    return "restored" if facts else "", CHANGED if len(same) < len(line.after) else ""
