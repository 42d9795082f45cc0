"""The list of customers: filter, sort, walk, act, and have it look as one likes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from regulars.staff.models import User
from tests.browsers import Visit
from tests.cast import MakeCustomer
from tests.showroom import Showroom

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

RENEE = "Renée Thibodeaux-Castellanos"


@pytest.fixture
def list_page(visit: Visit, showroom: Showroom, ana: User) -> Page:
    page = visit(ana)
    page.goto("/customers/")
    return page


def names(page: Page) -> Locator:
    return page.locator("#table td.c-name a")


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


def panel(page: Page) -> Locator:
    return page.locator("#side:not([hidden])")


def test_filters_are_chips_in_words_that_live_in_the_address(list_page: Page) -> None:
    page = list_page
    filters = page.get_by_role("group", name="Filters")
    expect(names(page)).to_have_count(8)
    filters.get_by_role("button", name="Filter").click()
    page.get_by_role("searchbox", name="Find a filter").fill("internet")
    page.get_by_role("link", name="Internet").click()
    expect(names(page)).to_have_text([RENEE])
    expect(filters).to_contain_text("Source")
    expect(page).to_have_url(re.compile("source=internet"))

    page.reload()
    expect(names(page)).to_have_text([RENEE])
    filters.get_by_role("link", name="Remove filter").click()
    expect(names(page)).to_have_count(8)

    page.keyboard.press("f")
    page.get_by_role("textbox", name="Or write it").fill("waiting and owner:unassigned")
    page.keyboard.press("Enter")
    expect(names(page)).to_have_text(["Bo Li"])
    page.get_by_role("link", name="Clear filters").click()
    expect(names(page)).to_have_count(8)
    page.go_back()
    expect(names(page)).to_have_text(["Bo Li"])


def test_a_long_filter_stays_within_a_phone(list_page: Page) -> None:
    page = list_page
    page.set_viewport_size({"width": 390, "height": 844})
    long = "Wolfeschlegelsteinhausenbergerdorff the Elder of the House of Names"
    page.goto(f'/customers/?filter=name:"{long}" and not (owner:me or waiting and type:lead)')
    chip = page.locator(".chip", has_text=long)
    expect(chip).to_be_visible()
    box, words = chip.bounding_box(), chip.locator("span").bounding_box()
    assert box is not None
    assert words is not None
    assert box["x"] + box["width"] <= 390
    assert words["height"] <= box["height"]


def test_a_filter_that_does_not_read_shows_where_and_can_be_mended(list_page: Page) -> None:
    page = list_page
    page.goto("/customers/?filter=owner:nobody-at-all+and")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(names(page)).to_have_count(0)
    box = page.get_by_role("textbox", name="The filter")
    expect(box).to_have_value("owner:nobody-at-all and")
    box.fill("owner:me")
    page.get_by_role("button", name="Show").first.click()
    expect(names(page)).to_have_count(6)


def test_tabs_and_sorting(list_page: Page) -> None:
    page = list_page
    lists = page.get_by_role("navigation", name="Lists")
    lists.get_by_role("link", name="Waiting").click()
    expect(names(page)).to_have_count(7)
    expect(names(page).last).to_have_text(RENEE)  # who waited longest comes first
    expect(lists.get_by_role("link", name="Waiting")).to_have_attribute("aria-current", "page")
    lists.get_by_role("link", name="Unassigned").click()
    expect(names(page)).to_have_text(["Bo Li"])
    lists.get_by_role("link", name="All 8").click()
    expect(names(page)).to_have_count(8)
    page.get_by_role("columnheader", name="Customer").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="Customer")).to_have_attribute(
        "aria-sort", "ascending"
    )
    expect(names(page).first).to_have_text("Quincy Adebayo")
    expect(names(page).nth(1)).to_have_text("Dee Ashworth")


def test_more_comes_by_scrolling(list_page: Page, make_customer: MakeCustomer, ana: User) -> None:
    page = list_page
    for n in range(70):
        make_customer(f"Number {n:02}", owner=ana, store=ana.store)
    page.reload()
    expect(names(page)).to_have_count(50)
    page.locator("#next-page").scroll_into_view_if_needed()
    expect(names(page)).to_have_count(78)
    expect(names(page).last).to_have_text("Quincy Adebayo")
    assert len(set(names(page).all_inner_texts())) == 78


def test_columns_and_density_are_remembered(list_page: Page) -> None:
    page = list_page
    table = page.locator("#table")
    menu = page.get_by_role("button", name="Columns, sorting and density")
    menu.click()
    page.get_by_role("checkbox", name="Source").check()
    expect(page.get_by_role("columnheader", name="Source")).to_be_visible()
    page.get_by_role("radio", name="Compact").check()
    expect(table).to_have_attribute("data-density", "compact")
    page.goto("/")
    page.goto("/customers/")
    expect(page.get_by_role("columnheader", name="Source")).to_be_visible()
    expect(table).to_have_attribute("data-density", "compact")


def test_the_side_panel_follows_the_keyboard(list_page: Page, showroom: Showroom) -> None:
    page = list_page
    order = names(page).all_inner_texts()
    page.keyboard.press("j")
    expect(names(page).first).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel(page).get_by_role("heading", name=order[0])).to_be_visible()
    expect(page).to_have_url(re.compile("panel="))
    page.keyboard.press("j")
    expect(panel(page).get_by_role("heading", name=order[1])).to_be_visible()
    page.keyboard.press("k")
    expect(panel(page).get_by_role("heading", name=order[0])).to_be_visible()
    page.reload()
    expect(panel(page).get_by_role("heading", name=order[0])).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel(page)).to_have_count(0)


def test_rows_are_acted_on_by_keyboard(list_page: Page, showroom: Showroom, cleo: User) -> None:
    page = list_page
    row(page, RENEE).get_by_role("link", name=RENEE, exact=True).focus()
    page.keyboard.press("r")
    expect(page.get_by_text("is resolved after")).to_be_visible()
    showroom.renee.refresh_from_db()
    assert showroom.renee.waiting_since is None

    malik = row(page, "Malik Washington")
    malik.get_by_role("link", name="Malik Washington", exact=True).focus()
    page.keyboard.press("c")
    writing = page.get_by_role("dialog", name="Call Malik Washington")
    writing.get_by_text("No answer").click()
    expect(writing.get_by_text("keeps waiting")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The call is logged.")).to_be_visible()
    showroom.malik.refresh_from_db()
    assert showroom.malik.waiting_since is not None
    malik.get_by_role("button", name="Reassign").focus()
    page.keyboard.press("Enter")
    page.get_by_role("searchbox", name="Find a colleague").fill("cle")
    page.keyboard.press("Enter")
    expect(malik).to_contain_text("Cleo Marsh")
    showroom.malik.refresh_from_db()
    assert showroom.malik.owner == cleo


def test_what_cannot_be_used_says_why(list_page: Page) -> None:
    joerg = row(list_page, "Jürgen Groß")
    text = joerg.get_by_role("button", name="They opted out of texts")
    expect(text).to_have_attribute("aria-disabled", "true")
    expect(text).to_have_attribute("title", "They opted out of texts")
    call = row(list_page, "Bo Li").get_by_role("button", name="Call Bo Li")
    expect(call).to_have_attribute("title", "No phone number")


def test_a_filter_is_built_a_condition_at_a_time_and_counted_before_it_is_added(
    list_page: Page,
) -> None:
    page = list_page
    page.get_by_role("group", name="Filters").get_by_role("button", name="Filter").click()
    page.get_by_role("link", name="Build it a step at a time").click()
    fits = page.get_by_role("complementary", name="Who fits")
    expect(fits).to_contain_text("8 fit")
    page.get_by_role("link", name="Add a condition").click()
    page.get_by_role("searchbox", name="Find what to ask for").fill("sour")
    page.keyboard.press("Enter")
    page.get_by_label("Internet").check()
    expect(fits).to_contain_text("1 would fit")
    expect(fits).to_contain_text(RENEE)
    page.get_by_role("button", name="Add it").click()
    expect(page).to_have_url(re.compile("filter=source"))
    page.get_by_role("link", name="or…").click()
    page.get_by_role("searchbox", name="Find what to ask for").fill("waiting")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("region", name="Conditions")).to_contain_text("Any of these")
    page.get_by_role("link", name="Show these customers").click()
    expect(page.get_by_role("group", name="Filters")).to_contain_text("Source is Internet or")


def test_what_is_offered_in_the_filter_menu_can_be_seen(list_page: Page) -> None:
    page = list_page
    page.keyboard.press("f")
    box = page.get_by_role("textbox", name="Or write it").or_(
        page.get_by_role("combobox", name="Or write it")
    )
    box.click()
    box.press_sequentially("owner:")
    offered = page.get_by_role("listbox", name="What could come next")
    expect(offered).to_be_visible()
    hit = """(list) => [...list.children].slice(0, 5).every((one) => {
      const { left, top, height } = one.getBoundingClientRect();
      return one.contains(document.elementFromPoint(left + 9, top + height / 2));
    })"""
    assert offered.evaluate(hit)


def test_a_filter_is_completed_as_it_is_typed(list_page: Page) -> None:
    page = list_page
    page.goto("/customers/build/")
    written = page.get_by_role("combobox", name="The same, written")
    page.get_by_label("The same, written").click()
    written.press_sequentially("sour")
    expect(page.get_by_role("option", name="source:")).to_be_visible()
    written.press("ArrowDown")
    written.press("Enter")
    expect(written).to_have_value("source:")
    expect(page.get_by_role("option", name="internet")).to_be_visible()
    page.get_by_role("option", name="internet").click()
    written.press("Escape")
    written.press("Enter")
    expect(page.get_by_role("region", name="Conditions")).to_contain_text("Source is Internet")
