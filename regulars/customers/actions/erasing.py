"""Putting a customer away, which can be taken back, and erasing, which cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.db import models, transaction

from regulars.customers import search
from regulars.customers.erasure import Traces, erasures
from regulars.customers.files import storing
from regulars.customers.history.context import writing
from regulars.customers.merging.forgetting import lineage
from regulars.customers.merging.unsaying import unsay
from regulars.customers.models import Contact, Customer, Email, Phone, Tombstone, histories
from regulars.customers.suppression import suppress
from regulars.lib import clock
from regulars.lib.errors import Invalid
from regulars.live import notices
from regulars.timeline import actions as timeline
from regulars.wire import replays

from .household_undo import forget_homes
from .touched import lock, touch

if TYPE_CHECKING:
    from regulars.staff.models import User


SHORTEST = 5  # characters of a word that names somebody


def archive(customer: Customer, *, by: User) -> Customer:
    """Off the lists, with everything kept; nothing happens when it already is."""
    return _put(customer, archived=True, kind="customer.archived", by=by)


def restore(customer: Customer, *, by: User) -> Customer:
    """Back on the lists."""
    return _put(customer, archived=False, kind="customer.restored", by=by)


def _put(customer: Customer, *, archived: bool, kind: str, by: User) -> Customer:
    with writing(by):
        row = lock(customer)
        if row.is_archived != archived:
            row.archived_at = clock.now() if archived else None
            row.save(update_fields=["archived_at"])
            touch(row)
            timeline.record(row, kind, by=by)
            row.refresh_from_db()
    return row


def erase(customer: Customer, *, confirm: str, by: User) -> None:
    """Delete the customer and everything of theirs for good; a tombstone without content stays.

    Their addresses are known again by a digest, so that no import brings them back to a mailing.
    Raises `Invalid` unless `confirm` is the customer's name as shown.
    """
    if confirm.strip() != customer.name:
        raise Invalid({"confirm": f"Type the customer's name to erase: {customer.name}"})
    with writing(by):
        customer = lock(customer)
        keys = list(customer.attachments.values_list("key", flat=True))
        pk = customer.pk
        suppress(_addresses(customer))
        line = lineage(customer)
        traces = _traces(customer, [pk, *line.old_ids])
        homes = _homes([pk, *line.old_ids])
        line.bury(by=by)
        Tombstone.objects.create(public_id=customer.public_id, erased_by=by)
        search.index({pk: set()})
        customer.delete()
        unsay([pk, *line.old_ids], line.others, traces)
        _forget_history([pk, *line.old_ids])
        line.forget()
        forget_homes(homes, customer, by=by)
        for public_id in line.public_ids:
            replays.forget(public_id)
        for erasure in erasures:
            erasure.forget(traces)
        notices.announce([pk], moved=True)
        transaction.on_commit(lambda: storing.delete(keys))


def _homes(customers: list[int]) -> set[int]:
    """Every household they live in, or ever did."""
    (history,) = (history for model, history, _ in histories() if model is Customer)
    rows = history._default_manager.filter(pgh_obj__in=customers).exclude(household=None)
    return set(rows.order_by().values_list("household_id", flat=True).distinct())


def _forget_history(customers: list[int]) -> None:
    """Theirs, and of rows that were theirs at last, or at first and are nowhere now, also what they
    were while merged."""
    for model, history, column in histories():
        if not column:
            continue
        rows = history._default_manager.all()
        theirs = rows.filter(**{f"{column}__in": customers})
        moved = rows.filter(pgh_obj_id__in=theirs.values("pgh_obj_id"))
        elsewhere = moved.exclude(**{f"{column}__in": customers})
        last = elsewhere.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
        ended = [
            obj
            for obj, pgh_id in last.values_list("pgh_obj_id", "pgh_id")
            if theirs.filter(pgh_obj_id=obj, pgh_id__gt=pgh_id).exists()
        ]
        first = moved.order_by("pgh_obj_id", "pgh_id").distinct("pgh_obj_id")
        born = {obj for obj, whose in first.values_list("pgh_obj_id", column) if whose in customers}
        here = model._base_manager.filter(pk__in=born)
        ended += born - {*here.values_list("pk", flat=True)}
        rows.filter(pgh_obj_id__in=ended).delete()
        theirs.delete()


def _addresses(customer: Customer) -> list[str]:
    emails = customer.emails.values_list("normal", flat=True)
    said = customer.consents.values_list("address", flat=True)  # of addresses long removed, too
    return [*emails, *customer.phones.values_list("digits", flat=True), *said]


NAMING: Mapping[type[models.Model], tuple[str, ...]] = {
    Customer: ("name", "company"),
    Contact: ("first_name", "last_name"),
    Email: ("address", "normal"),
    Phone: ("typed", "digits"),
}


def _traces(customer: Customer, ids: Sequence[int]) -> Traces:
    """By what they may be known elsewhere, now or ever; short words name too many others."""
    words = set(customer.consents.values_list("address", flat=True))
    for model, history, column in histories():
        columns = NAMING.get(model)
        if columns:
            rows = history._default_manager.filter(**{f"{column}__in": ids})
            for said in rows.order_by().values_list(*columns).distinct():
                words |= {" ".join(said).strip()} if model is Contact else set(said)
    long = frozenset(word for word in words if len(word) >= SHORTEST)
    return Traces(customer.pk, str(customer.public_id), long)
