"""What merges that stand remember of rows that leave with somebody else, or come back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from regulars.customers.models import ChangeKind, Customer, MergeChange, MergedProfile

from .journal import label, put_back, raw
from .whose import PAIR, is_pair, paired


def lives_in(customer: int) -> int | None:
    """Who holds everything of somebody who was merged; None of whom nothing is known."""
    rows = MergedProfile.objects.filter(old_id=customer, undone_at=None)
    return rows.values_list("customer", flat=True).first()


def brought_by(model: type[models.Model], customers: Collection[int]) -> dict[Any, MergedProfile]:
    """Of the rows of these customers those that somebody who lives on in them had, and who that is:
    of several in one another, whose they were at first."""
    moves = MergeChange.objects.filter(
        profile__customer__in=customers, profile__undone_at=None, kind=ChangeKind.MOVE,
        model=label(model),
    ).order_by("-pk")  # fmt: skip
    return {pk: one.profile for one in moves.select_related("profile") for pk in one.ids}


def forget(
    model: type[models.Model],
    pks: Collection[Any],
    *,
    of: Customer,
    but: MergedProfile | None = None,
    column: str = "customer_id",
) -> None:
    """What left `of` is no longer anything that merges have done there: they may meet it again,
    when it is not theirs to take along."""
    if not pks:
        return
    changes = MergeChange.objects.filter(
        profile__customer=of, profile__undone_at=None, model=label(model)
    ).exclude(profile=but)
    for change in changes.filter(kind=ChangeKind.MOVE, before__has_key=column):
        rest = [pk for pk in change.ids if pk not in pks]
        if len(rest) < len(change.ids):
            change.ids = rest
            change.save(update_fields=["ids"])
    if model is not Customer:
        changed = changes.filter(kind=ChangeKind.CHANGE).values_list("pk", "ids")
        changes.filter(pk__in=[pk for pk, ids in changed if ids[0] in pks]).delete()


def forget_of_one(model: type[models.Model], pk: Any, leaves: MergedProfile) -> None:
    """A word about two leaves with the one of them, as whatever they lived on in had moved it;
    what became of the other one stays known."""
    moved_on = [one.pk for one in lives_on_as(leaves.old_id) if one.pk != leaves.pk]
    rows = MergeChange.objects.filter(profile__in=moved_on, kind=ChangeKind.CHANGE)
    rows.filter(model=label(model), ids=[pk]).delete()


@dataclass(frozen=True)
class Adopted:
    """A row came back naming `was` in this column, who lives on in somebody else."""

    model: type[models.Model]
    pk: Any
    column: str
    was: int

    def remember(self) -> None:
        """It leaves with them, as if they had brought it along: through everybody in whom they
        live on."""
        if self.pk not in raw(self.model, [self.pk]):
            return
        moves = ChangeKind.CHANGE if is_pair(self.model) else ChangeKind.MOVE
        for profile in lives_on_as(self.was):
            into: int | None = profile.merge.primary_id
            itself = self.model is Customer and into == self.pk
            MergeChange.objects.create(
                profile=profile, kind=ChangeKind.CHANGE if itself else moves,
                model=label(self.model), ids=[self.pk],
                before={self.column: profile.old_id},
                after={self.column: None if itself else into},
            )  # fmt: skip
            if itself:  # nobody refers themselves
                return


def absorb_by_another(
    change: MergeChange,
    row: Mapping[str, Any],
    olds: Collection[int],
    *,
    stays: Customer,
    but: MergedProfile,
) -> None:
    """What found another one in its place comes back when the merge is undone of whoever it names,
    or else another one that stands in whomever it is about."""
    rows = MergedProfile.objects.filter(undone_at=None).exclude(pk=but.pk)
    rows = rows.exclude(old_id__in=Customer.objects.get_queryset().values("pk"))
    held_by = {stays.pk, *(row[column] for column in PAIR if row.get(column) is not None)}
    profile = rows.filter(old_id__in=olds).first() or rows.filter(customer__in=held_by).last()
    if profile is not None:
        MergeChange.objects.create(
            profile=profile, kind=ChangeKind.DELETE, model=change.model, ids=change.ids,
            before=change.before,
        )  # fmt: skip


def renamed_where_absorbed(model: type[models.Model], pk: Any, profile: MergedProfile) -> None:
    """A word about two that a merge has absorbed is about who leaves, and no longer about whoever
    they lived on in. While the other one lives on there, it is said of these two."""
    through = holders(profile.old_id)
    rows = MergeChange.objects.filter(
        profile__undone_at=None, kind=ChangeKind.DELETE, model=label(model), ids=[pk]
    )
    for later in rows.exclude(profile=profile).select_related("profile"):
        named = [one for one in through if one in (later.before[column] for column in PAIR)]
        if not named:
            continue
        row = {**later.before, **paired(later.before, named[0], profile.old_id)}
        other = later.profile
        now = {**row, **paired(row, other.old_id, other.customer_id)}
        if other.old_id in (row[column] for column in PAIR) and put_back(model, now):
            later.delete()
            _moved_on(model, pk, row, other.old_id)
        else:
            later.before = row
            later.save(update_fields=["before"])


def _moved_on(model: type[models.Model], pk: Any, row: Mapping[str, Any], was: int) -> None:
    """As if whoever the word was about had brought it along, through everybody they live on in."""
    for profile in lives_on_as(was):
        two = paired(row, profile.old_id, profile.merge.primary_id)
        before = {column: row[column] for column in PAIR}
        MergeChange.objects.create(
            profile=profile, kind=ChangeKind.CHANGE, model=label(model), ids=[pk],
            before=before, after=two,
        )  # fmt: skip
        row = {**row, **two}


def holders(customer: int) -> list[int]:
    """The customers who hold somebody, one in the other; the last of them is here."""
    return [profile.merge.primary_id for profile in lives_on_as(customer)]


def lives_on_as(customer: int) -> Iterator[MergedProfile]:
    """The profile as which somebody lives on, that of whoever took them in, and so on."""
    while True:
        rows = MergedProfile.objects.filter(old_id=customer, undone_at=None)
        profile = rows.select_related("merge").first()
        if profile is None:
            return
        yield profile
        customer = profile.merge.primary_id
