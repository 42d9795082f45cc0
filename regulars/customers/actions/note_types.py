"""What notes may be about, as the company puts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from regulars.customers.history.context import writing
from regulars.customers.models import NoteType
from regulars.lib import clock, names
from regulars.lib.errors import Invalid

if TYPE_CHECKING:
    from regulars.staff.models import User

MOST = 60


def add_note_type(name: str, *, by: User | None) -> NoteType:
    """One more, at the end; one that was removed comes back. Raises `Invalid`."""
    cleaned = _cleaned(name)
    with writing(by):
        every = list(NoteType.objects.select_for_update())
        there = next((t for t in every if t.name.lower() == cleaned.lower()), None)
        if there is not None and there.retired_at is None:
            raise Invalid({"name": "There is already a type of that name"})
        position = 1 + max((t.position for t in every), default=-1)
        if there is not None:
            there.name, there.retired_at, there.position = cleaned, None, position
            there.save(update_fields=["name", "retired_at", "position"])
            return there
        if len(every) >= MOST:
            raise Invalid({"name": f"{MOST} types are enough; remove one first"})
        return _kept(NoteType(name=cleaned, position=position))


def rename_note_type(kind: NoteType, name: str, *, by: User) -> NoteType:
    """Notes of this type are called so from now on. Raises `Invalid`."""
    kind.name = _cleaned(name)
    with writing(by):
        return _kept(kind, ["name"])


def move_note_type(kind: NoteType, *, up: bool, by: User) -> None:
    """Change places with its neighbour; nothing happens at the end."""
    with writing(by):
        rows = list(NoteType.objects.select_for_update().filter(retired_at=None))
        at = next((n for n, row in enumerate(rows) if row.pk == kind.pk), None)
        if at is None or not 0 <= at + (-1 if up else 1) < len(rows):
            return
        to = at + (-1 if up else 1)
        rows[at], rows[to] = rows[to], rows[at]
        for n, row in enumerate(rows):
            if row.position != n:
                row.position = n
                row.save(update_fields=["position"])


def remove_note_type(kind: NoteType, *, by: User) -> None:
    """No longer offered; notes that have it keep it."""
    with writing(by):
        if kind.notes.exists():
            kind.retired_at = clock.now()
            kind.save(update_fields=["retired_at"])
        else:
            kind.delete()


def _cleaned(name: str) -> str:
    cleaned = names.clean(name)
    if not 1 <= len(cleaned) <= 60:
        raise Invalid({"name": "A type has a name of 1 to 60 characters"})
    return cleaned


def _kept(kind: NoteType, fields: list[str] | None = None) -> NoteType:
    try:
        with transaction.atomic():
            kind.save(update_fields=fields)
    except IntegrityError as error:
        raise Invalid({"name": "There is already a type of that name"}) from error
    return kind
