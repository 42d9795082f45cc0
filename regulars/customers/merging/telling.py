"""Whom a merge was about: by name while they are one, and afterwards to who sees them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from regulars.customers.models import Customer, Merge
from regulars.timeline.models import Event

if TYPE_CHECKING:
    from regulars.staff.models import User

MERGED, UNMERGED = KINDS = ("customer.merged", "customer.unmerged")


def told(merge: Merge, others: Sequence[str], names: Sequence[str]) -> dict[str, Any]:
    """What the entry says of a merge with these, by public id."""
    return {"other": _listed(names), "merge": str(merge.public_id), "ids": list(others)}


def took_out(merge: Merge, out: Sequence[str], *, of: str = "") -> dict[str, Any]:
    """What the entry says of taking these out, or on theirs (`of`) out of whom: nobody by name."""
    said = {"merge": str(merge.public_id), "ids": list(out)}
    return {**said, "of": of} if of else said


def unname(merge: Merge, holder: Customer) -> None:
    """The entry of the merge names only those who still live on in whoever holds it."""
    names = [str(p.row["name"]) for p in merge.profiles.filter(undone_at=None).order_by("pk")]
    events = Event.objects.filter(customer=holder, kind=MERGED, data__merge=str(merge.public_id))
    for event in events:
        data = {key: value for key, value in event.data.items() if key != "other"}
        if names:
            data["other"] = _listed(names)
        Event.objects.filter(pk=event.pk).update(data=data)


def name(events: Iterable[Event], viewer: User) -> None:
    """Add who it was to entries that name nobody, where the viewer sees every one of them."""
    nameless = [
        event
        for event in events
        if event.kind in KINDS and event.data.get("ids") and not event.data.get("other")
    ]
    if not nameless:
        return
    wanted = {one for event in nameless for one in event.data["ids"]}
    seen = Customer.objects.visible_to(viewer).filter(public_id__in=wanted)
    names = {str(public_id): known for public_id, known in seen.values_list("public_id", "name")}
    for event in nameless:
        ids = event.data["ids"]
        if names.keys() >= set(ids):
            key = "from" if event.data.get("of") else "other"
            event.data = {**event.data, key: _listed([names[one] for one in ids])}


def _listed(names: Sequence[str]) -> str:
    """“Rita Moss, Bo Li, Cy Ross and 2 more”."""
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
