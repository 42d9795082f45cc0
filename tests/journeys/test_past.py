"""Looking back: what an edit changed, where it stands, and the record as it was."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from regulars.customers import actions, facts
from regulars.staff.models import User
from tests.browsers import Visit
from tests.showroom import Showroom

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def renee(visit: Visit, showroom: Showroom, ana: User, mia: User) -> Page:
    contact = {"first_name": "Renée", "last_name": "Castellanos", "title": "Teacher"}
    actions.change_contact(showroom.renee.contacts.get(), facts.read_contact(contact), by=mia)
    actions.tag(showroom.renee, "VIP", by=ana)
    page = visit(ana)
    page.goto(f"/customers/{showroom.renee.public_id}/")
    return page


def test_an_entry_opens_its_details_in_place_and_leads_to_the_record_as_it_was(
    renee: Page,
) -> None:
    page = renee
    page.get_by_text("What changed").first.click()
    details = page.locator("#timeline .edits").first
    expect(details).to_contain_text("renee@castellanos.example")
    expect(details.locator("del").first).to_be_visible()
    page.get_by_role("link", name="The record as it was then").click()
    expect(page.get_by_role("heading", name="As it was on")).to_be_visible()
    expect(page.locator("#past")).to_contain_text("Teacher")
    expect(page.locator("#past")).to_contain_text("came later")
    page.keyboard.press("[")
    expect(page.locator("#past .count")).to_have_text("1 of 3")
    expect(page.locator("#past")).to_contain_text("now Teacher")
    page.keyboard.press("]")
    expect(page.locator("#past .count")).to_have_text("2 of 3")
    page.get_by_label("Which change").fill("2")
    expect(page.locator("#past")).to_contain_text("The same as today")
    expect(page).to_have_url(re.compile("as_of=|step="))


def test_edits_of_a_few_minutes_are_one_line_that_holds_each(
    visit: Visit, showroom: Showroom, ana: User, mia: User
) -> None:
    for title in ("Teacher", "Head teacher"):
        actions.change_contact(
            showroom.renee.contacts.get(),
            facts.read_contact({"first_name": "Renée", "title": title}),
            by=mia,
        )
    page = visit(ana)
    page.goto(f"/customers/{showroom.renee.public_id}/")
    lines = page.locator("#timeline .change")
    expect(lines).to_have_count(1)
    lines.get_by_text("What changed").click()
    expect(lines.locator(".edits")).to_have_count(2)
    expect(lines).to_contain_text("Head teacher")


def test_the_history_is_narrowed_without_leaving_it(renee: Page, mia: User) -> None:
    page = renee
    page.get_by_role("link", name="History", exact=True).first.click()
    trail = page.locator("#trail")
    expect(trail).to_contain_text("added the tag VIP")
    expect(trail).to_contain_text("Can I come by at five?")
    page.get_by_label("Part of the record").select_option("contact")
    expect(trail).to_contain_text("Teacher")
    expect(trail).not_to_contain_text("VIP")
    expect(page).to_have_url(re.compile("part=contact"))
    page.get_by_role("link", name="Clear").click()
    page.get_by_role("navigation", name="Show").get_by_role("link", name="Website").click()
    expect(trail).not_to_contain_text("Teacher")
