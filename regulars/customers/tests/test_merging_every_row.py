"""Random rows of every table there is, of rooms and packs, merged, changed and taken apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, models, transaction
from hypothesis import given
from hypothesis import strategies as st

from regulars.customers.history.context import writing
from regulars.customers.merging import strictness
from regulars.customers.merging.holding import refresh
from regulars.customers.merging.undoing import one_leads
from regulars.customers.merging.whose import columns, is_pair, tables
from regulars.customers.models import Customer, Merge, MergedProfile
from regulars.lib import clock
from regulars.staff.models import User
from tests.laws import takes_unshrunk

from .test_merging import changed, everything
from .test_merging_interleaved import (
    BONDS,
    EDIT,
    LAST,
    LIVED,
    MERGE,
    TWO,
    UNDO,
    Deeds,
    Town,
    about,
    now,
)
from .test_merging_laws import taken_back, torn

pytestmark = pytest.mark.django_db
# What merging itself writes; everything else is filled.
FILLED = [model for model in tables() if model not in (Customer, Merge, MergedProfile)]
ROW = st.tuples(st.sampled_from(["row", "cell"]), TWO)
LUCK = st.builds(Random, st.integers(0, 10**6))
LAW = takes_unshrunk(8)
KINDS_OF_OTHERS = 2  # so many tags, lists and tasks' doers there are: often two have the same


class Maker:
    """Makes rows with random values in any column, also in those that may be empty."""

    def __init__(self, luck: Random, by: User) -> None:
        self.luck, self.by = luck, by

    def row(self, model: type[models.Model], customer: int, other: int) -> models.Model | None:
        """A row of `customer`, where need be with `other`; None where they have it already."""
        whose = [one.field for one in columns() if one.model is model]
        ids = sorted([customer, other]) if is_pair(model) else [customer] * len(whose)
        mine = {f"{name}_id": pk for name, pk in zip(whose, ids, strict=True)}
        for full in (0.6, 0.6, 0.3, 0.3, *[0.0] * 6):  # until all constraints hold
            try:
                with transaction.atomic():
                    values = self._values(model, customer, whose, full)
                    return model._base_manager.create(**mine, **values)
            except DatabaseError:
                continue
        return None

    def cell(self, model: type[models.Model], row: models.Model, customer: int) -> bool:
        """Another value in one of its own columns."""
        fields = [
            field
            for field in model._meta.local_concrete_fields
            if not (field.primary_key or field.is_relation or _constraints(field))
            and isinstance(field, models.TextField | models.CharField | models.DecimalField)
            and not field.choices
        ]
        if not fields:
            return False
        field = self.luck.choice(fields)
        try:
            with transaction.atomic(), writing(self.by):
                found = model._base_manager.filter(pk=row.pk)
                found.update(**{field.name: self._value(field, customer)})
        except DatabaseError:
            return False
        return True

    def _values(
        self, model: type[models.Model], customer: int, but: Sequence[str], share: float
    ) -> dict[str, Any]:
        return {
            field.name: self._value(field, customer)
            for field in model._meta.local_concrete_fields
            if not field.primary_key and field.name not in but and self._fills(field, share)
        }

    def _fills(self, field: Any, share: float) -> bool:
        given = getattr(field, "db_default", models.NOT_PROVIDED) is not models.NOT_PROVIDED
        if field.null or field.blank or field.has_default() or given:
            return not field.has_default() and not given and self.luck.random() < share
        return True

    def _value(self, field: Any, customer: int) -> Any:
        luck = self.luck
        if field.related_model is not None:
            return self._kin(field.related_model, customer)
        if field.choices:
            return luck.choice([str(key) for key, _ in field.flatchoices if key])
        if isinstance(field, models.BooleanField):
            return False
        if isinstance(field, models.DateTimeField):
            return clock.now() - timedelta(hours=luck.randrange(1, 9_000))
        if isinstance(field, models.DateField):
            return clock.now().date() - timedelta(days=luck.randrange(900))
        if isinstance(field, models.UUIDField):
            return UUID(int=luck.getrandbits(128), version=4)
        if isinstance(field, models.GenericIPAddressField):
            return f"192.0.2.{luck.randrange(250)}"
        if isinstance(field, models.JSONField):
            return {}
        if isinstance(field, models.IntegerField | models.DecimalField | models.FloatField):
            return luck.randrange(30_000)
        return self._text(field)

    def _text(self, field: Any) -> str:
        number = self.luck.randrange(10**9 if _is_once(field) else 4)
        if field.name == "e164":  # pages show it, so it has to be one
            return f"+1734555010{number}"
        return f"{field.name} {number}"[: field.max_length or 40]

    def _kin(self, model: type[models.Model], customer: int) -> Any:
        if model is User:
            return self.by
        mine = [field.name for field in model._meta.local_concrete_fields
                if field.related_model is Customer and field.name == "customer"]  # fmt: skip
        rows = model._base_manager.order_by("pk")
        if mine:
            rows = rows.filter(customer=customer)
        if len(found := list(rows[:50])) >= (1 if mine else KINDS_OF_OTHERS):
            return self.luck.choice(found)
        if mine:
            return self.row(model, customer, customer)
        return model._base_manager.create(**self._values(model, customer, (), 0))


def _is_once(field: Any) -> bool:
    """Whether a value stands for one thing in the whole workspace, such as an id elsewhere."""
    ours = any(one.model is field.model for one in columns())
    return not ours or any("customer" not in group for group in _constraints(field))


def _constraints(field: Any) -> list[set[str]]:
    """The columns that are unique together, of which this is one."""
    found = [
        set(c.fields)
        for c in field.model._meta.constraints
        if isinstance(c, models.UniqueConstraint)
    ]
    found += [{field.name}] if field.unique else []
    return [group for group in found if field.name in group]


class FullTown(Town):
    """Everybody has a row of every table, random ones."""

    def __init__(self, lives: list[dict[str, Any]], bonds: Deeds, luck: Random, by: User) -> None:
        super().__init__(lives, bonds, by)
        self.maker, self.luck = Maker(luck, by), luck
        self.since: list[models.Model] = []
        for one in self.people:
            other = luck.choice([p for p in self.people if p is not one])
            for model in FILLED:
                for _ in range(luck.choice([1, 1, 2])):
                    self.maker.row(model, one.pk, other.pk)
        one_leads(self.people)
        for one in self.people:
            strictness.restate(one)
        refresh([one.pk for one in self.people])

    def _edit(self, what: str, numbers: list[int]) -> None:
        if what not in ("row", "cell"):
            super()._edit(what, numbers)
            return
        one, other = (now(self.people[n]) for n in numbers)
        if one.pk == other.pk:
            return
        self.touched |= {m for m, p in enumerate(self.people) if now(p) in (one, other)}
        model = self.luck.choice(FILLED)
        if what == "row":
            made = self.maker.row(model, one.pk, other.pk)
            self.since += [made] if made else []
        elif rows := list(model._base_manager.filter(customer=one.pk).order_by("pk")):
            self.maker.cell(model, self.luck.choice(rows), one.pk)


def whose() -> Iterator[tuple[str, Any, tuple[int, ...]]]:
    """Of every row of theirs, whose it is."""
    for model in FILLED:
        fields = [one.attname for one in columns() if one.model is model]
        for pk, *ids in model._base_manager.values_list("pk", *fields):
            yield model._meta.label, pk, tuple(ids)


@LAW
@given(lives=LIVED, bonds=BONDS, luck=LUCK,
       deeds=st.lists(MERGE | UNDO, min_size=2, max_size=6), last=LAST)  # fmt: skip
def test_with_rows_of_every_table_undoing_gives_back_what_was(
    ana: User, lives: list[dict[str, Any]], bonds: Deeds, luck: Random, deeds: Deeds,
    last: list[int],
) -> None:  # fmt: skip
    with taken_back():
        town = FullTown(lives, bonds, luck, ana)
        held = {(model, one) for model, _, ids in whose() for one in ids}
        assert {(m._meta.label, p.pk) for m in FILLED for p in town.people} <= held
        before = everything()
        for what, numbers in deeds:
            town.do(what, numbers)
        town.take_apart(last)
        assert changed(before, everything()) == {}


@LAW
@given(lives=LIVED, bonds=BONDS, luck=LUCK,
       deeds=st.lists(MERGE | UNDO | EDIT | ROW, min_size=4, max_size=12), last=LAST)  # fmt: skip
def test_with_rows_of_every_table_and_edits_between_everybody_has_what_was_theirs(
    ana: User, lives: list[dict[str, Any]], bonds: Deeds, luck: Random, deeds: Deeds,
    last: list[int],
) -> None:  # fmt: skip
    with taken_back():
        town = FullTown(lives, bonds, luck, ana)
        then, before = set(whose()), everything()
        for what, numbers in deeds:
            town.do(what, numbers)
        town.take_apart(last)
        assert then - set(whose()) == set()
        alone = {p.pk for n, p in enumerate(town.people) if n not in town.touched}
        assert changed(about(before, alone), about(everything(), alone)) == {}
        people = {p.pk for p in town.people}
        for made in town.since:
            made.refresh_from_db()
            assert made.customer_id in people  # type: ignore[attr-defined]
        assert torn() == []
