"""History read back: what was written of a customer, and the names of what that refers to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from regulars.customers.models import Customer

from .changes import Act, Names, Written, acts, detail_of
from .lent import own, unseen
from .parts import USER, Part, named_models, parts

if TYPE_CHECKING:
    from regulars.staff.models import User

PAGE = 50
MOST = 200
MOMENTS = 200
WROTE = "people who wrote"
ROWS = 400  # of one page, however many of them one act wrote


@dataclass(frozen=True)
class Place:
    """Where a page ended: the moment, the part and the row of its last writing."""

    at: datetime
    part: int
    row: int


@dataclass(frozen=True)
class Asked:
    """What of a history is wanted; `parts` are keys, None all of them, `user` who wrote it.

    `after` is the last writing that is known, which `from_there` asks for once more. `viewer` is
    told nothing that came of somebody they may not see; None of everybody.
    """

    parts: Sequence[str] | None = None
    user: int | None = None
    act: UUID | None = None
    at: datetime | None = None
    after: Place | None = None
    from_there: bool = False
    viewer: User | None = None


def whole(
    customer: Customer, asked: Asked, *, limit: int = PAGE
) -> tuple[list[tuple[Written, Place]], bool]:
    """The newest writings, and whether there are more; one statement, whoever asks passed the gate.

    A moment is not cut in two, unless it alone is longer than a page can be.
    """
    for most in (limit, ROWS):
        found = _written(customer, asked, most + 1)
        if len(found) <= most:
            return found, False
        kept = [one for one in found[:most] if one[1].at != found[most][1].at]
        if kept:
            return kept, True
    return found[:ROWS], True


def some(
    customer: Customer, asked: Asked, *, limit: int
) -> tuple[list[tuple[Written, Place]], bool]:
    """The newest writings, however they belong together, and whether there are more."""
    found = _written(customer, asked, limit + 1)
    return found[:limit], len(found) > limit


def act(customer: Customer, viewer: User, key: UUID) -> tuple[Act, Names] | None:
    """One act of writing, as far as it was about this customer."""
    written = [one for one, _ in _written(customer, Asked(act=key, viewer=viewer), ROWS)]
    known = names(viewer, written)
    return next(((found, known) for found in acts(written, parts(), known)), None)


def _written(customer: Customer, asked: Asked, count: int) -> list[tuple[Written, Place]]:
    chosen = [
        (n, part)
        for n, part in enumerate(parts().values())
        if asked.parts is None or part.key in asked.parts
    ]
    if not chosen:
        return []
    branches = " UNION ALL ".join(_branch(n, part, asked) for n, part in chosen)
    others, values = unseen(customer, asked.viewer)
    order = "ORDER BY at DESC, n DESC, id DESC LIMIT %(count)s"
    sql = f"{others} SELECT * FROM ({branches}) AS h {order}"  # noqa: S608 (made of our own tables' names)
    after = asked.after
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            {
                "customer": customer.pk,
                "count": count,
                "user": str(asked.user),
                "act": asked.act,
                "moment": asked.at,
                "at": after.at if after else None,
                "part": after.part if after else None,
                "row": after.row if after else None,
                **values,
            },
        )
        rows = cursor.fetchall()
    keys = list(parts())
    return [
        (Written(keys[n], read(row), read(before) if before else None), Place(at, n, pk))
        for at, n, pk, row, before in rows
    ]


def _branch(n: int, part: Part, asked: Asked) -> str:
    """One part's newest rows behind the cursor, each with what it was before it was changed."""
    table, owner = _quoted(part.table), _quoted(part.owner)
    wanted = [f"h.{owner} = %(customer)s", own(part, "h")]
    if asked.user is not None:
        wanted.append("h.pgh_context ->> 'user' = %(user)s")
    if asked.act is not None:
        wanted.append("h.pgh_context_id = %(act)s")
    if asked.at is not None:
        wanted.append("h.pgh_created_at = %(moment)s")
    if asked.after is not None:
        less = "<=" if asked.from_there else "<"
        behind = f"({n} < %(part)s OR ({n} = %(part)s AND h.pgh_id {less} %(row)s))"
        wanted.append(f"h.pgh_created_at <= %(at)s AND (h.pgh_created_at < %(at)s OR {behind})")
    return f"""(
      SELECT h.pgh_created_at AS at, {n} AS n, h.pgh_id AS id, ({told(part, "h")})::text AS row,
        CASE WHEN h.pgh_label = 'update' THEN (
          SELECT ({told(part, "b")})::text FROM {table} b
          WHERE b.pgh_obj_id = h.pgh_obj_id AND b.pgh_id < h.pgh_id
          ORDER BY b.pgh_id DESC LIMIT 1
        ) END AS before
      FROM {table} h WHERE {" AND ".join(wanted)}
      ORDER BY h.pgh_created_at DESC, h.pgh_id DESC LIMIT %(count)s
    )"""  # noqa: S608 (made of our own tables' names)


def told(part: Part, row: str) -> str:
    """An expression for a row as JSON, without the words that somebody has taken back since."""
    if not part.taken_back:
        return f"to_jsonb({row})"
    unsaid = json.dumps(dict(part.unsaid))
    back = f"l.id = {row}.pgh_obj_id AND l.{_quoted(part.taken_back)} IS NOT NULL"
    live = f"SELECT FROM {_quoted(part.live)} l WHERE {back}"
    return f"to_jsonb({row}) || CASE WHEN EXISTS ({live}) THEN '{unsaid}'::jsonb ELSE '{{}}' END"


