"""The dry run: how many, who, from what to what, and who is passed over and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from regulars.customers.models import Customer

from . import choosing
from .deeds import Deed, Skip, Values
from .selection import Selection

if TYPE_CHECKING:
    from regulars.customers.visibility import CustomerQuerySet
    from regulars.staff.models import User

NAMES = 12
GROUPS = 12


@dataclass(frozen=True)
class Group:
    """So many go from this to that; "" for nothing."""

    before: str
    after: str
    count: int


@dataclass(frozen=True)
class Passed:
    """So many are passed over, for this reason."""

    reason: str
    count: int
    names: list[str]


@dataclass(frozen=True)
class DryRun:
    """What would happen now; nothing was written. `missing` were chosen and are not to be seen.

    Of very many (`total`, or `more` than these) the first `looked_at` are told about.
    """

    says: str
    total: int
    more: bool
    looked_at: int
    changes: int
    names: list[str]
    groups: list[Group]
    more_groups: int
    skipped: list[Passed]
    missing: int

    @property
    def others(self) -> int:
        """Those to be changed who are not named."""
        return self.changes - len(self.names)

    @property
    def is_whole(self) -> bool:
        """Whether everybody chosen was looked at."""
        return not self.more and self.looked_at == self.total


def dry_run(deed: Deed, values: Values, selection: Selection, *, by: User) -> DryRun:
    """Raises `Invalid` for an unreadable filter."""
    skips = deed.skips(values)
    rows, most = choosing.rows(selection, by).order_by(), choosing.LOOKED_AT
    left, counts = _looked_at(rows.values("pk")[: most + 1], skips)
    whole = choosing.Count(counts["total"])
    if whole.of > most:
        whole = choosing.count_many(rows)
        left, counts = _looked_at(rows.order_by("pk").values("pk")[:most], skips)
    looked_at, skipped = counts["total"], []
    for n, skip in enumerate(skips):
        passed, left = left.filter(skip.who), left.filter(~skip.who)
        if counts[f"skip{n}"]:
            skipped.append(Passed(skip.reason, counts[f"skip{n}"], _names(passed, 3)))
    changes = looked_at - sum(one.count for one in skipped)
    groups = _groups(left, deed, values) if changes else []
    return DryRun(
        deed.says(values),
        whole.of,
        whole.more,
        looked_at,
        changes,
        _names(left, NAMES) if changes else [],
        groups[:GROUPS],
        max(0, len(groups) - GROUPS),
        skipped,
        max(0, len(selection.ids) - looked_at) if not selection.all_of_them else 0,
    )


def _looked_at(chosen: Any, skips: Sequence[Skip]) -> tuple[CustomerQuerySet, Mapping[str, int]]:
    """Those chosen, as rows of their own, and how many each skip passes over.

    The conditions of a list may bring their own joins: what is counted stands outside of them.
    """
    left = Customer.objects.get_queryset().filter(pk__in=chosen)
    counted, before = {"total": Count("pk")}, Q()
    for n, skip in enumerate(skips):
        counted[f"skip{n}"] = Count("pk", filter=before & skip.who)
        before &= ~skip.who
    return left, left.aggregate(**counted)


def _names(rows: CustomerQuerySet, most: int) -> list[str]:
    found = rows.order_by("-last_activity_at", "-pk").only("name")
    return [row.name for row in found[:most]]


def _groups(rows: CustomerQuerySet, deed: Deed, values: Values) -> list[Group]:
    after = deed.after(values)
    counted = (
        rows.annotate(had=deed.before(values))
        .values("had")
        .annotate(n=Count("pk"))
        .order_by("-n", "had")
    )
    return [Group(str(one["had"] or ""), after, one["n"]) for one in counted[: GROUPS + 100]]
