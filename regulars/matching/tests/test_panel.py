"""The box on a customer's page that says who they may be twice."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regulars.customers.models import Customer
from regulars.matching import actions
from regulars.matching.models import Pair
from regulars.staff.models import User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db


def alike(make_customer: MakeCustomer, name: str, owner: User) -> Customer:
    return make_customer(name, owner=owner, phone="(734) 222-0142", email="wh@lake.example")


def test_each_of_two_says_so_and_leads_to_the_pair(
    ana_in: Client, make_customer: MakeCustomer, ana: User
) -> None:
    two = [alike(make_customer, name, ana) for name in ("William Hart", "Bill Hart")]
    actions.search_changed(by=None)
    pair = Pair.objects.get()
    for one, other in (two, two[::-1]):
        page = ana_in.get(one.get_absolute_url()).text
        assert "1 possible duplicate<" in page
        assert f'<span class="strong">{other.name}</span>' in page
        assert f'href="/customers/duplicates/?pair={pair.pk}"' in page
    actions.decide(two[0], two[1], verdict="different", by=ana)
    assert "panel-twins" not in ana_in.get(two[0].get_absolute_url()).text


def test_whoever_lives_with_them_is_no_duplicate_and_more_than_five_are_not_counted(
    ana_in: Client, make_customer: MakeCustomer, ana: User
) -> None:
    one = alike(make_customer, "William Hart", ana)
    alike(make_customer, "Nora Hart", ana)
    actions.search_changed(by=None)
    assert "panel-twins" not in ana_in.get(one.get_absolute_url()).text
    for _ in range(6):
        alike(make_customer, "William Hart", ana)
    actions.search_changed(by=None)
    page = ana_in.get(one.get_absolute_url()).text
    assert "5+ possible duplicates" in page
    assert page.count("/customers/duplicates/?pair=") == 5


def test_a_foreign_one_is_not_even_counted(
    ana_in: Client, make_customer: MakeCustomer, ana: User, ben: User
) -> None:
    one = alike(make_customer, "William Hart", ana)
    alike(make_customer, "Bill Hart", ben)
    actions.search_changed(by=None)
    assert Pair.objects.count() == 1
    assert "panel-twins" not in ana_in.get(one.get_absolute_url()).text


def test_it_costs_the_page_no_statement(
    ana_in: Client, make_customer: MakeCustomer, ana: User
) -> None:
    one, _ = (alike(make_customer, name, ana) for name in ("William Hart", "Bill Hart"))
    seen = []
    for step in ("alone", "with a twin"):
        assert ("panel-twins" in ana_in.get(one.get_absolute_url()).text) is (step != "alone")
        with CaptureQueriesContext(connection) as found:
            ana_in.get(one.get_absolute_url())
        seen.append(len(found))
        actions.search_changed(by=None)
    assert seen[0] == seen[1] <= 8
