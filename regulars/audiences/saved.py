"""Reading saved views: the tabs of the customer list, and all that a colleague has."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from regulars.criteria import text
from regulars.criteria.fields import Asking
from regulars.criteria.language import Criteria, CriteriaError
from regulars.staff.models import User

from .models import View

MOST = 500
MOST_TABS = 20

TABS = """(
  SELECT json_agg(t) FROM (
    SELECT v.public_id, v.name, v.criteria, v.q, v.sort, v.archived, v.display,
      v.owner_id = %s AS own
    FROM audiences_view v JOIN staff_user o ON o.id = v.owner_id
    WHERE v.pinned AND (v.owner_id = %s OR v.shared = 'everyone'
                        OR (v.shared = 'team' AND o.team_id = %s))
    ORDER BY v.name, v.id LIMIT %s
  ) t
)::text"""


@dataclass(frozen=True)
class Tab:
    """A pinned view as the list shows it; `own` when this colleague may change it."""

    id: str
    name: str
    criteria: Criteria
    q: str
    sort: str
    archived: bool
    display: str
    own: bool


def tabs(user: User) -> tuple[str, list[Any]]:
    """An expression for the pinned views this colleague has, and its values; see `read_tabs`."""
    return TABS, [user.pk, user.pk, user.team_id, MOST_TABS]


def read_tabs(found: str | None, asking: Asking) -> list[Tab]:
    """The views with what they ask for; unreadable ones are left out."""
    read = []
    for row in json.loads(found or "[]"):
        row["id"] = row.pop("public_id")
        try:
            row["criteria"] = text.read(row["criteria"], asking)
        except CriteriaError:
            continue
        read.append(Tab(**row))
    return read


def own(user: User, public_id: str) -> View | None:
    """A view of this colleague's own."""
    try:
        return View.objects.filter(owner=user, public_id=UUID(public_id)).first()
    except ValueError:
        return None


def views(user: User) -> list[View]:
    """One's own, the team's and everyone's, by name."""
    return list(View.objects.visible_to(user).select_related("owner")[:MOST])
