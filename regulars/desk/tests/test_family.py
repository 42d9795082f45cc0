"""The family on the customer's page: proposed, confirmed, refused, renamed, left; and referrals."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from regulars.customers import actions
from regulars.customers.models import Customer, Household, NotFamily
from regulars.staff.models import User
from tests.cast import Happens, MakeCustomer

pytestmark = pytest.mark.django_db
Headers = Callable[..., dict[str, str]]
HOME = {"line1": "12 Main Street", "city": "Troy", "state": "MI", "postal_code": "48084"}


@pytest.fixture
def renee(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer("Renée Castellanos", owner=ana, locations=[HOME])


@pytest.fixture
def mateo(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer("Mateo Castellanos", owner=ana, locations=[HOME])


@pytest.fixture
def rita(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer("Rita Moss", owner=ana)


def at(customer: Customer, what: str = "household/") -> str:
    return f"{customer.get_absolute_url()}{what}"


def panel(client: Client, customer: Customer) -> str:
    page = client.get(customer.get_absolute_url()).content.decode()
    return page.partition('id="panel-family"')[2].partition("</section>")[0]


def post(client: Client, customer: Customer, what: str, other: Customer) -> str:
    answer = client.post(at(customer, what), {"other": other.public_id}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_who_shares_the_address_is_proposed_with_the_reason(
    ana_in: Client, renee: Customer, mateo: Customer
) -> None:
    shown = panel(ana_in, renee)
    assert "Mateo Castellanos" in shown
    assert "Same address: 12 Main Street" in shown
    assert "Confirm" in shown
    assert "Not a family" in shown


def test_confirmed_they_are_shown_to_each_other(
    ana_in: Client, renee: Customer, mateo: Customer, happens: Happens
) -> None:
    assert "Mateo Castellanos and Renée Castellanos are one household" in post(
        ana_in, renee, "household/confirm/", mateo
    )
    happens(mateo, ago=7, text="Hello?")
    shown = panel(ana_in, renee)
    assert "Castellanos household" in shown
    assert mateo.get_absolute_url() in shown
    assert "Waiting 7 min" in shown
    assert "Confirm" not in shown
    assert renee.get_absolute_url() in panel(ana_in, mateo)


def test_refused_they_are_proposed_no_more(
    ana_in: Client, renee: Customer, mateo: Customer
) -> None:
    assert "not be proposed again" in post(ana_in, renee, "household/refuse/", mateo)
    assert "Mateo" not in panel(ana_in, renee)
    assert "Renée" not in panel(ana_in, mateo)
    assert NotFamily.objects.count() == 1


def test_the_panel_is_drawn_anew_in_place(
    ana_in: Client, renee: Customer, mateo: Customer, htmx: Headers
) -> None:
    answer = ana_in.post(
        at(renee, "household/confirm/"),
        {"other": mateo.public_id},
        headers=htmx("record", page=renee.get_absolute_url()),
    )
    assert "<html" not in answer.content.decode()
    assert "Castellanos household" in answer.content.decode().partition('id="panel-family"')[2]


def test_a_household_is_called_otherwise_and_says_what_they_are(
    ana_in: Client, renee: Customer, mateo: Customer, ana: User
) -> None:
    actions.confirm(renee, mateo, by=ana)
    form = {"name": "The house on Main", "relation": "Mother"}
    assert ana_in.post(at(renee), form).status_code == 303
    renee.refresh_from_db()
    assert (renee.relation, Household.objects.get().name) == ("Mother", "The house on Main")
    assert "The house on Main: mother" in panel(ana_in, renee)
    assert "Mother" in panel(ana_in, mateo)
    answer = ana_in.post(at(renee), {"name": "x" * 201, "relation": "x" * 41})
    assert answer.status_code == 422
    for field in ("name", "relation"):
        assert f'id="id_{field}-error"' in answer.content.decode()


def test_somebody_is_found_by_searching_and_added(
    ana_in: Client, renee: Customer, rita: Customer, make_customer: MakeCustomer,
    ana: User, htmx: Headers,
) -> None:  # fmt: skip
    make_customer("", company="Moss Ltd", owner=ana)
    page = ana_in.get(at(renee), {"q": "moss"}).content.decode()
    assert "Rita Moss" in page
    assert "Moss Ltd" not in page
    region = ana_in.get(at(renee), {"q": "moss"}, headers=htmx("near-found")).content.decode()
    assert region.strip().startswith('<div id="near-found"')
    post(ana_in, renee, "household/confirm/", rita)
    assert "Nobody is found" in ana_in.get(at(renee), {"q": "rita"}).content.decode()


def test_members_are_taken_out(
    ana_in: Client, renee: Customer, mateo: Customer, rita: Customer, ana: User
) -> None:
    actions.confirm(renee, mateo, by=ana)
    actions.confirm(renee, rita, by=ana)
    post(ana_in, renee, "household/leave/", rita)
    rita.refresh_from_db()
    assert rita.household is None
    assert ana_in.post(at(renee, "household/leave/")).status_code == 303
    assert not Household.objects.exists()
    for body in ({}, {"other": rita.public_id}):
        assert ana_in.post(at(renee, "household/leave/"), body).status_code == 404


def test_a_foreign_customer_is_missing_whatever_is_pressed(
    ana_in: Client, renee: Customer, make_customer: MakeCustomer, ben: User
) -> None:
    foreign = make_customer("Foreign Person", owner=ben, locations=[HOME])
    assert "Foreign" not in panel(ana_in, renee)
    for what in ("household/confirm/", "household/refuse/", "household/leave/"):
        for other in (foreign.public_id, "x", "", "0" * 50):
            if what.endswith("leave/") and not other:
                continue
            assert ana_in.post(at(renee, what), {"other": other}).status_code == 404
    answer = ana_in.post(at(renee, "referral/"), {"referrer": foreign.public_id})
    assert answer.status_code == 422
    assert "There is no such customer here" in answer.content.decode()


def test_who_may_only_look_finds_nothing_to_press(
    signed_in: Callable[[User], Client], omar: User, renee: Customer, mateo: Customer
) -> None:
    client = signed_in(omar)
    assert "Mateo Castellanos" in panel(client, renee)
    assert "Confirm" not in panel(client, renee)
    for what in ("household/", "household/confirm/", "referral/"):
        assert client.post(at(renee, what), {"other": mateo.public_id}).status_code == 403


# Referrals.


def test_who_sent_them_is_chosen_and_shown_on_both(
    ana_in: Client, renee: Customer, rita: Customer
) -> None:
    page = ana_in.get(at(renee, "referral/"), {"q": "rita"}).content.decode()
    assert f'value="{rita.public_id}" checked' in page
    # Whom a misspelt name may have meant is said, and not chosen by itself.
    page = ana_in.get(at(renee, "referral/"), {"q": "ritta"}).content.decode()
    assert "Shown instead: rita" in page
    assert f'value="{rita.public_id}"><' in page
    for what in ("household/", "merge/"):
        page = ana_in.get(at(renee, what), {"q": "ritta"}).content.decode()
        assert "Shown instead: rita" in page
    form = {"referrer": rita.public_id, "source": "Church picnic"}
    assert ana_in.post(at(renee, "referral/"), form).status_code == 303
    shown = panel(ana_in, renee)
    assert "Referred by" in shown
    assert rita.get_absolute_url() in shown
    assert "Church picnic" in shown
    assert renee.get_absolute_url() in panel(ana_in, rita)
    page = ana_in.get(at(renee, "referral/")).content.decode()
    assert f'value="{rita.public_id}" checked' in page
    assert ana_in.post(at(renee, "referral/"), {"referrer": "", "source": ""}).status_code == 303
    assert "Referred by" not in panel(ana_in, renee)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"referrer": "nonsense"}, "valid UUID"),
        ({"source": "x" * 101}, "at most 100"),
    ],
)
def test_what_is_wrong_with_a_referral_is_said(
    ana_in: Client, renee: Customer, form: dict[str, str], words: str
) -> None:
    answer = ana_in.post(at(renee, "referral/"), form)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_nobody_is_sent_in_a_circle(
    ana_in: Client, renee: Customer, rita: Customer, ana: User
) -> None:
    actions.refer(rita, renee, by=ana)
    answer = ana_in.post(at(renee, "referral/"), {"referrer": rita.public_id, "source": "Picnic"})
    assert answer.status_code == 422
    assert "Renée Castellanos referred them" in answer.content.decode()
    assert 'value="Picnic"' in answer.content.decode()


# Two households


@pytest.fixture
def two(renee: Customer, mateo: Customer, rita: Customer, make_customer: MakeCustomer, ana: User) -> Customer:  # fmt: skip  # noqa: E501
    """Renée with Rita; Mateo, who has Renée's address, with Tomás, who is given."""
    tomas = make_customer("Tomás Castellanos", owner=ana)
    actions.confirm(renee, rita, by=ana)
    actions.confirm(mateo, tomas, by=ana)
    return tomas


