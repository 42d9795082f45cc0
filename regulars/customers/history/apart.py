"""Whom a piece of work wrote and a merge holds: what of them waits until they are apart again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from regulars.customers.models import (
    ChangeKind,
    ConsentRecord,
    Customer,
    Kept,
    MergeChange,
    MergedProfile,
    keepings,
)

from .work import SLACK


def waiting(work: int, people: Mapping[int, int], since: datetime) -> set[int]:
    """Of these people, each with the customer who they are now, those who cannot be taken back
    whole: a row of theirs lies with a merge or was taken away before it, or they were added and
    hold somebody else.

    The work with this number began at `since`.
    """
    profiles = MergedProfile.objects.filter(customer__in=set(people.values()), undone_at=None)
    holders = set(profiles.values_list("customer", flat=True))
    if not holders:
        return set()
    gone = MergeChange.objects.filter(profile__in=profiles, kind=ChangeKind.DELETE)
    absorbed: dict[str, list[Any]] = defaultdict(list)
    for model, ids in gone.values_list("model", "ids"):
        absorbed[model] += ids
    merged = {pk for pk, now in people.items() if pk != now}
    found: set[int] = set()
    for kept in keepings():
        if kept.customer and kept.model is not ConsentRecord:
            theirs = Q(**{f"{kept.customer}__in": merged}, pgh_label="delete")
            theirs |= Q(pgh_obj_id__in=absorbed[kept.model._meta.label_lower])
            if kept.model is Customer:
                theirs |= Q(pgh_obj_id__in=merged)
                theirs |= Q(pgh_obj_id__in=holders, pgh_label="insert")
            found |= set(_written(kept, work, since).filter(theirs))
    return found & people.keys()


def _written(kept: Kept, work: int, since: datetime) -> QuerySet[Any, int]:
    """Whose the rows were that the work wrote."""
    rows = kept.history._default_manager.filter(
        pgh_created_at__gte=since - SLACK, pgh_context__receipt=work
    )
    return rows.values_list(kept.customer, flat=True)
