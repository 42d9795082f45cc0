"""Adding a customer (000-46 to 000-52): quick, in my name, and not twice."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from regulars.customers.models import ConsentRecord, Customer, Group
from regulars.staff.functions import Level
from regulars.staff.models import Store, User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db
Headers = Callable[..., dict[str, str]]
BARE = {"first_name": "Renée", "type": "lead"}


@pytest.fixture
def start(ana: User) -> dict[str, str]:
    """What the browser sends when only the first name was typed."""
    return {**BARE, "owner": str(ana.pk), "store": str(ana.store_id), "country": "US"}


def only() -> Customer:
    return Customer.objects.get_queryset().get()


def test_the_form_starts_with_me_my_store_and_the_usual_group(ana_in: Client, ana: User) -> None:
    page = ana_in.get("/customers/new/").content.decode()
    assert f'<option value="{ana.pk}" selected>Ana Ferreira' in page
    assert f'<option value="{ana.store_id}" selected>Marlow North' in page
    usual = Group.objects.get(is_default=True)
    assert f'<option value="{usual.pk}" selected>' in page
    for source in ("Internet", "Phone", "Walk In", "Other"):
        assert f">{source}</option>" in page


def test_a_first_name_is_enough(ana_in: Client, ana: User, start: dict[str, str]) -> None:
    answer = ana_in.post("/customers/new/", start)
    renee = only()
    assert (answer.status_code, answer["Location"]) == (303, renee.get_absolute_url())
    assert (renee.name, renee.owner, renee.created_by) == ("Renée", ana, ana)
    assert renee.locations.count() == 0


def test_who_may_not_hand_customers_out_adds_for_themselves_or_nobody(
    ana_in: Client, ana: User, cleo: User, start: dict[str, str]
) -> None:
    ana.role.rights = {**ana.role.rights, "ownership": int(Level.VIEW)}
    ana.role.save()
    page = ana_in.get("/customers/new/").content.decode()
    assert "Cleo Marsh" not in page
    answer = ana_in.post("/customers/new/", {**start, "owner": str(cleo.pk)})
    assert answer.status_code == 422
    assert ana_in.post("/customers/new/", {**start, "owner": ""}).status_code == 303
    assert only().owner is None


def test_everything_that_is_typed_arrives(
    ana_in: Client, ana: User, cleo: User, north: Store, start: dict[str, str]
) -> None:
    group = Group.objects.get(name="Business")
    form = {
        "first_name": "Renée",
        "last_name": "Castellanos",
        "company": "Lake & Sons",
        "type": "prospect",
        "owner": str(cleo.pk),
        "store": str(north.pk),
        "source": "other",
        "source_other": "Trade fair",
        "group": str(group.pk),
        "tags": "VIP, fleet, vip",
        "email": "renee@lake.example",
        "consent": "implied",
        "consent_basis": "other",
        "consent_note": "card left at the fair",
        "consent_on": "2026-03-03",
        "consent_how": "in_person",
        "phone": "(734) 555-0162",
        "line1": "1417 Pearl St",
        "city": "Ypsilanti",
        "state": "MI",
        "postal_code": "48197",
        "country": "us",
        "note": " Likes blue. ",
    }
    ana_in.post("/customers/new/", form)
    renee = only()
    assert (renee.name, renee.company, renee.type) == (
        "Renée Castellanos",
        "Lake & Sons",
        "prospect",
    )
    assert (renee.owner, renee.store, renee.group) == (cleo, north, group)
    assert renee.source_label == "Trade fair"
    assert set(renee.tags.values_list("name", flat=True)) == {"VIP", "fleet"}
    email, phone, place = renee.emails.get(), renee.phones.get(), renee.locations.get()
    assert (email.consent, email.consent_basis) == ("implied", "card left at the fair")
    record = ConsentRecord.objects.get()
    assert (record.basis_on, record.method, record.by) == (date(2026, 3, 3), "in_person", ana)
    assert phone.e164 == "+17345550162"
    assert place.lines == ["1417 Pearl St", "Ypsilanti, MI 48197"]
    kinds = list(renee.events.order_by("id").values_list("kind", flat=True))
    assert kinds == ["customer.created", "note.added"]
    assert renee.events.get(kind="note.added").data == {"text": "Likes blue."}


def test_with_a_company_alone_the_customer_is_the_company(
    ana_in: Client, start: dict[str, str]
) -> None:
    form = {
        **start,
        "first_name": "",
        "company": "Northwind",
        "email": "buy@northwind.example",
        "consent": "express",
    }
    ana_in.post("/customers/new/", form)
    northwind = only()
    assert northwind.is_company
    assert northwind.emails.get().contact.is_primary


def test_nobody_can_be_the_owner_too(ana_in: Client, start: dict[str, str]) -> None:
    ana_in.post("/customers/new/", {**start, "owner": ""})
    assert only().owner is None


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"first_name": " "}, "first_name"),
        ({"email": "nonsense", "consent": "express"}, "email"),
        ({"email": "r@lake.example"}, "consent"),
        ({"email": "r@lake.example", "consent": "unknown"}, "consent"),
        ({"email": "r@lake.example", "consent": "implied"}, "consent_basis"),
        ({"email": "r@lake.example", "consent": "implied"}, "consent_on"),
        (
            {"email": "r@lake.example", "consent": "express", "consent_on": "2126-01-01"},
            "consent_on",
        ),
        (
            {"email": "r@lake.example", "consent": "express", "consent_on": "soon"},
            "consent_on",
        ),
        ({"phone": "twelve"}, "phone"),
        ({"source": "other"}, "source_other"),
        ({"source": "telepathy"}, "source"),
        ({"line1": "x", "country": "Atlantis"}, "country"),
        ({"line1": "x", "country": "1!"}, "country"),
        ({"tags": "x" * 61}, "tags"),
        ({"owner": "999999"}, "owner"),
        ({"store": "999999"}, "store"),
        ({"first_name": "x" * 101}, "first_name"),
        ({"note": "x" * 8_001}, "note"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    ana_in: Client, start: dict[str, str], form: dict[str, str], field: str
) -> None:
    answer = ana_in.post("/customers/new/", {**start, **form})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}-error"' in page
    assert "Nothing you typed is lost" in page
    assert not Customer.objects.current().exists()


def test_everything_that_is_wrong_is_said_at_once(ana_in: Client, start: dict[str, str]) -> None:
    wrong = {
        "first_name": "", "last_name": "", "phone": "twelve", "email": "nonsense",
        "source": "other", "tags": "x" * 61, "line1": "x", "country": "1!",
    }  # fmt: skip
    page = ana_in.post("/customers/new/", {**start, **wrong}).content.decode()
    said = re.findall(r'id="id_(\w+)-error"', page)
    fields = {"first_name", "phone", "email", "consent", "source_other", "tags", "country"}
    assert set(said) == fields
    assert len(said) == len(fields)
    long = ana_in.post("/customers/new/", {**start, "first_name": "", "company": "x" * 201})
    assert re.findall(r'id="id_(\w+)-error"', long.content.decode()) == ["company"]


def test_a_foreign_store_or_owner_cannot_be_chosen(
    ana_in: Client, ada_in: Client, start: dict[str, str], ben: User, south: Store
) -> None:
    for form in ({"owner": str(ben.pk)}, {"store": str(south.pk)}):
        assert ana_in.post("/customers/new/", {**start, **form}).status_code == 422
    form = {"owner": str(ben.pk), "store": str(south.pk)}
    assert ada_in.post("/customers/new/", {**start, **form}).status_code == 303


def test_who_may_only_look_adds_nobody(signed_in: Callable[[User], Client], omar: User) -> None:
    client = signed_in(omar)
    assert client.get("/customers/new/").status_code == 403
    assert client.post("/customers/new/", BARE).status_code == 403


# Not twice.


@pytest.fixture
def known(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer(
        "Veronica Parker", owner=ana, email="vera@lake.example", phone="(734) 555-0162"
    )


@pytest.mark.parametrize(
    "typed",
    [
        {"email": "VERA@lake.example "},
        {"phone": "734-555-0162"},
        {"phone": "+1 (734) 555 0162"},
        {"phone": "0", "email": "vera@lake.example"},
    ],
)
def test_while_typing_who_is_here_already_is_pointed_out(
    ana_in: Client, known: Customer, htmx: Headers, typed: dict[str, str]
) -> None:
    answer = ana_in.post("/customers/new/known/", typed, headers=htmx("known"))
    region = answer.content.decode()
    assert region.lstrip().startswith('<div id="known"')
    assert "Veronica Parker" in region
    assert known.get_absolute_url() in region


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"email": "vera@"},
        {"email": "vera@lake.exampl"},
        {"phone": "0162"},
        {"phone": "555-0162"},
        {"email": "x" * 400 + "@lake.example"},
        {"phone": "\x00"},
        {"email": "\x00@lake.example"},
    ],
)
def test_half_an_address_points_at_nobody(
    ana_in: Client, known: Customer, htmx: Headers, typed: dict[str, str]
) -> None:
    answer = ana_in.post("/customers/new/known/", typed, headers=htmx("known"))
    assert answer.status_code == 200
    assert "Veronica" not in answer.content.decode()


def test_a_foreign_duplicate_is_not_given_away(
    signed_in: Callable[[User], Client], ben: User, known: Customer, htmx: Headers
) -> None:
    client = signed_in(ben)
    typed = {"email": "vera@lake.example"}
    answer = client.post("/customers/new/known/", typed, headers=htmx("known"))
    assert "Veronica" not in answer.content.decode()
    form = {**BARE, **typed, "consent": "express"}
    assert client.post("/customers/new/", form).status_code == 303


def test_without_script_it_asks_once_and_then_adds(
    ana_in: Client, known: Customer, start: dict[str, str]
) -> None:
    form = {**start, "email": "vera@lake.example", "consent": "express"}
    asked = ana_in.post("/customers/new/", form)
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "1 customer is here already" in page
    assert "Add anyway" in page
    assert "Veronica Parker" in page
    assert 'value="Renée"' in page
    seen = page.split('name="seen" value="', 1)[1].split('"', 1)[0]
    assert ana_in.post("/customers/new/", {**form, "seen": seen}).status_code == 303
    assert Customer.objects.current().count() == 2


def test_who_was_shown_while_typing_is_not_asked_again(
    ana_in: Client, known: Customer, start: dict[str, str]
) -> None:
    form = {
        **start,
        "email": "vera@lake.example",
        "consent": "express",
        "seen": str(known.public_id),
    }
    assert ana_in.post("/customers/new/", form).status_code == 303


def test_the_phone_of_the_one_and_the_email_of_the_other_show_both(
    ana_in: Client, known: Customer, make_customer: MakeCustomer, ana: User, htmx: Headers
) -> None:
    make_customer("Omar Bright", owner=ana, email="omar@lake.example")
    typed = {"email": "omar@lake.example", "phone": "(734) 555-0162"}
    region = ana_in.post("/customers/new/known/", typed, headers=htmx("known")).content.decode()
    assert "Veronica Parker" in region
    assert "Omar Bright" in region
