"""Coming in and leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from regulars.staff.models import User
from tests.browsers import Complaints, Visit
from tests.cast import PASSWORD
from tests.showroom import Showroom

if TYPE_CHECKING:
    from django.conf import LazySettings
    from playwright.sync_api import Page

RENEE = "Renée Thibodeaux-Castellanos"


def leave(page: Page) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("button", name="Ana Ferreira").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def test_the_demo_lets_in_with_one_click(
    visit: Visit, showroom: Showroom, ana: User, settings: LazySettings
) -> None:
    settings.DEMO = True
    page = visit()
    page.goto("/customers/")
    page.get_by_role("button", name="Ana Ferreira").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Customers")
    expect(page.get_by_role("link", name=RENEE, exact=True)).to_be_visible()


def test_a_password_lets_in_and_a_wrong_one_says_so(
    visit: Visit, showroom: Showroom, ana: User
) -> None:
    ana.set_password(PASSWORD)
    ana.save()
    page = visit()
    page.goto("/")
    page.get_by_label("Email").fill("ana@demo.example")
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Email")).to_have_value("ana@demo.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Six people are waiting for you.")).to_be_visible()


def test_after_signing_out_the_back_button_shows_nothing(
    visit: Visit, showroom: Showroom, ana: User
) -> None:
    page = visit(ana)
    page.goto("/customers/")
    page.get_by_role("link", name=RENEE, exact=True).click()
    expect(page.locator("#side")).to_contain_text("Can I come by at five?")
    page.goto(f"/customers/{showroom.renee.public_id}/")
    leave(page)
    for _ in range(3):
        page.go_back()
        expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
        expect(page.locator("body")).not_to_contain_text("Renée")


def test_signed_out_elsewhere_the_next_press_leads_to_the_door(
    visit: Visit, showroom: Showroom, ana: User, complaints: Complaints
) -> None:
    page = visit(ana)
    page.goto("/customers/")
    page.context.clear_cookies()
    page.get_by_role("link", name=RENEE, exact=True).click()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("Renée")
    complaints.forgive("/live")  # it, too, is shut
