"""A customer is changed and is now like another one: it is said quietly, and stays said."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from regulars.customers import actions
from regulars.customers.models import Customer
from regulars.staff.models import User
from tests.browsers import Visit
from tests.cast import MakeCustomer
from tests.showroom import Showroom


@pytest.fixture
def renata(showroom: Showroom, make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer("Renee Thibodeaux-Castellanos", owner=ana, phone="313 555 0101")


def test_it_is_said_under_what_was_changed_and_is_not_lost_when_news_come(
    visit: Visit, renata: Customer, ana: User
) -> None:
    page = visit(ana)
    page.goto(renata.get_absolute_url())
    page.locator("a[data-fact]", has_text="(313) 555-0101").click()
    page.locator(".cell.open input[name=value]").fill("248-555 0142")
    page.keyboard.press("Enter")
    hint = page.locator(".shared")
    expect(hint).to_contain_text("Renée Thibodeaux-Castellanos")
    expect(hint).to_contain_text("same phone")
    expect(page.locator("a[data-fact]", has_text="(248) 555-0142")).to_be_focused()
    hint.get_by_role("link", name="Compare").focus()
    actions.edit(renata, "company", "Castellanos & Daughters", by=ana)
    expect(page.get_by_text("Castellanos & Daughters").first).to_be_visible()
    expect(hint.get_by_role("link", name="Compare")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Merge")


def test_the_form_says_it_while_typing_and_takes_nothing_from_the_keyboard(
    visit: Visit, renata: Customer, ana: User
) -> None:
    page = visit(ana)
    page.goto(renata.get_absolute_url())
    page.get_by_role("link", name="Add a contact").first.click()
    number, said = page.locator("#id_phones-0-number"), page.locator("#alike")
    number.click()
    before = number.bounding_box()
    number.press_sequentially("248-555 0142")
    expect(said).to_contain_text("has the same email or phone")
    expect(number).to_be_focused()
    expect(number).to_be_in_viewport(ratio=1)
    assert number.bounding_box() == before
    page.keyboard.press("Control+A")
    page.keyboard.type("313 555 0199")
    expect(said).to_be_empty()
