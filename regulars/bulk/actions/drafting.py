"""A deed before it is done: for whom, told what, and what would happen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from regulars.bulk import choosing, dry
from regulars.bulk.deeds import Deed, deeds, unknown
from regulars.bulk.dry import DryRun
from regulars.bulk.models import Receipt, State
from regulars.bulk.selection import Selection
from regulars.lib.errors import Invalid

from .keeping import Busy, require

if TYPE_CHECKING:
    from regulars.staff.models import User


def named(key: str, *, by: User) -> Deed:
    """The deed of this key, when this colleague may do it. Raises `Invalid` or `NotAllowed`."""
    deed = deeds.get(key)
    if deed is None or deed.page:
        raise Invalid({"action": unknown(key)})
    deed.require(by)
    return deed


def values_of(deed: Deed, given: Mapping[str, Any], *, by: User) -> dict[str, Any]:
    """What the deed is told, cleaned. Raises `Invalid` by field."""
    form = deed.form(by)(dict(given))
    if not form.is_valid():
        raise Invalid({key: " ".join(map(str, said)) for key, said in form.errors.items()})
    return dict(form.cleaned_data)


def propose(
    key: str, given: Mapping[str, Any], selection: Selection, *, by: User
) -> tuple[Deed, dict[str, Any], DryRun]:
    """What a deed would do now; nothing is written. Raises `Invalid` or `NotAllowed`."""
    deed = named(key, by=by)
    values = values_of(deed, given, by=by)
    return deed, values, dry.dry_run(deed, values, selection, by=by)


def draft(key: str, selection: Selection, *, by: User) -> Receipt:
    """A deed for these customers, done once it is started. Raises `Invalid` or `NotAllowed`."""
    deed = named(key, by=by)
    if not choosing.rows(selection, by).exists():
        raise Invalid({"ids": "Nobody is chosen: tick customers in the list first"})
    made = Receipt(
        deed=deed.key,
        label=deed.label,
        selection=selection.kept(),
        chosen=choosing.said(selection, by),
        can_undo=deed.undo,
        by=by,
    )
    if not deed.form(by).base_fields:
        made.label = deed.says({})[:200]
    made.save()
    return made


def fill(receipt: Receipt, given: Mapping[str, Any], *, by: User) -> Receipt:
    """Tell the deed what it needs. Raises `Invalid` by field, `Busy` once it was started."""
    deed = named(receipt.deed, by=by)
    if receipt.state != State.DRAFT:
        raise Busy("This was started already.")
    receipt.values = values_of(deed, given, by=by)
    receipt.label = deed.says(receipt.values)[:200]
    receipt.save(update_fields=["values", "label"])
    return receipt


def discard(receipt: Receipt, *, by: User) -> None:
    """Nothing comes of it. Raises `NotAllowed`, and `Busy` once it was started."""
    require(receipt, by)
    if receipt.state != State.DRAFT:
        raise Busy("This was started already.")
    receipt.delete()
