"""Loads the demo once: each room's part, in the order in which they are installed."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from random import Random
from types import ModuleType

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils.module_loading import module_has_submodule

from regulars.customers.history.context import because

from .environment import Wrong
from .models import DemoMark

USUAL_SCALE = 2_000
PATIENCE = "5s"


@dataclass(frozen=True)
class World:
    """What every room's `load(world)` is given: the same scale and day make the same demo."""

    scale: int
    day: date
    now: datetime
    rng: Random


def world(scale: int, now: datetime) -> World:
    """The world as it is at `now`, with dice that fall the same way for a scale and a day."""
    return World(scale, now.date(), now, Random(f"{scale} {now.date()}"))  # noqa: S311


def prepare(
    scale: int | None, *, fresh: bool, now: datetime, say: Callable[[str], None] = lambda _: None
) -> int:
    """Migrates, and loads the demo unless it is there; answers how many customers it was made for.

    Raises Wrong where somebody's own customers are: those are never mixed with made-up ones.
    """
    if not settings.DEMO:
        raise Wrong("The demo is loaded by `regulars demo` only.")
    say("Preparing the database")
    if fresh and _is_ours():
        _clear()
    call_command("migrate", verbosity=0, interactive=False)
    mark = DemoMark.objects.first()
    if mark is not None and mark.finished_at is None:
        _clear()
        call_command("migrate", verbosity=0, interactive=False)
        mark = None
    if mark is None:
        mark = _load(world(scale or USUAL_SCALE, now), say)
    elif scale not in (None, mark.scale):
        say(f"This demo has {mark.scale:,} customers; FRESH=1 makes one with {scale:,}")
    with because(how="demo"):
        for room in _rooms():
            if hasattr(room, "freshen"):
                room.freshen(world(mark.scale, now))
    return mark.scale


def _load(made: World, say: Callable[[str], None]) -> DemoMark:
    _require_empty()
    mark = DemoMark.objects.create(scale=made.scale, day=made.day, started_at=made.now)
    with _quietly(), because(how="demo"):
        for room in _rooms():
            say(f"Making up {room.__name__.split('.')[-2]}")
            room.load(made)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    mark.finished_at = made.now
    mark.save(update_fields=["finished_at"])
    return mark


@contextmanager
def _quietly() -> Iterator[None]:
    """What made-up colleagues do is nobody's business: the start says one line."""
    before = logging.root.manager.disable
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(before)


def _rooms() -> Iterator[ModuleType]:
    for app in apps.get_app_configs():
        if app.module is not None and module_has_submodule(app.module, "demo"):
            room = import_module(f"{app.name}.demo")
            if hasattr(room, "load"):
                yield room


def _require_empty() -> None:
    for label in ("customers.Customer", "staff.User"):
        if apps.get_model(label)._base_manager.exists():
            raise Wrong(
                "This database holds somebody's own people, so the demo is not loaded into it: "
                "set VAR to another folder."
            )


def _is_ours() -> bool:
    """Whether everything in the database may go: it is empty, or it is the demo."""
    tables = connection.introspection.table_names()
    if not tables:
        return True
    if DemoMark._meta.db_table in tables and DemoMark.objects.exists():
        return True
    _require_empty()
    return True


def _clear() -> None:
    """Every table of this database goes; waits a moment for others, and then gives up."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
        cursor.execute("SELECT current_schema()")
        schema = connection.ops.quote_name(cursor.fetchone()[0])
        cursor.execute(f"DROP SCHEMA {schema} CASCADE")
        cursor.execute(f"CREATE SCHEMA {schema}")
