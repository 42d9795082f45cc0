"""Who referred somebody, where whoever says so was merged on: what they say when they come back."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from regulars.customers.models import ChangeKind, MergeChange, MergedProfile

from .chain import undone
from .journal import model_of
from .memory import holders


def in_the_past(
    change: MergeChange, column: str, was: int, *, leaves: MergedProfile, of: int
) -> set[Any]:
    """Whoever named us and says something else by now said so of us before, or of whomever we
    lived on in at the time."""
    ids, found = change.ids, set()
    us = [of, *holders(leaves.old_id)]
    rows = MergedProfile.objects.filter(
        old_id__in=ids, undone_at=None, **{f"row__{column}__in": us}
    )
    for profile in rows.exclude(pk=leaves.pk):
        profile.row = {**profile.row, column: was}
        profile.save(update_fields=["row"])
        found.add(profile.old_id)
    nodes = MergeChange.objects.filter(
        profile__merge__primary_id__in=ids, profile__undone_at=None, kind=ChangeKind.CHANGE,
        model=change.model, pk__gt=change.pk, **{f"before__{column}__in": us},
    ).exclude(profile=leaves)  # fmt: skip
    for node in nodes:
        if node.ids[0] in ids:
            node.before = {**node.before, column: was}
            node.save(update_fields=["before"])
            found.add(node.ids[0])
    return found


def patch(change: MergeChange, pk: int, columns: Collection[str]) -> None:
    """The one who took it in was merged on: what they are to be when they come back."""
    rows = MergedProfile.objects.filter(old_id=pk, undone_at=None)
    for profile in rows.select_for_update():
        profile.row = {
            **profile.row,
            **undone(change, model_of(change.model), profile.row, columns),
        }
        profile.save(update_fields=["row"])
