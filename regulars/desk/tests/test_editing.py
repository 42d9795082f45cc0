"""The forms behind the page: what is typed arrives, what is wrong stays typed and is said there."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from regulars.customers import actions, facts
from regulars.customers.models import Contact, Customer, Email, Tombstone
from regulars.staff.models import Role, Store, User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db
Headers = Callable[..., dict[str, str]]


@pytest.fixture
def renee(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer(
        "Renée Castellanos",
        owner=ana,
        phone="(734) 555-0162",
        locations=[{"line1": "1417 Pearl St", "city": "Ypsilanti"}],
    )


def at(customer: Customer, place: str) -> str:
    return f"{customer.get_absolute_url()}{place}/"


IDENTITY = {"first_name": "Renée", "last_name": "Castellanos", "type": "lead", "version": "1"}


def reach(
    *, emails: list[dict[str, str]] | None = None, phones: list[dict[str, str]] | None = None
) -> dict[str, str]:
    """The formsets as a browser sends them."""
    sent = {}
    for prefix, rows in (("emails", emails or []), ("phones", phones or [])):
        sent[f"{prefix}-TOTAL_FORMS"] = str(len(rows))
        sent[f"{prefix}-INITIAL_FORMS"] = "0"
        for n, row in enumerate(rows):
            sent |= {f"{prefix}-{n}-{key}": value for key, value in row.items()}
    return sent


# Who they are.


def test_the_form_shows_what_is_known(ana_in: Client, renee: Customer) -> None:
    page = ana_in.get(at(renee, "edit")).content.decode()
    assert 'value="Castellanos"' in page
    assert 'name="version" value="1"' in page


def test_saving_changes_the_customer_and_goes_back(ana_in: Client, renee: Customer) -> None:
    form = {**IDENTITY, "first_name": "Rae", "type": "account", "company": "Lake & Sons"}
    answer = ana_in.post(at(renee, "edit"), form)
    assert (answer.status_code, answer["Location"]) == (303, renee.get_absolute_url())
    renee.refresh_from_db()
    assert (renee.name, renee.type, renee.company) == ("Rae Castellanos", "account", "Lake & Sons")


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"first_name": "", "last_name": " "}, "id_first_name"),
        ({"last_name": "x" * 101}, "id_last_name"),
        ({"type": "king"}, "id_type"),
        ({"source": "other"}, "id_source_other"),
        ({"group": "999"}, "id_group"),
        ({"store": "x"}, "id_store"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    ana_in: Client, renee: Customer, form: dict[str, str], field: str
) -> None:
    answer = ana_in.post(at(renee, "edit"), {**IDENTITY, "company": "", **form})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{field}-error"' in page
    assert "Nothing you typed is lost" in page
    renee.refresh_from_db()
    assert renee.version == 1


def test_a_colleagues_change_meanwhile_is_not_overwritten(
    ana_in: Client, mia: User, renee: Customer
) -> None:
    actions.tag(renee, "VIP", by=mia)
    answer = ana_in.post(at(renee, "edit"), {**IDENTITY, "first_name": "Rae"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody changed this customer" in page
    assert 'value="Rae"' in page
    assert 'name="version" value="2"' in page
    ana_in.post(at(renee, "edit"), {**IDENTITY, "first_name": "Rae", "version": "2"})
    renee.refresh_from_db()
    assert renee.first_name == "Rae"
    assert renee.tags.count() == 1


def test_a_salesperson_cannot_send_a_customer_to_a_foreign_store(
    ana_in: Client, ada_in: Client, renee: Customer, south: Store
) -> None:
    form = {**IDENTITY, "store": str(south.pk)}
    assert ana_in.post(at(renee, "edit"), form).status_code == 422
    assert ada_in.post(at(renee, "edit"), form).status_code == 303
    renee.refresh_from_db()
    assert renee.store == south


def test_in_the_dialog_the_form_answers_for_itself(
    ana_in: Client, renee: Customer, htmx: Headers
) -> None:
    headers = htmx("editor", page=renee.get_absolute_url())
    asked = ana_in.get(at(renee, "edit"), headers=headers).content.decode()
    assert asked.lstrip().startswith('<div id="editor"')
    wrong = ana_in.post(at(renee, "edit"), {**IDENTITY, "type": "x"}, headers=headers)
    assert wrong.status_code == 422
    assert wrong.content.decode().lstrip().startswith('<div id="editor"')
    right = ana_in.post(at(renee, "edit"), IDENTITY, headers=headers).content.decode()
    assert right.lstrip().startswith('<div id="editor"></div>')


def test_on_a_page_of_its_own_it_leads_back_to_the_customer(
    ana_in: Client, renee: Customer, htmx: Headers
) -> None:
    headers = htmx("editor", page=at(renee, "edit"))
    answer = ana_in.post(at(renee, "edit"), IDENTITY, headers=headers)
    assert answer["HX-Redirect"] == renee.get_absolute_url()


# The owner.


def test_a_hand_over_keeps_who_and_why(
    ana_in: Client, renee: Customer, cleo: User, dora: User
) -> None:
    page = ana_in.get(at(renee, "owner")).content.decode()
    assert "Cleo Marsh" in page
    assert "Dora Petrov" not in page
    ana_in.post(at(renee, "owner"), {"owner": cleo.pk, "reason": "on holiday"})
    renee.refresh_from_db()
    assert renee.owner == cleo
    assert renee.events.order_by("-id")[0].data["reason"] == "on holiday"
    ana_in.post(at(renee, "owner"), {"owner": "", "reason": ""})
    renee.refresh_from_db()
    assert renee.owner is None


def test_a_hand_over_changes_something_or_says_that_it_does_not(
    ana_in: Client, renee: Customer, ana: User
) -> None:
    page = ana_in.get(at(renee, "owner")).text
    assert f'value="{ana.pk}"' not in page
    assert " checked" not in page
    assert (
        f'value="{ana.pk}"' not in ana_in.get(f"/customers/colleagues/?for={renee.public_id}").text
    )
    unchosen = ana_in.post(at(renee, "owner"), {"reason": ""})
    assert unchosen.status_code == 422
    assert "Choose a colleague, or nobody." in unchosen.text
    same = ana_in.post(at(renee, "owner"), {"owner": ana.pk})
    assert same.status_code == 422
    assert f"{ana.name} has them already" in same.text
    assert not renee.events.filter(kind="customer.reassigned").exists()


def test_only_colleagues_of_the_store_can_be_chosen(
    ana_in: Client, ada_in: Client, renee: Customer, ben: User, dora: User
) -> None:
    for who in (ben.pk, dora.pk, "x", 10**30):
        assert ana_in.post(at(renee, "owner"), {"owner": who}).status_code == 422
    assert ada_in.post(at(renee, "owner"), {"owner": ben.pk}).status_code == 303


def test_who_gave_a_customer_away_leaves_the_page(
    ana_in: Client, renee: Customer, finn: User, htmx: Headers
) -> None:
    headers = htmx("editor", page=renee.get_absolute_url())
    answer = ana_in.post(at(renee, "owner"), {"owner": finn.pk}, headers=headers)
    assert answer["HX-Redirect"] == "/customers/"
    assert ana_in.get(renee.get_absolute_url()).status_code == 404


def test_ownership_is_a_right_of_its_own(
    signed_in: Callable[[User], Client], ana: User, cleo: User, renee: Customer
) -> None:
    role = Role.objects.get(key="salesperson")
    role.rights |= {"ownership": 1}
    role.save()
    client = signed_in(ana)
    assert client.post(at(renee, "owner"), {"owner": cleo.pk}).status_code == 403
    assert "Hand over" not in client.get(renee.get_absolute_url()).content.decode()


# People.


def test_a_contact_is_added_with_how_to_reach_them(ana_in: Client, renee: Customer) -> None:
    form = {
        "first_name": "Mateo",
        "title": "Husband",
        **reach(
            emails=[
                {
                    "address": "m@lake.example",
                    "consent": "implied",
                    "consent_basis": "purchase",
                    "consent_on": "2026-03-03",
                },
                {"address": ""},
            ],
            phones=[{"number": "734 555 0163", "label": "Mobile", "text_consent": "express"}],
        ),
    }
    assert ana_in.post(at(renee, "contacts"), form).status_code == 303
    mateo = renee.contacts.get(first_name="Mateo")
    assert (mateo.title, mateo.is_primary) == ("Husband", False)
    assert [str(e) for e in mateo.emails.all()] == ["m@lake.example"]
    assert mateo.phones.get().e164 == "+17345550163"


def test_a_form_left_as_it_was_found_changes_nothing(ana_in: Client, renee: Customer) -> None:
    person = renee.contacts.get()
    page = ana_in.get(at(renee, f"contacts/{person.pk}")).content.decode()
    assert 'value="(734) 555-0162"' in page
    form = {
        "first_name": "Renée",
        "last_name": "Castellanos",
        **reach(phones=[{"number": "(734) 555-0162"}, {"number": ""}], emails=[{"address": ""}]),
    }
    assert ana_in.post(at(renee, f"contacts/{person.pk}"), form).status_code == 303
    person.refresh_from_db()
    assert (person.name, person.is_primary) == ("Renée Castellanos", True)
    assert person.phones.get().e164 == "+17345550162"


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"emails": [{"address": "nonsense", "consent": "express"}]}, "id_emails-0-address"),
        ({"emails": [{"address": "a@b.example"}]}, "id_emails-0-consent"),
        (
            {"emails": [{"address": "a@b.example", "consent": "implied"}]},
            "id_emails-0-consent_basis",
        ),
        ({"phones": [{"number": "twelve"}]}, "id_phones-0-number"),
        (
            {"phones": [{"number": ""}, {"number": "12"}]},
            "id_phones-1-number",
        ),
        ({}, "id_first_name"),
    ],
)
def test_what_is_wrong_with_a_contact_is_said_at_its_field(
    ana_in: Client, renee: Customer, sent: dict[str, list[dict[str, str]]], field: str
) -> None:
    first = "" if not sent else "Mateo"
    answer = ana_in.post(at(renee, "contacts"), {"first_name": first, **reach(**sent)})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.content.decode()
    assert renee.contacts.count() == 1


def test_everything_that_is_wrong_with_a_contact_is_said_at_once(
    ana_in: Client, renee: Customer
) -> None:
    sent = reach(
        emails=[{"address": "nonsense"}, {"address": "a@b.example", "consent": "implied"}],
        phones=[{"number": "twelve"}],
    )
    form = {"first_name": "Mateo", "birthday": "someday", **sent}
    page = ana_in.post(at(renee, "contacts"), form).content.decode()
    said = re.findall(r'id="id_([\w-]+)-error"', page)
    assert set(said) == {
        "birthday", "phones-0-number", "emails-0-address", "emails-0-consent",
        "emails-1-consent_basis", "emails-1-consent_on",
    }  # fmt: skip
    assert len(said) == len(set(said))


def test_without_its_bookkeeping_a_form_is_refused_not_broken(
    ana_in: Client, renee: Customer
) -> None:
    answer = ana_in.post(at(renee, "contacts"), {"first_name": "Mateo"})
    assert answer.status_code == 422


def test_the_primary_contact_changes_hands(ana_in: Client, renee: Customer) -> None:
    form = {"first_name": "Mateo", "primary": "on", **reach()}
    ana_in.post(at(renee, "contacts"), form)
    assert renee.contacts.get(is_primary=True).first_name == "Mateo"
    renee.refresh_from_db()
    assert renee.name == "Renée Castellanos"


def test_a_contact_goes_but_a_person_stays(ana_in: Client, renee: Customer) -> None:
    ana_in.post(at(renee, "contacts"), {"first_name": "Mateo", **reach()})
    mateo = renee.contacts.get(first_name="Mateo")
    ana_in.post(at(renee, f"contacts/{mateo.pk}/remove"))
    themselves = renee.contacts.get()
    page = ana_in.post(at(renee, f"contacts/{themselves.pk}/remove"), follow=True)
    assert "A person keeps at least one contact" in page.content.decode()
    assert renee.contacts.count() == 1


def test_a_contact_of_somebody_else_is_missing(
    ana_in: Client, renee: Customer, make_customer: MakeCustomer, ana: User
) -> None:
    other = make_customer("Other Person", owner=ana).contacts.get()
    for pk in (other.pk, 10**15, 10**25):
        assert ana_in.get(at(renee, f"contacts/{pk}")).status_code == 404
        assert ana_in.post(at(renee, f"contacts/{pk}/remove")).status_code == 404
    assert Contact.objects.filter(pk=other.pk).exists()


def test_an_edit_does_not_touch_what_others_agreed_to(ana_in: Client, renee: Customer) -> None:
    form = {
        "first_name": "Mateo",
        **reach(emails=[{"address": "m@lake.example", "consent": "express"}]),
    }
    ana_in.post(at(renee, "contacts"), form)
    themselves = renee.contacts.get(is_primary=True)
    ana_in.post(at(renee, f"contacts/{themselves.pk}"), {"first_name": "Rae", **reach()})
    assert Email.objects.get().consent == "express"


# Places.


def test_places_come_change_and_go(ana_in: Client, renee: Customer) -> None:
    ana_in.post(at(renee, "locations"), {"line1": "2 B St", "kind": "billing", "primary": "on"})
    assert renee.locations.get(is_primary=True).line1 == "2 B St"
    old = renee.locations.get(is_primary=False)
    ana_in.post(at(renee, f"locations/{old.pk}"), {"line1": "9 Z St", "country": "ca"})
    old.refresh_from_db()
    assert (old.line1, old.country, old.city) == ("9 Z St", "CA", "")
    ana_in.post(at(renee, f"locations/{renee.locations.get(is_primary=True).pk}/remove"))
    assert renee.locations.get().is_primary


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({}, "id_line1"),
        ({"line1": "x", "country": "XYZ"}, "id_country"),
        ({"line1": "x", "country": "1!"}, "id_country"),
        ({"line1": "x", "kind": "castle"}, "id_kind"),
        ({"line1": "x" * 201}, "id_line1"),
    ],
)
def test_what_is_wrong_with_a_place_is_said_at_its_field(
    ana_in: Client, renee: Customer, form: dict[str, str], field: str
) -> None:
    answer = ana_in.post(at(renee, "locations"), form)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.content.decode()


# For good.


def test_erasing_says_what_goes_and_wants_the_name(mia_in: Client, renee: Customer) -> None:
    page = mia_in.get(at(renee, "erase")).content.decode()
    assert "This cannot be taken back" in page
    assert "1 contact<" in page
    assert "1 phone number<" in page
    empty = mia_in.post(at(renee, "erase"), {})
    assert "nothing was erased" in empty.content.decode()
    wrong = mia_in.post(at(renee, "erase"), {"confirm": "Renee"})
    assert wrong.status_code == 422
    assert "This is not the name" in wrong.content.decode()
    assert Customer.objects.current().filter(pk=renee.pk).exists()
    right = mia_in.post(at(renee, "erase"), {"confirm": "Renée Castellanos"})
    assert (right.status_code, right["Location"]) == (303, "/customers/")
    assert Tombstone.objects.filter(public_id=renee.public_id).exists()
    assert mia_in.get(renee.get_absolute_url()).status_code == 404


def test_a_salesperson_erases_nobody(ana_in: Client, renee: Customer) -> None:
    assert ana_in.get(at(renee, "erase")).status_code == 403
    assert ana_in.post(at(renee, "erase"), {"confirm": renee.name}).status_code == 403
    assert "Delete for good" not in ana_in.get(renee.get_absolute_url()).content.decode()


def test_what_is_typed_twice_is_refused_where_it_stands(ana_in: Client, renee: Customer) -> None:
    numbers = [{"number": "734 555 0177"}, {"number": "(734) 555-0177"}]
    answer = ana_in.post(at(renee, "contacts"), {"first_name": "Mateo", **reach(phones=numbers)})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This contact has this number already" in page.partition('id="id_phones-1-number"')[2]
    assert renee.contacts.count() == 1


# What somebody took away meanwhile.


def test_what_was_written_about_a_contact_that_is_gone_is_not_lost(
    ana_in: Client, renee: Customer, mia: User
) -> None:
    read = facts.read_contact({"first_name": "Mateo"})
    mateo = actions.add_contact(renee, read, by=mia)
    theirs = at(renee, f"contacts/{mateo.pk}")
    sent = {"first_name": "Mateo", "about": "Rides a Ducati", **reach()}
    actions.remove_contact(mateo, by=mia)
    answer = ana_in.post(theirs, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "removed while you were writing" in page
    assert "Rides a Ducati" in page
    assert f'action="{at(renee, "contacts")}"' in page
    assert not renee.contacts.filter(first_name="Mateo").exists()
    assert ana_in.post(at(renee, "contacts"), sent).status_code == 303
    assert renee.contacts.get(first_name="Mateo").about == "Rides a Ducati"
    assert ana_in.get(theirs).status_code == 404


def test_what_was_written_about_a_location_that_is_gone_is_not_lost(
    ana_in: Client, renee: Customer, mia: User
) -> None:
    place = renee.locations.get()
    gone = place.pk
    actions.remove_location(place, by=mia)
    answer = ana_in.post(at(renee, f"locations/{gone}"), {"line1": "1417 Pearl St, rear"})
    assert answer.status_code == 422
    assert "removed while you were writing" in answer.content.decode()
    assert "1417 Pearl St, rear" in answer.content.decode()
    assert not renee.locations.exists()
