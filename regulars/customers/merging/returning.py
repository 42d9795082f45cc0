"""One profile on its way back out of whoever holds it: the journal, read backwards.

Merges that came later may have moved on, absorbed or changed what is theirs. Whatever leaves is
taken out of what they have done; where they wrote over what this merge wrote, they now stand on
what was there before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import Any

from django.db import IntegrityError, models, transaction

from regulars.customers.models import (
    ChangeKind,
    Customer,
    ExternalId,
    FormerExternalId,
    MergeChange,
    MergedProfile,
)

from .chain import Row, groups, referring_back, undone, without
from .hanging import Key, followers
from .heirs import stand_again
from .journal import TWIN, delete, fields_of, insert, label, model_of, put_back, raw, update
from .leading import LED, Leads
from .memory import (
    absorb_by_another,
    forget,
    forget_of_one,
    renamed_where_absorbed,
)
from .references import References
from .referrers import in_the_past, patch
from .whose import PAIR, is_pair, paired, referring, tables

DELETED = ChangeKind.DELETE.value


class Return:
    """One profile on its way back, out of `stays`.

    `own` is its journal, the latest change first. Of the merges that still stand in `stays`,
    `absorbed` are the deletions by the row that went, `written` the changes by the row that they
    changed, the earliest first.

    What is found out on the way: `left`, the rows that leave, by table and column; `heirs`, which
    row stands in `stays` for one that leaves; `revived`, what came back and
    gives way to what was there when they merged; `unfit`, what found its place taken;
    `absorbed_pairs`, words about two that a later merge has absorbed.
    """

    def __init__(self, profile: MergedProfile, stays: Customer) -> None:
        self.profile, self.stays = profile, stays
        self.pk = profile.old_id
        self.own = list(profile.changes.order_by("-pk"))
        self.leads = Leads(stays)
        self.refers = References(self.pk)
        self.left: dict[tuple[type[models.Model], str], set[Any]] = {}
        self.heirs: dict[Key, Any] = {}
        self.revived: dict[type[models.Model], list[tuple[MergeChange, dict[str, Any]]]] = {}
        self.unfit: list[tuple[MergeChange, dict[str, Any]]] = []
        self.absorbed_pairs: list[Key] = []
        standing = MergeChange.objects.filter(
            profile__customer=stays, profile__undone_at=None
        ).exclude(profile=profile)
        gone = standing.filter(kind=ChangeKind.DELETE)
        self.absorbed: dict[Key, MergeChange] = {(c.model, c.ids[0]): c for c in gone}
        self.written: dict[Key, list[MergeChange]] = {}
        for change in standing.filter(kind=ChangeKind.CHANGE).order_by("pk"):
            self.written.setdefault((change.model, change.ids[0]), []).append(change)

    def back(self) -> Customer:
        """Put everything that was theirs back; the customer, who is here again."""
        insert(Customer, self.refers.sound(Customer, self.profile.row))
        take = {
            ChangeKind.MOVE: self._move,
            ChangeKind.CHANGE: self._change,
            ChangeKind.DELETE: self._revive,
            ChangeKind.INSERT: self._unwrite,
        }
        self.leads.step_back(self.own)
        for change in self.own:
            take[ChangeKind(change.kind)](change, model_of(change.model))
        # Behind the words that were not absorbed, which take the place of those about the same two.
        for name, pk in self.absorbed_pairs:
            renamed_where_absorbed(model_of(name), pk, self.profile)
        self._take_along()
        for (model, column), going in self.left.items():
            forget(model, going, of=self.stays, but=self.profile, column=column)
        self._hand_on()
        stand_again(self.left, self.heirs, stays=self.stays, but=self.profile)
        self.refers.let_go()
        self.leads.again(self.pk)
        for one in self.refers.adopted:
            one.remember()
        return Customer.objects.get_queryset().get(pk=self.pk)

    def _take_along(self) -> None:
        """What came since and hangs on something of ours, such as an address on a contact."""
        moved = [one for one in self.own if one.kind == ChangeKind.MOVE]
        for change in followers(
            moved, of=self.stays.pk, to=self.pk, written=self.written, absorbed=self.absorbed
        ):
            self._move(change, model_of(change.model))

    # --- Rows that moved

    def _move(self, change: MergeChange, model: type[models.Model]) -> None:
        ((column, was),) = change.before.items()
        going = self.left.setdefault((model, column), set())
        for pk in [pk for pk in change.ids if (change.model, pk) in self.absorbed]:
            self._reclaim(change, model, pk)
            going.add(pk)
        rows = model._base_manager.filter(pk__in=change.ids, **{column: self.stays.pk})
        pks = list(rows.values_list("pk", flat=True))
        going.update(pks)
        if model is Customer:
            going.update(in_the_past(change, column, was, leaves=self.profile, of=self.stays.pk))
        unwound = {
            pk: values
            for pk in pks
            if model is not Customer and (values := self._unwound(change, model, pk))
        }
        self._put(model, lambda: self._moved(model, pks, {column: was}, unwound))

    def _moved(
        self, model: type[models.Model], pks: list[Any], whose: Row, unwound: Mapping[Any, Row]
    ) -> bool:
        """What a row says may be taken where it comes from, so it says so where it goes."""
        may_wait = bool(self.revived.get(model))
        try:
            with transaction.atomic() if may_wait else nullcontext():
                model._base_manager.filter(pk__in=set(pks) - unwound.keys()).update(**whose)
                for pk, values in unwound.items():
                    update(model, pk, {**values, **whose})
        except IntegrityError:
            if not may_wait:
                raise
            return False
        return True

    def _put(self, model: type[models.Model], put: Callable[[], bool]) -> bool:
        """What was there when they merged goes before what was handed to this merge since: that
        came back first, and waits again."""
        while not put():
            if not self.revived.get(model):
                return False
            change, row = self.revived[model].pop()
            delete(model, change.ids[0])
            self.unfit.append((change, row))
        return True

    def _unwound(self, change: MergeChange, model: type[models.Model], pk: Any) -> Row:
        """What leaves takes along nothing that a later merge made of it, such as its place among
        the phones of another contact: what it says instead, where it goes."""
        nodes = [one for one in self.written.pop((change.model, pk), ()) if one.pk > change.pk]
        if not nodes:
            return {}
        values = without(nodes, raw(model, [pk])[pk])
        values.pop("is_primary", None)
        return self.refers.sound_values(model, pk, values)

    def _reclaim(self, change: MergeChange, model: type[models.Model], pk: Any) -> None:
        """Another merge absorbed the row: it is ours again, and no longer that merge's."""
        gone = self.absorbed.pop((change.model, pk))
        if TWIN in gone.after:
            self.heirs[change.model, pk] = gone.after[TWIN]
        later = [one for one in self.written.pop((change.model, pk), ()) if one.pk > change.pk]
        ours = [
            one
            for one in reversed(self.own)
            if (one.kind, one.model, one.ids) == (ChangeKind.CHANGE, change.model, [pk])
            and one.pk < change.pk
        ]
        row = {**gone.before, **without([*ours, *later], gone.before), **change.before}
        if model in LED:
            row["is_primary"] = False
        if put_back(model, self.refers.sound(model, row)):
            gone.delete()
            if model is ExternalId:  # it leads to us again, and nowhere else
                same = {key: row[key] for key in ("system", "value")}
                FormerExternalId.objects.filter(**same).delete()
        else:
            gone.before = row
            gone.save(update_fields=["before"])
            self.unfit.append((gone, row))

    # --- Columns that changed

    def _change(self, change: MergeChange, model: type[models.Model]) -> None:
        (pk,) = change.ids
        if is_pair(model):
            self._unpair(model, pk)
            return
        rest = self._rested(change, model)
        if (change.model, pk) in self.absorbed:
            gone = self.absorbed[change.model, pk]
            gone.before = {**gone.before, **undone(change, model, gone.before, rest)}
            gone.save(update_fields=["before"])
            return
        row = raw(model, [pk]).get(pk)
        if row is None and model is Customer:
            patch(change, pk, rest)
        if row is None or not self._is_ours(model, row):
            return
        values = undone(change, model, row, rest) | referring_back(change, model)
        if model in LED and "is_primary" in change.before:
            self.leads.led[model, pk] = bool(change.before["is_primary"])
            values.pop("is_primary", None)
        values = self.refers.sound_values(model, pk, values)
        if values:
            update(model, pk, values)

    def _rested(self, change: MergeChange, model: type[models.Model]) -> set[str]:
        """The columns that no merge has written since; one that has stands on what was before."""
        rest = set(change.before)
        for node in self.written.get((change.model, change.ids[0]), ()):
            if node.pk < change.pk:
                continue
            for group in list(groups(model, rest)):
                if not node.before.keys() & set(group):
                    continue
                rest -= set(group)
                then = {**change.after, **node.before}
                found = undone(change, model, then, group)
                node.before = {**node.before, **found}
                node.after = {**{c: change.after[c] for c in found}, **node.after}
                node.save(update_fields=["before", "after"])
        return rest

    def _unpair(self, model: type[models.Model], pk: Any) -> None:
        """What was said of us and somebody else is said of us again, whoever that is now."""
        forget_of_one(model, pk, self.profile)
        row = raw(model, [pk]).get(pk)
        if row is None:
            self.absorbed_pairs.append((label(model), pk))
        elif self.stays.pk in (row[column] for column in PAIR):
            two = paired(row, self.stays.pk, self.pk)
            self._make_room(model, two)
            update(model, pk, two)

    def _make_room(self, model: type[models.Model], two: Row) -> None:
        """Another word about these two came back already, about somebody who lives on in the other
        one: it waits until they are taken out of there."""
        for one in model._base_manager.filter(**two):
            for change in self.own:
                if (change.kind, change.model, change.ids) == (DELETED, label(model), [one.pk]):
                    delete(model, one.pk)
                    self.unfit.append((change, change.before))

    def _is_ours(self, model: type[models.Model], row: Row) -> bool:
        """Whether the row is still one of these two's, as far as rows of this table are anyone's.

        One that was taken out by another undoing in between is not ours any more.
        """
        if model is Customer or model not in tables():
            return True
        return bool({self.pk, self.stays.pk} & _owners(model, row))

    # --- Rows that were absorbed or written

    def _revive(self, change: MergeChange, model: type[models.Model]) -> None:
        (pk,) = change.ids
        row = self.refers.sound(model, change.before)
        if TWIN in change.after and self.stays.pk in _owners(model, row):
            self.heirs[change.model, change.after[TWIN]] = pk
        if model in LED:
            self.leads.led[model, pk] = bool(row["is_primary"])
            row["is_primary"] = False
        if pk in raw(model, [pk]):
            return
        if not self._put(model, lambda: put_back(model, row)):
            self.unfit.append((change, row))
        elif not referring(model):
            self.revived.setdefault(model, []).append((change, row))

    def _hand_on(self) -> None:
        """What stood in its place may have left by now; else it waits for another undoing."""
        for change, row in self.unfit:
            model, (pk,) = model_of(change.model), change.ids
            if pk in raw(model, [pk]):
                continue
            if put_back(model, self.refers.sound(model, row)):
                if change.profile_id != self.profile.pk:
                    change.delete()
            elif change.profile_id == self.profile.pk:
                olds = [
                    one.was for one in self.refers.adopted if (one.model, one.pk) == (model, pk)
                ]
                absorb_by_another(change, row, olds, stays=self.stays, but=self.profile)

    def _unwrite(self, change: MergeChange, model: type[models.Model]) -> None:
        for pk in change.ids:
            later = self.absorbed.pop((change.model, pk), None)
            if later is not None:
                later.delete()
            elif pk in raw(model, [pk]):
                delete(model, pk)


def _owners(model: type[models.Model], row: Row) -> set[Any]:
    return {row.get(f.column) for f in fields_of(model) if f.related_model is Customer}
