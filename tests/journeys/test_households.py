"""Households in a real browser: two become one, some split off, and both are taken back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from regulars.customers import actions
from regulars.customers.models import Customer, Household
from regulars.staff.models import User
from tests.browsers import Visit
from tests.cast import MakeCustomer

HOME = {"line1": "12 Main Street", "city": "Troy", "state": "MI", "postal_code": "48084"}


@pytest.fixture
def renee(make_customer: MakeCustomer, ana: User) -> Customer:
    """With Mateo; Rita, at the same address, with Sam."""
    names = ("Renée Lake", "Mateo Lake", "Rita Moss", "Sam Moss")
    four = [
        make_customer(name, owner=ana, locations=[] if n % 2 else [HOME])
        for n, name in enumerate(names)
    ]
    actions.confirm(four[0], four[1], by=ana)
    actions.confirm(four[2], four[3], by=ana)
    return four[0]


def test_two_become_one_some_split_off_and_all_is_taken_back(
    visit: Visit, ana: User, renee: Customer
) -> None:
    page = visit(ana)
    page.goto(renee.get_absolute_url())
    box = page.locator("#panel-family")
    expect(box).to_contain_text("The same household?")
    box.get_by_role("button", name="Join the two").click()
    expect(box).to_contain_text("Sam Moss")
    page.get_by_role("button", name="Undo").click()
    expect(box).to_contain_text("The same household?")
    assert Household.objects.count() == 2
    box.get_by_role("button", name="Join the two").click()
    expect(box).to_contain_text("Sam Moss")
    box.get_by_role("link", name="Edit household").click()
    for name in ("Rita Moss", "Sam Moss"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("button", name="Split off those ticked").click()
    expect(page.get_by_text("went out into a household of their own")).to_be_visible()
    expect(box).not_to_contain_text("Moss")
    box.get_by_role("link", name="Edit household").click()
    page.get_by_role("button", name="Undo").last.click()
    expect(page.get_by_text("who lives with whom is as before")).to_be_visible()
