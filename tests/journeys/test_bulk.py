"""Many at once in a real browser: pick, look, do, take back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from regulars.bulk import actions
from regulars.bulk.models import Receipt
from regulars.customers.models import Customer
from regulars.staff.models import User
from tests.browsers import Visit
from tests.showroom import Showroom

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def list_page(visit: Visit, showroom: Showroom, ana: User) -> Page:
    page = visit(ana)
    page.goto("/customers/")
    return page


def test_picked_by_mouse_run_and_key_then_tagged_and_taken_back(list_page: Page, ana: User) -> None:
    page = list_page
    boxes = page.locator("#table input[data-pick]")
    bar = page.get_by_role("form", name="Selected customers")
    expect(bar).to_be_hidden()
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    expect(bar.get_by_role("status")).to_have_text("3 selected")
    page.locator("#table a[data-open]").nth(3).focus()
    page.keyboard.press("x")
    expect(bar.get_by_role("status")).to_have_text("4 selected")
    page.keyboard.press("x")
    expect(bar.get_by_role("status")).to_have_text("3 selected")
    expect(page.locator("#table tr.picked")).to_have_count(3)

    bar.get_by_role("button", name="Tag", exact=True).click()
    page.get_by_label("Tag").fill("Spring sale")
    page.get_by_role("button", name="Show what would happen").click()
    expect(page.get_by_role("heading", name="What would happen")).to_be_visible()
    page.get_by_role("button", name="Add the tag “Spring sale” for 3 customers").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    receipt = Receipt.objects.get()
    actions.run(receipt, by=ana)
    expect(page.get_by_text("3 customers changed")).to_be_visible()
    assert Customer.objects.filter(tags__name="Spring sale").count() == 3

    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    receipt.refresh_from_db()
    actions.run_undo(receipt, by=ana)
    expect(page.get_by_text("3 customers are as before")).to_be_visible()
    assert not Customer.objects.filter(tags__name="Spring sale").exists()


def test_all_that_match_are_more_than_the_page_and_another_list_begins_anew(
    list_page: Page,
) -> None:
    page = list_page
    bar = page.get_by_role("form", name="Selected customers")
    page.get_by_role("checkbox", name="Select all on this page").check()
    expect(bar.get_by_role("status")).to_have_text("8 selected")
    bar.get_by_role("button", name=re.compile("Select all .*that match")).click()
    expect(bar.get_by_role("status")).to_have_text("All 8 selected")
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()

    page.locator("#table input[data-pick]").nth(0).click()
    page.get_by_role("navigation", name="Lists").get_by_role("link", name="Waiting").click()
    expect(page).to_have_url(re.compile("waiting=1"))
    expect(bar).to_be_hidden()
    page.locator("#table input[data-pick]").nth(0).click()
    bar.get_by_role("button", name=re.compile("Select all .*that match")).click()
    bar.get_by_role("button", name="Reassign").click()
    expect(page.get_by_text("customers chosen: Waiting")).to_be_visible()


def test_on_a_phone_a_tap_anywhere_on_a_row_picks_it_once_picking_has_begun(
    list_page: Page,
) -> None:
    page = list_page
    page.set_viewport_size({"width": 390, "height": 844})
    bar = page.get_by_role("form", name="Selected customers")
    rows, boxes = page.locator("#table [data-row]"), page.locator("#table input[data-pick]")
    expect(boxes.nth(0)).to_be_hidden()
    page.get_by_role("button", name="Select", exact=True).click()
    expect(bar.get_by_role("status")).to_have_text("0 selected")
    expect(bar.get_by_role("button", name="Tag", exact=True)).to_be_hidden()
    rows.nth(0).click(position={"x": 200, "y": 20})
    boxes.nth(1).click()
    expect(bar.get_by_role("status")).to_have_text("2 selected")
    expect(page).to_have_url(re.compile("/customers/$"))
    rows.nth(0).click(position={"x": 200, "y": 20})
    expect(bar.get_by_role("status")).to_have_text("1 selected")

    bar.get_by_role("button", name="Clear selection").click()
    expect(bar).to_be_hidden()
    expect(boxes.nth(0)).to_be_hidden()
    rows.nth(0).click(position={"x": 200, "y": 20})
    expect(page).to_have_url(re.compile("/customers/.*[0-9a-f]{12}"))
