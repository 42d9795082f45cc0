"""Taking profiles out of one another again: each comes back with everything that was theirs.

What was changed since stays as it is; what came since stays where it is, unless it says whose it
is or somebody does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, models, transaction

from regulars.customers.history.context import because, writing
from regulars.customers.models import (
    ChangeKind,
    Contact,
    Customer,
    Location,
    Merge,
    MergeChange,
    MergedProfile,
)
from regulars.lib import clock
from regulars.lib.errors import Invalid, Stale
from regulars.lib.retrying import retried
from regulars.live import notices
from regulars.timeline import actions as timeline

from . import strictness
from .acting import held, refreshed
from .journal import delete, fields_of, insert, label, model_of, raw, update
from .since import since
from .walk import referring, tables

if TYPE_CHECKING:
    from regulars.staff.models import User

LED: tuple[type[models.Model], ...] = (Contact, Location)
DONE = "This was undone already"
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
        stays = _held(merge)
        profiles = list(merge.profiles.filter(undone_at=None).order_by("-pk"))
        wanted = [p for p in profiles if only is None or str(p.public_id) in only]
        if not wanted or (only is not None and len(wanted) < len(set(only))):
            raise Invalid({"merge": DONE})
        merge.customer = stays
        going = _going(merge, wanted, dict(gives or {}), stays)
        back = [_Return(profile, stays).back() for profile in wanted]
        for (model, pk), public_id in going.items():
            _give(model, pk, stays, next(c for c in back if str(c.public_id) == public_id))
        everyone = [stays, *back]
        _one_leads(everyone)
        for customer in everyone:
            strictness.restate(customer)
        refreshed([c.pk for c in everyone])
        notices.announce([c.pk for c in everyone], moved=True)
        now = clock.now()
        for profile in wanted:
            profile.undone_at, profile.undone_by, profile.row = now, by, {}
            profile.save(update_fields=["undone_at", "undone_by", "row"])
            profile.changes.all().delete()
        _tell(merge, stays, back, by)
    for customer in back:
        customer.refresh_from_db()
    return back


def _held(merge: Merge) -> Customer:
    """Whoever holds it all, locked; it may have been merged on before we had the lock."""
    at = Merge.objects.filter(pk=merge.pk).values_list("customer", flat=True).first()
    rows = held([Customer(pk=at)]) if at else {}
    now = Merge.objects.filter(pk=merge.pk).values_list("customer", flat=True).first()
    if at is None or at != now or at not in rows:
        raise Stale(MERGED_ON)
    return rows[at]


def _tell(merge: Merge, stays: Customer, back: Sequence[Customer], by: User | None) -> None:
    said = {"merge": str(merge.public_id), "ids": [str(c.public_id) for c in back]}
    named = ", ".join(c.name for c in back[:3])
    timeline.record(stays, "customer.unmerged", by=by, data={"other": named, **said})
    for customer in back:
        data = {"from": stays.name, "merge": str(merge.public_id), "ids": [str(stays.public_id)]}
        timeline.record(customer, "customer.unmerged", by=by, data=data)


# --- What came since


def _going(
    merge: Merge, wanted: Sequence[MergedProfile], gives: dict[str, str], stays: Customer
) -> dict[tuple[type[models.Model], Any], str]:
    """Which rows go with whom: as somebody says, else as the row itself says."""
    ids = {str(p.public_id) for p in wanted}
    found = {}
    for row in since(merge, wanted):
        public_id = gives.pop(row.key, row.belongs_to)
        if public_id in ids:
            found[row.model, row.pk] = public_id
        elif public_id not in ("", str(stays.public_id)):
            raise Invalid({f"give.{row.key}": "This is none of the customers that come apart"})
    if gives:
        raise Invalid({f"give.{key}": "There is no such entry since the merge" for key in gives})
    return found


def _give(model: type[models.Model], pk: Any, of: Customer, to: Customer) -> None:
    """The row and what hangs on it."""
    try:
        with transaction.atomic():
            values: dict[str, Any] = {"customer": to}
            if model in LED:
                values["is_primary"] = False
            model._base_manager.filter(pk=pk, customer=of).update(**values)
            for field in referring(model):
                if any(f.name == "customer" for f in fields_of(field.model)):
                    rows = field.model._base_manager.filter(**{field.name: pk}, customer=of)
                    rows.update(customer=to)
    except IntegrityError:
        key = f"give.{label(model)}:{pk}"
        raise Invalid({key: f"{to.name} has the same already; leave it here"}) from None


def _one_leads(customers: Sequence[Customer]) -> None:
    """Exactly one contact and location of everybody is the primary one."""
    for model in LED:
        for customer in customers:
            rows = model._base_manager.filter(customer=customer)
            if not rows.filter(is_primary=True).exists():
                first = rows.order_by("pk").first()
                if first is not None:
                    model._base_manager.filter(pk=first.pk).update(is_primary=True)


# --- One profile


class _Return:
    """One profile on its way back, out of `stays`."""

    def __init__(self, profile: MergedProfile, stays: Customer) -> None:
        self.profile, self.stays = profile, stays
        self.pk = profile.old_id
        self.waiting: list[tuple[type[models.Model], Any, Any]] = []
        self.led: dict[tuple[type[models.Model], Any], bool] = {}
        later = MergeChange.objects.filter(
            profile__customer=stays, profile__undone_at=None, profile__pk__gt=profile.pk
        ).order_by("pk")
        gone = later.filter(kind=ChangeKind.DELETE)
        self.absorbed = {(c.model, c.ids[0]): c for c in gone}
        self.by_merges: dict[tuple[str, Any], list[MergeChange]] = {}
        for change in later.filter(kind=ChangeKind.CHANGE):
            self.by_merges.setdefault((change.model, change.ids[0]), []).append(change)

    def back(self) -> Customer:
        insert(Customer, self._sound(Customer, self.profile.row))
        take = {
            ChangeKind.MOVE: self._move,
            ChangeKind.CHANGE: self._change,
            ChangeKind.DELETE: self._revive,
            ChangeKind.INSERT: self._unwrite,
        }
        changes = list(self.profile.changes.order_by("-pk"))
        self._step_back(changes)
        for change in changes:
            take[ChangeKind(change.kind)](change, model_of(change.model))
        own: dict[tuple[str, Any], set[str]] = {}
        for change in changes:
            if change.kind == ChangeKind.CHANGE:
                own.setdefault((change.model, change.ids[0]), set()).update(change.before)
        for change in changes:
            if change.kind == ChangeKind.MOVE:
                self._unchanged_by_later_merges(change, model_of(change.model), own)
        self._let_go()
        self._lead()
        return Customer.objects.get_queryset().get(pk=self.pk)

    def _sound(self, model: type[models.Model], row: Mapping[str, Any]) -> dict[str, Any]:
        """The row with references only to what is there: a merged customer is the one they are
        now, and what is gone is nothing. What it hangs on may yet come back."""
        found = dict(row)
        for field in fields_of(model):
            value = found.get(field.column)
            target = field.related_model
            if value is None or target is None or isinstance(target, str):
                continue
            if target._base_manager.filter(pk=value).exists():
                continue
            if target is not Customer and target in tables() and not field.null:
                self.waiting.append((model, found[str(model._meta.pk.column)], field))
            else:
                found[field.column] = self._instead(target, value)
        return found

    def _let_go(self) -> None:
        """What hung on a row that somebody has deleted since has gone with it."""
        for model, pk, field in self.waiting:
            value = raw(model, [pk]).get(pk, {}).get(field.column)
            if value is not None and not field.related_model._base_manager.filter(pk=value):
                delete(model, pk)

    def _instead(self, target: type[models.Model], value: Any) -> Any:
        if target is not Customer:
            return None
        rows = MergedProfile.objects.filter(old_id=value, undone_at=None)
        now = rows.values_list("customer", flat=True).first()
        return None if now == self.pk else now

    def _whose(self, model: type[models.Model], row: Mapping[str, Any]) -> bool:
        """Whether the row is still one of these two's, as far as rows of this table are anyone's.

        One that was taken out by another undoing in between is not ours any more.
        """
        if model is Customer or model not in tables():
            return True
        owners = [row.get(f.column) for f in fields_of(model) if f.related_model is Customer]
        return bool({self.pk, self.stays.pk} & set(owners))

    def _move(self, change: MergeChange, model: type[models.Model]) -> None:
        ((column, was),) = change.before.items()
        for pk in [pk for pk in change.ids if (change.model, pk) in self.absorbed]:
            self._resurrect(change.model, pk, {column: was})
        rows = model._base_manager.filter(pk__in=change.ids, **{column: self.stays.pk})
        rows.update(**{column: was})

    def _unchanged_by_later_merges(
        self,
        change: MergeChange,
        model: type[models.Model],
        own: Mapping[tuple[str, Any], Collection[str]],
    ) -> None:
        """What left with us takes along nothing that a later merge made of it, such as its place
        among the phones of another contact; that merge's own undoing no longer finds it.

        What is as it was before our own merge may look like what a later one made of it.
        """
        for pk in change.ids:
            for later in reversed(self.by_merges.get((change.model, pk), [])):
                row = raw(model, [pk]).get(pk)
                if row is None or not self._is_back(model, row):
                    return
                written = {c for c, value in later.after.items() if row.get(c) == value}
                written -= set(own.get((change.model, pk), ()))
                values = {c: v for c, v in later.before.items() if c in written}
                values = self._sound_values(model, values)
                values.pop("is_primary", None)
                if values:
                    update(model, pk, values)

    def _is_back(self, model: type[models.Model], row: Mapping[str, Any]) -> bool:
        return self.pk in [
            row.get(f.column) for f in fields_of(model) if f.related_model is Customer
        ]

    def _sound_values(self, model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
        """Without references to what is not here."""
        found = dict(values)
        for field in fields_of(model):
            target, value = field.related_model, found.get(field.column)
            if value is None or target is None or isinstance(target, str):
                continue
            if not target._base_manager.filter(pk=value).exists():
                del found[field.column]
        return found

    def _resurrect(self, name: str, pk: Any, values: Mapping[str, Any]) -> None:
        """A later merge absorbed the row: it is ours again, and no longer that merge's."""
        later = self.absorbed.pop((name, pk))
        model = model_of(name)
        row = self._sound(model, {**later.before, **values})
        if model in LED:
            row["is_primary"] = False
        if self._fits(model, row):
            later.delete()

    def _change(self, change: MergeChange, model: type[models.Model]) -> None:
        (pk,) = change.ids
        if (change.model, pk) in self.absorbed:
            later = self.absorbed[change.model, pk]
            later.before = {**later.before, **self._undone(change, later.before)}
            later.save(update_fields=["before"])
            return
        row = raw(model, [pk]).get(pk)
        if row is None:
            if model is Customer:
                self._patch(change, pk)
            return
        if not self._whose(model, row):
            return
        values = self._undone(change, row) | self._referring_back(change, model)
        if model in LED and "is_primary" in change.before:
            self.led[model, pk] = bool(change.before["is_primary"])
            values.pop("is_primary", None)
        if values:
            update(model, pk, values)

    def _undone(self, change: MergeChange, row: Mapping[str, Any]) -> dict[str, Any]:
        """The columns that nobody but a later merge has changed since, as they were before."""
        written = [change, *self.by_merges.get((change.model, change.ids[0]), [])]
        return {
            column: value
            for column, value in change.before.items()
            if any(row.get(column) == c.after[column] for c in written if column in c.after)
        }

    def _referring_back(self, change: MergeChange, model: type[models.Model]) -> dict[str, Any]:
        """A reference to what is here again is taken up whatever became of it meanwhile."""
        found = {}
        for field in fields_of(model):
            target = field.related_model
            if field.column not in change.before or target is None or isinstance(target, str):
                continue
            value = change.before[field.column]
            ours = target in tables() or target is Customer
            if ours and value and target._base_manager.filter(pk=value).exists():
                found[field.column] = value
        return found

    def _patch(self, change: MergeChange, pk: int) -> None:
        """The one who took it in was merged on: what they are to be when they come back."""
        rows = MergedProfile.objects.filter(old_id=pk, undone_at=None)
        for profile in rows.select_for_update():
            profile.row = {**profile.row, **self._undone(change, profile.row)}
            profile.save(update_fields=["row"])

    def _revive(self, change: MergeChange, model: type[models.Model]) -> None:
        (pk,) = change.ids
        row = self._sound(model, change.before)
        if model in LED:
            self.led[model, pk] = bool(row["is_primary"])
            row["is_primary"] = False
        if pk not in raw(model, [pk]):
            self._fits(model, row)

    def _fits(self, model: type[models.Model], row: Mapping[str, Any]) -> bool:
        """Put the row back, unless something that came since stands in its place."""
        lacks = [
            f.column
            for f in fields_of(model)
            if f.related_model is not None and not f.null and row.get(f.column) is None
        ]
        if lacks:
            return False
        try:
            with transaction.atomic():
                insert(model, row)
        except IntegrityError:
            return False
        return True

    def _unwrite(self, change: MergeChange, model: type[models.Model]) -> None:
        for pk in change.ids:
            later = self.absorbed.pop((change.model, pk), None)
            if later is not None:
                later.delete()
            elif pk in raw(model, [pk]):
                delete(model, pk)

    def _step_back(self, changes: Sequence[MergeChange]) -> None:
        """Of what goes nothing leads while it moves; who led before will lead again."""
        for model in LED:
            going = {
                pk
                for c in changes
                if c.model == label(model) and c.kind == ChangeKind.MOVE
                for pk in c.ids
            }
            lead = model._base_manager.filter(customer=self.stays, is_primary=True)
            for pk in lead.values_list("pk", flat=True):
                if pk in going:
                    self.led.setdefault((model, pk), True)
                    model._base_manager.filter(pk=pk).update(is_primary=False)

    def _lead(self) -> None:
        for model in LED:
            for customer in (self.pk, self.stays.pk):
                rows = model._base_manager.filter(customer=customer)
                if rows.filter(is_primary=True).exists():
                    continue
                led = [pk for (m, pk), was in self.led.items() if m is model and was]
                heir = rows.filter(pk__in=led).order_by("pk").first()
                if heir is not None:
                    model._base_manager.filter(pk=heir.pk).update(is_primary=True)