def lives_with(customer: Customer) -> set[str]:
    customer.refresh_from_db()
    rows = Customer.objects.get_queryset().filter(household=customer.household_id or 0)
    return {row.first_name for row in rows}


def undo_in(page: str) -> str:
    """The address of the toast's Undo."""
    return page.partition("data-undo")[0].rpartition('action="')[2].partition('"')[0]


def test_another_household_is_shown_joined_from_the_panel_and_taken_back(
    ana_in: Client, renee: Customer, mateo: Customer, two: Customer
) -> None:
    shown = panel(ana_in, renee)
    for words in ("The same household?", "Castellanos household", "Same address: 12 Main Street"):
        assert words in shown
    page = post(ana_in, renee, "household/combine/", mateo)
    assert "The two households of Renée Castellanos and Mateo Castellanos are one." in page
    assert lives_with(two) == {"Renée", "Rita", "Mateo", "Tomás"}
    undo = undo_in(page)
    assert undo.startswith(at(renee, "household/undo/"))
    assert "Taken back" in ana_in.post(undo, follow=True).content.decode()
    assert lives_with(two) == {"Mateo", "Tomás"}
    assert "Nothing was changed" in ana_in.post(undo, follow=True).content.decode()


def test_two_households_stay_two_and_are_not_proposed_again(
    ana_in: Client, renee: Customer, mateo: Customer, two: Customer
) -> None:
    post(ana_in, renee, "household/refuse/", mateo)
    assert "The same household?" not in panel(ana_in, renee)
    assert "The same household?" not in panel(ana_in, mateo)


