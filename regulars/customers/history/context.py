"""Who writes, how and why, said once to a transaction; the triggers keep it beside every row."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

if TYPE_CHECKING:
    from regulars.staff.models import User

_why: ContextVar[Mapping[str, Any]] = ContextVar("why", default=MappingProxyType({}))
_said: ContextVar[Mapping[str, Any] | None] = ContextVar("said", default=None)

# The session variables that pghistory's triggers read; local to the transaction.
_SAY = (
    "SELECT set_config('pghistory.context_id', %s, true), "
    "set_config('pghistory.context_metadata', %s, true)"
)


@contextmanager
def because(**why: Any) -> Iterator[None]:
    """Everything written inside was done so and therefore: `how="import"`, `batch=7`, `reason=…`.

    Values are plain JSON and name no customer.
    """
    before = _why.set({**_why.get(), **why})
    try:
        yield
    finally:
        _why.reset(before)


def reason(name: str) -> Any:
    """What `because` says around us under this name; None when nothing does."""
    return _why.get().get(name)


@contextmanager
def writing(by: User | None) -> Iterator[None]:
    """A transaction whose rows of history know who wrote them; may stand inside another."""
    outer = _said.get()
    mine = {"user": by.pk if by else None, **_why.get()}
    with transaction.atomic():
        if outer != mine:
            _say(mine)
        token = _said.set(mine)
        try:
            yield
        finally:
            _said.reset(token)
        if outer is not None and outer != mine:
            _say(outer)


def act() -> str:
    """The act of writing that is open: what history and events written now have in common."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('pghistory.context_id', true)")
        return str(cursor.fetchone()[0] or "")


def _say(what: Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SAY, [str(uuid.uuid4()), json.dumps(what)])
