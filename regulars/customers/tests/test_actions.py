"""Every verb of the record: does what it says, leaves one event, refuses in words."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from regulars.customers import actions, facts
from regulars.customers.models import (
    Consent,
    Customer,
    Email,
    ExternalId,
    Group,
    SearchTerm,
    Tag,
    Tombstone,
)
from regulars.lib.errors import Invalid, Stale
from regulars.staff.models import Store, User
from regulars.timeline import actions as timeline
from regulars.timeline.models import Event, Reading
from tests.cast import Happens, MakeCustomer

pytestmark = pytest.mark.django_db


@pytest.fixture
def renee(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer(
        "Renée Castellanos",
        owner=ana,
        email="renee@lake.example",
        phone="(734) 555-0162",
        tags=["VIP"],
        locations=[{"line1": "1417 Pearl St", "city": "Ypsilanti", "state": "MI"}],
        external_ids={"dms": "10482"},
    )


@pytest.fixture
def northwind(make_customer: MakeCustomer) -> Customer:
    return make_customer(
        "",
        company="Northwind",
        contacts=[{"first_name": "Amy", "email": "amy@north.example"}, {"first_name": "Bo"}],
        locations=[{"line1": "1 A St"}, {"line1": "2 B St"}],
    )


def contact(**raw: Any) -> facts.ContactFacts:
    return facts.read_contact(raw)


def last(customer: Customer) -> Event:
    event = customer.events.order_by("-id").first()
    assert event is not None
    return event


# One event each.

Deed = Callable[[Customer, User, User], object]
DEEDS: dict[str, tuple[str, Deed]] = {
    "change": (
        "customer.changed",
        lambda c, by, _: actions.change(
            c, facts.clean({"name": "Renée C", "type": "account"}), by=by,
            fields=["first_name", "last_name", "type"],
        ),
    ),
    "tag": ("customer.tagged", lambda c, by, _: actions.tag(c, "Fleet", by=by)),
    "untag": ("customer.tagged", lambda c, by, _: actions.untag(c, "vip", by=by)),
    "reassign": (
        "customer.reassigned",
        lambda c, by, to: actions.reassign(c, to=to, by=by, reason="asked for him"),
    ),
    "unassign": ("customer.reassigned", lambda c, by, _: actions.unassign(c, by=by)),
    "archive": ("customer.archived", lambda c, by, _: actions.archive(c, by=by)),
    "add a contact": (
        "customer.changed",
        lambda c, by, _: actions.add_contact(c, contact(first_name="Mateo"), by=by),
    ),
    "change a contact": (
        "customer.changed",
        lambda c, by, _: actions.change_contact(
            c.contacts.get(), contact(first_name="Renée", phone="555 0199"), by=by
        ),
    ),
    "add a place": (
        "customer.changed",
        lambda c, by, _: actions.add_location(
            c, facts.read_location({"line1": "2 B St"}), by=by
        ),
    ),
    "change a place": (
        "customer.changed",
        lambda c, by, _: actions.change_location(
            c.locations.get(), facts.read_location({"line1": "3 C St"}), by=by
        ),
    ),
    "remove a place": (
        "customer.changed",
        lambda c, by, _: actions.remove_location(c.locations.get(), by=by),
    ),
}  # fmt: skip


@pytest.mark.parametrize("deed", DEEDS)
def test_every_deed_leaves_one_event_that_says_who(
    deed: str, renee: Customer, mia: User, cleo: User
) -> None:
    kind, do = DEEDS[deed]
    before = renee.events.count()
    do(renee, mia, cleo)
    assert renee.events.count() == before + 1
    event = last(renee)
    assert (event.kind, event.actor) == (kind, mia)
    assert "{" not in event.sentence


@pytest.mark.parametrize("deed", DEEDS)
def test_every_change_of_the_record_moves_its_version(
    deed: str, renee: Customer, mia: User, cleo: User
) -> None:
    DEEDS[deed][1](renee, mia, cleo)
    renee.refresh_from_db()
    assert renee.version > 1


@pytest.mark.parametrize("deed", DEEDS)
def test_changing_the_record_is_no_activity(
    deed: str, renee: Customer, mia: User, cleo: User
) -> None:
    before = renee.last_activity_at
    DEEDS[deed][1](renee, mia, cleo)
    renee.refresh_from_db()
    assert renee.last_activity_at == before


UNDONE: dict[str, Deed] = {
    "change to the same": lambda c, by, _: actions.change(
        c, facts.clean({"name": c.name}), by=by, fields=["first_name", "last_name"]
    ),
    "tag again": lambda c, by, _: actions.tag(c, "vip", by=by),
    "untag what was not there": lambda c, by, _: actions.untag(c, "Fleet", by=by),
    "reassign to the owner": lambda c, by, _: actions.reassign(c, to=c.owner, by=by),
    "restore what is not archived": lambda c, by, _: actions.restore(c, by=by),
}


@pytest.mark.parametrize("deed", UNDONE)
def test_what_changes_nothing_leaves_no_event(
    deed: str, renee: Customer, mia: User, cleo: User
) -> None:
    before = renee.events.count()
    UNDONE[deed](renee, mia, cleo)
    assert renee.events.count() == before
    renee.refresh_from_db()
    assert renee.version == 1


# Adding.


def test_adding_falls_back_to_the_owners_store_and_the_usual_group(
    renee: Customer, ana: User
) -> None:
    assert renee.store == ana.store
    assert renee.group == Group.objects.get(is_default=True)
    assert renee.owned_since is not None
    assert last(renee).kind == "customer.created"


def test_adding_many_is_adding_each(make_customer: MakeCustomer, ana: User, mia: User) -> None:
    read = [facts.clean({"name": f"P{n} Q", "email": f"p{n}@b.example"}) for n in range(3)]
    many = actions.add_many([actions.NewCustomer(one, owner=ana) for one in read], by=mia)
    one = make_customer("P9 Q", owner=ana, by=mia, email="p9@b.example")
    for customer in many:
        customer.refresh_from_db()
        assert customer.store == one.store
        assert customer.group == one.group
        assert [e.kind for e in customer.events.all()] == ["customer.created"]
        assert customer.contacts.get().is_primary
        assert customer.search_terms.count() == one.search_terms.count()


def test_an_external_id_belongs_to_one_customer(renee: Customer, ana: User) -> None:
    taken = facts.clean({"name": "X Y", "external_ids": {"dms": "10482"}})
    with pytest.raises(Invalid) as no:
        actions.add(taken, by=ana)
    assert list(no.value.errors) == ["external_ids.dms"]
    assert not Customer.objects.current().filter(name="X Y").exists()


def test_who_left_owns_nobody_new(renee: Customer, dora: User, mia: User) -> None:
    with pytest.raises(Invalid):
        actions.reassign(renee, to=dora, by=mia)
    with pytest.raises(Invalid):
        actions.add(facts.clean({"name": "X Y"}), by=mia, owner=dora)


# Changing.


def test_only_the_named_fields_change(renee: Customer, ana: User) -> None:
    read = facts.clean({"name": "Somebody Else", "type": "account", "source": "phone"})
    actions.change(renee, read, by=ana, fields=["type"])
    renee.refresh_from_db()
    assert (renee.name, renee.type, renee.source) == ("Renée Castellanos", "account", "")
    assert last(renee).sentence == "changed type"


def test_a_stale_change_is_refused(renee: Customer, ana: User) -> None:
    actions.tag(renee, "Fleet", by=ana)
    with pytest.raises(Stale):
        actions.change(
            renee, facts.clean({"name": "R C"}), by=ana, fields=["first_name"], version=1
        )


def test_a_persons_new_name_is_their_own_contacts_too(renee: Customer, ana: User) -> None:
    actions.add_contact(renee, contact(first_name="Mateo", last_name="Castellanos"), by=ana)
    read = facts.clean({"first_name": "René", "last_name": "Castell"})
    actions.change(renee, read, by=ana, fields=["first_name", "last_name"])
    assert {c.name for c in renee.contacts.all()} == {"René Castell", "Mateo Castellanos"}


def test_the_contacts_new_name_is_the_persons_too(renee: Customer, ana: User) -> None:
    actions.change_contact(renee.contacts.get(), contact(first_name="Rae", last_name="C"), by=ana)
    renee.refresh_from_db()
    assert renee.name == "Rae C"


def test_a_spouse_who_becomes_primary_does_not_rename_the_customer(
    renee: Customer, ana: User
) -> None:
    mateo = actions.add_contact(renee, contact(first_name="Mateo"), by=ana)
    actions.change_contact(mateo, contact(first_name="Mateo", primary=True), by=ana)
    renee.refresh_from_db()
    assert renee.name == "Renée Castellanos"
    assert renee.contacts.get(is_primary=True) == mateo


# Contacts and places.


def test_the_first_one_is_primary_without_asking(make_customer: MakeCustomer, ana: User) -> None:
    empty = make_customer("", company="Empty")
    assert actions.add_contact(empty, contact(first_name="Amy"), by=ana).is_primary
    assert not actions.add_contact(empty, contact(first_name="Bo"), by=ana).is_primary
    assert actions.add_contact(empty, contact(first_name="Cy", primary=True), by=ana).is_primary
    place = facts.read_location
    assert actions.add_location(empty, place({"line1": "1 A St"}), by=ana).is_primary
    assert not actions.add_location(empty, place({"line1": "2 B St"}), by=ana).is_primary
    assert actions.add_location(
        empty, place({"line1": "3 C St", "primary": True}), by=ana
    ).is_primary
    assert [c.first_name for c in empty.contacts.filter(is_primary=True)] == ["Cy"]
    assert [p.line1 for p in empty.locations.filter(is_primary=True)] == ["3 C St"]


def test_the_primary_cannot_be_given_up_only_taken_over(northwind: Customer, ana: User) -> None:
    amy = northwind.contacts.get(is_primary=True)
    actions.change_contact(amy, contact(first_name="Amy", primary=False), by=ana)
    assert northwind.contacts.get(is_primary=True) == amy


def test_removing_the_primary_leaves_an_heir(northwind: Customer, ana: User) -> None:
    actions.remove_contact(northwind.contacts.get(is_primary=True), by=ana)
    assert northwind.contacts.get().is_primary
    actions.remove_location(northwind.locations.get(is_primary=True), by=ana)
    assert northwind.locations.get().is_primary


def test_a_person_keeps_themselves_a_company_may_have_nobody(
    renee: Customer, northwind: Customer, ana: User
) -> None:
    with pytest.raises(Invalid):
        actions.remove_contact(renee.contacts.get(), by=ana)
    for row in northwind.contacts.all():
        actions.remove_contact(row, by=ana)
    assert not northwind.contacts.exists()


def test_nothing_at_all_is_no_contact_and_no_place(renee: Customer, ana: User) -> None:
    with pytest.raises(Invalid):
        actions.add_contact(renee, contact(title="Buyer"), by=ana)
    with pytest.raises(Invalid):
        actions.change_contact(renee.contacts.get(), contact(), by=ana)
    with pytest.raises(Invalid):
        actions.add_location(renee, facts.read_location({}), by=ana)


def test_an_edit_keeps_since_when_they_agreed(renee: Customer, ana: User) -> None:
    person = renee.contacts.get()
    agreed = contact(first_name="Renée", emails=[{"address": "r@l.example", "consent": "express"}])
    actions.change_contact(person, agreed, by=ana)
    since = Email.objects.get().consent_at
    renamed = contact(first_name="Rae", emails=[{"address": "R@L.example", "consent": "express"}])
    actions.change_contact(person, renamed, by=ana)
    assert Email.objects.get().consent_at == since
    withdrawn = contact(emails=[{"address": "r@l.example", "consent": "withdrawn"}])
    actions.change_contact(person, withdrawn, by=ana)
    email = Email.objects.get()
    assert email.consent == Consent.WITHDRAWN
    assert email.consent_at is not None
    assert since is not None
    assert email.consent_at > since


# Tags.


def test_upper_and_lower_case_are_the_same_tag(renee: Customer, ana: User) -> None:
    actions.tag(renee, "  fleet ", by=ana)
    actions.tag(renee, "FLEET", by=ana)
    assert Tag.objects.filter(name__iexact="fleet").count() == 1
    assert set(renee.tags.values_list("name", flat=True)) == {"VIP", "fleet"}


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_tag_has_a_name(renee: Customer, ana: User, name: str) -> None:
    with pytest.raises(Invalid) as no:
        actions.tag(renee, name, by=ana)
    assert list(no.value.errors) == ["tag"]


# Ownership.


def test_a_hand_over_says_from_whom_to_whom_and_why(renee: Customer, mia: User, cleo: User) -> None:
    actions.reassign(renee, to=cleo, by=mia, reason="  asked for Cleo ")
    renee.refresh_from_db()
    assert renee.owner == cleo
    assert last(renee).sentence == ("handed over from Ana Ferreira to Cleo Marsh: asked for Cleo")


def test_assigning_and_taking_off_are_said_as_such(renee: Customer, mia: User, cleo: User) -> None:
    actions.unassign(renee, by=mia, reason="left")
    renee.refresh_from_db()
    assert (renee.owner, renee.owned_since) == (None, None)
    assert last(renee).sentence == "took Ana Ferreira off as owner: left"
    actions.assign(renee, to=cleo, by=mia)
    assert last(renee).sentence == "assigned to Cleo Marsh"


def test_the_store_stays_where_the_customer_belongs(
    renee: Customer, north: Store, ben: User, mia: User, make_customer: MakeCustomer
) -> None:
    assert actions.reassign(renee, to=ben, by=mia).store == north
    nowhere = make_customer("Walk In")
    assert actions.assign(nowhere, to=ben, by=mia).store == ben.store


def test_unread_is_what_the_new_owner_has_not_read(
    renee: Customer, happens: Happens, ana: User, cleo: User, mia: User
) -> None:
    happens(renee, "message.received")
    timeline.mark_read(renee, by=ana)
    assert actions.reassign(renee, to=cleo, by=mia).unread_count == 1
    assert actions.reassign(renee, to=ana, by=mia).unread_count == 0


# Away, back, and for good.


def test_archiving_is_taken_back(renee: Customer, mia: User) -> None:
    actions.archive(renee, by=mia)
    assert not Customer.objects.current().filter(pk=renee.pk).exists()
    assert not actions.restore(renee, by=mia).is_archived
    assert renee.events.count() == 3
    assert renee.contacts.count() == 1


@pytest.mark.parametrize("typed", ["", "renée castellanos", "Renee Castellanos", "yes"])
def test_erasing_needs_the_name_as_shown(renee: Customer, mia: User, typed: str) -> None:
    with pytest.raises(Invalid):
        actions.erase(renee, confirm=typed, by=mia)
    assert Customer.objects.current().filter(pk=renee.pk).exists()


def test_erasing_leaves_nothing_but_that_it_happened(
    renee: Customer, northwind: Customer, happens: Happens, mia: User
) -> None:
    happens(renee, text="I am Renée")
    timeline.mark_read(renee, by=mia)
    pk, public_id = renee.pk, renee.public_id
    actions.erase(renee, confirm=" Renée Castellanos ", by=mia)
    grave = Tombstone.objects.get()
    assert (grave.public_id, grave.erased_by) == (public_id, mia)
    for model in (Event, Reading, Email, ExternalId, SearchTerm):
        assert not model._default_manager.filter(customer=pk).exists()
    assert not traces("Castellanos")
    assert not traces("renee@lake")
    assert northwind.contacts.count() == 2


def traces(word: str) -> list[str]:
    """The tables in which any column of any row still holds this word."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{word}%"])
            if cursor.fetchone() != (0,):
                found.append(table)
    return found


