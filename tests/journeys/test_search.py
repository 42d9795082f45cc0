"""Finding somebody, and doing anything, from the keyboard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from regulars.staff.models import User
from tests.browsers import Visit
from tests.showroom import Showroom

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

RENEE = "Renée Thibodeaux-Castellanos"


@pytest.fixture
def at_work(visit: Visit, showroom: Showroom, ana: User) -> Page:
    page = visit(ana)
    page.goto("/")
    return page


def search(page: Page, words: str) -> Locator:
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search customers")).to_be_focused()
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    return page.locator("#found")


def commands(page: Page) -> Locator:
    page.wait_for_load_state()  # A page just gone to has its text before its keys.
    page.keyboard.press("Control+k")
    menu = page.get_by_role("dialog", name="Commands")
    expect(menu).to_be_visible()
    return menu


def test_the_search_box_finds_by_name_email_and_number(at_work: Page) -> None:
    page = at_work
    expect(search(page, "castellanos renee").locator("a[data-hit]")).to_contain_text([RENEE])
    for words in ("renee@cas", "@castellanos", "0142", "(248) 555-01 42", "+1 248 555"):
        page.goto("/")
        expect(search(page, words).locator("a[data-hit]").filter(has_text=RENEE)).to_have_count(1)
    page.goto("/")
    expect(search(page, "Nobody McNobodyface")).to_contain_text("Nobody found")


def test_on_the_list_it_narrows_the_list(at_work: Page) -> None:
    page = at_work
    page.goto("/customers/?sort=name")
    page.keyboard.press("/")
    page.keyboard.type("groß")
    page.keyboard.press("Enter")
    expect(page.locator("#table td.c-name a")).to_have_text(["Jürgen Groß"])
    expect(page.get_by_role("group", name="Filters")).to_contain_text("groß")
    page.get_by_role("link", name="Clear filters").click()
    expect(page.locator("#table td.c-name a")).to_have_count(8)


def test_a_filter_in_the_search_box_is_completed_and_a_name_is_not(at_work: Page) -> None:
    page = at_work
    page.goto("/customers/")
    box = page.get_by_label("Search customers")
    box.press_sequentially("source:int")
    expect(page.get_by_role("option", name="internet")).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value("source:internet ")
    box.press("Enter")
    expect(page.get_by_role("group", name="Filters")).to_contain_text("Internet")
    box.fill("")
    box.press_sequentially("sou")
    expect(page.get_by_role("listbox", name="What could come next")).to_have_count(0)


def test_who_fits_an_audience_is_completed_and_counted(
    visit: Visit, showroom: Showroom, ada: User
) -> None:
    page = visit(ada)
    page.goto("/marketing/audiences/new/")
    box = page.get_by_label("Who fits")
    box.press_sequentially("source:int")
    page.get_by_role("option", name="internet").click()
    expect(box).to_have_value("source:internet ")
    expect(page.locator("#checked")).to_contain_text("Internet")
    box.press_sequentially("and wai")
    box.press("ArrowDown")
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(page).to_have_url(re.compile("/new/$"))


def test_the_command_menu_finds_a_customer_and_goes_there(at_work: Page) -> None:
    page = at_work
    menu = commands(page)
    page.keyboard.type("monkemoller")
    expect(menu.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rheinisch-Westfälische")
    menu = commands(page)
    page.keyboard.type("0142")
    expect(menu.get_by_role("option")).to_contain_text([RENEE])
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()


def test_the_command_menu_goes_anywhere_and_acts_on_the_open_customer(
    at_work: Page, showroom: Showroom
) -> None:
    page = at_work
    commands(page)
    page.keyboard.type("customers")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Customers")
    page.goto(f"/customers/{showroom.malik.public_id}/")
    menu = commands(page)
    page.keyboard.type("hand over")
    expect(menu.get_by_role("option").first).to_contain_text("Hand over Malik Washington")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Hand over Malik Washington")).to_be_visible()


def test_a_question_mark_lists_the_keys_of_this_page(at_work: Page) -> None:
    page = at_work
    page.keyboard.press("?")
    help_ = page.get_by_role("dialog", name="Keyboard shortcuts")
    for words in ("Next row", "Search", "Commands", "Resolve", "Now", "Customers"):
        expect(help_).to_contain_text(words)
    page.keyboard.press("Escape")
    expect(help_).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page.get_by_role("heading", level=1)).to_have_text("Customers")
