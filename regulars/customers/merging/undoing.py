"""Taking profiles out of one another again: each comes back with everything that was theirs.

What was changed since stays as it is; what came since stays where it is, unless it says whose it
is or somebody does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import models

from regulars.customers.history.context import because, writing
from regulars.customers.models import (
    ConsentRecord,
    Customer,
    Merge,
    MergedProfile,
)
from regulars.lib import clock
from regulars.lib.errors import Invalid, Stale
from regulars.lib.retrying import retried
from regulars.live import notices
from regulars.timeline import actions as timeline

from . import strictness
from .giving import give
from .holding import held, one_at_a_time, refresh
from .journal import label
from .leading import LED
from .memory import forget
from .remaining import agree_again, agreed
from .returning import Return
from .since import since
from .telling import UNMERGED, took_out, unname

if TYPE_CHECKING:
    from regulars.staff.models import User

DONE = "This was undone already"
NOBODY = "This is none of those who were merged"
MERGED_ON = "Somebody merged or erased one of them meanwhile; try again"


@retried
def undo(
    merge: Merge,
    *,
    by: User | None,
    only: Collection[str] | None = None,
    gives: Mapping[str, str] | None = None,
) -> list[Customer]:
    """Take the merged profiles out again, all of them or `only` these public ids; who came back.

    `gives` says of rows that came since (`Since.key`) to which public id they go. One event on
    each. Raises `Invalid`, `Stale` when the customer was merged on just now.
    """
    with because(how="unmerge"), writing(by):
        one_at_a_time()
        stays = _held(merge)
        profiles = list(merge.profiles.filter(undone_at=None).order_by("-pk"))
        wanted = [p for p in profiles if only is None or str(p.public_id) in only]
        if only and set(only) - {
            str(each) for each in merge.profiles.values_list("public_id", flat=True)
        }:
            raise Invalid({"only": NOBODY})
        if not wanted or (only is not None and len(wanted) < len(set(only))):
            raise Invalid({"merge": DONE})
        merge.customer = stays
        going = _going(merge, profiles, wanted, dict(gives or {}), stays)
        said, fields = strictness.standing(stays), agreed(stays)
        had = {profile.old_id: strictness.had(profile) for profile in wanted}
        back = [_out(profile, stays, by) for profile in wanted]
        for (model, pk), public_id in going.items():
            give(model, pk, stays, next(c for c in back if str(c.public_id) == public_id))
        agree_again(stays, fields)
        everyone = [stays, *back]
        since_then = merge.marks.get(label(ConsentRecord), 0)
        forget(ConsentRecord, strictness.share(stays, back, since=since_then), of=stays)
        for one in back:
            strictness.keep_saying(one, said, had[one.pk])
        one_leads(everyone)
        for customer in everyone:
            strictness.restate(customer)
        refresh([c.pk for c in everyone])
        notices.announce([c.pk for c in everyone], moved=True)
        _tell(merge, stays, back, by)
    for customer in back:
        customer.refresh_from_db()
    return back


def _out(profile: MergedProfile, stays: Customer, by: User | None) -> Customer:
    """One of them is there again; nothing is left to take back."""
    customer = Return(profile, stays).back()
    profile.undone_at, profile.undone_by, profile.row = clock.now(), by, {}
    profile.save(update_fields=["undone_at", "undone_by", "row"])
    profile.changes.all().delete()
    return customer


def _held(merge: Merge) -> Customer:
    """Whoever holds it all, locked; it may have been merged on before we had the lock."""
    at = Merge.objects.filter(pk=merge.pk).values_list("customer", flat=True).first()
    rows = held([Customer(pk=at)]) if at else {}
    now = Merge.objects.filter(pk=merge.pk).values_list("customer", flat=True).first()
    if at is None or at != now or at not in rows:
        raise Stale(MERGED_ON)
    return rows[at]


def _tell(merge: Merge, stays: Customer, back: Sequence[Customer], by: User | None) -> None:
    """Whoever sees the one need not see the others: nobody is named from here on."""
    unname(merge, stays)
    ids = [str(one.public_id) for one in back]
    timeline.record(stays, UNMERGED, by=by, data=took_out(merge, ids))
    holder = str(stays.public_id)
    for one in back:
        timeline.record(one, UNMERGED, by=by, data=took_out(merge, [holder], of=holder))


# --- What came since


def _going(
    merge: Merge,
    there: Sequence[MergedProfile],
    wanted: Sequence[MergedProfile],
    gives: dict[str, str],
    stays: Customer,
) -> dict[tuple[type[models.Model], Any], str]:
    """Which rows go with whom: as somebody says, else as the row itself says. What belongs to
    somebody who is not taken out stays with them."""
    known = {"", str(stays.public_id), *(str(p.public_id) for p in there)}
    ids = {str(p.public_id) for p in wanted}
    found = {}
    for row in since(merge, there):
        public_id = gives.pop(row.key, row.belongs_to)
        if public_id in ids:
            found[row.model, row.pk] = public_id
        elif public_id not in known:
            raise Invalid({f"give.{row.key}": "This is none of the customers that come apart"})
    if gives:
        raise Invalid({f"give.{key}": "There is no such entry since the merge" for key in gives})
    return found


def one_leads(customers: Sequence[Customer]) -> None:
    """Exactly one contact and location of everybody is the primary one."""
    for model in LED:
        for customer in customers:
            rows = model._base_manager.filter(customer=customer)
            if not rows.filter(is_primary=True).exists():
                first = rows.order_by("pk").first()
                if first is not None:
                    model._base_manager.filter(pk=first.pk).update(is_primary=True)
