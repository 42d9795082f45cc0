"""Reading audiences: who of them a colleague sees, and what a filter would find."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateTimeField, Exists, OuterRef, Q, Subquery, Value
from django.urls import reverse

from regulars.criteria import english, sql, text, tree, url
from regulars.criteria.fields import Asking
from regulars.criteria.language import Criteria, CriteriaError, Fact
from regulars.criteria.sql import Part, Parts
from regulars.customers import queries as customers
from regulars.customers.merging.then import held_then
from regulars.customers.models import Customer
from regulars.lib.cursors import BadCursor
from regulars.staff.models import User

from . import membership
from .models import Audience, Changed, Member, Size, Stay

FIRST = 5
MOST = 500
DAYS = 60
SHOWN = 50


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


def members(
    user: User, known: Known, *, then: datetime | None = None, **page: object
) -> customers.Found:
    """The visible ones now, or at a moment, latest activity first; whoever changed a moment ago is
    looked at first."""
    if then is not None:
        return customers.find(user, where=membership.as_of(known.audience, then), **page)  # type: ignore[arg-type]
    if known.behind:
        membership.keep_up(most=membership.BATCH)
    rows = Member.objects.filter(audience=known.audience)
    here = Part(Q(Exists(rows.filter(customer=OuterRef("pk")))), rows)
    return customers.find(user, where=Parts((here,)), **page)  # type: ignore[arg-type]


@dataclass(frozen=True)
class People:
    """Some of an audience, each with `since` when they are in it; `next` leads to the others."""

    members: list[Any]
    next: str | None


def people(
    user: User, known: Known, *, then: datetime | None = None, cursor: str | None = None
) -> People:
    """The visible members now, or at a moment."""
    find = partial(members, user, known, then=then)
    try:
        found = find(cursor=cursor, limit=SHOWN)
    except BadCursor:
        found = find(limit=SHOWN)
    since = Member.objects.filter(audience=known.audience, customer=OuterRef("pk"))
    rows = (
        Customer.objects.visible_to(user)
        .select_related("owner")
        .annotate(since=Subquery(since.values("since")[:1]))
        .in_bulk(found.ids)
    )
    return People([rows[pk] for pk in found.ids if pk in rows], found.next)


@dataclass(frozen=True)
class Within:
    """An audience somebody was in from `since`; `until` is None where they still are."""

    public_id: UUID
    name: str
    since: datetime
    until: datetime | None

    @property
    def url(self) -> str:
        return reverse("audiences:audience", args=[self.public_id])

    def holds(self, moment: datetime) -> bool:
        return self.since <= moment and (self.until is None or self.until > moment)


def around(customer: Customer, *, then: datetime | None = None) -> list[Within]:
    """The audiences they are in, and those they were in at a moment, by name; in one statement.

    Whoever lived on in them at that moment brought theirs along. The caller passed the gate.
    """
    return _by_name(Within(*row) for row in _around(customer, then))


def around_beside(customer: Customer, then: datetime) -> tuple[str, list[Any]]:
    """The same as an expression to be asked for in another statement, with its values; what it
    answers is read by `read_around`."""
    text, params = _around(customer, then).query.sql_with_params()
    named = f"({text}) AS r(public_id, name, since, until)"
    return f"(SELECT json_agg(r) FROM {named})", list(params)  # noqa: S608


def read_around(said: Sequence[Mapping[str, str | None]] | None) -> list[Within]:
    return _by_name(
        Within(
            UUID(row["public_id"]),
            str(row["name"]),
            datetime.fromisoformat(row["since"] or ""),
            datetime.fromisoformat(row["until"]) if row["until"] else None,
        )
        for row in said or ()
    )


def _around(customer: Customer, then: datetime | None) -> Any:
    named = ("audience__public_id", "audience__name", "since")
    still = Value(None, DateTimeField())
    here = Member.objects.filter(customer=customer).annotate(left=still)
    rows = here.order_by().values_list(*named, "left")
    if then is not None:
        everybody = Q(customer=customer) | held_then(customer, then)
        was = Stay.objects.filter(everybody, since__lte=then, until__gt=then)
        brought = Member.objects.filter(held_then(customer, then), since__lte=then)
        rows = rows.union(
            was.order_by().values_list(*named, "until"),
            brought.annotate(left=still).order_by().values_list(*named, "left"),
        )
    return rows[:MOST]


def _by_name(found: Iterable[Within]) -> list[Within]:
    """Each audience once, since the first of them was in it."""
    latest_first = sorted(found, key=lambda one: one.since, reverse=True)
    each = {one.public_id: one for one in latest_first}
    return sorted(each.values(), key=lambda one: one.name.casefold())


def sees_sizes(user: User) -> bool:
    """A size counts everybody, so only who sees everybody is told it."""
    return bool(user.role.sees_everybody and user.may("customers"))


@dataclass(frozen=True)
class Said:
    """Criteria in words: the whole, and a chip for each condition; or why they cannot be read."""

    sentence: str
    chips: list[english.Chip] = field(default_factory=list)
    problem: str = ""


def said(audience: Audience, asking: Asking) -> Said:
    """What its people have in common."""
    if audience.is_list:
        return Said("Chosen by hand")
    found = in_words(audience.criteria or "", asking)
    return replace(found, problem=audience.problem) if audience.problem else found


def in_words(criteria: str, asking: Asking) -> Said:
    try:
        read = text.read(criteria, asking)
        return Said(english.sentence(read, asking), english.chips(read, asking))
    except CriteriaError as error:
        return Said(str(error), problem=str(error))
