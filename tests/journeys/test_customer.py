"""One customer: log what was said, resolve, hand over, keep the record true."""

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


@pytest.fixture
def renee(visit: Visit, showroom: Showroom, ana: User) -> Page:
    page = visit(ana)
    page.goto(f"/customers/{showroom.renee.public_id}/")
    return page


def log(page: Page, kind: str, words: str, button: str) -> None:
    page.locator("#composer fieldset").get_by_text(kind, exact=True).click()
    words_box = page.get_by_role("textbox", name="What was said")
    words_box.fill(words)
    page.get_by_role("button", name=button).click()
    expect(words_box).to_have_value("")
    expect(words_box).to_be_focused()


def entries(page: Page) -> Locator:
    return page.locator("#timeline .feed > li")


def test_note_call_text_and_email_are_logged(renee: Page, showroom: Showroom) -> None:
    page = renee
    record = page.locator("#record")
    log(page, "Note", "Brings her brother", "Add note")
    expect(entries(page).first).to_contain_text("Brings her brother")
    expect(record).to_contain_text("Waiting")
    log(page, "Text", "See you at five", "Log text")
    expect(entries(page).first).to_contain_text("See you at five")
    expect(record).to_contain_text("Nothing waits for an answer")
    page.locator("#composer fieldset").get_by_text("Call", exact=True).click()
    page.locator("#composer .outcomes").get_by_text("Left a message").click()
    log(page, "Call", "Parking is behind the house", "Log call")
    expect(entries(page).first).to_contain_text("left a message")
    page.locator("#composer fieldset").get_by_text("Email", exact=True).click()
    page.get_by_role("textbox", name="Subject of the email").fill("How to find us")
    log(page, "Email", "Second left", "Log email")
    expect(entries(page).first).to_contain_text("How to find us")

    page.get_by_role("navigation", name="Show").get_by_role("link", name="Email").click()
    expect(entries(page)).to_have_count(1)
    expect(entries(page)).to_contain_text("How to find us")
    page.keyboard.press("n")
    expect(page.get_by_role("textbox", name="What was said")).to_be_focused()


def test_the_answer_is_kept_with_its_time_and_the_time_is_exact_on_hover(renee: Page) -> None:
    page = renee
    page.keyboard.press("r")
    expect(page.locator("#record")).to_contain_text("Nothing waits for an answer")
    expect(page.locator("#timeline")).to_contain_text("Answered in")
    when = entries(page).filter(has_text="Can I come by").locator("time").last
    expect(when).to_have_attribute("title", re.compile(r"\d{4}.*\d:\d\d"))


def test_handing_over_keeps_the_reason(renee: Page, showroom: Showroom, cleo: User) -> None:
    page = renee
    page.get_by_role("link", name="Hand over Renée").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Cleo Marsh").click()
    dialog.get_by_label("Why").fill("Ana is away next week")
    dialog.get_by_role("button", name="Hand over").click()
    expect(page.locator("#record")).to_contain_text("Cleo Marsh")
    expect(entries(page).first).to_contain_text("Ana is away next week")
    showroom.renee.refresh_from_db()
    assert showroom.renee.owner == cleo


def test_tags_are_put_on_and_taken_off(renee: Page, showroom: Showroom) -> None:
    page = renee
    box = page.get_by_role("combobox", name="Add tag")
    box.fill("Trade-in")
    box.press("Enter")
    expect(page.get_by_role("button", name="Remove the tag Trade-in")).to_be_visible()
    page.get_by_role("button", name="Remove the tag Hybrid").click()
    expect(page.get_by_role("button", name="Remove the tag Hybrid")).to_have_count(0)
    assert sorted(showroom.renee.tags.values_list("name", flat=True)) == ["Test drive", "Trade-in"]


def test_all_of_who_they_are_is_edited_at_once(renee: Page) -> None:
    page = renee
    page.get_by_role("link", name="Edit all of Renée").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("First name").fill("")
    dialog.get_by_label("Last name").fill("")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_contain_text("A customer needs a name")
    dialog.get_by_label("Last name").fill("Castellanos")
    dialog.get_by_label("Type").select_option(label="Prospect")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Castellanos")
    expect(page.locator("#record")).to_contain_text("Prospect")
    expect(dialog).to_have_count(0)


