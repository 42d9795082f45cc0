"""Reads of the pack."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Subquery

from .models import Season, Selling


@dataclass(frozen=True)
class Now:
    """The seasons that are offered, and which season and year are being sold."""

    seasons: tuple[tuple[int, str], ...]
    season: int | None
    year: int | None


NONE = Now((), None, None)


def now() -> Now:
    """One statement; without any season there is no year either."""
    one = Selling.objects.filter(pk=1)
    rows = Season.objects.filter(retired_at=None).annotate(
        is_sold=Exists(one.filter(season=OuterRef("pk"))), year=Subquery(one.values("year"))
    )
    found = list(rows.values_list("pk", "name", "is_sold", "year"))
    return Now(
        tuple((pk, name) for pk, name, _, _ in found),
        next((pk for pk, _, sold, _ in found if sold), None),
        next((year for *_, year in found), None),
    )
