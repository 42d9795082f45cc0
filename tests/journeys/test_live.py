"""What changes without a reload: colleagues' deeds, and the colours as time goes by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from regulars.staff.models import User
from regulars.timeline import actions as timeline
from tests.browsers import Visit, until
from tests.showroom import Showroom

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route


def connected(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("html")).to_have_attribute("data-connection", "live")
    page.evaluate("window.same = true")


def is_the_same_page(page: Page) -> bool:
    return bool(page.evaluate("window.same === true"))


def test_a_colleagues_deed_appears_in_queue_list_and_profile(
    visit: Visit, showroom: Showroom, ana: User, cleo: User
) -> None:
    queue, table, profile, cleos = visit(ana), visit(ana), visit(ana), visit(cleo)
    connected(queue, "/")
    connected(table, "/customers/")
    connected(profile, f"/customers/{showroom.malik.public_id}/")
    cleos.goto(f"/customers/{showroom.malik.public_id}/")
    cleos.locator("#composer").get_by_text("Text", exact=True).click()
    cleos.get_by_role("textbox", name="What was said").fill("Six works for us")
    cleos.get_by_role("button", name="Log text").click()

    expect(profile.locator("#timeline")).to_contain_text("Six works for us")
    expect(profile.locator("#timeline")).to_contain_text("Cleo Marsh sent a text")
    expect(queue.get_by_text("Five people are waiting for you.")).to_be_visible()
    expect(table.locator(f"#c-{showroom.malik.public_id} .c-age")).to_have_text("just now")
    for page in (queue, table, profile):
        assert is_the_same_page(page)


def test_what_is_being_typed_survives_a_colleagues_change(
    visit: Visit, showroom: Showroom, ana: User, cleo: User
) -> None:
    page = visit(ana)
    connected(page, f"/customers/{showroom.malik.public_id}/")
    box = page.get_by_role("textbox", name="What was said")
    box.press_sequentially("Half a sent")
    timeline.record(showroom.malik, "text.sent", by=cleo, data={"text": "Six works for us"})
    expect(page.locator("#timeline")).to_contain_text("Six works for us")
    expect(box).to_be_focused()
    expect(box).to_have_value("Half a sent")


def test_a_late_answer_does_not_undo_where_one_went(
    visit: Visit, showroom: Showroom, ana: User, cleo: User
) -> None:
    page = visit(ana)
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        held.append(route)

    connected(page, f"/customers/{showroom.malik.public_id}/")
    shelves = page.get_by_role("navigation", name="Show")
    page.route(lambda url: url.endswith(f"{showroom.malik.public_id}/"), hold_the_first)
    timeline.record(showroom.malik, "text.sent", by=cleo, data={"text": "Six works for us"})
    until(page, lambda: held)
    shelves.get_by_role("link", name="Website").click()
    expect(page.locator("#timeline .feed > li")).to_have_count(1)
    held[0].continue_()
    page.wait_for_timeout(500)
    expect(page.locator("#timeline .feed > li")).to_have_count(1)
    expect(shelves.get_by_role("link", name="Website")).to_have_attribute("aria-current", "true")


def test_colours_move_with_the_clock(visit: Visit, showroom: Showroom, ana: User) -> None:
    page = visit(ana)
    page.clock.install()
    page.goto("/customers/")
    age = page.locator(f"#c-{showroom.renee.public_id} .age")
    expect(age).to_have_text("New · 3 min")
    page.clock.fast_forward("03:00")
    expect(age).to_have_class("age warm")
    expect(age).to_have_text("6 min")
    page.clock.fast_forward("30:00")
    expect(age).to_have_class("age late")
    expect(age).to_have_text("36 min")
    page.clock.fast_forward("01:00:00")
    expect(age).to_have_text("1 h 36")
