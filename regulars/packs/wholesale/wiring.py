"""What wholesale plugs into the house."""

from __future__ import annotations

from django.utils import timezone

from regulars.customers.notes.details import Asked, NoteDetail, note_details
from regulars.staff.settings_pages import SettingsPage, settings_pages

from . import queries, seasons


def _now(asked: Asked) -> queries.Now:
    """Nobody buys a car or a shirt by the season: it is asked of companies alone."""
    about = asked.customer
    if about is not None and not (about.is_company or about.company):
        return queries.NONE
    return asked.once("wholesale", queries.now)


def _seasons(asked: Asked) -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in _now(asked).seasons]


def _season(asked: Asked) -> str:
    return str(_now(asked).season or "")


def _years(asked: Asked) -> list[tuple[str, str]]:
    now = _now(asked)
    offered = seasons.years(timezone.localdate(), now.year) if now.seasons else []
    return [(str(year), str(year)) for year in offered]


def _year(asked: Asked) -> str:
    now = _now(asked)
    return str(now.year or timezone.localdate().year) if now.season else ""


note_details.register(
    NoteDetail("season", "Season", _seasons, _season, refers="wholesale.season"),
    NoteDetail("year", "Year", _years, _year),
)

settings_pages.register(
    SettingsPage(
        "seasons",
        "Seasons",
        "The selling seasons, and the one being sold.",
        "wholesale:seasons",
        group="Customers",
        function="settings",
        order=86,
        icon="calendar",
    ),
)
