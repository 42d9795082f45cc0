"""A customer is changed, and is now more like another one: said where it was changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from regulars.customers.models import Customer
from regulars.matching import actions as matching
from regulars.staff.models import User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db

Headers = Callable[..., dict[str, str]]
HOME = {"line1": "12 Elm St", "city": "Ann Arbor", "postal_code": "48103", "country": "US"}


@pytest.fixture
def william(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer(
        "William Hart",
        owner=ana,
        email="w.hart@lake.example",
        phone="(734) 555-0162",
        locations=[HOME],
    )


@pytest.fixture
def bill(make_customer: MakeCustomer, ana: User) -> Customer:
    away = {"line1": "9 Oak Rd", "city": "Novi", "postal_code": "48375", "country": "US"}
    return make_customer(
        "Bill Hart",
        owner=ana,
        email="bill@oak.example",
        phone="(248) 555-0100",
        locations=[away],
    )


@pytest.fixture
def edit(ana_in: Client, htmx: Headers) -> Callable[..., str]:
    """Change one fact of a customer in place; what is drawn then."""

    def changed(who: Customer, key: str, value: str, client: Client | None = None) -> str:
        at = f"{who.get_absolute_url()}facts/{key}/"
        headers = htmx(f"fact-{key.replace(':', '-')}", page=who.get_absolute_url())
        answer = (client or ana_in).post(at, {"value": value}, headers=headers)
        assert answer.status_code == 200, answer.content.decode()[:500]
        return answer.content.decode()

    return changed


def phone_of(who: Customer) -> str:
    return f"phone:{who.phones.get().pk}:number"


def hint_in(page: str) -> str:
    """What the hint says; "" where there is none."""
    return (
        page.split('class="shared"', 1)[-1].split("</span></span>", 1)[0]
        if 'class="shared"' in page
        else ""
    )


def test_a_number_that_another_one_has_names_them_why_and_where_to_compare(
    edit: Any, bill: Customer, william: Customer
) -> None:
    hint = hint_in(edit(bill, phone_of(bill), "734 555 0162"))
    assert f'href="{william.get_absolute_url()}">William Hart</a>' in hint
    assert "ikely the same" in hint
    assert "same phone +" in hint
    assert "Bill ≈ William" in hint or "William ≈ Bill" in hint
    assert f"/customers/merge/?ids={bill.public_id}%2C{william.public_id}" in hint


@pytest.mark.parametrize("fact", ["email", "name", "place"])
def test_so_does_every_fact_that_tells_people_apart(
    edit: Any, make_customer: MakeCustomer, ana: User, william: Customer, fact: str
) -> None:
    have: dict[str, dict[str, Any]] = {
        "email": {"email": "bill@oak.example"},
        "name": {"phone": "(734) 555-0162"},
        "place": {"locations": [HOME | {"line1": "900 Far Away Blvd"}]},
    }
    who = make_customer("Bill Hart" if fact != "name" else "Zora Hart", owner=ana, **have[fact])
    email, place = who.emails.first(), who.locations.first()
    key, value = {
        "email": (f"email:{email.pk if email else 0}:address", "W.Hart@lake.example"),
        "name": ("first_name", "Bill"),
        "place": (f"location:{place.pk if place else 0}:line1", "12 Elm Street"),
    }[fact]
    hint = hint_in(edit(who, key, value))
    assert "William Hart" in hint
    assert "Bill Hart" not in hint


def test_what_was_so_before_is_not_said_again(edit: Any, bill: Customer, william: Customer) -> None:
    assert hint_in(edit(bill, phone_of(bill), "734 555 0162"))
    assert not hint_in(edit(bill, "type", "account"))
    assert not hint_in(edit(bill, "company", "Oak Farm"))


def test_one_of_whom_something_was_said_is_not_named(
    edit: Any, bill: Customer, william: Customer, ana: User
) -> None:
    matching.decide(bill, william, verdict="different", by=ana)
    assert not hint_in(edit(bill, phone_of(bill), "734 555 0162"))


def test_whom_one_may_not_see_is_not_named(
    signed_in: Callable[[User], Client],
    edit: Any,
    make_customer: MakeCustomer,
    ben: User,
    william: Customer,
) -> None:
    bens = make_customer("Bill Hart", owner=ben, phone="(248) 555-0100")
    assert not hint_in(edit(bens, phone_of(bens), "734 555 0162", signed_in(ben)))


def test_without_script_it_is_said_with_the_saving(
    ana_in: Client, bill: Customer, william: Customer
) -> None:
    at = f"{bill.get_absolute_url()}facts/{phone_of(bill)}/"
    page = ana_in.post(at, {"value": "734 555 0162"}, follow=True).content.decode()
    assert "Compare with William Hart, who is like them." in page


# While a form is filled in.


def asked(client: Client, htmx: Headers, who: Customer, typed: dict[str, str], at: str = "") -> str:
    url = f"{who.get_absolute_url()}alike/{at}"
    answer = client.post(url, typed, headers=htmx("alike", page=who.get_absolute_url()))
    assert answer.status_code == 200
    return answer.content.decode()


def contact_form(**typed: str) -> dict[str, str]:
    form = {"first_name": "", "last_name": "", "emails-0-address": "", "phones-0-number": ""}
    return form | {key.replace("_0_", "-0-"): value for key, value in typed.items()}


def test_the_form_of_the_name_says_it_while_typing_and_keeps_nothing(
    ana_in: Client, htmx: Headers, make_customer: MakeCustomer, ana: User, william: Customer
) -> None:
    zora = make_customer("Zora Hart", owner=ana, phone="(734) 555-0162")
    typed = {"first_name": "Bill", "last_name": "Hart", "company": ""}
    assert "William Hart" in asked(ana_in, htmx, zora, typed)
    assert "William" not in asked(ana_in, htmx, zora, typed | {"first_name": "Zora"})
    zora.refresh_from_db()
    assert zora.name == "Zora Hart"


def test_the_form_of_their_own_contact_speaks_for_them(
    ana_in: Client, htmx: Headers, bill: Customer, william: Customer
) -> None:
    own = f"?contact={bill.contacts.get().pk}"
    named = contact_form(first_name="Bill", last_name="Hart")
    found = asked(ana_in, htmx, bill, named | {"phones-0-number": "734.555.0162"}, own)
    assert "ikely the same" in found
    assert asked(ana_in, htmx, bill, named, own).strip() == ""


def test_a_fact_says_it_where_it_is_typed(
    ana_in: Client, htmx: Headers, make_customer: MakeCustomer, ana: User, bill: Customer,
    william: Customer,
) -> None:  # fmt: skip
    zora = make_customer("Zora Hart", owner=ana, phone="(734) 555-0162", locations=[HOME])
    own, number = bill.contacts.get().pk, bill.phones.get().pk
    mail, place = bill.emails.get().pk, bill.locations.get().pk
    for who, key, value, other in (
        (bill, f"contact:{own}:phone", "734 555 0162", "734 555 0199"),
        (bill, f"phone:{number}:number", "734 555 0162", "734 555 0199"),
        (bill, f"contact:{own}:email", "w.hart@lake.example", "new@oak.example"),
        (bill, f"email:{mail}:address", "w.hart@lake.example", "new@oak.example"),
        (zora, "first_name", "Will", "Zoe"),
        (zora, f"contact:{zora.contacts.get().pk}:first_name", "Will", "Zoe"),
        (bill, "birthday", "1980-01-02", ""),
        (bill, "nonsense:1:x", "William", "William"),
    ):
        found = asked(ana_in, htmx, who, {"value": value}, f"?fact={key}")
        assert ("William Hart" in found) is (key not in ("birthday", "nonsense:1:x")), key
        assert "William" not in asked(ana_in, htmx, who, {"value": other}, f"?fact={key}"), key
    line = f"location:{place}:line1"
    bill.locations.update(city="Ann Arbor", postal_code="48103")
    assert "William Hart" in asked(ana_in, htmx, bill, {"value": "12 Elm St"}, f"?fact={line}")
    opened = ana_in.get(f"{bill.get_absolute_url()}facts/{line}/", headers=htmx("record")).text
    assert f"{bill.get_absolute_url()}alike/?fact=" in opened


def test_the_form_of_another_contact_says_who_is_reached_so(
    ana_in: Client, htmx: Headers, bill: Customer, william: Customer
) -> None:
    typed = contact_form(
        first_name="Nora", last_name="Hart", emails_0_address="w.hart@lake.example"
    )
    found = asked(ana_in, htmx, bill, typed)
    assert "William Hart</a> has the same email or phone" in found
    assert "ikely the same" not in found


def test_the_form_of_a_place_says_who_lives_there_under_that_name(
    ana_in: Client, htmx: Headers, bill: Customer, william: Customer
) -> None:
    assert "William Hart" in asked(ana_in, htmx, bill, HOME)
    assert "William" not in asked(ana_in, htmx, bill, HOME | {"line1": "1 Other St"})


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"emails-0-address": "x" * 5_000},
        {"first_name": "\x00", "last_name": "\x00", "company": "\x00"},
        {"line1": "\x00"},
        {"phones-999-number": "734 555 0162"},
        {f"emails-{n}-address": f"a{n}@x.example" for n in range(90)},
    ],
)
def test_whatever_is_typed_has_an_answer(
    ana_in: Client, htmx: Headers, bill: Customer, william: Customer, typed: dict[str, str]
) -> None:
    for at in ("", "?contact=x", f"?contact={william.contacts.get().pk}", "?contact=" + "9" * 30):
        assert asked(ana_in, htmx, bill, typed, at).strip() == ""


def test_the_forms_ask(ana_in: Client, bill: Customer) -> None:
    here, own = bill.get_absolute_url(), bill.contacts.get().pk
    place = bill.locations.get().pk
    for form in ("edit/", "contacts/", f"contacts/{own}/", "locations/", f"locations/{place}/"):
        page = ana_in.get(f"{here}{form}").content.decode()
        assert f'hx-post="{here}alike/' in page, form
        assert 'id="alike" aria-live="polite"' in page


def test_it_is_a_region_and_no_page_and_only_of_ones_own(
    ana_in: Client, signed_in: Callable[[User], Client], omar: User, ben: User, bill: Customer
) -> None:
    at = f"{bill.get_absolute_url()}alike/"
    assert ana_in.post(at, {}).status_code == 303
    assert signed_in(omar).post(at, {}).status_code == 403
    assert signed_in(ben).post(at, {}).status_code == 404
