"""Editing one fact: it is kept with one event, and what a colleague wrote is never lost."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from regulars.customers import actions, editing, facts
from regulars.customers.actions.contact_rows import contact_facts, contacts_of
from regulars.customers.actions.locations import locations_of
from regulars.customers.editing.applying import place_of
from regulars.customers.editing.sheet import MANY
from regulars.customers.models import Category, Contact, Customer, Group, SearchTerm
from regulars.lib.errors import Invalid
from regulars.staff.models import Store, User
from regulars.timeline.models import Event
from tests.cast import MakeCustomer
from tests.laws import takes

pytestmark = pytest.mark.django_db


@pytest.fixture
def renee(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer(
        "Renée Castellanos",
        owner=ana,
        contacts=[
            {
                "first_name": "Renée",
                "last_name": "Castellanos",
                "emails": [
                    {"address": "renee@lake.example", "consent": "express", "status": "bounced"},
                    {"address": "rc@work.example"},
                ],
                "phones": [{"number": "(734) 555-0162", "label": "Mobile"}],
                "primary": True,
            },
            {"first_name": "Mateo", "role": "Husband"},
        ],
        locations=[{"line1": "1417 Pearl St", "city": "Ypsilanti"}, {"line1": "2 B St"}],
    )


def said(customer: Customer) -> str:
    event = customer.events.order_by("-id").first()
    assert event is not None
    assert event.kind == "customer.changed"
    return event.what.say(event.data)


def mateo(customer: Customer) -> Contact:
    return customer.contacts.get(first_name="Mateo")


def themselves(customer: Customer) -> Contact:
    return customer.contacts.get(is_primary=True)


def cell(customer: Customer, key: str) -> str:
    """What the fact says now."""
    at = editing.parse(key)
    assert at is not None
    if at.pk is None:
        return editing.value_of(Customer.objects.get_queryset().get(pk=customer.pk), at.fact)
    return editing.value_of(getattr(customer, f"{at.of}s").get(pk=at.pk), at.fact)


# One event, which says what changed unless that is private.


def test_the_event_says_which_fact_from_what_to_what(renee: Customer, mia: User) -> None:
    before = renee.events.count()
    assert actions.edit(renee, "type", "account", by=mia)
    assert said(renee) == "changed type from Lead to Account"
    assert renee.events.count() == before + 1
    actions.edit(renee, "source", "other:Trade fair", by=mia)
    assert said(renee) == "set source to Trade fair"
    actions.edit(renee, f"contact:{mateo(renee).pk}:role", "", by=mia)
    assert said(renee) == "took Husband away from role of Mateo"
    group = Group.objects.get(name="Business")
    actions.edit(renee, "group", str(group.pk), by=mia)
    assert said(renee) == "changed group from Standard to Business"


@pytest.mark.parametrize(
    ("fact", "value", "sentence"),
    [
        ("about", "Two girls", "changed personal of Mateo"),
        ("birthday", "May 4", "changed birthday of Mateo"),
        ("email", "m@lake.example", "changed emails of Mateo"),
    ],
)
def test_what_is_private_is_only_named(
    renee: Customer, mia: User, fact: str, value: str, sentence: str
) -> None:
    actions.edit(renee, f"contact:{mateo(renee).pk}:{fact}", value, by=mia)
    assert said(renee) == sentence


def test_saying_what_is_known_changes_nothing(renee: Customer, mia: User) -> None:
    events, version = renee.events.count(), renee.version
    for key, value in (
        ("type", "lead"),
        ("first_name", " Renée "),
        (f"contact:{mateo(renee).pk}:email", ""),
        (f"contact:{themselves(renee).pk}:primary", "yes"),
        (f"phone:{renee.phones.get().pk}:number", "(734) 555-0162"),
        (f"email:{renee.emails.get(position=0).pk}:position", "0"),
    ):
        assert not actions.edit(renee, key, value, by=mia), key
    renee.refresh_from_db()
    assert (renee.events.count(), renee.version) == (events, version)


# Names.


def test_a_person_and_their_own_contact_have_one_name(renee: Customer, mia: User) -> None:
    actions.edit(renee, "last_name", "Thibodeaux", by=mia)
    renee.refresh_from_db()
    assert (renee.name, themselves(renee).name) == ("Renée Thibodeaux", "Renée Thibodeaux")
    actions.edit(renee, f"contact:{themselves(renee).pk}:first_name", "Rae", by=mia)
    renee.refresh_from_db()
    assert (renee.name, renee.sort_name) == ("Rae Thibodeaux", "thibodeaux rae")
    assert SearchTerm.objects.filter(customer=renee, term__contains="rae").exists()


def test_a_primary_spouse_keeps_their_own_name(renee: Customer, mia: User) -> None:
    actions.edit(renee, f"contact:{mateo(renee).pk}:primary", "yes", by=mia)
    actions.edit(renee, f"contact:{mateo(renee).pk}:last_name", "Ruiz", by=mia)
    renee.refresh_from_db()
    assert renee.name == "Renée Castellanos"
    actions.change_contact(mateo(renee), contacts_of(renee)[0], by=mia)
    renee.refresh_from_db()
    assert renee.name == "Renée Castellanos"


def test_a_customer_always_has_a_name(renee: Customer, mia: User) -> None:
    actions.edit(renee, "first_name", "", by=mia)
    with pytest.raises(Invalid, match="needs a name"):
        actions.edit(renee, "last_name", "", by=mia)
    actions.edit(renee, "company", "Lake & Sons", by=mia)
    actions.edit(renee, "last_name", "", by=mia)
    renee.refresh_from_db()
    assert (renee.name, renee.is_company) == ("Lake & Sons", True)
    assert themselves(renee).last_name == "Castellanos"


def test_a_company_that_turns_out_to_be_a_person_can_be_reached(
    make_customer: MakeCustomer, mia: User
) -> None:
    bare = make_customer("", company="Lake")
    actions.edit(bare, "last_name", "Lake", by=mia)
    assert themselves(bare).name == "Lake"


# People, addresses, places.


def test_a_corrected_address_stays_the_same_row(renee: Customer, mia: User) -> None:
    row = renee.emails.get(position=0)
    actions.edit(renee, f"email:{row.pk}:address", "Renee@Lake.example", by=mia)
    row.refresh_from_db()
    assert (row.address, row.normal, row.status) == (
        "Renee@Lake.example", "renee@lake.example", "bounced",
    )  # fmt: skip
    actions.edit(renee, f"email:{row.pk}:address", "r@lake.example", by=mia)
    row.refresh_from_db()
    assert (row.status, row.consent) == ("unknown", "unknown")
    actions.edit(renee, f"email:{row.pk}:address", "renee@lake.example", by=mia)
    row.refresh_from_db()
    assert row.consent == "express"
    assert SearchTerm.objects.filter(customer=renee, term__contains="renee@lake").exists()


def test_addresses_are_added_moved_and_removed(renee: Customer, mia: User) -> None:
    own = themselves(renee)
    actions.edit(renee, f"contact:{own.pk}:email", "third@lake.example", by=mia)
    third = own.emails.get(address="third@lake.example")
    actions.edit(renee, f"email:{third.pk}:position", "0", by=mia)
    first, second, last = own.emails.all()
    assert (first.pk, first.position) == (third.pk, 0)
    actions.edit(renee, f"email:{second.pk}:address", "", by=mia)
    assert [(e.pk, e.position) for e in own.emails.all()] == [(first.pk, 0), (last.pk, 1)]


def test_a_number_is_read_where_the_customer_lives(renee: Customer, mia: User) -> None:
    actions.edit(renee, f"location:{renee.locations.get(is_primary=True).pk}:country", "de", by=mia)
    actions.edit(renee, f"contact:{mateo(renee).pk}:phone", "0201 555 0101", by=mia)
    assert mateo(renee).phones.get().e164 == "+492015550101"


def test_primary_is_taken_over_and_never_given_up(renee: Customer, mia: User) -> None:
    second = renee.locations.get(is_primary=False)
    for key in (f"contact:{mateo(renee).pk}:primary", f"location:{second.pk}:primary"):
        actions.edit(renee, key, "yes", by=mia)
        with pytest.raises(Invalid, match="Make another one primary"):
            actions.edit(renee, key, "", by=mia)
    assert themselves(renee).first_name == "Mateo"
    assert renee.locations.get(is_primary=True) == second


def test_a_contact_and_a_place_keep_something_to_go_by(renee: Customer, mia: User) -> None:
    with pytest.raises(Invalid, match="needs a name, an email or a phone"):
        actions.edit(renee, f"contact:{mateo(renee).pk}:first_name", "", by=mia)
    place = renee.locations.get(is_primary=False)
    with pytest.raises(Invalid, match="at least one line"):
        actions.edit(renee, f"location:{place.pk}:line1", "", by=mia)


def test_only_what_is_offered_can_be_chosen(
    renee: Customer, ana: User, mia: User, ada: User, south: Store
) -> None:
    for by in (ana, mia):
        with pytest.raises(Invalid, match="There is no such store here"):
            actions.edit(renee, "store", str(south.pk), by=by)
    actions.edit(renee, "store", str(south.pk), by=ada)
    with pytest.raises(Invalid, match="no such category"):
        actions.edit(renee, "category", "999", by=ada)
    fleet = Category.objects.create(name="Fleet")
    actions.edit(renee, "category", str(fleet.pk), by=ada)
    assert said(renee) == "set category to Fleet"
    renee.refresh_from_db()
    assert (renee.store, renee.category) == (south, fleet)


def test_what_is_not_theirs_is_missing(
    renee: Customer, mia: User, make_customer: MakeCustomer
) -> None:
    other = make_customer(
        "Other Person", email="o@o.example", phone="734 555 0100", locations=[{"city": "Troy"}]
    )
    for key in (
        "nonsense",
        f"contact:{other.contacts.get().pk}:role",
        f"email:{other.emails.get().pk}:address",
        f"phone:{other.phones.get().pk}:label",
        f"location:{other.locations.get().pk}:city",
        f"contact:{10**17}:role",
    ):
        with pytest.raises(actions.NoSuchFact):
            actions.edit(renee, key, "x", by=mia)


# Two at once.


def test_what_a_colleague_wrote_meanwhile_is_not_overwritten(
    renee: Customer, ana: User, mia: User
) -> None:
    actions.edit(renee, "type", "prospect", by=mia, was="lead")
    actions.edit(renee, "company", "Lake", by=mia)
    with pytest.raises(actions.Conflict) as no:
        actions.edit(renee, "type", "account", by=ana, was="lead")
    assert (no.value.theirs, no.value.shown, no.value.by) == ("prospect", "Prospect", mia.name)
    assert no.value.at is not None
    assert cell(renee, "type") == "prospect"
    assert actions.edit(renee, "type", "account", by=ana, was=no.value.theirs)


def test_wanting_the_same_or_something_else_is_no_conflict(
    renee: Customer, ana: User, mia: User
) -> None:
    actions.edit(renee, "type", "prospect", by=mia, was="lead")
    assert not actions.edit(renee, "type", "prospect", by=ana, was="lead")
    assert actions.edit(renee, f"contact:{mateo(renee).pk}:title", "Pilot", by=ana, was="")
    assert actions.edit(renee, f"contact:{mateo(renee).pk}:role", "Spouse", by=mia, was="Husband")


def test_chosen_rows_and_the_other_source_are_told_in_words(
    renee: Customer, ana: User, mia: User
) -> None:
    business = Group.objects.get(name="Business")
    actions.edit(renee, "group", str(business.pk), by=mia)
    with pytest.raises(actions.Conflict) as no:
        actions.edit(renee, "group", "", by=ana, was=str(Group.objects.get(name="Standard").pk))
    assert (no.value.shown, no.value.by) == ("Business", mia.name)
    actions.edit(renee, "source", "other:Fair", by=mia)
    with pytest.raises(actions.Conflict) as no:
        actions.edit(renee, "source", "phone", by=ana, was="")
    assert (no.value.theirs, no.value.shown, no.value.by) == ("other:Fair", "Fair", mia.name)


def test_a_write_past_all_actions_conflicts_too(renee: Customer, ana: User) -> None:
    Contact.objects.filter(pk=mateo(renee).pk).update(role="Twin")
    with pytest.raises(actions.Conflict) as no:
        actions.edit(renee, f"contact:{mateo(renee).pk}:role", "Spouse", by=ana, was="Husband")
    assert (no.value.shown, no.value.by) == ("Twin", "")


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_is_told(
    make_customer: MakeCustomer, ana: User, mia: User
) -> None:
    customer, told = make_customer("Renée Castellanos"), []
    together = threading.Barrier(2)

    def write(value: str, by: User) -> None:
        together.wait(10)
        try:
            actions.edit(customer, "type", value, by=by, was="lead")
        except actions.Conflict as no:
            told.append((no.by, no.theirs))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=write, args=pair) for pair in (("prospect", ana), ("account", mia))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert told in ([(ana.name, "prospect")], [(mia.name, "account")])


# Whatever is done, in whatever order.

CHOSEN = {"type": ["lead", "account"], "status": ["ok", "bounced"], "kind": ["", "home", "billing"]}


def keys(customer: Customer) -> list[str]:
    rows: list[Any] = [
        customer,
        *customer.contacts.all(),
        *customer.emails.all(),
        *customer.phones.all(),
        *customer.locations.all(),
    ]
    return [c.key for row in rows for c in editing.cells(row).values()] if rows else []


def values(at: editing.At) -> st.SearchStrategy[str]:
    fact = at.fact
    return st.sampled_from(
        CHOSEN.get(fact.name)
        or {
            "birthday": ["", "May 4", "1980-05-04"],
            "language": ["", "es", "French"],
            "time_zone": ["", "UTC"],
            "country": ["", "US", "ca"],
            "source": ["", "phone", "other:Fair", "other:Radio"],
            "primary": ["yes"],
            "position": ["0", "1", "2"],
            "email": ["new@b.example"],
            "phone": ["734 555 0199"],
            "address": ["", "one@b.example", "two@b.example"],
            "number": ["", "734 555 0100", "734 555 0101"],
            "group": [""],
            "category": [""],
            "store": [""],
        }.get(fact.name)
        or ["", "Ana", "Renée Thibodeaux", "x y", " Trim "]
    )


@takes(40)
@given(data=st.data())
def test_any_edits_leave_one_primary_and_can_be_taken_back(data: st.DataObject) -> None:
    raw = {
        "name": "Renée Castellanos",
        "email": "renee@lake.example",
        "phone": "734 555 0162",
        "company": "Lake",
        "locations": [{"line1": "1417 Pearl St"}, {"city": "Troy"}],
    }
    customer = actions.add(facts.clean(raw), by=None)
    actions.add_contact(customer, contacts_of(customer)[0], by=None)
    for _ in range(data.draw(st.integers(1, 8), label="how many")):
        key = data.draw(st.sampled_from(keys(customer)), label="key")
        at = editing.parse(key)
        assert at is not None
        value = data.draw(values(at), label="value")
        _one(customer, at, value)
        assert [c.primary for c in contacts_of(customer)].count(True) == 1
        assert [p.primary for p in locations_of(customer)].count(True) == 1
        assert all(c.says_something for c in contacts_of(customer) if not c.primary)


def _one(customer: Customer, at: editing.At, value: str) -> None:
    """Do it, and when it can be taken back, see that nothing else had changed."""
    taken_back = at.fact.name not in ("email", "phone", "primary", "address", "number")
    was = stands(customer, at) if at.fact.name == "position" else cell(customer, at.key)
    before, events = record(customer), Event.objects.filter(customer=customer).count()
    try:
        changed = actions.edit(customer, at.key, value, by=None).changed
    except Invalid:
        assert record(customer) == before
        return
    assert Event.objects.filter(customer=customer).count() == events + changed
    if not changed:
        assert record(customer) == before
    elif taken_back and _can_be_said(at, was):
        actions.edit(customer, at.key, was, by=None)
        assert record(customer) == before
        actions.edit(customer, at.key, value, by=None)


def stands(customer: Customer, at: editing.At) -> str:
    row = getattr(customer, MANY[at.of]).get(pk=at.pk)
    return str(place_of(contact_facts(row.contact), at))


def _can_be_said(at: editing.At, was: str) -> bool:
    try:
        return editing.same(editing.read(at, was), was)
    except Invalid:
        return False


def record(customer: Customer) -> tuple[Any, ...]:
    row = Customer.objects.get_queryset().get(pk=customer.pk)
    own = tuple(c.value for c in editing.cells(row).values())
    return own, contacts_of(customer), locations_of(customer)
