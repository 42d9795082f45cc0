"""Saving, changing and deleting views of the list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from regulars.audiences import asking
from regulars.audiences.models import Shared, View
from regulars.criteria import text, url
from regulars.criteria.language import EVERYONE, CriteriaError, nearest, said
from regulars.customers import columns
from regulars.customers.custom import queries as custom
from regulars.customers.order import ORDERS
from regulars.lib.errors import Invalid

from .naming import kept, name_of

if TYPE_CHECKING:
    from regulars.staff.models import User

MOST_VIEWS = 100
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
    facts = _facts(
        view.name if name is None else name,
        shown_by(view) if shows is None else shows,
        view.shared if shared is None else shared,
        by,
        columns.keys_of(view.display),
    )
    for column, value in facts.items():
        setattr(view, column, value)
    if pinned is not None:
        view.pinned = pinned
    return kept(view)


def delete_view(view: View, *, by: User) -> None:
    view.delete()


def shown_by(view: View) -> ViewFacts:
    return ViewFacts(view.criteria, view.q, view.sort, view.archived, view.display)


def _facts(
    name: str, shows: ViewFacts, shared: str, by: User, before: Sequence[str] = ()
) -> dict[str, Any]:
    """The columns of a new view or a changed one, which may keep what it had `before`."""
    errors: dict[str, str] = {}
    called = name_of(name, 60, errors)
    if shared not in Shared.values:
        errors["shared"] = "This must be one of " + ", ".join(Shared.values)
    if shared == Shared.TEAM and not by.team_id:
        errors["shared"] = "You are in no team"
    if shows.sort not in ORDERS:
        errors["sort"] = "Sort by " + ", ".join(ORDERS)
    if shows.display.count(".") > columns.MOST or len(shows.display) > columns.MOST_KEPT:
        errors["columns"] = f"A view keeps at most {columns.MOST} columns; choose fewer"
    elif shows.display and not DISPLAY.fullmatch(shows.display):
        errors["columns"] = "Columns are named by their keys, such as phone"
    else:
        errors |= _unknown(shows.display.split(".")[1:], before)
    here, written = asking.of(by), ""
    try:
        written = text.write(text.read(shows.criteria, here))
    except CriteriaError as error:
        errors["criteria"] = str(error)
    try:
        url.with_search(EVERYONE, shows.q, here)
    except CriteriaError as error:
        errors["q"] = str(error.placed(error.at))
    if errors:
        raise Invalid(errors)
    return {
        "name": called,
        "criteria": written,
        "q": " ".join(shows.q.replace("\x00", "").split())[:200],
        "sort": shows.sort,
        "archived": shows.archived,
        "display": ".".join([shows.display.split(".")[0], *columns.keys_of(shows.display)]),
        "shared": shared,
    }


def _unknown(keys: Sequence[str], before: Sequence[str]) -> dict[str, str]:
    """What to say of columns that there are not."""
    own = columns.custom(custom.definitions(), {}) if any(map(columns.is_custom, keys)) else ()
    known = columns.offered(own)
    errors = {}
    for n, key in enumerate(keys):
        if key not in known and key not in before:
            meant = nearest(key, known)
            hint = f"; did you mean {said(meant)}?" if meant else ""
            errors[f"columns.{n}"] = f"There is no column {said(key)}{hint}"
    return errors
