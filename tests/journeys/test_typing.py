"""What somebody is typing outlives whatever arrives meanwhile, wherever on the page it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from regulars.customers import actions
from regulars.customers.models import Customer
from regulars.staff.models import User
from tests.browsers import Visit
from tests.showroom import Showroom

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


def fact(page: Page, key: str) -> Locator:
    return page.locator(f"#fact-{key.replace(':', '-')}")


def opened(visit: Visit, user: User, customer: Customer) -> Page:
    page = visit(user)
    page.goto(f"/customers/{customer.public_id}/")
    expect(page.locator("html")).to_have_attribute("data-connection", "live")
    page.evaluate("window.same = true")
    return page


def arrived(page: Page, customer: Customer, by: User) -> None:
    """Something of a colleague's is there, and so is the rest of the page as it is now."""
    actions.tag(customer, "Arrived", by=by)
    expect(page.locator("#record .tags")).to_contain_text("Arrived")


def unfolded(page: Page, key: str) -> Locator:
    """The open field of a fact in the panels."""
    page.evaluate(
        "document.querySelectorAll('#panels details').forEach((one) => { one.open = true })"
    )
    fact(page, key).get_by_role("link").click()
    return fact(page, key).get_by_role("textbox")


def test_whose_row_is_removed_meanwhile_still_sees_what_they_wrote_and_who_removed_it(
    visit: Visit, showroom: Showroom, ana: User, cleo: User
) -> None:
    plant = showroom.plant
    contact = plant.contacts.filter(is_primary=False)[0]
    page = opened(visit, ana, plant)
    key = f"contact:{contact.pk}:title"
    unfolded(page, key).fill("Head of moulds")
    actions.remove_contact(contact, by=cleo)
    torn = fact(page, key)
    expect(torn).to_contain_text("Cleo Marsh removed")
    expect(torn).to_contain_text("Head of moulds")
    arrived(page, plant, cleo)
    expect(torn).to_contain_text("Head of moulds")
    torn.get_by_role("link", name="Close").click()
    expect(torn).to_have_count(0)


def test_whose_field_moves_goes_on_writing_where_it_stands_now(
    visit: Visit, showroom: Showroom, ana: User, cleo: User
) -> None:
    plant = showroom.plant
    contact = plant.contacts.filter(is_primary=False)[0]
    page = opened(visit, ana, plant)
    key = f"contact:{contact.pk}:title"
    unfolded(page, key).press_sequentially("Head of ")
    actions.edit(plant, f"contact:{contact.pk}:primary", "yes", by=cleo)
    expect(page.locator("#record .named")).to_contain_text(contact.first_name)
    field = fact(page, key).get_by_role("textbox")
    expect(field).to_have_value("Head of ")
    expect(field).to_be_focused()
    page.keyboard.type("moulds")
    page.keyboard.press("Enter")
    expect(page.locator("#record")).to_contain_text("Head of moulds")
    assert page.evaluate("window.same === true")
    contact.refresh_from_db()
    assert contact.title == "Head of moulds"


def test_a_half_written_tag_task_and_number_stay(
    visit: Visit, showroom: Showroom, ana: User, cleo: User
) -> None:
    malik = showroom.malik
    page = opened(visit, ana, malik)
    tag, step = page.get_by_role("combobox", name="Add tag"), page.get_by_label("Add a task")
    tag.press_sequentially("Wants bl")
    actions.tag(malik, "Fleet", by=cleo)
    expect(page.locator("#record")).to_contain_text("Fleet")
    expect(tag).to_have_value("Wants bl")
    expect(tag).to_be_focused()
    step.press_sequentially("Call about the")
    page.get_by_label("Due", exact=True).fill("2026-12-24")
    arrived(page, malik, cleo)
    expect(step).to_have_value("Call about the")
    expect(page.get_by_label("Due", exact=True)).to_have_value("2026-12-24")
    page.get_by_role("link", name="Add phone").click()
    page.get_by_role("textbox", name="Phone").fill("248 555 01")
    contact = malik.contacts.get()
    actions.edit(malik, f"contact:{contact.pk}:phone", "+1 734 555 0188", by=cleo)
    expect(page.locator("#record")).to_contain_text("(734) 555-0188")
    expect(page.get_by_role("textbox", name="Phone")).to_have_value("248 555 01")


def test_ones_own_tag_leaves_an_open_field_alone(
    visit: Visit, showroom: Showroom, ana: User
) -> None:
    page = opened(visit, ana, showroom.malik)
    fact(page, "first_name").get_by_role("link").click()
    fact(page, "first_name").get_by_role("textbox").fill("Mal")
    tag = page.get_by_role("combobox", name="Add tag")
    tag.fill("Fleet")
    tag.press("Enter")
    expect(page.locator("#record .tags")).to_contain_text("Fleet")
    expect(tag).to_have_value("")
    expect(fact(page, "first_name").get_by_role("textbox")).to_have_value("Mal")
    step = page.get_by_label("Add a task")
    step.fill("Call")
    step.press("Enter")
    expect(page.locator("#panels .nexts")).to_contain_text("Call")
    expect(step).to_have_value("")
    expect(fact(page, "first_name").get_by_role("textbox")).to_have_value("Mal")