def test_those_ticked_split_off_and_what_was_done_stands_below_with_its_undo(
    ana_in: Client, renee: Customer, mateo: Customer, rita: Customer, two: Customer
) -> None:
    post(ana_in, renee, "household/combine/", mateo)
    page = ana_in.get(at(renee)).content.decode()
    assert page.count('name="member"') == 4
    body = {"member": [str(mateo.public_id), str(two.public_id)]}
    said = ana_in.post(at(renee, "household/split/"), body, follow=True).content.decode()
    assert "Mateo Castellanos and Tomás Castellanos went out into a household of their own." in said
    assert lives_with(two) == {"Mateo", "Tomás"}
    assert lives_with(rita) == {"Renée", "Rita"}
    page = ana_in.get(at(renee)).content.decode().partition("What was done")[2]
    assert "Mateo Castellanos, Tomás Castellanos: split off" in page
    assert "came with a second household" in page
    assert (
        page.count(at(renee, "household/undo/")) == 6
    )  # what is undone has none; each says it twice


def test_somebody_of_another_household_comes_alone_or_with_everybody(
    ana_in: Client, renee: Customer, mateo: Customer, two: Customer, rita: Customer
) -> None:
    page = ana_in.get(at(renee), {"q": "mateo"}).content.decode()
    assert "Join both households" in page
    post(ana_in, renee, "household/move/", mateo)
    assert lives_with(renee) == {"Renée", "Rita", "Mateo"}
    assert lives_with(two) == set()


def test_what_cannot_be_is_said(
    ana_in: Client, renee: Customer, mateo: Customer, make_customer: MakeCustomer, ana: User
) -> None:
    lone = make_customer("Lone One", owner=ana)
    actions.confirm(renee, mateo, by=ana)
    assert "Lone One lives in no household" in post(ana_in, renee, "household/combine/", lone)
    nobody = ana_in.post(at(renee, "household/split/"), {}, follow=True).content.decode()
    assert "Choose some of those who live here" in nobody
    body = {"member": [str(lone.public_id)]}
    assert ana_in.post(at(renee, "household/split/"), body).status_code == 404


def test_a_foreign_change_is_a_missing_one(
    ana_in: Client, renee: Customer, make_customer: MakeCustomer, ben: User, ada: User
) -> None:
    one, other = (make_customer(f"Foreign {n}", owner=ben) for n in "12")
    change = actions.confirm(one, other, by=ada)
    assert change is not None
    for pk in (change.public_id, one.public_id):
        assert ana_in.post(at(renee, f"household/undo/{pk}/")).status_code == 404


def test_the_page_of_a_household_is_eight_statements(
    ana_in: Client, renee: Customer, mateo: Customer, two: Customer,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    post(ana_in, renee, "household/combine/", mateo)
    ana_in.get(at(renee))
    with django_assert_max_num_queries(8):
        ana_in.get(at(renee))
