"""Seasons are the company's list; one of them is being sold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from regulars.lib import clock, names
from regulars.lib.errors import Invalid

from .models import Season, Selling
from .seasons import EARLIEST, LATEST

if TYPE_CHECKING:
    from regulars.staff.models import User

MOST = 40


@transaction.atomic
def add_season(name: str, *, by: User | None) -> Season:
    """One more, at the end; one that was removed comes back. Raises `Invalid`."""
    cleaned = _cleaned(name)
    every = list(Season.objects.select_for_update())
    there = next((row for row in every if row.name.lower() == cleaned.lower()), None)
    position = 1 + max((row.position for row in every), default=-1)
    if there is None:
        if len(every) >= MOST:
            raise Invalid({"name": f"{MOST} seasons are enough; remove one first"})
        return _kept(Season(name=cleaned, position=position))
    if there.retired_at is None:
        raise Invalid({"name": "There is already a season of that name"})
    there.name, there.retired_at, there.position = cleaned, None, position
    return _kept(there)


@transaction.atomic
def rename_season(season: Season, name: str, *, by: User) -> Season:
    """It is called so from now on. Raises `Invalid`."""
    season.name = _cleaned(name)
    return _kept(season, ["name"])


@transaction.atomic
def move_season(season: Season, *, up: bool, by: User) -> None:
    """Change places with its neighbour; nothing happens at the end."""
    rows = list(Season.objects.select_for_update().filter(retired_at=None))
    at = next((n for n, row in enumerate(rows) if row.pk == season.pk), None)
    if at is None or not 0 <= at + (-1 if up else 1) < len(rows):
        return
    rows.insert(at + (-1 if up else 1), rows.pop(at))
    for n, row in enumerate(rows):
        if row.position != n:
            row.position = n
            row.save(update_fields=["position"])


@transaction.atomic
def remove_season(season: Season, *, by: User) -> None:
    """No longer offered, nor sold; what has it keeps it."""
    Selling.objects.filter(season=season).update(season=None)
    season.retired_at = clock.now()
    season.save(update_fields=["retired_at"])


@transaction.atomic
def sell(season: Season | None, year: int | None, *, by: User | None) -> Selling:
    """What is being sold from now on; whatever is new begins with it. Raises `Invalid`."""
    if season is not None and season.retired_at is not None:
        raise Invalid({"season": "This season is no longer offered"})
    if year is not None and not EARLIEST <= year <= LATEST:
        raise Invalid({"year": f"A year from {EARLIEST} to {LATEST}"})
    sold, _ = Selling.objects.update_or_create(pk=1, defaults={"season": season, "year": year})
    return sold


def _cleaned(name: str) -> str:
    cleaned = names.clean(name)
    if not 1 <= len(cleaned) <= 60:
        raise Invalid({"name": "A season has a name of 1 to 60 characters"})
    return cleaned


def _kept(season: Season, fields: list[str] | None = None) -> Season:
    try:
        with transaction.atomic():
            season.save(update_fields=fields)
    except IntegrityError as error:
        raise Invalid({"name": "There is already a season of that name"}) from error
    return season
