"""Taking back what was done about who lives with whom; and households of whom is forgotten."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from regulars.customers.history.context import because, writing
from regulars.customers.merging.memory import brought_by
from regulars.customers.models import (
    ChangeKind,
    Customer,
    Household,
    HouseholdChange,
    HouseholdDeed,
    HouseholdMove,
    MergedProfile,
    NotFamily,
    keepings,
)
from regulars.lib import clock, names
from regulars.lib.errors import Invalid
from regulars.lib.retrying import retried
from regulars.timeline import actions as timeline

from .households import MOST
from .touched import several, touch

if TYPE_CHECKING:
    from regulars.staff.models import User

DONE = "This was undone already"
MOVED_ON = "All of them live elsewhere since; nothing was changed"


@retried
def undo_household(change: HouseholdChange, *, by: User | None) -> list[Customer]:
    """Everybody lives where they did before; whoever moved on since stays, and is answered.

    A household that ended is there again, with its name. Raises `Invalid`.
    """
    with because(how="undo"), writing(by):
        rows = several(change.moves.values_list("customer", flat=True))
        moves = [move for move in change.moves.order_by("pk") if move.customer_id in rows]
        homes = {one for move in moves for one in (move.before, move.after) if one}
        brought = brought_by(HouseholdMove, rows)
        own = {move.customer_id for move in moves if move.pk not in brought}
        _hold(homes)
        change = HouseholdChange.objects.select_for_update().get(pk=change.pk)
        if change.undone_at is not None:
            raise Invalid({"household": DONE})
        asked_again = NotFamily.objects.filter(change=change).delete()[0]
        stay = []
        for move in moves:
            lent = move.pk in brought and _lent_back(move, brought[move.pk])
            leads = move.pk not in brought or move.customer_id not in own
            if not (leads and _back(move, rows)) and not lent:
                stay.append(rows[move.customer_id])
        if moves and len(stay) == len(moves) and not asked_again:
            raise Invalid({"household": MOVED_ON})
        if change.named:
            _unname(change)
        waiting = {move.before for move in moves if move.pk in brought and move.customer_id in own}
        for home in sorted(homes):
            if Customer.objects.get_queryset().filter(household=home).count() > MOST:
                raise Invalid({"household": f"A household has at most {MOST} people"})
            if home not in waiting:  # for somebody who comes back to it
                tidy(home, by=by)
        told = {move.customer_id for move in moves} - {row.pk for row in stay}
        for pk in sorted(told):
            touch(rows[pk])
            timeline.record(rows[pk], "household.put_back", by=by)
        change.undone_at, change.undone_by = clock.now(), by
        change.save(update_fields=["undone_at", "undone_by"])
    return stay


def _hold(homes: Collection[int]) -> None:
    """Those that are there still; others lock them in the same order."""
    rows = Household.objects.select_for_update(no_key=True).filter(pk__in=homes)
    list(rows.order_by("pk").values_list("pk", flat=True))


def _back(move: HouseholdMove, rows: dict[int, Customer]) -> bool:
    """Where they lived before, with the word for it; False for whoever moved on since."""
    row = rows[move.customer_id]
    if row.household_id != move.after:
        return False
    if move.before == move.after:
        return True
    if move.before and not Household.objects.filter(pk=move.before).exists():
        _again(move.before)
    word = move.relation_before if row.relation == move.relation_after else row.relation
    Customer.objects.filter(pk=row.pk).update(
        household=move.before, relation=word if move.before else ""
    )
    row.household_id = move.before
    return True


def _lent_back(move: HouseholdMove, profile: MergedProfile) -> bool:
    """The same for who lives on in somebody else: they come back to where they lived before. What
    their household gave to whoever holds them follows."""
    if profile.row.get("household_id") != move.after:
        return False
    word = move.relation_before if move.before else ""
    profile.row = {**profile.row, "household_id": move.before, "relation": word}
    profile.save(update_fields=["row"])
    written = profile.changes.filter(kind=ChangeKind.CHANGE, after__household_id=move.after)
    for change in written.filter(model=Customer._meta.label_lower):
        change.after = {**change.after, "household_id": move.before}
        change.save(update_fields=["after"])
    return True


def _again(household: int) -> None:
    """A household that ended, as it was at last."""
    last: Any = _past(household).order_by("pgh_id").last()
    Household.objects.create(
        pk=household,
        name=last.name if last else "",
        created_at=last.created_at if last else clock.now(),
        created_by_id=last.created_by_id if last else None,
    )


def _unname(change: HouseholdChange) -> None:
    """The name that came along goes back with whoever brought it."""
    brought = _past(change.other or 0).order_by("pgh_id").last()
    if change.deed == HouseholdDeed.COMBINED and brought is not None:
        for home in Household.objects.filter(pk=change.household or 0, name=brought.name):
            home.name = ""
            home.save(update_fields=["name"])


def tidy(household: int, *, by: User | None) -> None:
    """A household with nobody or one left ends."""
    left = list(Customer.objects.get_queryset().filter(household=household).order_by("pk")[:2])
    if len(left) > 1 or not Household.objects.filter(pk=household).exists():
        return
    for row in several(one.pk for one in left).values():
        Customer.objects.filter(pk=row.pk).update(household=None, relation="")
        touch(row)
        timeline.record(row, "household.left", by=by)
    Household.objects.filter(pk=household).delete()


# --- Forgetting


def forget_homes(households: Collection[int], customer: Customer, *, by: User | None) -> None:
    """Of a customer who is erased: what they leave alone ends, and no household is called, or was
    ever called, after them."""
    for household in sorted(households):
        tidy(household, by=by)
        left = list(Customer.objects.get_queryset().filter(household=household)[:MOST])
        kept = Household.objects.filter(pk=household).first()
        if kept is None:
            _past(household).update(name="")
        elif _names(kept.name, customer, left):
            kept.name = ""
            kept.save(update_fields=["name"])
            _past(household).update(name="")


def _names(called: str, gone: Customer, left: Sequence[Customer]) -> bool:
    """Whether a household is called after somebody, and after nobody who stays."""
    stay = {word for one in left for word in names.fold(one.name).split()}
    theirs = tuple(set(names.fold(gone.name).split()) - stay)
    return any(word.startswith(theirs) for word in names.fold(called).split())


def _past(household: int) -> QuerySet[Any]:
    (kept,) = (one for one in keepings() if one.model is Household)
    return kept.history._default_manager.filter(pgh_obj=household)
