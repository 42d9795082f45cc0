"""Adding a customer: somebody who is here already is pointed out, and nothing typed is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from regulars.customers.models import Customer
from regulars.staff.models import User
from tests.browsers import Complaints, Visit
from tests.showroom import Showroom

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def form(visit: Visit, showroom: Showroom, ana: User) -> Page:
    page = visit(ana)
    page.goto("/customers/")
    page.get_by_role("link", name="Add customer").click()
    expect(page.get_by_label("First name")).to_be_focused()
    return page


def test_only_a_name_is_needed_and_the_owner_is_me(form: Page, ana: User) -> None:
    page = form
    expect(page.get_by_label("Assigned to").locator("option:checked")).to_have_text("Ana Ferreira")
    page.keyboard.type("Zoë")
    page.get_by_role("main").get_by_role("button", name="Add customer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Zoë")
    expect(page.get_by_role("status").first).to_contain_text("Zoë is added.")
    assert Customer.objects.get(first_name="Zoë").owner == ana


def test_a_duplicate_is_pointed_out_while_typing_and_asked_about_once(form: Page) -> None:
    page = form
    page.get_by_label("First name").fill("Renata")
    page.get_by_label("Phone").press_sequentially("248-555 0142")
    known = page.locator("#known")
    expect(known).to_contain_text("Is it this customer?")
    expect(known.get_by_role("link", name="Renée Thibodeaux-Castellanos")).to_be_visible()
    page.get_by_role("button", name="Add customer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Renata")
    assert Customer.objects.filter(first_name="Renata").count() == 1


def test_sent_before_it_was_shown_the_form_asks_first(form: Page, complaints: Complaints) -> None:
    page = form
    page.route("**/customers/new/known/", lambda route: route.abort())  # a slow connection
    page.get_by_label("First name").fill("Renata")
    page.get_by_role("textbox", name="Email").fill("RENEE@castellanos.example")
    page.get_by_label("They agreed to email").select_option(label="Yes, expressly")
    page.get_by_role("button", name="Add customer").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing is added yet")
    assert not Customer.objects.filter(first_name="Renata").exists()
    page.get_by_role("button", name="Add anyway").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Renata")
    complaints.forgive("/customers/new/known/")
    complaints.forgive("Failed to fetch")


def test_another_source_asks_for_its_name_and_errors_keep_what_was_typed(form: Page) -> None:
    page = form
    which = page.get_by_label("Which other source")
    expect(which).to_be_hidden()
    page.get_by_role("combobox", name="Source").select_option(label="Other")
    expect(which).to_be_visible()
    page.get_by_label("Last name").fill("Okafor")
    page.get_by_label("Phone").fill("12")
    page.get_by_role("textbox", name="Email").fill("nobody at home")
    page.get_by_label("They agreed to email").select_option(label="No")
    page.get_by_role("button", name="Add customer").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing you typed is lost")
    expect(which).to_have_attribute("aria-invalid", "true")
    which.fill("Church fair")
    page.get_by_role("button", name="Add customer").click()
    expect(page.get_by_label("Phone")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("textbox", name="Email")).to_have_value("nobody at home")
    expect(page.get_by_label("Last name")).to_have_value("Okafor")
    page.get_by_label("Phone").fill("(248) 555-0199")
    page.get_by_role("textbox", name="Email").fill("okafor@home.example")
    page.get_by_role("button", name="Add customer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Okafor")
    expect(page.locator("#record")).to_contain_text("Church fair")
    expect(page.locator("#record")).to_contain_text("(248) 555-0199")
