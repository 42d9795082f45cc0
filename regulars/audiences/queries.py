"""Reading audiences: who of them a colleague sees, and what a filter would find."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q

from regulars.criteria import english, sql, text, tree, url
from regulars.criteria.fields import Asking
from regulars.criteria.language import Criteria, CriteriaError, Fact
from regulars.criteria.sql import Part, Parts
from regulars.customers import queries as customers
from regulars.customers.models import Customer
from regulars.staff.models import Sees, User

from . import membership
from .models import Audience, Changed, Member, Size

FIRST = 5
MOST = 500
DAYS = 60
MOST_TABS = 20


@dataclass(frozen=True)
class Checked:
    """What a filter says, in every form, and whom of those `user` sees it finds first.

    `count` stops at a thousand, `more` when there are or may be others.
    """

    text: str
    tree: dict[str, object]
    english: str
    count: int
    more: bool
    names: list[str]


def check(said: str, asking: Asking) -> Checked:
    """Text or JSON tree. Raises CriteriaError with its place."""
    criteria = url.read_filter(said, asking)
    parts = sql.parted(criteria, asking)
    found = customers.find(asking.user, where=parts, limit=FIRST)
    counted = customers.count(asking.user, where=parts)
    rows = Customer.objects.visible_to(asking.user).filter(pk__in=found.ids)
    names = dict(rows.values_list("pk", "name"))
    return Checked(
        text.write(criteria),
        tree.write(criteria),
        english.sentence(criteria, asking),
        counted.number,
        counted.more,
        [names[pk] for pk in found.ids if pk in names],
    )


@dataclass(frozen=True)
class Known:
    """An audience, its sizes of the last days, oldest first, and whether anybody at all waits to
    be looked at."""

    audience: Audience
    sizes: list[int]
    behind: bool


def named(public_id: UUID) -> Known | None:
    """One, with its owner and their store."""
    found = _known().select_related("owner__store").filter(public_id=public_id).first()
    return _read(found) if found else None


def all_of_them() -> list[Known]:
    """By name, each with its owner."""
    return [_read(row) for row in _known().select_related("owner").order_by("name")[:MOST]]


def _known() -> Any:
    sizes = Size.objects.filter(audience=OuterRef("pk")).order_by("-day").values("size")
    return Audience.objects.annotate(
        sizes_back=ArraySubquery(sizes[:DAYS]), behind=Exists(Changed.objects.all())
    )


def _read(row: Any) -> Known:
    return Known(row, row.sizes_back[::-1], row.behind)


def of(audience: Audience) -> Criteria:
    """Who is in it, as criteria."""
    return Fact("in", "is", (audience.name,))


def members(user: User, known: Known, **page: object) -> customers.Found:
    """The visible ones, latest activity first; whoever changed a moment ago is looked at first."""
    if known.behind:
        membership.keep_up(most=membership.BATCH)
    rows = Member.objects.filter(audience=known.audience)
    here = Part(Q(Exists(rows.filter(customer=OuterRef("pk")))), rows)
    return customers.find(user, where=Parts((here,)), **page)  # type: ignore[arg-type]


TABS = """(
  SELECT json_agg(t) FROM (
    SELECT v.public_id, v.name, v.criteria, v.q, v.sort, v.archived, v.owner_id = %s AS own
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


def sees_sizes(user: User) -> bool:
    """A size counts everybody, so only who sees everybody is told it."""
    return bool(user.role.sees == Sees.ALL and user.may("customers"))


def said(audience: Audience, asking: Asking) -> str:
    """What its people have in common, in words."""
    if audience.is_list:
        return "Chosen by hand"
    if audience.problem:
        return audience.problem
    try:
        return english.sentence(text.read(audience.criteria or "", asking), asking)
    except ValueError as error:
        return str(error)
