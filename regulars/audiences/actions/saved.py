"""Saving, changing and deleting views of the list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from regulars.audiences import asking
from regulars.audiences.models import Shared, View
from regulars.criteria import text
from regulars.criteria.language import CriteriaError
from regulars.customers.order import ORDERS
from regulars.lib.errors import Invalid

from .naming import kept, name_of

if TYPE_CHECKING:
    from regulars.staff.models import User

MOST_VIEWS = 100
MOST_COLUMNS = 40
LONGEST_DISPLAY = 3_000
DISPLAY = re.compile(r"(comfortable|compact)(\.[a-z0-9_]{1,80})*", re.ASCII)


@dataclass(frozen=True)
class ViewFacts:
    """What a view shows; `criteria` as typed text, `display` as the view keeps it."""

    criteria: str = ""
    q: str = ""
    sort: str = "recent"
    archived: bool = False
    display: str = ""


def save_view(
    *, name: str, shows: ViewFacts, by: User, shared: str = Shared.PRIVATE, pinned: bool = True
) -> View:
    """A new view of this colleague's. Raises `Invalid`."""
    if View.objects.filter(owner=by).count() >= MOST_VIEWS:
        raise Invalid({"name": f"You have {MOST_VIEWS} views already; delete one first"})
    return kept(View(owner=by, pinned=pinned, **_facts(name, shows, shared, by)))


def change_view(
    view: View,
    *,
    by: User,
    name: str | None = None,
    shows: ViewFacts | None = None,
    shared: str | None = None,
    pinned: bool | None = None,
) -> View:
    """What is given changes. Raises `Invalid`."""
    said = _facts(
        view.name if name is None else name,
        shown_by(view) if shows is None else shows,
        view.shared if shared is None else shared,
        by,
    )
    for column, value in said.items():
        setattr(view, column, value)
    if pinned is not None:
        view.pinned = pinned
    return kept(view)


def delete_view(view: View, *, by: User) -> None:
    view.delete()


def shown_by(view: View) -> ViewFacts:
    return ViewFacts(view.criteria, view.q, view.sort, view.archived, view.display)


def _facts(name: str, shows: ViewFacts, shared: str, by: User) -> dict[str, Any]:
    errors: dict[str, str] = {}
    called = name_of(name, 60, errors)
    if shared not in Shared.values:
        errors["shared"] = "This must be one of " + ", ".join(Shared.values)
    if shared == Shared.TEAM and not by.team_id:
        errors["shared"] = "You are in no team"
    if shows.sort not in ORDERS:
        errors["sort"] = "Sort by " + ", ".join(ORDERS)
    if shows.display.count(".") > MOST_COLUMNS or len(shows.display) > LONGEST_DISPLAY:
        errors["columns"] = f"A view keeps at most {MOST_COLUMNS} columns; choose fewer"
    elif shows.display and not DISPLAY.fullmatch(shows.display):
        errors["columns"] = "Columns are named by their keys, such as phone"
    written = ""
    try:
        written = text.write(text.read(shows.criteria, asking.of(by)))
    except CriteriaError as error:
        errors["criteria"] = str(error)
    if errors:
        raise Invalid(errors)
    return {
        "name": called,
        "criteria": written,
        "q": " ".join(shows.q.replace("\x00", "").split())[:200],
        "sort": shows.sort,
        "archived": shows.archived,
        "display": shows.display,
        "shared": shared,
    }
