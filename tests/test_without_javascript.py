"""With JavaScript off all that matters works: every deed is a form, every way a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from regulars.bulk import actions as bulk
from regulars.bulk.models import Receipt
from regulars.customers.models import Customer
from regulars.staff.models import User

from .browsers import Visit
from .cast import PASSWORD, MakeCustomer
from .showroom import Showroom

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

RENEE = "Renée Thibodeaux-Castellanos"


@pytest.fixture
def plain(visit: Visit, showroom: Showroom, ana: User) -> Page:
    return visit(ana, java_script_enabled=False)


def names(page: Page) -> Locator:
    return page.locator("#table td.c-name a")


def test_signing_in_and_out(visit: Visit, showroom: Showroom, ana: User) -> None:
    ana.set_password(PASSWORD)
    ana.save()
    page = visit(java_script_enabled=False)
    page.goto("/")
    page.get_by_label("Email").fill("ana@demo.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Six people are waiting for you.")).to_be_visible()
    page.get_by_role("navigation", name="Main").get_by_role("button", name="Ana Ferreira").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def test_the_queue_is_resolved_and_opened(plain: Page, showroom: Showroom) -> None:
    page = plain
    page.goto("/")
    first = page.get_by_role("article", name="First in the queue")
    first.get_by_role("button", name="Resolve").click()
    expect(page.get_by_text("Five people are waiting for you.")).to_be_visible()
    expect(first).to_contain_text("Margarethe")
    expect(page.get_by_role("status")).to_contain_text("is resolved after")
    showroom.plant.refresh_from_db()
    assert showroom.plant.waiting_since is None
    first.get_by_role("link", name="Note").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Margarethe")


def test_the_list_is_filtered_sorted_and_turned(
    plain: Page, make_customer: MakeCustomer, ana: User
) -> None:
    page = plain
    for n in range(45):
        make_customer(f"Number {n:02}", owner=ana, store=ana.store)
    page.goto("/customers/")
    expect(names(page)).to_have_count(50)
    page.get_by_role("link", name="More").click()
    expect(names(page)).to_have_count(3)
    page.goto("/customers/")
    page.get_by_role("link", name="Filter", exact=True).click()
    page.get_by_text("Source", exact=True).click()
    page.get_by_role("link", name="Internet").click()
    expect(names(page)).to_have_text([RENEE])
    page.get_by_role("link", name="Remove filter").click()
    page.get_by_role("link", name="Filter", exact=True).click()
    page.get_by_role("textbox", name="Or write it").fill("owner:unassigned")
    page.get_by_role("textbox", name="Or write it").press("Enter")
    expect(names(page)).to_have_text(["Bo Li"])
    page.get_by_role("link", name="Clear filters").click()
    page.get_by_role("columnheader", name="Customer").get_by_role("link").click()
    expect(names(page).first).to_have_text("Number 00")
    page.get_by_role("button", name="Columns, sorting and density").click()
    page.get_by_role("checkbox", name="Phone").check()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("columnheader", name="Phone")).to_be_visible()
    names(page).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Number 00")


def test_the_customer_is_logged_resolved_and_changed(
    plain: Page, showroom: Showroom, cleo: User
) -> None:
    page = plain
    page.goto(f"/customers/{showroom.renee.public_id}/")
    record, timeline = page.locator("#record"), page.locator("#timeline")
    composer = page.locator("#composer")
    composer.locator("fieldset").get_by_text("Note", exact=True).click()
    page.get_by_role("textbox", name="What was said").fill("Brings her brother")
    composer.get_by_role("button").click()
    expect(timeline).to_contain_text("Brings her brother")
    composer.locator("fieldset").get_by_text("Note", exact=True).click()
    composer.get_by_role("button").click()
    expect(page.get_by_text("Write the note first")).to_be_visible()

    composer.locator("fieldset").get_by_text("Call", exact=True).click()
    composer.locator(".outcomes").get_by_text("No answer").click()
    page.get_by_role("textbox", name="What was said").fill("Rang twice")
    composer.get_by_role("button").click()
    expect(timeline).to_contain_text("called, no answer")
    expect(record).to_contain_text("Waiting")  # nobody answered her

    record.get_by_role("button", name="Resolve").click()
    expect(record).to_contain_text("Nothing waits for an answer")
    page.get_by_role("navigation", name="Show").get_by_role("link", name="Email").click()
    expect(timeline).to_contain_text("Nothing here yet")

    page.get_by_role("link", name="Hand over Renée").click()
    page.get_by_text("Cleo Marsh").click()
    page.get_by_label("Why").fill("Ana is away")
    page.get_by_role("button", name="Hand over").click()
    expect(record).to_contain_text("Cleo Marsh")
    page.get_by_role("link", name="Edit all of Renée").first.click()
    page.get_by_label("Type").select_option(label="Prospect")
    page.get_by_role("button", name="Save").click()
    expect(record).to_contain_text("Prospect")
    page.locator("#fact-type").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Type of Renée")
    page.get_by_role("combobox", name="Type").select_option(label="Account")
    page.get_by_role("button", name="Save").click()
    expect(record).to_contain_text("Account")
    record.get_by_role("link", name="Add phone").click()
    page.get_by_role("textbox", name="Phone").fill("12")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("is not a phone number")
    page.get_by_role("textbox", name="Phone").fill("248 555 0199")
    page.get_by_role("button", name="Save").click()
    expect(record).to_contain_text("(248) 555-0199")
    page.get_by_role("textbox", name="Add tag").or_(
        page.get_by_role("combobox", name="Add tag")
    ).fill("Trade-in")
    page.keyboard.press("Enter")
    expect(record).to_contain_text("Trade-in")


def test_a_customer_is_added_after_errors_and_a_question(plain: Page, ana: User) -> None:
    page = plain
    page.goto("/customers/new/")
    add = page.get_by_role("main").get_by_role("button", name="Add customer")
    page.get_by_label("Last name").fill("Okafor")
    page.get_by_role("textbox", name="Phone").fill("12")
    add.click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing you typed is lost")
    expect(page.get_by_label("Last name")).to_have_value("Okafor")
    page.get_by_role("textbox", name="Phone").fill("248 555 0142")  # Renée's
    add.click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing is added yet")
    expect(page.locator("#known")).to_contain_text(RENEE)
    page.get_by_role("button", name="Add anyway").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Okafor")
    assert Customer.objects.get(last_name="Okafor").owner == ana


def test_search_finds(plain: Page) -> None:
    page = plain
    page.goto("/")
    page.get_by_role("searchbox", name="Search customers").fill("(248) 555-0142")
    page.keyboard.press("Enter")
    page.get_by_role("main").get_by_role("link", name=RENEE).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(RENEE)


def test_many_are_tagged_and_it_is_taken_back(plain: Page, ana: User) -> None:
    page = plain
    page.goto("/customers/")
    page.get_by_role("checkbox", name=f"Select {RENEE}").check()
    bar = page.get_by_role("form", name="Selected customers")
    bar.get_by_role("button", name="Tag", exact=True).click()
    page.get_by_label("Tag").fill("Spring")
    page.get_by_role("button", name="Show what would happen").click()
    page.get_by_role("button", name="Add the tag “Spring” for 1 customer").click()
    receipt = bulk.run(Receipt.objects.get(), by=ana)
    page.get_by_role("link", name="Look again").click()
    page.get_by_role("button", name="Undo").click()
    receipt.refresh_from_db()
    bulk.run_undo(receipt, by=ana)
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text("Taken back: 1 customer is as before.")).to_be_visible()
