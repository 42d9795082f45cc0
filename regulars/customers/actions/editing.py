"""One fact of the record, edited where it stands, by two people at once if need be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from regulars.customers import editing, written
from regulars.customers.editing import At, Kind, offers
from regulars.customers.editing.applying import place_of
from regulars.customers.editing.sheet import MANY, spoken
from regulars.customers.facts import CustomerFacts
from regulars.customers.history.context import act
from regulars.customers.history.latest import latest
from regulars.customers.models import Contact, Customer, Email, Phone
from regulars.lib import names
from regulars.lib.errors import Invalid, Stale

from . import contacts, locations
from .contact_rows import contact_facts, step_back
from .touched import Change, changing

if TYPE_CHECKING:
    from regulars.staff.models import User

NAMES = ("first_name", "last_name", "company")
NAMELESS = "A customer needs a name: a first or last name, or a company"
ANOTHER = "Make another one primary instead"


class NoSuchFact(Exception):
    """No such fact, or one of somebody else's; the same as one that is gone."""


class Conflict(Stale):
    """Somebody else changed the same fact meanwhile: nothing is written, both values are here.

    `theirs` is what it is now, `by` ("" for an import or the house) and `at` say whose and since
    when.
    """

    def __init__(
        self, theirs: str, shown: str, *, by: str = "", at: datetime | None = None
    ) -> None:
        super().__init__("Somebody changed this meanwhile; nothing was overwritten")
        self.theirs, self.shown, self.by, self.at = theirs, shown, by, at


@dataclass(frozen=True)
class Edited:
    """What an edit came to; `removed` is the act that took the row away, for `bring_back`."""

    changed: bool
    removed: str = ""

    def __bool__(self) -> bool:
        return self.changed


def edit(
    customer: Customer, key: str, value: str, *, by: User | None, was: str | None = None
) -> Edited:
    """Make the fact `key` what was typed; whether anything changed, and one event if so.

    `was` is what the editor had before them: when it is neither that any more nor already what
    they want, `Conflict` is raised. Raises `Invalid` under "value", `NoSuchFact`.
    """
    at = editing.parse(key)
    if at is None:
        raise NoSuchFact(key)
    with changing(customer, by=by, searched=at.fact.searched) as change:
        edit = _Edit(customer, at, value, was, by, change)
        changed = edit.made()
        if changed and at.fact.compared and not at.fact.searched:
            written.tell([customer.pk])
        return Edited(changed, act() if changed and edit.removes else "")


class _Edit:
    """One edit under the customer's lock."""

    def __init__(
        self,
        customer: Customer,
        at: At,
        said: str,
        was: str | None,
        by: User | None,
        change: Change,
    ) -> None:
        rows = Customer.objects.get_queryset().select_related("group", "category", "store")
        self.customer = rows.get(pk=customer.pk)
        self.at, self.said, self.was, self.by, self.change = at, said, was, by, change
        self.removes = False

    def made(self) -> bool:
        return _MADE[self.at.of](self)

    def read(self) -> str:
        return editing.read(self.at, self.said, region=self.region())

    def region(self) -> str:
        """Where a number without a country code is: at their primary place, else ours."""
        if self.at.fact.inputmode != "tel":
            return "US"
        place = self.customer.locations.filter(is_primary=True).values_list("country", flat=True)
        store = self.customer.store
        return place.first() or (store.country if store else "") or "US"

    def differs(self, row: Any, wanted: str, *, present: str | None = None) -> bool:
        """Whether there is something to write; raises `Conflict`."""
        now = editing.value_of(row, self.at.fact) if present is None else present
        if editing.same(now, wanted):
            return False
        if self.was is not None and not editing.same(self.was, now):
            columns = [self.at.fact.kept_in]
            columns += ["source_other"] if self.at.fact.name == "source" else []
            writing = latest(row, columns) if present is None else None
            raise Conflict(
                now,
                self.words(now),
                by=writing.by if writing else "",
                at=writing.at if writing else None,
            )
        return True

    def words(self, value: str) -> str:
        fact = self.at.fact
        if fact.offers and value:
            return str(offers.chosen(fact, value, self.customer, None) or "")
        return editing.show(fact, value)

    def told(self, before: str, after: str, *, of: str = "") -> None:
        """The one event says which fact, and from what to what unless that is private."""
        fact = self.at.fact
        self.change.said(spoken(fact, of))
        if not fact.private and fact.kind not in (Kind.ORDER, Kind.LINES):
            said = {"from": self.words(before), "to": self.words(after)}
            self.change.told(**{key: words for key, words in said.items() if words})


# --- The customer's own facts


def _customer(edit: _Edit) -> bool:
    customer, fact = edit.customer, edit.at.fact
    wanted = edit.read()
    row = offers.chosen(fact, wanted, customer, edit.by) if fact.offers else None
    if not edit.differs(customer, wanted):
        return False
    before = editing.value_of(customer, fact)
    changes = {fact.name: row} if fact.offers else _columns(customer, fact.name, wanted)
    Customer.objects.filter(pk=customer.pk).update(**changes)
    if fact.name in NAMES:
        _name_their_contact(customer, changes)
    edit.told(before, wanted)
    return True


