"""What was taken away stands there again: contacts, how to reach them, and places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Model

from regulars.customers.editing.sheet import SHEET, spoken
from regulars.customers.facts import ContactFacts, EmailFacts, PhoneFacts
from regulars.customers.models import Contact, Customer, Email, Kept, Location, Phone, keepings
from regulars.lib import clock
from regulars.lib.errors import Invalid
from regulars.lib.phones import Number

from .contact_rows import contact_facts, hear
from .contacts import are_themselves
from .ledger import Ledger
from .rows import rewrite
from .touched import Change, changing

if TYPE_CHECKING:
    from regulars.staff.models import User

NOTHING = "There is nothing to bring back"
BELONGED = "What this belonged to was removed, too: bring that back first"
MERGED = "A merge is undone as a whole"


def bring_back(customer: Customer, taken_by: UUID, *, by: User | None) -> list[Model]:
    """The rows of this customer that this act took away, as they were, the outermost first.

    What was agreed to is read off the evidence, which stayed. Raises `Invalid` when the act took
    none away, or they are back already.
    """
    with changing(customer, by=by) as change:
        customer = Customer.objects.get_queryset().get(pk=customer.pk)
        gone = list(_gone(customer, taken_by))
        if not gone:
            raise Invalid({"act": NOTHING})
        if any((past.pgh_context or {}).get("how") == "merge" for _, past in gone):
            raise Invalid({"act": MERGED})
        ledger = Ledger.of(customer, by=by)
        rows = [row for kept, past in gone if (row := _row(customer, kept, past, ledger))]
        if not rows:
            raise Invalid({"act": BELONGED})
        ledger.write()
        ledger.settle()
        _tell(customer, rows, change)
    return rows


def _gone(customer: Customer, taken_by: UUID) -> Iterator[tuple[Kept, Any]]:
    """Each row with its last writing, contacts before what belongs to them."""
    for kept in keepings():
        if kept.model not in (Contact, Location) and not kept.of:
            continue
        past: list[Any] = list(
            kept.history._default_manager.filter(
                **{kept.customer: customer.pk}, pgh_context_id=taken_by, pgh_label="delete"
            )
        )
        there = kept.model._base_manager.filter(pk__in=[one.pgh_obj_id for one in past])
        back = set(there.values_list("pk", flat=True))
        order = sorted(past, key=lambda one: (getattr(one, "position", 0), one.pgh_id))
        yield from ((kept, one) for one in order if one.pgh_obj_id not in back)


def _row(customer: Customer, kept: Kept, past: Any, ledger: Ledger) -> Model | None:
    """The row written again; None when it belonged to something that is gone."""
    model = kept.model
    fields = model._meta.concrete_fields
    row = model(**{f.attname: getattr(past, f.attname) for f in fields})
    row.pk = past.pgh_obj_id
    if not all(_is_there(row, f) for f in fields if f.related_model):
        return None
    if isinstance(row, Contact | Location):
        _among(customer, row)
    elif isinstance(row, Email | Phone):
        _in_its_list(row)
        _as_agreed(row, ledger)
    row.save(force_insert=True)
    return row


def _is_there(row: Model, field: Any) -> bool:
    value = getattr(row, field.attname)
    return value is None or field.related_model._base_manager.filter(pk=value).exists()


def _among(customer: Customer, row: Contact | Location) -> None:
    """Primary if it was, or if there is no other."""
    others = type(row)._base_manager.filter(customer=customer)
    if row.is_primary:
        others.filter(is_primary=True).update(is_primary=False)
    row.is_primary = row.is_primary or not others.exists()


def _in_its_list(row: Email | Phone) -> None:
    """Where it stood; those behind it move on."""
    facts = contact_facts(row.contact)
    there = {one.line for one in (facts.emails if isinstance(row, Email) else facts.phones)}
    if _facts(row).line in there:
        raise Invalid({"act": f"{row} is there again already"})
    others: list[Any] = list(type(row)._base_manager.filter(contact=row.contact_id))
    others.sort(key=lambda one: (one.position, one.pk))
    row.position = min(row.position, len(others))
    for n, other in enumerate(others):
        rewrite(other, {"position": n if n < row.position else n + 1})


def _facts(row: Email | Phone) -> EmailFacts | PhoneFacts:
    if isinstance(row, Email):
        return EmailFacts(row.address)
    return PhoneFacts(Number(row.typed, row.e164, row.digits, row.extension))


def _as_agreed(row: Email | Phone, ledger: Ledger) -> None:
    said, owner = _facts(row), row.customer_id
    heard = (
        ContactFacts(emails=(said,))
        if isinstance(said, EmailFacts)
        else ContactFacts(phones=(said,))
    )
    hear(ledger, [(row.customer, heard)], clock.now())
    stands = (
        ledger.email(owner, row.normal)
        if isinstance(row, Email)
        else ledger.phone(owner, row.digits)
    )
    for key, value in stands.items():
        setattr(row, key, value)


def _tell(customer: Customer, rows: list[Model], change: Change) -> None:
    """What belongs to a contact that came back with it goes without saying."""
    again = {row.pk for row in rows if isinstance(row, Contact)}
    for row in rows:
        if isinstance(row, Contact | Location):
            noun = "contact" if isinstance(row, Contact) else "location"
            change.added(f"{noun} {row.name}".strip())
        elif isinstance(row, Email | Phone) and row.contact_id not in again:
            fact = SHEET["email"]["address"] if isinstance(row, Email) else SHEET["phone"]["number"]
            themselves = are_themselves(row.contact, customer)
            change.said(spoken(fact, "" if themselves else row.contact.name))