def test_a_key_pressed_as_soon_as_the_page_is_there_does_what_it_does_later(
    visit: Visit, showroom: Showroom, ana: User
) -> None:
    page = visit(ana)
    page.add_init_script(
        "const given = setTimeout; window.setTimeout = (f, ms, ...r) => given(f, ms || 5000, ...r)"
    )
    page.goto(f"/customers/{showroom.renee.public_id}/")
    page.keyboard.press("e")
    expect(page.get_by_role("textbox", name="First name")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/customers/[-0-9a-f]+/$"))


def test_contacts_and_locations_are_added_and_removed(renee: Page) -> None:
    page = renee
    panels = page.locator("#panels")
    page.get_by_role("link", name="Add a contact").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("First name").fill("Théo")
    dialog.get_by_label("Phone").first.fill("12")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_contain_text("is not a phone number")
    expect(dialog.get_by_label("First name")).to_have_value("Théo")
    dialog.get_by_label("Phone").first.fill("248 555 0166")
    dialog.get_by_role("button", name="Save").click()
    expect(panels).to_contain_text("Théo")
    expect(panels.get_by_role("link", name="Call (248) 555-0166")).to_have_attribute(
        "href", "tel:+12485550166"
    )
    page.get_by_role("button", name="Change Théo").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(panels).not_to_contain_text("Théo")

    page.get_by_role("link", name="Add a location").click()
    dialog.get_by_label("Street").fill("1 Quay")
    dialog.get_by_label("City").fill("Monroe")
    dialog.get_by_role("button", name="Save").click()
    expect(panels).to_contain_text("Monroe")


def test_what_the_person_refused_is_closed_with_the_reason(
    visit: Visit, showroom: Showroom, ana: User
) -> None:
    page = visit(ana)
    page.goto(f"/customers/{showroom.joerg.public_id}/")
    record = page.locator("#record")
    for reason in ("asked not to be called", "opted out of texts", "opted out of email"):
        expect(record).to_contain_text(reason)
    assert page.locator("a[href^='tel:'], a[href^='sms:'], a[href^='mailto:']").count() == 0


def test_archiving_can_be_taken_back(renee: Page, showroom: Showroom) -> None:
    page = renee
    page.get_by_role("button", name="More: edit, hand over, archive").click()
    page.get_by_role("button", name="Archive", exact=True).click()
    expect(page.locator("#record")).to_contain_text("with everything kept")
    page.locator("#record").get_by_role("button", name="Bring back").click()
    expect(page.locator("#record")).not_to_contain_text("Archived")
    showroom.renee.refresh_from_db()
    assert not showroom.renee.is_archived


def test_a_marketing_colleague_reads_and_is_offered_nothing_to_change(
    visit: Visit, showroom: Showroom, omar: User
) -> None:
    page = visit(omar)
    page.goto(f"/customers/{showroom.renee.public_id}/")
    expect(page.locator("#timeline")).to_contain_text("Can I come by at five?")
    expect(page.locator("#composer")).to_have_count(0)
    expect(page.get_by_role("button", name="Resolve")).to_have_count(0)
    expect(page.get_by_role("link", name="Add customer")).to_have_count(0)


def test_a_phone_shows_what_was_said_before_what_is_known(
    visit: Visit, showroom: Showroom, ana: User
) -> None:
    page = visit(ana)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/customers/{showroom.renee.public_id}/")
    owner = page.get_by_role("heading", name="Owner")
    parts = (
        page.locator(".state-line"),
        page.locator("#composer"),
        page.locator("#timeline"),
        owner,
    )
    tops = [box["y"] for part in parts if (box := part.bounding_box())]
    assert tops == sorted(tops)
    assert len(tops) == 4
    assert tops[1] < 300
    page.get_by_role("link", name="Details", exact=True).click()
    expect(owner).to_be_in_viewport()
