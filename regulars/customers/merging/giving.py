"""What came since goes with somebody who comes out, because it says so or somebody does."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Max

from regulars.customers.models import Contact, Customer, Email, Phone
from regulars.lib import names
from regulars.lib.errors import Invalid

from .hanging import hung_on, whose_column
from .journal import label
from .leading import LED
from .memory import forget

SAME = "{} has the same already; leave it here"
NOBODY = "{} has no contact that this could stand at; leave it here"


def give(model: type[models.Model], pk: Any, of: Customer, to: Customer) -> None:
    """The row and what hangs on it. Raises `Invalid` under the key of the row."""
    try:
        with transaction.atomic():
            rows = model._base_manager.filter(pk=pk, customer=of)
            values: dict[str, Any] = {"customer": to}
            if model in LED:
                values["is_primary"] = False
            for row in rows if model in (Email, Phone) else ():
                values |= _place(row, of, to)
            rows.update(**values)
            forget(model, [pk], of=of)
            for field in hung_on(model):
                theirs = {field.name: pk, whose_column(field.model): of.pk}
                hanging = field.model._base_manager.filter(**theirs)
                pks = list(hanging.values_list("pk", flat=True))
                hanging.update(customer=to)
                forget(field.model, pks, of=of)
    except IntegrityError:
        raise _refused(model, pk, SAME, to) from None


def _refused(model: type[models.Model], pk: Any, why: str, to: Customer) -> Invalid:
    return Invalid({f"give.{label(model)}:{pk}": why.format(to.name)})


def _place(row: Any, of: Customer, to: Customer) -> dict[str, Any]:
    """Last at the contact of the same name, else at the primary one."""
    model, before = type(row), Contact.objects.filter(pk=row.contact_id, customer=of).first()
    if before is None:
        return {}
    there = list(to.contacts.order_by("-is_primary", "pk"))
    name = names.fold(before.name)
    contact = next((one for one in there if names.fold(one.name) == name), next(iter(there), None))
    if contact is None:
        raise _refused(model, row.pk, NOBODY, to)
    known = model.objects.filter(contact=contact)
    key = "normal" if model is Email else "digits"
    if known.filter(**{key: getattr(row, key)}).exists():
        raise _refused(model, row.pk, SAME, to)
    last = known.aggregate(n=Max("position"))["n"]
    return {"contact": contact, "position": 0 if last is None else last + 1}