# At the same time.


@pytest.mark.django_db(transaction=True)
def test_two_who_hand_over_at_once_leave_one_owner_and_a_true_log(
    renee: Customer, ana: User, cleo: User, mia: User
) -> None:
    start = threading.Barrier(2)

    def hand_over(to: User) -> None:
        try:
            start.wait()
            actions.reassign(renee, to=to, by=mia)
        finally:
            connection.close()

    threads = [threading.Thread(target=hand_over, args=(to,)) for to in (cleo, mia)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    renee.refresh_from_db()
    moves = list(renee.events.filter(kind="customer.reassigned").order_by("id"))
    assert [move.data["from_id"] for move in moves] == [str(ana.pk), moves[0].data["to_id"]]
    assert moves[-1].data["to_id"] == str(renee.owner_id)


@pytest.mark.django_db(transaction=True)
def test_the_same_new_tag_from_several_sides_is_one_tag(
    make_customer: MakeCustomer, mia: User
) -> None:
    customers = [make_customer(f"P{n} Q") for n in range(4)]
    start = threading.Barrier(4)
    problems: list[BaseException] = []

    def put(customer: Customer) -> None:
        try:
            start.wait()
            actions.tag(customer, "Fleet", by=mia)
        except BaseException as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=put, args=(customer,)) for customer in customers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not problems
    assert Tag.objects.filter(name__iexact="fleet").count() == 1
    assert all(customer.tags.count() == 1 for customer in customers)
