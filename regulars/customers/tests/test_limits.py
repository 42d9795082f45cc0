"""A role may be limited to those who fit criteria: at every door, and the other way round."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regulars.customers import actions
from regulars.customers.models import Customer
from regulars.customers.visibility import seers
from regulars.desk.queries import Counted, counts, queue
from regulars.lib.errors import Invalid
from regulars.staff import actions as staff
from regulars.staff.models import Sees, User
from tests.api import Program, refused
from tests.cast import Happens, MakeCustomer

pytestmark = pytest.mark.django_db
Api = Callable[[User | None], Program]


@pytest.fixture
def vip(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer("Vera Important", owner=ana, tags=["VIP"], email="vera@example.com")


@pytest.fixture
def other(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer("Otto Ordinary", owner=ana, email="otto@example.com")


@pytest.fixture
def omar(omar: User, ada: User, vip: Customer, other: Customer) -> User:
    """Marketing sees everybody, of them only the important."""
    assert omar.role.sees == Sees.ALL
    staff.set_limit(omar.role, within="tags:vip", by=ada)
    return again(omar)


@pytest.fixture
def omar_in(omar: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(omar)


def again(user: User) -> User:
    return User.objects.select_related("role", "team", "store").get(pk=user.pk)


def names(user: User) -> set[str]:
    return set(Customer.objects.visible_to(again(user)).values_list("name", flat=True))


def test_a_limit_is_kept_in_its_one_spelling(omar: User) -> None:
    assert omar.role.within == "tag:VIP"


def test_beyond_the_limit_every_door_is_a_missing_one(
    omar: User, omar_in: Client, api: Api, vip: Customer, other: Customer
) -> None:
    assert names(omar) == {"Vera Important"}
    assert omar_in.get(vip.get_absolute_url()).status_code == 200
    for at in (other.get_absolute_url(), f"{other.get_absolute_url()}history/"):
        assert omar_in.get(at).status_code == 404
    refused(api(omar).send("GET", f"/customers/{other.public_id}"), 404)
    for at in ("/", "/customers/", "/customers/?filter=tag:empty", "/search/?q=otto", "/map/"):
        assert "Otto" not in omar_in.get(at).content.decode(), at
    assert "Vera" in omar_in.get("/search/?q=important").content.decode()


def test_the_numbers_count_no_further_than_the_limit(
    omar: User, ada: User, vip: Customer, other: Customer, happens: Happens
) -> None:
    for customer in (vip, other):
        happens(customer, "email.received")
    asked = {"waiting": Counted([{"waits": True}])}
    assert counts(ada, asked) == {"waiting": 2}
    assert counts(again(omar), asked) == {"waiting": 1}
    assert [card.customer.name for card in queue(again(omar)).theirs] == ["Vera Important"]


def test_of_all_there_are_a_limited_role_is_told_no_estimate(
    omar: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regulars.desk.queries.LARGE", -1)
    assert counts(again(omar), {"all": Counted()}) == {"all": 1}


def test_who_may_see_a_customer_is_asked_the_other_way_round_too(
    omar: User, vip: Customer, other: Customer
) -> None:
    assert omar in seers(vip)
    assert omar not in seers(other)


def test_a_limit_costs_a_page_no_statement(
    omar: User, omar_in: Client, vip: Customer, ada: User
) -> None:
    def statements() -> int:
        omar_in.get("/customers/")
        with CaptureQueriesContext(connection) as queries:
            omar_in.get("/customers/")
        return len(queries)

    limited = statements()
    staff.set_limit(omar.role, within="", by=ada)
    assert limited == statements()


def test_a_new_name_changes_nobodys_sight(omar: User, vip: Customer, ada: User) -> None:
    tag = vip.tags.get()
    actions.change_tag(tag, name="Very important", colour=tag.colour, by=ada)
    assert names(omar) == {"Vera Important"}


def test_what_is_gone_is_seen_by_nobody(omar: User, vip: Customer, ada: User) -> None:
    role = omar.role
    role.within_known = {"tree": {"field": "nothing.here"}, "words": {}}
    role.save()
    assert names(omar) == set()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("owner:me", "the same for everybody"),
        ("team:mine", "the same for everybody"),
        ("unread", "the same for everybody"),
        ("colour:red", "Unknown field"),
        ("tag:Vpi", "There is no tag"),
        ("((((", ""),
    ],
)
def test_a_limit_that_cannot_be_read_says_why(
    omar: User, ada: User, ada_in: Client, said: str, why: str
) -> None:
    with pytest.raises(Invalid) as no:
        staff.set_limit(omar.role, within=said, by=ada)
    (text,) = no.value.errors.values()
    assert why in text
    assert again(omar).role.within == "tag:VIP"


def test_nobody_limits_their_own_role_or_lifts_a_limit_they_are_under(
    omar: User, ada: User, mia: User
) -> None:
    with pytest.raises(staff.Refused, match="their own role"):
        staff.set_limit(ada.role, within="tag:VIP", by=ada)
    ada.role.within = "tag:VIP"
    with pytest.raises(staff.Refused):
        staff.set_limit(mia.role, within="", by=ada)
    staff.set_limit(omar.role, within="tag:VIP", by=ada)