def _columns(customer: Customer, name: str, wanted: str) -> dict[str, Any]:
    if name == "source":
        source, _, words = wanted.partition(":")
        return {"source": source, "source_other": words}
    if name not in NAMES:
        return {name: wanted}
    known = {key: getattr(customer, key) for key in NAMES} | {name: wanted}
    facts = CustomerFacts(**known)
    if not facts.name:
        raise Invalid({"value": NAMELESS})
    return {
        name: wanted,
        "name": facts.name[:200],
        "sort_name": facts.sort_name[:200],
        "is_company": facts.is_company,
    }


def _name_their_contact(customer: Customer, changes: dict[str, Any]) -> None:
    """A person's contact has their name; who was a company and is a person now gets one."""
    if changes["is_company"]:
        return
    contacts.rename_themselves(customer, changes)
    if not customer.contacts.exists():
        named = {key: changes.get(key, getattr(customer, key)) for key in NAMES[:2]}
        Contact.objects.create(customer=customer, is_primary=True, **named)


# --- A contact, their addresses and numbers


def _contact(edit: _Edit) -> bool:
    row = _contact_at(edit)
    facts = contact_facts(row)
    wanted = edit.read()
    if not _contact_differs(edit, row, wanted):
        return False
    edit.removes = bool(edit.at.of in MANY and edit.at.fact.inputmode and not wanted)
    after = editing.contact_with(facts, edit.at, wanted, region=edit.region())
    if after == facts:
        return False
    if not after.says_something:
        raise Invalid({"value": contacts.NOBODY})
    try:
        contacts.refuse_twice(after, facts)
    except Invalid as no:
        raise Invalid({"value": next(iter(no.errors.values()))}) from None
    if after.primary and not facts.primary:
        step_back(edit.customer, row.pk)
    themselves = contacts.are_themselves(row, edit.customer)
    before = editing.value_of(_row_at(edit, row), edit.at.fact) if not _of_a_list(edit) else ""
    contacts.write(row, after, edit.by)
    if themselves and edit.at.fact.name in NAMES and row.name:
        contacts.rename_customer(edit.customer, row)
    named = names.person(facts.first_name, facts.last_name)
    edit.told(before, "" if _of_a_list(edit) else wanted, of="" if themselves else named)
    return True


def _contact_at(edit: _Edit) -> Contact:
    """The contact that the fact is of, or whose address or number it is."""
    which = "pk" if edit.at.of == "contact" else MANY[edit.at.of]
    rows = edit.customer.contacts.filter(**{which: edit.at.pk})
    found = rows.prefetch_related("emails", "phones").first()
    if found is None:
        raise NoSuchFact(edit.at.key)
    return found


def _row_at(edit: _Edit, contact: Contact) -> Contact | Email | Phone:
    if edit.at.of == "contact":
        return contact
    rows: list[Email | Phone] = list(getattr(contact, MANY[edit.at.of]).all())
    return next(row for row in rows if row.pk == edit.at.pk)


def _of_a_list(edit: _Edit) -> bool:
    """Added, removed or moved: what changed is the list."""
    return edit.at.fact.adds or edit.at.fact.kind is Kind.ORDER


def _contact_differs(edit: _Edit, contact: Contact, wanted: str) -> bool:
    fact = edit.at.fact
    if fact.adds:
        return bool(wanted)
    if fact.kind is Kind.ORDER:
        stands = place_of(contact_facts(contact), edit.at)
        return edit.differs(contact, wanted, present=str(stands))
    row = _row_at(edit, contact)
    differs = edit.differs(row, wanted)
    if differs and fact.kind is Kind.FLAG and not wanted:
        raise Invalid({"value": ANOTHER})
    return differs


# --- A place


def _location(edit: _Edit) -> bool:
    row = edit.customer.locations.filter(pk=edit.at.pk or 0).first()
    if row is None:
        raise NoSuchFact(edit.at.key)
    wanted = edit.read()
    if not edit.differs(row, wanted):
        return False
    if edit.at.fact.kind is Kind.FLAG and not wanted:
        raise Invalid({"value": ANOTHER})
    before = editing.value_of(row, edit.at.fact)
    after = editing.place_with(locations.location_facts(row), edit.at, wanted)
    if not after.says_something:
        raise Invalid({"value": locations.NOWHERE})
    if after.primary and not row.is_primary:
        locations.step_back(edit.customer, row.pk)
    locations.write_one(row, after)
    edit.told(before, wanted, of=row.name or row.get_kind_display() or row.city)
    return True


_MADE: dict[str, Callable[[_Edit], bool]] = {
    "customer": _customer,
    "contact": _contact,
    "email": _contact,
    "phone": _contact,
    "location": _location,
}