def read(text: str) -> dict[str, Any]:
    """A row as JSON; its fractions stay as they are written."""
    found: dict[str, Any] = json.loads(text, parse_float=str)
    return found


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


# --- Names of what is referred to


def names(viewer: User, written: Iterable[Written]) -> Names:
    """The names of everything these rows refer to; one statement, and one for other customers.

    A customer the viewer may not see has no name.
    """
    return _named(viewer, _references(written))


def names_with(viewer: User, written: Iterable[Written], users: Iterable[int]) -> Names:
    """Theirs, and those of more colleagues, in the same statement."""
    wanted = _references(written)
    wanted.setdefault(USER, set()).update(users)
    return _named(viewer, wanted)


def names_and_people(
    viewer: User, written: Iterable[Written], customer: Customer
) -> tuple[Names, list[int]]:
    """Theirs, and who wrote of this customer lately, by name; in the same statement."""
    found = dict(_named(viewer, _references(written), customer))
    people = {pk: name for (label, pk), name in found.items() if label == WROTE}
    found |= {(USER, pk): name for pk, name in people.items()}
    return found, sorted(people, key=lambda pk: people[pk].lower())


def _named(
    viewer: User, wanted: Mapping[str, set[int]], written_of: Customer | None = None
) -> Names:
    found: dict[tuple[str, int], str] = {}
    branches: list[str] = []
    given: dict[str, Any] = {"customer": written_of and written_of.pk, "limit": MOMENTS}
    for label, (table, key, columns) in named_models().items():
        if wanted.get(label) and columns:
            branches.append(_names_of(label, table, key, columns))
            given[label] = sorted(wanted[label])
    if written_of is not None:
        branches.append(_people())
    if branches:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(branches), given)
            found = {(label, pk): name for label, pk, name in cursor.fetchall()}
    others = wanted.get("customers.customer")
    if others:
        seen = Customer.objects.visible_to(viewer).filter(pk__in=others)
        found |= {("customers.customer", pk): name for pk, name in seen.values_list("pk", "name")}
    return found


def _people() -> str:
    branches = " UNION ".join(_moments_of(part) for part in parts().values())
    return f"""(
      SELECT DISTINCT '{WROTE}', u.id, u.name FROM ({branches}) AS m
      JOIN staff_user u ON u.id = m.who
    )"""  # noqa: S608 (made of our own tables' names)


def _names_of(label: str, table: str, key: str, columns: Sequence[str]) -> str:
    called = ", ".join(f"nullif({_quoted(column)}, '')" for column in columns)
    latest = f"DISTINCT ON ({key})" if key == "pgh_obj_id" else ""
    order = f"ORDER BY {key}, pgh_id DESC" if latest else ""
    return f"""(
      SELECT {latest} '{label}', {key}, concat_ws(' ', {called})
      FROM {_quoted(table)} WHERE {key} = ANY(%({label})s) {order}
    )"""  # noqa: S608 (made of our own tables' names)


def _references(written: Iterable[Written]) -> dict[str, set[int]]:
    wanted: dict[str, set[int]] = {}
    for key, row in [(w.part, row) for w in written for row in (w.row, w.before) if row]:
        part = parts()[key]
        for column in (*part.columns, part.of):
            value = row.get(column.column) if column and column.refers else None
            if column and value is not None:
                wanted.setdefault(column.refers, set()).add(value)
            if column and column.kind == "details":
                for label, pk in _of_details(row.get(column.column)):
                    wanted.setdefault(label, set()).add(pk)
        user = (row["pgh_context"] or {}).get("user")
        if user is not None:
            wanted.setdefault(USER, set()).add(user)
    return wanted


def _of_details(value: Mapping[str, Any] | None) -> Iterator[tuple[str, int]]:
    yield from filter(None, (detail_of(key, kept) for key, kept in (value or {}).items()))


# --- The moments at which anything was written


@dataclass(frozen=True)
class Moment:
    """A moment at which something of the record changed, and who changed it."""

    at: datetime
    user: int | None


def moments(customer: Customer, *, limit: int = MOMENTS) -> list[Moment]:
    """The latest moments, newest first; one statement."""
    branches = " UNION ".join(_moments_of(part) for part in parts().values())
    sql = f"""
      SELECT at, max(who) FROM ({branches}) AS m GROUP BY at ORDER BY at DESC LIMIT %(limit)s
    """  # noqa: S608 (made of our own tables' names)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"customer": customer.pk, "limit": limit})
        return [Moment(at, user) for at, user in cursor.fetchall()]


def _moments_of(part: Part) -> str:
    return f"""(
      SELECT pgh_created_at AS at, max((pgh_context ->> 'user')::bigint) AS who
      FROM {_quoted(part.table)} WHERE {_quoted(part.owner)} = %(customer)s
      GROUP BY pgh_created_at ORDER BY pgh_created_at DESC LIMIT %(limit)s
    )"""  # noqa: S608 (made of our own tables' names)


def people(moments: Iterable[Moment]) -> Iterator[int]:
    """Whoever wrote at these moments, each once."""
    yield from dict.fromkeys(m.user for m in moments if m.user is not None)
