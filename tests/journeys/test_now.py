"""The queue, worked off by keyboard: act, log, next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from regulars.customers.models import Customer
from regulars.staff.models import User
from tests.browsers import Visit, until
from tests.showroom import LONG_COMPANY, Showroom

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Route


def first(page: Page) -> Locator:
    return page.get_by_role("article", name="First in the queue")


def link(page: Page, name: str) -> Locator:
    return page.get_by_role("link", name=name, exact=True)


def kinds(customer: Customer) -> list[str]:
    """What happened to the customer, newest first."""
    return list(customer.events.order_by("-id").values_list("kind", flat=True))


def test_the_queue_is_worked_off_with_the_keyboard_alone(
    visit: Visit, showroom: Showroom, ana: User
) -> None:
    page = visit(ana)
    page.goto("/")
    expect(page.get_by_text("Six people are waiting for you.")).to_be_visible()
    expect(first(page)).to_contain_text(LONG_COMPANY)
    expect(first(page)).to_contain_text("Waiting 1 day")

    page.keyboard.press("m")
    writing = page.get_by_role("dialog", name=f"Email {LONG_COMPANY}")
    expect(writing.get_by_role("link", name="einkauf@rwgoa.example")).to_be_visible()
    page.keyboard.type("Samples")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The email is logged.")).to_be_visible()
    expect(first(page)).to_contain_text("Margarethe")
    assert kinds(showroom.plant)[0] == "email.sent"

    page.keyboard.press("n")
    expect(page.get_by_role("dialog")).to_contain_text("Note about Margarethe")
    page.keyboard.type("Calls back at noon")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("The note is kept.")).to_be_visible()
    expect(first(page)).to_contain_text("Margarethe")  # a note answers nobody

    page.keyboard.press("c")
    writing = page.get_by_role("dialog", name="Call Margarethe")
    expect(writing.get_by_role("radio", name="Reached")).to_be_checked()
    page.keyboard.press("Escape")  # leaves nothing behind
    expect(writing).to_have_count(0)
    expect(first(page)).to_contain_text("Margarethe")
    assert kinds(showroom.grete)[0] == "note.added"

    page.keyboard.press("c")
    page.keyboard.press("ArrowRight")
    expect(writing.get_by_role("radio", name="Left a message")).to_be_checked()
    page.keyboard.type("Asked her to call back")
    page.keyboard.press("Control+Enter")
    expect(first(page)).to_contain_text("Bo Li")
    assert kinds(showroom.grete)[:2] == ["call.made", "note.added"]
    call = showroom.grete.events.get(kind="call.made")
    assert call.data == {"outcome": "left a message", "text": "Asked her to call back"}

    page.keyboard.press("c")  # there is no number
    expect(page.get_by_text("No phone number.", exact=True)).to_be_visible()
    page.keyboard.press("r")
    expect(first(page)).to_contain_text("Malik Washington")
    assert kinds(showroom.lead)[0] == "customer.resolved"

    page.keyboard.press("j")
    expect(link(page, "Jürgen Groß")).to_be_focused()
    page.keyboard.press("t")
    expect(page.get_by_text("They opted out of texts.", exact=True)).to_be_visible()
    page.keyboard.press("r")
    expect(link(page, "Jürgen Groß")).to_have_count(0)
    expect(link(page, "Renée Thibodeaux-Castellanos")).to_be_focused()
    assert kinds(showroom.joerg)[0] == "customer.resolved"

    page.keyboard.press("k")
    page.keyboard.press("t")
    expect(page.get_by_role("dialog", name="Text Malik Washington")).to_be_visible()
    page.keyboard.press("Enter")
    expect(first(page)).to_contain_text("Renée")
    assert kinds(showroom.malik)[0] == "text.sent"
    assert kinds(showroom.renee)[0] != "text.sent"

    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Renée Thibodeaux-Castellanos")
    page.wait_for_load_state()  # the keys are there once the page is
    page.keyboard.press("r")
    expect(page.get_by_text("Nothing waits for an answer")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("n")
    expect(page.get_by_text("Nobody is waiting for you.")).to_be_visible()


def test_what_was_done_by_mistake_is_undone_with_z(
    visit: Visit, showroom: Showroom, ana: User
) -> None:
    page = visit(ana)
    page.goto("/")
    page.keyboard.press("r")
    expect(first(page)).to_contain_text("Margarethe")
    page.keyboard.press("z")
    expect(page.get_by_text("waits again.")).to_be_visible()
    expect(first(page)).to_contain_text(LONG_COMPANY)
    expect(first(page)).to_contain_text("Waiting 1 day")

    page.keyboard.press("j")
    page.keyboard.press("c")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Five people are waiting for you.")).to_be_visible()
    page.get_by_role("status").get_by_role("button", name="Undo").last.click()
    expect(page.get_by_text("Six people are waiting for you.")).to_be_visible()
    assert kinds(showroom.grete)[0] == "customer.put_back"

    page.goto(f"/customers/{showroom.renee.public_id}/")
    page.keyboard.press("r")
    expect(page.get_by_text("Nothing waits for an answer")).to_be_visible()
    page.keyboard.press("z")
    expect(page.locator("#record")).to_contain_text("Waiting")
    expect(page.locator("#timeline")).to_contain_text("took back: that it was resolved")


def test_a_key_pressed_before_the_scripts_are_there_is_not_lost(
    visit: Visit, showroom: Showroom, ana: User
) -> None:
    page = visit(ana)
    held: list[Route] = []
    page.route("**/ui/app*.js", lambda route: held.append(route))
    page.goto("/", wait_until="commit")
    expect(first(page)).to_be_visible()
    until(page, lambda: page.evaluate("'earlyKeys' in window"))
    page.keyboard.press("r")
    until(page, lambda: held)
    for route in held:
        route.continue_()
    expect(page.get_by_text("is resolved after")).to_be_visible()
    expect(page.get_by_text("Five people are waiting for you.")).to_be_visible()


def test_no_deed_is_lost_however_fast_they_come(
    visit: Visit, showroom: Showroom, ana: User
) -> None:
    page = visit(ana)
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        held.append(route)

    page.route("**/resolve/", hold_the_first)
    page.goto("/")
    for key in "rjrjr":
        page.keyboard.press(key)
    until(page, lambda: held)
    held[0].continue_()
    expect(page.get_by_text("Three people are waiting for you.")).to_be_visible()
    expect(first(page)).to_contain_text("Malik Washington")
    for customer in (showroom.plant, showroom.grete, showroom.lead):
        assert kinds(customer)[0] == "customer.resolved"


def test_what_colleagues_leave_waiting_stands_below_ones_own(
    visit: Visit, showroom: Showroom, ana: User
) -> None:
    page = visit(ana)
    page.goto("/")
    queue = page.get_by_role("region", name="Your queue")
    expect(queue).to_contain_text("Waiting in your team")
    expect(queue.get_by_role("listitem").last).to_contain_text("Dee Ashworth")
    expect(queue.get_by_role("img", name="Cleo Marsh, offline")).to_be_visible()


def test_resolving_offers_the_way_back_in_words_everyone_reads(
    visit: Visit, showroom: Showroom, ana: User
) -> None:
    page = visit(ana)
    page.goto("/")
    first(page).get_by_role("button", name="Resolve").click()
    status = page.get_by_role("status")
    expect(status).to_contain_text("is resolved after")
    status.get_by_role("button", name="Close").click()
    expect(status).not_to_contain_text("is resolved after")


def test_single_keys_can_be_switched_off(visit: Visit, showroom: Showroom, ana: User) -> None:
    page = visit(ana)
    page.goto("/settings/profile/")
    page.get_by_role("checkbox", name="single keys").uncheck()
    page.get_by_role("button", name="Save").click()
    page.goto("/")
    page.keyboard.press("r")
    page.keyboard.press("j")
    expect(page.get_by_text("Six people are waiting for you.")).to_be_visible()
    expect(page.locator("body")).to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Commands")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/customers/"])
def test_on_a_phone_the_composer_opens_by_its_keys_and_by_touch(
    visit: Visit, showroom: Showroom, ana: User, path: str
) -> None:
    page = visit(ana, viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto(path)
    composer = page.locator("#compose")
    row = page.locator("[data-row]", has_text="Malik Washington").first
    row.locator("a[data-open]").focus()
    page.keyboard.press("c")
    expect(composer).to_be_visible()
    expect(composer.get_by_role("heading")).to_have_text("Call Malik Washington")
    page.keyboard.press("Escape")
    expect(composer).not_to_be_visible()
    page.keyboard.press("n")
    expect(composer.get_by_role("heading")).to_have_text("Note about Malik Washington")
    page.keyboard.press("Escape")
    touched = page.locator("a.btn[data-log]").locator("visible=true").first
    touched.tap()
    expect(composer).to_be_visible()
    composer.get_by_role("button", name="Close").tap()
    expect(composer).not_to_be_visible()
    page.goto(f"/customers/{showroom.malik.public_id}/")
    page.get_by_role("toolbar", name="Act").get_by_role("link", name="Text").tap()
    expect(page.get_by_role("button", name="Log text")).to_be_focused()
    page.keyboard.press("n")
    expect(page.get_by_role("textbox", name="What was said")).to_be_focused()
