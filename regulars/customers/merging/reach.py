"""What becomes of contacts, of how to reach them, and of places, when profiles become one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Max

from regulars.customers.models import Contact, Email, Location, Phone
from regulars.lib import names

from .journal import raw
from .moving import Moving


def locations(moving: Moving) -> None:
    """The same address is one place; the primary one is the primary profile's, unless picked."""
    into, of = moving.into, moving.of
    there = {row.normal: row for row in into.locations.all() if row.normal}
    for row in of.locations.order_by("pk"):
        twin = there.get(row.normal)
        if twin is not None:
            _fill(moving, Location, twin, row, ("name", "kind", "line2", "county"))
            moving.journal.absorb(Location, row.pk, twin.pk)
            if row.is_primary and moving.takes("location"):
                _lead(moving, Location, twin.pk)
    _one_primary(moving, Location, bool(moving.takes("location")))
    moving.journal.move(Location, "customer_id", from_=of.pk, to=into.pk)


def _fill(
    moving: Moving, model: type[models.Model], row: Any, other: Any, names: Iterable[str]
) -> None:
    """What this row leaves empty and the other one says."""
    said = {n: getattr(other, n) for n in names if not getattr(row, n) and getattr(other, n)}
    moving.journal.change(model, row.pk, said)


def _lead(moving: Moving, model: type[models.Model], pk: Any) -> None:
    """This row is the primary one; the old one steps back first."""
    old = model._base_manager.filter(customer=moving.into.pk, is_primary=True).exclude(pk=pk)
    for other in old.values_list("pk", flat=True):
        moving.journal.change(model, other, {"is_primary": False})
    moving.journal.change(model, pk, {"is_primary": True})


def _one_primary(moving: Moving, model: type[models.Model], takes: bool) -> None:
    """Of two primary rows one steps back before they stand side by side."""
    mine = model._base_manager.filter(customer=moving.into.pk, is_primary=True).first()
    theirs = model._base_manager.filter(customer=moving.of.pk, is_primary=True).first()
    if mine is not None and theirs is not None:
        back = mine if takes else theirs
        moving.journal.change(model, back.pk, {"is_primary": False})


PERSONAL = ("title", "role", "language", "time_zone", "birthday")


def people(moving: Moving) -> None:
    """Two profiles of a person are that person; of companies people of one name are one."""
    of, into = moving.of, moving.into
    mine, theirs = list(into.contacts.all()), list(of.contacts.order_by("-is_primary", "pk"))
    themselves = not (of.is_company or into.is_company)
    for row in theirs:
        twin = _twin(row, mine, both_primary=themselves)
        if twin is None:
            continue
        _take_over(moving, Email, row.pk, twin.pk, "normal")
        _take_over(moving, Phone, row.pk, twin.pk, "digits")
        _fill(moving, type(row), twin, row, PERSONAL)
        about = _paragraphs(twin.about, row.about)
        moving.journal.change(type(row), twin.pk, {"about": about})
        moving.journal.absorb(type(row), row.pk, twin.pk)
        twin.refresh_from_db()
        if row.is_primary and not themselves and moving.takes("contact"):
            _lead(moving, type(row), twin.pk)
    for model, key in ((Email, "normal"), (Phone, "digits")):
        _absorb_twins(moving, model, key)
    _one_primary(moving, Contact, bool(moving.takes("contact")))
    moving.journal.move(Contact, "customer_id", from_=of.pk, to=into.pk)


def _twin(row: Any, mine: list[Any], *, both_primary: bool) -> Any:
    if row.is_primary and both_primary:
        return next((m for m in mine if m.is_primary), None)
    folded = names.fold(row.name)
    return next((m for m in mine if folded and names.fold(m.name) == folded), None)


def _paragraphs(one: str, two: str) -> str:
    """Both texts; what both say once. As long as a text may be."""
    said = [p for p in one.split("\n\n") if p]
    said += [p for p in two.split("\n\n") if p and p not in said]
    return "\n\n".join(said)[:2_000]


def _take_over(moving: Moving, model: type[Any], of: int, into: int, key: str) -> None:
    """Addresses or numbers of a contact that is absorbed: to the other one, behind its own."""
    last = model.objects.filter(contact=into).aggregate(n=Max("position"))["n"]
    place = -1 if last is None else last
    for row in model.objects.filter(contact=of).order_by("position", "pk"):
        place += 1
        moving.journal.change(model, row.pk, {"contact_id": into, "position": place})


def _absorb_twins(moving: Moving, model: type[Any], key: str) -> None:
    """One address of one contact is one row; then all of them are the primary profile's."""
    of, into = moving.of.pk, moving.into.pk
    there = {
        (row.contact_id, getattr(row, key)): row
        for row in model.objects.filter(customer=into)
        if getattr(row, key)
    }
    for row in model.objects.filter(customer=of).order_by("pk"):
        twin = there.get((row.contact_id, getattr(row, key)))
        if twin is not None:
            _fill(moving, model, twin, row, ("label",))
            if twin.status in ("unknown", "ok") and row.status not in ("unknown", "ok"):
                status = raw(model, [row.pk])[row.pk]
                moving.journal.change(
                    model, twin.pk, {k: status[k] for k in ("status", "status_at")}
                )
            moving.journal.absorb(model, row.pk, twin.pk)
    moving.journal.move(model, "customer_id", from_=of, to=into)
