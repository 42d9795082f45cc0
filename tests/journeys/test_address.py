"""An address is checked while it is typed, and after it was saved."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from regulars.customers.models import Location
from regulars.staff.models import User
from tests.browsers import Visit
from tests.showroom import Showroom

pytestmark = pytest.mark.browser


def test_a_slip_is_found_while_typing_and_mended_with_one_click(
    visit: Visit, showroom: Showroom, ana: User
) -> None:
    page = visit(ana)
    page.goto(f"/customers/{showroom.malik.public_id}/")
    page.get_by_role("link", name="Add a location").click()
    page.get_by_label("Street").fill("12 Elm Street")
    page.get_by_label("City").fill("Troy")
    page.get_by_label("State").fill("MI")
    page.get_by_label("ZIP").fill("48804")
    check = page.locator("#address-check")
    expect(check).to_contain_text("48804 is Mount Pleasant, MI, not Troy")
    check.get_by_role("button", name="Use this").click()
    expect(page.get_by_label("ZIP")).to_have_value("48084")
    expect(check).to_contain_text("ZIP and city agree")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#panels")).to_contain_text("ZIP and city agree")
    assert Location.objects.get(customer=showroom.malik).postal_code == "48084"


def test_what_was_saved_as_typed_can_be_mended_afterwards(
    visit: Visit, showroom: Showroom, ana: User
) -> None:
    page = visit(ana, java_script_enabled=False)
    page.goto(f"/customers/{showroom.malik.public_id}/locations/")
    page.get_by_label("Street").fill("12 Elm Street")
    page.get_by_label("City").fill("Troy")
    page.get_by_label("State").fill("Ohio")
    page.get_by_label("ZIP").fill("48084")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#panels")).to_contain_text("48084 is in Michigan, not Ohio")
    page.get_by_role("button", name="Use this address").click()
    expect(page.locator("#panels")).to_contain_text("ZIP and city agree")


def test_a_new_customer_has_an_address_when_one_unfolds_it(
    visit: Visit, ana: User, showroom: Showroom
) -> None:
    page = visit(ana)
    page.goto("/customers/new/")
    page.get_by_label("Last name").fill("Moss")
    expect(page.get_by_label("Street")).to_be_hidden()
    page.get_by_text("Address optional").click()
    page.get_by_label("Street").fill("1 elm st apt 4")
    page.get_by_label("ZIP").fill("48104")
    expect(page.locator("#address-check")).to_contain_text("The city is missing")
    page.locator("#address-check").get_by_role("button", name="Use this").click()
    expect(page.get_by_label("City")).to_have_value("Ann Arbor")
    expect(page.get_by_label("Apartment")).to_have_value("Apt 4")
    page.get_by_role("main").get_by_role("button", name="Add customer").click()
    expect(page.locator("#panels")).to_contain_text("ZIP and city agree")
