"""Whatever writes the record, what it was before and who changed it are kept."""

from typing import Any

import pytest

from regulars.customers import actions, facts
from regulars.customers.actions.contact_rows import contacts_of
from regulars.customers.history.context import because, writing
from regulars.customers.models import Contact, Customer, Email, histories
from regulars.staff.models import User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db
KEPT_OF_CUSTOMERS = [one for one in histories() if one[2]]
KEPT = {model: (history, column) for model, history, column in histories()}


def story(model: type[Any], **where: Any) -> list[Any]:
    return list(KEPT[model][0]._default_manager.filter(**where).order_by("pgh_id"))


@pytest.fixture
def northwind(make_customer: MakeCustomer) -> Customer:
    return make_customer(
        "",
        company="Northwind",
        contacts=[
            {"first_name": "Amy", "email": "amy@nw.example", "phone": "734 555 0162"},
            {"first_name": "Bo", "email": "bo@nw.example"},
        ],
        locations=[{"line1": "1 A St", "city": "Ann Arbor"}],
    )


def test_a_change_says_who_made_it_and_what_was_there(northwind: Customer, mia: User) -> None:
    read = facts.clean({"company": "Northwind Ltd"})
    actions.change(northwind, read, by=mia, fields=["company"])
    before, after = story(Customer, id=northwind.pk)
    assert (before.company, after.company) == ("Northwind", "Northwind Ltd")
    assert (before.pgh_label, after.pgh_label) == ("insert", "update")
    assert after.pgh_context == {"user": mia.pk}


def test_a_standing_column_is_no_edit(northwind: Customer) -> None:
    Customer.objects.get_queryset().filter(pk=northwind.pk).update(unread_count=3)
    assert len(story(Customer, id=northwind.pk)) == 1


def test_a_write_past_all_actions_is_kept_too(northwind: Customer) -> None:
    Contact.objects.filter(customer=northwind, first_name="Bo").update(title="Buyer")
    assert [row.title for row in story(Contact, first_name="Bo")] == ["", "Buyer"]


def test_why_is_said_around_many_actions(northwind: Customer, ana: User, mia: User) -> None:
    contact = northwind.contacts.get(first_name="Bo")
    pk = contact.pk
    with because(how="import", batch=7), writing(ana):
        actions.remove_contact(contact, by=mia)
        Contact.objects.filter(customer=northwind).update(title="Boss")
    gone = story(Contact, pgh_obj=pk)[-1]
    assert (gone.pgh_label, gone.pgh_context["how"], gone.pgh_context["batch"]) == (
        "delete",
        "import",
        7,
    )
    assert gone.pgh_context["user"] == mia.pk
    assert story(Contact, first_name="Amy")[-1].pgh_context["user"] == ana.pk


def test_erasing_takes_the_history_along(northwind: Customer, ada: User) -> None:
    actions.erase(northwind, confirm="Northwind", by=ada)
    for _, history, column in KEPT_OF_CUSTOMERS:
        assert not history._default_manager.filter(**{column: northwind.pk}).exists()


def test_an_event_says_with_which_act_of_writing_it_was_recorded(
    northwind: Customer, mia: User
) -> None:
    actions.change(northwind, facts.clean({"company": "N"}), by=mia, fields=["company"])
    event = northwind.events.get(kind="customer.changed")
    assert story(Customer, id=northwind.pk)[-1].pgh_context_id == event.act
    assert northwind.events.get(kind="customer.created").act not in (None, event.act)


def test_a_list_given_anew_keeps_the_rows_it_repeats(northwind: Customer, mia: User) -> None:
    kept = {c.first_name: c.pk for c in northwind.contacts.all()}
    addresses = set(Email.objects.filter(customer=northwind).values_list("pk", flat=True))
    swapped = facts.clean(
        {
            "company": "Northwind",
            "contacts": [
                {"first_name": "Amy", "emails": [{"address": "AMY@nw.example"}]},
                {"first_name": "Bo", "emails": [{"address": "bo@nw.example"}], "primary": True},
                {"first_name": "Cy"},
            ],
        }
    )
    actions.change(northwind, swapped, by=mia, fields=["contacts"])
    found = {c.first_name: c for c in northwind.contacts.all()}
    assert {name: found[name].pk for name in kept} == kept
    assert found["Bo"].is_primary
    assert not found["Amy"].is_primary
    assert set(Email.objects.filter(customer=northwind).values_list("pk", flat=True)) == addresses


def test_a_list_given_twice_changes_nothing(northwind: Customer, mia: User) -> None:
    version, stories = northwind.version, len(story(Contact, customer=northwind.pk))
    again = facts.CustomerFacts(company="Northwind", contacts=tuple(contacts_of(northwind)))
    actions.change(northwind, again, by=mia, fields=["contacts"])
    northwind.refresh_from_db()
    assert northwind.version == version
    assert len(story(Contact, customer=northwind.pk)) == stories


def test_a_contact_is_found_by_its_id_whatever_else_changed(northwind: Customer, mia: User) -> None:
    amy = northwind.contacts.get(first_name="Amy")
    given = {"company": "Northwind", "contacts": [{"id": amy.pk, "first_name": "Amelia"}]}
    actions.change(northwind, facts.clean(given), by=mia, fields=["contacts"])
    assert [(c.pk, c.first_name) for c in northwind.contacts.all()] == [(amy.pk, "Amelia")]


def test_a_strangers_row_is_never_taken(
    northwind: Customer, make_customer: MakeCustomer, mia: User
) -> None:
    stranger = make_customer("Rita Moss").contacts.get()
    given = {"company": "Northwind", "contacts": [{"id": stranger.pk, "first_name": "Thief"}]}
    actions.change(northwind, facts.clean(given), by=mia, fields=["contacts"])
    stranger.refresh_from_db()
    assert stranger.first_name == "Rita"
    assert northwind.contacts.get().pk != stranger.pk
