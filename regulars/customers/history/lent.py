"""Rows that were somebody's only while a merge stood, of whom the reader may not see."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Q

from regulars.customers.models import Customer, MergedProfile

from .parts import Part

if TYPE_CHECKING:
    from regulars.staff.models import User


def unseen(customer: Customer, viewer: User | None) -> tuple[str, dict[str, Any]]:
    """A `WITH` that names them `unseen`: who was taken out of this customer again and is none of
    the reader's; with its values. None reads for nobody in particular and sees everybody."""
    if viewer is None or viewer.role.sees_everybody:
        return "WITH unseen AS (SELECT 0::bigint AS id WHERE false)", {}
    right = MergedProfile.objects.filter(customer=customer.pk).exclude(undone_at=None)
    theirs = Q(customer=customer.pk) | Q(customer__in=right.values("old_id"))
    apart = MergedProfile.objects.filter(theirs).exclude(undone_at=None).order_by()
    rows = Customer.objects.get_queryset().filter(pk__in=apart.values("old_id")).order_by()
    rows = rows.exclude(pk=customer.pk).exclude(
        pk__in=Customer.objects.visible_to(viewer).order_by().values("pk")
    )
    text, values = rows.values("pk").query.sql_with_params()
    names = [f"unseen{n}" for n in range(len(values))]
    left = iter(names)
    said = re.sub(r"(?<!%)%s", lambda _: f"%({next(left)})s", text)
    return f"WITH unseen(id) AS MATERIALIZED ({said})", dict(zip(names, values, strict=True))


def own(part: Part, row: str) -> str:
    """The condition that a row was not brought by any of them, nor written by the merge that
    brought them and gone since."""
    if part.is_customer:
        return "true"
    quote = connection.ops.quote_name
    table, owner, live = quote(part.table), quote(part.owner), quote(part.live)
    born = f"FROM {table} f WHERE f.pgh_obj_id = {row}.pgh_obj_id ORDER BY f.pgh_id LIMIT 1"
    return f"""(NOT EXISTS (SELECT FROM unseen) OR NOT (
        (SELECT f.{owner} {born}) IN (SELECT id FROM unseen)
        OR (SELECT f.pgh_context ->> 'how' {born}) = 'merge'
          AND NOT EXISTS (SELECT FROM {live} l WHERE l.id = {row}.pgh_obj_id)
    ))"""  # noqa: S608 (made of our own tables' names)
