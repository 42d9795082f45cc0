"""Of two who brought the same, one stands for both: when it leaves, the other is there again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db import models

from regulars.customers.models import (
    ChangeKind,
    Customer,
    ExternalId,
    FormerExternalId,
    MergeChange,
    MergedProfile,
)

from .hanging import Key, hangs_by, hung_on, whose_column
from .journal import TWIN, label, model_of, put_back, raw, update
from .leading import LED
from .memory import Adopted
from .whose import is_pair


def stand_again(
    left: Mapping[tuple[type[models.Model], str], Collection[Any]],
    heirs: dict[Key, Any],
    *,
    stays: Customer,
    but: MergedProfile,
) -> None:
    """What merges that stand have let go for a row that `left` comes to `stays`, as if they had
    moved it; the next ones of its kind have it as their twin.

    `heirs` are the rows that stand for those that left already.
    """
    nodes = MergeChange.objects.filter(
        profile__customer=stays, profile__undone_at=None, kind=ChangeKind.DELETE,
        after__has_key=TWIN,
    )  # fmt: skip
    for node in nodes.exclude(profile=but).order_by("pk"):
        node.refresh_from_db(fields=["before", "after"])  # the ones before it may have changed it
        model, twin = model_of(node.model), node.after[TWIN]
        if is_pair(model) or twin not in left.get((model, whose_column(model)), ()):
            continue
        heir = heirs.get((node.model, twin))
        if heir is None and _comes_back(node, model, stays):
            heirs[node.model, twin] = heir = node.ids[0]
        elif heir is not None:
            node.after = {TWIN: heir}
            node.save(update_fields=["after"])
        if heir is not None:
            _hang(model, twin, heir, stays)


def _comes_back(node: MergeChange, model: type[models.Model], stays: Customer) -> bool:
    """Put the row back, with whoever lives on here; whether there is a place for it."""
    (pk,), column = node.ids, whose_column(model)
    row = {**node.before, column: stays.pk}
    if model in LED:
        row["is_primary"] = False
    if model is ExternalId:  # it is theirs again, and no former one
        same = {key: row[key] for key in ("system", "value")}
        FormerExternalId.objects.filter(**same, customer=stays).delete()
    if not _has_parents(model, row, stays) or not put_back(model, row):
        return False
    node.delete()
    Adopted(model, pk, column, node.before[column]).remember()
    return True


def _has_parents(model: type[models.Model], row: Mapping[str, Any], stays: Customer) -> bool:
    """Whether whatever it hangs on is here too."""
    for field in hangs_by(model):
        parent, column = row.get(field.column), whose_column(field.related_model)
        here = field.related_model._base_manager.filter(pk=parent, **{column: stays.pk})
        if parent is not None and not here.exists():
            return False
    return True


def _hang(model: type[models.Model], twin: Any, heir: Any, stays: Customer) -> None:
    """What merges had hung on the twin that left, such as an address on its contact, is on its
    heir; where that is what it hung on before, as if no merge had touched it."""
    for field in hung_on(model):
        for node in _hung(field, twin, stays):
            (pk,) = node.ids
            own = node.before[field.column] == heir
            values = node.before if own else {**node.after, field.column: heir}
            _write(field.model, pk, node.after, values, stays)
            if own:
                node.delete()
            else:
                node.after = values
                node.save(update_fields=["after"])


def _hung(field: Any, twin: Any, stays: Customer) -> Iterator[MergeChange]:
    nodes = MergeChange.objects.filter(
        profile__customer=stays, profile__undone_at=None, kind=ChangeKind.CHANGE,
        model=label(field.model), **{f"after__{field.column}": twin},
    )  # fmt: skip
    yield from nodes.order_by("-pk")


def _write(
    model: type[models.Model], pk: Any, after: Mapping[str, Any], values: Mapping[str, Any],
    stays: Customer,
) -> None:  # fmt: skip
    """Where the row still says what was written, wherever the row is."""
    row = raw(model, [pk]).get(pk)
    if row is not None and row[whose_column(model)] == stays.pk:
        said = {c: v for c, v in values.items() if row[c] == after[c]}
        if said:
            update(model, pk, said)
        return
    gone = MergeChange.objects.filter(
        profile__undone_at=None, kind=ChangeKind.DELETE, model=label(model), ids=[pk]
    )
    for node in gone:
        said = {c: v for c, v in values.items() if node.before[c] == after[c]}
        node.before = {**node.before, **said}
        node.save(update_fields=["before"])
