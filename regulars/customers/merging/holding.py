"""Whom a merge or an undoing holds meanwhile, and what it writes anew of them at the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection

from regulars.customers.actions.indexing import reindex
from regulars.customers.models import Customer
from regulars.timeline import actions as timeline

LOCK = 0x6D657267  # "merg"


def one_at_a_time() -> None:
    """Whoever merges or takes apart holds many customers at once; a hundred who do so would wait
    for each other in circles."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def held(customers: Iterable[Customer]) -> dict[int, Customer]:
    """The rows as they are now, and those whom they referred, held in the order of their ids.

    Nobody may refer to them meanwhile either: what somebody else writes waits, and then finds
    out where it belongs.
    """
    ids = {c.pk for c in customers}
    rows = Customer.objects.get_queryset()
    referred = rows.filter(referred_by__in=ids).values_list("pk", flat=True)
    wanted = sorted({*ids, *referred})
    found = rows.select_for_update().filter(pk__in=wanted).order_by("pk")
    return {row.pk: row for row in found if row.pk in ids}


def refresh(customers: Sequence[int], *, beyond: Iterable[int] = ()) -> None:
    """Whatever follows from the rows and the events of these customers, anew.

    They all go on from one version that none of them nor `beyond` has had: an id that led to one
    of them and leads to another now must not meet the version that was seen there.
    """
    reindex(customers)
    timeline.derive_standing(customers)
    rows = Customer.objects.get_queryset().filter(pk__in=customers)
    had = rows.values_list("version", flat=True)
    rows.update(version=max([*had, *beyond]) + 1)
