"""Merging in a real browser: from the list, from the customer's page, and back."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from regulars.customers import actions as customers
from regulars.customers.models import Customer
from regulars.matching import actions as matching
from regulars.staff.models import User
from tests.browsers import Visit
from tests.cast import MakeCustomer

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def harts(make_customer: MakeCustomer, ana: User, cleo: User) -> tuple[Customer, Customer]:
    make = partial(make_customer, email="wh@lake.example", phone="(734) 222-0142")
    return (
        make("William Hart", owner=ana, company="Hart LLC", type="account"),
        make("Bill Hart", owner=cleo, company="Hart & Sons"),
    )


def radio(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).check()


def test_ticked_in_the_list_compared_merged_and_taken_apart(
    visit: Visit, ana: User, harts: tuple[Customer, Customer]
) -> None:
    page = visit(ana)
    page.goto("/customers/")
    boxes = page.locator("#table input[data-pick]")
    bar = page.get_by_role("form", name="Selected customers")
    merge = bar.get_by_role("button", name="Merge")
    boxes.nth(0).click()
    expect(bar).to_be_visible()
    expect(merge).to_be_hidden()
    boxes.nth(1).click()
    merge.click()
    expect(page.get_by_text("William Hart stays and holds everything")).to_be_visible()
    expect(page.get_by_text("it is no longer Cleo Marsh’s customer")).to_be_visible()
    radio(page, "Company: Hart & Sons")
    page.get_by_role("button", name="Merge 2 into one").click()
    expect(page.get_by_role("heading", name="William Hart")).to_be_visible()
    expect(page.locator("#record")).to_contain_text("Hart & Sons")
    assert Customer.objects.count() == 1
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Bill Hart: as before, on their own")).to_be_visible()
    assert Customer.objects.count() == 2


def test_found_from_the_page_of_one_and_taken_apart_later_from_the_timeline(
    visit: Visit, ana: User, harts: tuple[Customer, Customer]
) -> None:
    william, bill = harts
    page = visit(ana)
    page.goto(william.get_absolute_url())
    page.get_by_role("button", name="More: edit").click()
    page.get_by_role("link", name="Merge with…").click()
    page.get_by_role("searchbox", name="Find the other record").fill("bill")
    page.get_by_role("link", name="Compare with Bill Hart").click()
    page.get_by_role("button", name=re.compile("Let this one stay.*Bill Hart")).click()
    expect(page.get_by_text("Bill Hart stays and holds everything")).to_be_visible()
    page.get_by_role("button", name="Merge 2 into one").click()
    expect(page).to_have_url(re.compile(str(bill.public_id)))
    page.goto(william.get_absolute_url())
    expect(page).to_have_url(re.compile(str(bill.public_id)))
    page.locator("#composer textarea").fill("William wants the blue one")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator("#timeline")).to_contain_text("the blue one")
    page.get_by_role("link", name="Details and undo").click()
    page.get_by_role("combobox", name="the blue one").select_option("William Hart")
    page.get_by_role("button", name="Undo the merge").click()
    expect(page.get_by_text("William Hart: as before, on their own")).to_be_visible()
    page.goto(william.get_absolute_url())
    expect(page.locator("#timeline")).to_contain_text("the blue one")


def test_cleaned_up_with_the_keyboard_merged_and_taken_back(
    visit: Visit, ana: User, harts: tuple[Customer, Customer]
) -> None:
    matching.search_changed(by=None)
    page = visit(ana)
    page.goto("/customers/duplicates/")
    expect(page.get_by_text("Very likely the same.")).to_be_visible()
    page.keyboard.press("s")
    expect(page.get_by_text("William Hart stays and holds everything")).to_be_visible()
    expect(page.get_by_text("Same phone")).to_be_visible()
    radio(page, "Name: Bill Hart")
    page.get_by_role("button", name="Merge 2 into one").click()
    expect(page.get_by_text("Nothing to decide here")).to_be_visible()
    assert Customer.objects.get().name == "Bill Hart"
    page.get_by_role("link", name="Decided").click()
    expect(page.get_by_role("list").filter(has_text="became")).to_contain_text("Ana Ferreira")
    page.get_by_role("link", name="Details and undo").click()
    page.get_by_role("button", name="Undo the merge").click()
    expect(page.get_by_text("Bill Hart: as before, on their own")).to_be_visible()
    assert {one.name for one in Customer.objects.all()} == {"William Hart", "Bill Hart"}
    page.goto("/customers/duplicates/")
    expect(page.get_by_text("Very likely the same.")).to_be_visible()
    page.keyboard.press("d")
    expect(page.get_by_text("Nothing to decide here")).to_be_visible()
    page.goto("/customers/duplicates/decided/")
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("you are asked about them again")).to_be_visible()
    expect(page.get_by_text("Nothing is decided yet")).to_be_visible()


def test_those_beyond_doubt_are_merged_together_and_taken_apart_together(
    visit: Visit, make_customer: MakeCustomer, ana: User
) -> None:
    for n, name in enumerate(("Petra Lindqvist", "Nora Quill")):
        for _ in range(2):
            mail = f"{name.split()[0].lower()}@lake.example"
            make_customer(name, owner=ana, phone=f"734 222 014{n}", email=mail)
    matching.search_changed(by=None)
    page = visit(ana)
    page.goto("/customers/duplicates/certain/")
    page.get_by_role("button", name="Merge them").click()
    expect(page.get_by_text("2 pairs were merged.")).to_be_visible()
    assert Customer.objects.count() == 2
    page.get_by_role("button", name="Take all of them apart").click()
    expect(page.get_by_text("2 merges taken back.")).to_be_visible()
    expect(page.get_by_text("came out again of")).to_have_count(2)
    assert Customer.objects.count() == 4


def test_two_households_are_made_one_with_the_keyboard_and_two_again(
    visit: Visit, make_customer: MakeCustomer, ana: User
) -> None:
    at = [{"line1": "18 Quarry Lane", "city": "Troy", "postal_code": "48084"}]
    four = [
        make_customer(f"{name} Quist", owner=ana, phone="734 222 0177", locations=at)
        for name in ("Ida", "Emil", "Otto", "Frida")
    ]
    customers.confirm(*four[:2], by=ana)
    customers.confirm(*four[2:], by=ana)
    matching.search_changed(by=None)
    page = visit(ana)
    page.goto("/customers/duplicates/?kind=households")
    expect(page.get_by_text("are two households.")).to_be_visible()
    page.keyboard.press("f")
    expect(page.get_by_text("Nothing to decide here")).to_be_visible()
    assert len({one.household_id for one in Customer.objects.all()}) == 1
    page.goto("/customers/duplicates/decided/")
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("you are asked about them again")).to_be_visible()
    assert len({one.household_id for one in Customer.objects.all()}) == 2


def test_three_who_look_like_one_are_taken_apart_and_made_one_with_the_keyboard(
    visit: Visit, make_customer: MakeCustomer, ana: User
) -> None:
    contact = {
        "first_name": "William",
        "last_name": "Hart",
        "phones": [{"number": "734 222 0142"}],
        "emails": [{"address": "wh@lake.example"}],
    }
    for _ in range(4):
        make_customer("William Hart", owner=ana, contacts=[contact])
    matching.search_changed(by=None)
    page = visit(ana)
    page.goto("/customers/duplicates/")
    expect(page.get_by_text("4 records very likely are one person.")).to_be_visible()
    expect(page.get_by_text("Weakest link", exact=True)).to_be_visible()
    page.keyboard.press("4")
    expect(page.get_by_text("3 records very likely are one person.")).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_text("4 records very likely are one person.")).to_be_visible()
    page.keyboard.press("1")
    expect(page.get_by_text("3 records very likely are one person.")).to_be_visible()
    page.get_by_role("radio", name=re.compile(r"Stays.*\(2\)")).check()
    page.keyboard.press("s")
    expect(page.get_by_text("Merged into William Hart")).to_be_visible()
    expect(page.get_by_text("Nothing to decide here")).to_be_visible()
    assert Customer.objects.count() == 2
    page.keyboard.press("z")
    expect(page.get_by_text("as before, on their own")).to_be_visible()
    assert Customer.objects.count() == 4
