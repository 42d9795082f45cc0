"""Notes in a real browser: mentioned by keyboard, pinned, edited, taken back, and never run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from regulars.customers import actions
from regulars.customers.notes.facts import NoteFacts
from regulars.lib.tests.test_markdown import PAYLOADS
from regulars.staff.models import User
from tests.browsers import Complaints, Visit
from tests.showroom import Showroom

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


@pytest.fixture
def renee(visit: Visit, showroom: Showroom, ana: User) -> Page:
    page = visit(ana)
    page.goto(f"/customers/{showroom.renee.public_id}/?write=note")
    return page


def box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="What was said")


def entries(page: Page) -> Locator:
    return page.locator("#timeline .feed > li")


def test_a_colleague_is_mentioned_by_keyboard_and_told(
    renee: Page, visit: Visit, showroom: Showroom, cleo: User
) -> None:
    page = renee
    box(page).press_sequentially("Ask @cl")
    option = page.get_by_role("option", name="Cleo Marsh")
    expect(option).to_be_visible()
    box(page).press("Escape")
    expect(option).to_have_count(0)
    box(page).press_sequentially("e")
    expect(option).to_have_attribute("aria-selected", "true")
    box(page).press("Enter")
    expect(box(page)).to_have_value("Ask @Cleo Marsh ")
    box(page).press_sequentially("to call @mi")
    page.get_by_role("option", name="Mia Hollander").click()
    expect(box(page)).to_have_value("Ask @Cleo Marsh to call @Mia Hollander ")
    page.keyboard.press("Control+Enter")
    expect(entries(page).first.locator(".mention")).to_have_count(2)
    expect(page.get_by_text("Cleo Marsh and Mia Hollander are asked to look")).to_be_visible()

    other = visit(cleo)
    other.goto("/")
    other.locator(".asks").get_by_role("link").click()
    expect(other.locator("#timeline")).to_contain_text("to call @Mia Hollander")
    other.goto("/")
    expect(other.get_by_text("Mentioned you")).to_have_count(0)


def test_a_note_is_pinned_edited_and_taken_back(renee: Page) -> None:
    page = renee
    box(page).fill("Likes **blue**")
    page.get_by_role("combobox", name="Type").select_option(label="Meeting")
    page.get_by_role("button", name="Add note").click()
    note = entries(page).filter(has_text="Likes blue")
    expect(note).to_contain_text("Meeting")
    more = note.get_by_role("button", name="More for this note")
    more.click()
    page.get_by_role("button", name="Pin above the timeline").click()
    pinned = page.get_by_role("region", name="Pinned notes")
    expect(pinned.locator("strong")).to_have_text("blue")

    more.click()
    page.get_by_role("link", name="Edit", exact=True).last.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Note").fill("Likes *red*")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    expect(pinned.locator("em")).to_have_text("red")
    expect(page.get_by_text("edited by you")).to_be_visible()

    entries(page).filter(has_text="Likes red").get_by_role("button", name="More for").click()
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("Taken back by you")).to_be_visible()
    expect(pinned).to_have_count(0)


def test_a_name_typed_without_script_mentions_too(
    visit: Visit, showroom: Showroom, ana: User
) -> None:
    page = visit(ana, java_script_enabled=False)
    page.goto(f"/customers/{showroom.renee.public_id}/?write=note")
    box(page).fill("@Cleo Marsh, yours?")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator("#timeline .mention")).to_have_text("@Cleo Marsh")


def test_nothing_that_is_written_runs_even_without_the_policy(
    visit: Visit, showroom: Showroom, ana: User, cleo: User, complaints: Complaints
) -> None:
    for n, payload in enumerate(PAYLOADS):
        text = f"@Cleo Marsh {payload}".replace("\x00", "")
        actions.add_note(showroom.renee, NoteFacts(text), by=ana, pinned=n < 5)
    page = visit(cleo, bypass_csp=True)
    page.add_init_script(
        "window.ran = []; for (const f of ['alert', 'confirm', 'prompt', 'open'])"
        " window[f] = () => window.ran.push(f);"
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in (
        "/",
        f"/customers/?panel={showroom.renee.public_id}",
        f"/customers/{showroom.renee.public_id}/",
    ):
        page.goto(path)
        for link in page.locator(".md a").all():
            assert (link.get_attribute("href") or "").startswith(("http", "mailto:"))
        page.mouse.move(600, 500)
        assert page.evaluate("window.ran") == []
    assert page.locator(".md img, .md iframe, .md svg, .md script, .md form").count() == 0
    assert [url for url in asked if "evil.example" in url] == []
