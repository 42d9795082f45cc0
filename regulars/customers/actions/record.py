"""Adding a customer and changing what is known of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from regulars.customers import search, written
from regulars.customers.custom.values import Definition, Value
from regulars.customers.facts import CustomerFacts
from regulars.customers.history.context import writing
from regulars.customers.models import (
    Category,
    Customer,
    ExternalId,
    FormerExternalId,
    Group,
    Tag,
    Tagging,
)
from regulars.lib import clock, emails, ids, names
from regulars.lib.copying import add_rows
from regulars.lib.errors import Invalid, Stale
from regulars.timeline import actions as timeline
from regulars.timeline.actions import NewEvent

from . import contact_rows, contacts, locations
from .custom import put_new
from .touched import changing, lock, touch

if TYPE_CHECKING:
    from regulars.staff.models import Store, User

PLAIN = ("first_name", "last_name", "company", "type", "source", "source_other")


@dataclass(frozen=True)
class NewCustomer:
    """A customer about to be added; `created_at` lies in the past for one from elsewhere.

    Of one `from_file` that does not say when, being added is no activity: it is nothing that
    happened with the customer.
    """

    facts: CustomerFacts
    owner: User | None = None
    store: Store | None = None
    group: Group | None = None
    created_at: datetime | None = None
    public_id: UUID = field(default_factory=ids.uuid7)
    custom: Mapping[Definition, Value] = field(default_factory=dict)
    category: Category | None = None
    from_file: bool = False


def add(
    facts: CustomerFacts,
    *,
    by: User | None,
    owner: User | None = None,
    store: Store | None = None,
    group: Group | None = None,
    category: Category | None = None,
    created_at: datetime | None = None,
    custom: Mapping[Definition, Value] | None = None,
) -> Customer:
    """A new customer with contacts, places, tags and ids, and the event that says so.

    Store and group fall back to the owner's (or the adding person's) store and the default group.
    Raises `Invalid` when an external id is taken or the owner no longer works here.
    """
    new = NewCustomer(
        facts, owner, store, group, created_at, custom=custom or {}, category=category
    )
    (customer,) = add_many([new], by=by)
    return customer


def add_many(new: Sequence[NewCustomer], *, by: User | None) -> list[Customer]:
    """Add up to 1,000 customers with a fixed number of statements; all of them or none."""
    for n in new:
        check_owner(n.owner)
    check_external_ids([pair for n in new for pair in n.facts.external_ids])
    default = Group.objects.filter(is_default=True).first()
    now = clock.now()
    with writing(by):
        customers = add_rows(Customer, [_customer(n, default, by, now) for n in new])
        pairs = list(zip(customers, [n.facts for n in new], strict=True))
        contact_rows.write_new(
            [(c, contact) for c, facts in pairs for contact in facts.contacts], by=by
        )
        locations.write_new(pairs)
        put_new([(c, n.custom) for c, n in zip(customers, new, strict=True)])
        add_rows(
            ExternalId,
            (
                ExternalId(customer=customer, system=system, value=value)
                for customer, facts in pairs
                for system, value in facts.external_ids
            ),
        )
        known = {t.name.lower(): t for t in tags_named(t for _, f in pairs for t in f.tags)}
        Tagging.objects.bulk_create(
            Tagging(customer=customer, tag=known[name.lower()], added_by=by, added_at=now)
            for customer, facts in pairs
            for name in facts.tags
        )
        search.add({customer.pk: _terms(facts) for customer, facts in pairs})
        written.tell([customer.pk for customer in customers])
        timeline.record_many(
            NewEvent(
                customer.pk,
                "customer.created",
                customer.created_at,
                by.pk if by else None,
                {"source": customer.source_label} if customer.source else {},
                quiet=n.from_file and n.created_at is None,
            )
            for customer, n in zip(customers, new, strict=True)
        )
    return customers


def _customer(new: NewCustomer, default: Group | None, by: User | None, now: datetime) -> Customer:
    store = new.store or (new.owner.store if new.owner else None) or (by.store if by else None)
    created_at = new.created_at or now
    return Customer(
        public_id=new.public_id,
        is_company=new.facts.is_company,
        name=new.facts.name,
        sort_name=new.facts.sort_name[:200],
        store=store,
        owner=new.owner,
        owned_since=created_at if new.owner else None,
        group=new.group or default,
        category=new.category,
        created_at=created_at,
        created_by=by,
        last_activity_at=created_at,
        **{key: getattr(new.facts, key) for key in PLAIN},
    )


def _terms(facts: CustomerFacts) -> set[str]:
    """The postings of a customer whose facts were just written."""
    numbers = [p.number for c in facts.contacts for p in c.phones]
    return search.terms(
        people={
            (facts.first_name, facts.last_name),
            *((c.first_name, c.last_name) for c in facts.contacts),
        },
        companies={facts.company},
        emails={emails.normal(e.address) for c in facts.contacts for e in c.emails},
        numbers={n.digits for n in numbers} | {search.digits_of(n.typed) for n in numbers},
    )


def check_owner(owner: User | None) -> None:
    if owner is not None and not owner.is_active:
        raise Invalid({"owner": f"{owner.name} no longer works here"})


def check_external_ids(pairs: Sequence[tuple[str, str]], *, of: Customer | None = None) -> None:
    if not pairs:
        return
    there: set[tuple[str, str]] = set()
    for model in (ExternalId, FormerExternalId):
        taken = model.objects.filter(value__in={value for _, value in pairs})
        if of is not None:
            taken = taken.exclude(customer=of)
        there |= set(taken.values_list("system", "value"))
    seen: set[tuple[str, str]] = set()
    for system, value in pairs:
        if (system, value) in there or (system, value) in seen:
            raise Invalid(
                {f"external_ids.{system}": f"“{value}” already belongs to another customer"}
            )
        seen.add((system, value))


def change(
    customer: Customer,
    facts: CustomerFacts,
    *,
    by: User | None,
    fields: Iterable[str],
    group: Group | None = None,
    store: Store | None = None,
    category: Category | None = None,
    version: int | None = None,
) -> Customer:
    """Set the named `fields` to what `facts` (or `group`, `store`, `category`) say; one event.

    Names: first_name, last_name, company, type, source, source_other, group, store,
    category, tags, contacts, locations, external_ids. Raises `Stale` when `version` is given and
    no longer the customer's, `Invalid` as `add` does.
    """
    wanted = set(fields)
    with changing(customer, by=by) as change:
        customer = Customer.objects.get_queryset().get(pk=customer.pk)
        if version is not None and customer.version != version:
            raise Stale("Somebody changed this customer meanwhile; load it again")
        changes = _plain_changes(customer, facts, wanted)
        changes |= _chosen_changes(
            customer, wanted, {"group": group, "store": store, "category": category}
        )
        if changes:
            Customer.objects.filter(pk=customer.pk).update(**changes)
            contacts.rename_themselves(customer, changes)
        change.said(*changes, *_related_changes(customer, facts, wanted, by))
    customer.refresh_from_db()
    return customer


def _plain_changes(
    customer: Customer,
    facts: CustomerFacts,
    wanted: set[str],
) -> dict[str, Any]:
    changes: dict[str, Any] = {
        key: getattr(facts, key)
        for key in PLAIN
        if key in wanted and getattr(facts, key) != getattr(customer, key)
    }
    if wanted & {"first_name", "last_name", "company"} and facts.name != customer.name:
        changes |= {"name": facts.name}
    if changes.keys() & {"first_name", "last_name", "company", "name"}:
        changes |= {"sort_name": facts.sort_name[:200], "is_company": facts.is_company}
    return changes


def _chosen_changes(
    customer: Customer, wanted: set[str], rows: Mapping[str, Group | Store | Category | None]
) -> dict[str, Any]:
    return {
        key: row
        for key, row in rows.items()
        if key in wanted and getattr(customer, f"{key}_id") != (row.pk if row else None)
    }


def _related_changes(
    customer: Customer, facts: CustomerFacts, wanted: set[str], by: User | None
) -> list[str]:
    changed = []
    if "tags" in wanted and put_tags(customer, facts.tags, by=by):
        changed.append("tags")
    if "contacts" in wanted and contact_rows.write_contacts(customer, facts.contacts, by=by):
        changed.append("contacts")
    if "locations" in wanted and locations.write_locations(customer, facts.locations):
        changed.append("locations")
    if "external_ids" in wanted:
        check_external_ids(facts.external_ids, of=customer)
        if put_external_ids(customer, dict(facts.external_ids)):
            changed.append("external ids")
    return changed


def put_external_ids(customer: Customer, wanted: Mapping[str, str]) -> bool:
    """Make these the customer's ids in other systems; whether anything changed."""
    changed = False
    for row in customer.external_ids.all():
        if wanted.get(row.system) != row.value:
            row.delete()
            changed = True
    there = set(customer.external_ids.values_list("system", flat=True))
    new = [
        ExternalId(customer=customer, system=s, value=v)
        for s, v in wanted.items()
        if s not in there
    ]
    ExternalId.objects.bulk_create(new)
    return changed or bool(new)


