"""The page Now: who is asked for first, and what is said when nobody waits."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from regulars.lib import clock
from regulars.staff.models import User
from tests.cast import Happens, MakeCustomer

SignedIn = Callable[[User], Client]


def names_in(html: str) -> list[str]:
    return re.findall(r'data-name="([^"]+)"', html)


def test_mine_and_nobodys_come_first_longest_wait_first(
    ana_in: Client, ana: User, cleo: User, make_customer: MakeCustomer, happens: Happens
) -> None:
    happens(make_customer("Theo Team", owner=cleo), ago=90)
    happens(make_customer("Nora Nobody", store=ana.store), ago=10)
    happens(make_customer("Mina Mine", owner=ana), ago=40, text="Is it still there?")
    html = ana_in.get("/").text
    assert names_in(html) == ["Mina Mine", "Nora Nobody", "Theo Team"]
    assert "Two people are waiting for you." in html
    assert "One of them belongs to nobody yet." in html
    assert "One more waits in your team." in html
    assert "Is it still there?" in html
    assert "Waiting 40 min" in html


def test_customers_of_other_stores_are_not_there(
    ana_in: Client, ben: User, south: object, make_customer: MakeCustomer, happens: Happens
) -> None:
    happens(make_customer("Sol South", owner=ben), ago=90)
    happens(make_customer("Sue South", store=ben.store), ago=90)
    html = ana_in.get("/").text
    assert names_in(html) == []
    assert "Nobody is waiting for you." in html


def test_an_archived_customer_does_not_wait(
    ana_in: Client, ana: User, make_customer: MakeCustomer, happens: Happens
) -> None:
    from regulars.customers import actions

    customer = make_customer(owner=ana)
    happens(customer, ago=90)
    actions.archive(customer, by=ana)
    assert "Nobody is waiting for you." in ana_in.get("/").text


def test_an_empty_queue_praises_and_offers_the_next_best(
    ana_in: Client, ana: User, make_customer: MakeCustomer, happens: Happens
) -> None:
    happens(make_customer("Una Unread", owner=ana), "page.visited", page="the RAV4")
    make_customer("Nils New", store=ana.store)
    html = ana_in.get("/").text
    assert "Nobody is waiting for you." in html
    assert "Well done." in html
    parts = re.findall(r'<div class="band"><h2>([^<]+)</h2>', html)
    assert parts == ["Unread", "New and nobody’s"]
    assert names_in(html) == ["Una Unread", "Nils New"]


def test_without_customers_the_page_says_what_will_stand_there(ana_in: Client) -> None:
    assert "Nothing at all to do" in ana_in.get("/").text


def test_the_rail_counts_who_waits_for_me_and_is_red_when_it_is_too_long(
    ana_in: Client, ana: User, cleo: User, make_customer: MakeCustomer, happens: Happens
) -> None:
    happens(make_customer(owner=cleo), ago=90)
    happens(make_customer(owner=ana), ago=10)
    badge = '<b id="badge-now" class="">1'
    assert badge in ana_in.get("/").text
    assert badge in ana_in.get("/customers/").text
    happens(make_customer(owner=ana), ago=31)
    assert '<b id="badge-now" class="late">2' in ana_in.get("/").text


def test_a_region_is_only_the_queue_and_the_badge(
    ana_in: Client, ana: User, make_customer: MakeCustomer, happens: Happens,
    htmx: Callable[..., dict[str, str]],
) -> None:  # fmt: skip
    happens(make_customer(owner=ana))
    html = ana_in.get("/", headers=htmx("queue")).text
    assert html.lstrip().startswith('<div class="queue')
    assert 'hx-target="#badge-now"' in html
    assert "<html" not in html
    assert "First answer" not in html


def test_deeds_are_only_offered_to_those_who_may_do_them(
    signed_in: SignedIn, omar: User, make_customer: MakeCustomer, happens: Happens
) -> None:
    happens(make_customer(store=omar.store, phone="(734) 555-0162"))
    html = signed_in(omar).get("/").text
    assert "Renée" in html
    assert "resolve/" not in html
    assert "tel:" not in html
    assert "Add customer" not in html


def test_a_closed_channel_says_why(
    ana_in: Client, ana: User, make_customer: MakeCustomer, happens: Happens
) -> None:
    happens(make_customer(owner=ana, phone="(734) 555-0162"))
    html = ana_in.get("/").text
    assert 'href="tel:+17345550162"' in html
    assert "No email: no email address." in html


def test_the_pace_of_answers_is_mine_over_two_weeks(
    ana_in: Client, ana: User, cleo: User, make_customer: MakeCustomer, happens: Happens
) -> None:
    assert "First answer" not in ana_in.get("/").text
    for owner, minutes in ((ana, 4), (ana, 6), (ana, 11), (cleo, 500)):
        customer = make_customer(owner=owner)
        happens(customer, ago=timedelta(days=1, minutes=minutes))
        happens(customer, "text.sent", ago=timedelta(days=1), by=owner)
    html = ana_in.get("/").text
    assert "6 min <small>median of 3 answers" in html
    assert '<svg class="spark"' in html


def test_who_is_on_the_floor_is_seen(ana_in: Client, cleo: User, finn: User, ben: User) -> None:
    cleo.last_seen_at = clock.now()
    cleo.save(update_fields=["last_seen_at"])
    html = ana_in.get("/").text
    assert 'aria-label="Cleo Marsh, online"' in html
    assert 'aria-label="Finn Okafor, offline"' in html
    assert "Ben Castillo" not in html


@pytest.mark.parametrize("person", ["ana", "mia", "ada"])
def test_now_is_eight_statements_whether_few_or_many_wait(
    person: str, request: pytest.FixtureRequest, signed_in: SignedIn, make_customer: MakeCustomer,
    happens: Happens, django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    user = request.getfixturevalue(person)
    client = signed_in(user)
    client.get("/")
    counted = []
    for _ in range(2):
        for _ in range(6):
            happens(make_customer(store=user.store, email="r@x.example"), ago=7)
        with django_assert_max_num_queries(8) as found:
            client.get("/")
        counted.append(len(found))
    assert counted[0] == counted[1]


def test_an_empty_now_is_eight_statements_too(
    ana_in: Client, ana: User, make_customer: MakeCustomer,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    make_customer(owner=ana)
    ana_in.get("/")
    with django_assert_max_num_queries(8):
        ana_in.get("/")