def tags_named(found: Iterable[str]) -> list[Tag]:
    """The tags of these names, made where missing; upper and lower case are the same tag."""
    wanted = {name.lower(): name for name in map(names.clean, found) if name}
    if not wanted:
        return []
    known = {t.name.lower(): t for t in Tag.objects.all() if t.name.lower() in wanted}
    missing = [Tag(name=name) for key, name in sorted(wanted.items()) if key not in known]
    if missing:
        Tag.objects.bulk_create(missing, ignore_conflicts=True)
        known = {t.name.lower(): t for t in Tag.objects.all() if t.name.lower() in wanted}
    return [known[key] for key in wanted if key in known]


def put_tags(customer: Customer, found: Iterable[str], *, by: User | None) -> bool:
    """Make these the customer's tags; whether anything changed."""
    wanted = {t.pk for t in tags_named(found)}
    there = set(customer.taggings.values_list("tag_id", flat=True))
    if wanted == there:
        return False
    customer.taggings.filter(tag_id__in=there - wanted).delete()
    Tagging.objects.bulk_create(
        [Tagging(customer=customer, tag_id=pk, added_by=by) for pk in sorted(wanted - there)],
        ignore_conflicts=True,
    )
    return True


def tag(customer: Customer, name: str, *, by: User) -> None:
    """Add one tag; an event unless it was there. Raises `Invalid` for an empty or long name."""
    cleaned = names.clean(name)
    if not 1 <= len(cleaned) <= 60:
        raise Invalid({"tag": "A tag has 1 to 60 characters"})
    with writing(by):
        row = lock(customer)
        if put_tags(row, [*_tags_of(row), cleaned], by=by):
            _retagged(row, {"added": cleaned}, by)


def untag(customer: Customer, name: str, *, by: User) -> None:
    """Take one tag off; nothing happens when it was not there."""
    with writing(by):
        row = lock(customer)
        left = [t for t in _tags_of(row) if t.lower() != name.strip().lower()]
        if put_tags(row, left, by=by):
            _retagged(row, {"removed": names.clean(name)}, by)


def _tags_of(customer: Customer) -> list[str]:
    return list(customer.tags.values_list("name", flat=True))


def _retagged(customer: Customer, data: dict[str, str], by: User) -> None:
    touch(customer)
    timeline.record(customer, "customer.tagged", by=by, data=data)
