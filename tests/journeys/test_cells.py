"""Editing where it stands, by keyboard alone, wrong, and by two people at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from regulars.customers import actions
from regulars.staff.models import User
from tests.browsers import Complaints, Visit
from tests.showroom import Showroom

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Route


@pytest.fixture
def renee(visit: Visit, showroom: Showroom, ana: User) -> Page:
    page = visit(ana)
    page.goto(f"/customers/{showroom.renee.public_id}/")
    return page


def fact(page: Page, key: str) -> Locator:
    return page.locator(f"#fact-{key.replace(':', '-')}")


def field(page: Page, name: str) -> Locator:
    return page.get_by_role("textbox", name=name).or_(page.get_by_role("combobox", name=name))


def test_a_name_is_changed_by_keys_alone_and_the_page_follows(
    renee: Page, showroom: Showroom
) -> None:
    page = renee
    page.keyboard.press("e")
    expect(field(page, "First name")).to_be_focused()
    page.keyboard.type("Rae")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Rae Thibodeaux-Castellanos")
    expect(fact(page, "first_name").get_by_role("link")).to_be_focused()
    expect(page.locator("#timeline .feed > li").first).to_contain_text(
        "changed first name from Renée to Rae"
    )
    showroom.renee.refresh_from_db()
    assert showroom.renee.name == "Rae Thibodeaux-Castellanos"


def test_escape_takes_back_and_enter_opens_again(renee: Page, showroom: Showroom) -> None:
    page = renee
    page.keyboard.press("e")
    expect(field(page, "First name")).to_be_focused()
    page.keyboard.type("Nobody")
    page.keyboard.press("Escape")
    link = fact(page, "first_name").get_by_role("link")
    expect(link).to_be_focused()
    expect(link).to_contain_text("Renée")
    page.keyboard.press("Enter")
    expect(field(page, "First name")).to_have_value("Renée")
    showroom.renee.refresh_from_db()
    assert showroom.renee.version == 1


def test_tab_keeps_and_goes_on(renee: Page, showroom: Showroom) -> None:
    page = renee
    page.keyboard.press("e")
    expect(field(page, "First name")).to_be_focused()
    page.keyboard.type("Rae")
    page.keyboard.press("Tab")
    expect(field(page, "Last name")).to_be_focused()
    expect(fact(page, "first_name")).to_contain_text("Rae")
    page.keyboard.type("Moss")
    page.keyboard.press("Shift+Tab")
    expect(field(page, "First name")).to_be_focused()
    expect(fact(page, "last_name")).to_contain_text("Moss")
    showroom.renee.refresh_from_db()
    assert showroom.renee.name == "Rae Moss"


def test_a_mistake_is_said_in_the_cell_and_mended_there(renee: Page, showroom: Showroom) -> None:
    page = renee
    page.get_by_role("link", name="Add phone").click()
    expect(field(page, "Phone")).to_be_focused()
    page.keyboard.type("twelve")
    page.keyboard.press("Enter")
    expect(page.locator("#record")).to_contain_text("is not a phone number")
    expect(field(page, "Phone")).to_be_focused()
    expect(field(page, "Phone")).to_have_value("twelve")
    page.keyboard.type("248 555 0199")
    page.keyboard.press("Enter")
    expect(page.locator("#record")).to_contain_text("(248) 555-0199")
    page.get_by_role("button", name="Change (248) 555-0199").click()
    page.get_by_role("button", name="Make main").click()
    expect(page.locator("#record .reachable").first).to_contain_text("(248) 555-0199")
    page.get_by_role("button", name="Change (248) 555-0142").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator("#record")).not_to_contain_text("(248) 555-0142")
    assert [str(p) for p in showroom.renee.phones.all()] == ["(248) 555-0199"]


def test_a_number_that_is_removed_leaves_the_keyboard_beside_it_and_comes_back(
    renee: Page, showroom: Showroom
) -> None:
    page = renee
    phone = fact(page, f"phone:{showroom.renee.phones.get().pk}:number").get_by_role("link")
    phone.click()
    expect(field(page, "Phone")).to_be_focused()
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Removed (248) 555-0142.")
    expect(page.locator("#record a[data-fact]:focus")).to_have_count(1)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(phone).to_be_visible()
    page.get_by_role("button", name="Change (248) 555-0142").click()
    expect(page.locator("[popover]:popover-open :focus")).to_have_count(1)
    page.get_by_role("button", name="Remove", exact=True).press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Removed (248) 555-0142.")
    expect(page.locator("#record a[data-fact]:focus")).to_have_count(1)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(phone).to_be_visible()
    assert [str(p) for p in showroom.renee.phones.all()] == ["(248) 555-0142"]


def test_an_answer_that_breaks_after_the_change_is_not_said_to_have_changed_nothing(
    renee: Page, showroom: Showroom, complaints: Complaints
) -> None:
    page = renee

    def breaks(route: Route) -> None:
        route.fetch()
        route.fulfill(status=500, body="")

    page.keyboard.press("e")
    page.route("**/facts/**", breaks)
    expect(field(page, "First name")).to_be_focused()
    page.keyboard.type("Rae")
    page.keyboard.press("Enter")
    toast = page.locator("#toasts")
    expect(toast).to_contain_text("Reload the page to see whether your change was kept")
    expect(toast).not_to_contain_text("Nothing was changed")
    showroom.renee.refresh_from_db()
    assert showroom.renee.first_name == "Rae"
    complaints.forgive("500 (Internal Server Error)")


def test_a_choice_is_kept_as_soon_as_it_is_made_and_another_source_says_which(
    renee: Page, showroom: Showroom
) -> None:
    page = renee
    fact(page, "type").get_by_role("link").click()
    field(page, "Type").select_option(label="Account")
    expect(fact(page, "type").get_by_role("link")).to_contain_text("Account")
    fact(page, "source").get_by_role("link").click()
    page.get_by_role("combobox", name="Source", exact=True).select_option(label="Other")
    expect(field(page, "Which other source")).to_be_focused()
    page.keyboard.type("Trade fair")
    page.keyboard.press("Enter")
    expect(fact(page, "source")).to_contain_text("Trade fair")
    showroom.renee.refresh_from_db()
    assert (showroom.renee.type, showroom.renee.source_label) == ("account", "Trade fair")


def test_what_is_not_said_yet_unfolds_and_the_label_is_in_the_menu(renee: Page) -> None:
    page = renee
    page.locator("#who-more summary").click()
    page.get_by_role("link", name="Add personal").click()
    expect(field(page, "Personal")).to_be_focused()
    page.keyboard.type("Two girls")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("Rides a Ducati")
    page.keyboard.press("Enter")
    expect(page.locator("#record")).to_contain_text("Rides a Ducati")
    page.get_by_role("button", name="Change (248) 555-0142").click()
    page.get_by_role("link", name="Label").click()
    field(page, "Label").fill("Mobile")
    page.keyboard.press("Enter")
    expect(page.locator("#record .reachable").first).to_contain_text("Mobile")


def test_another_contact_becomes_the_main_one(visit: Visit, showroom: Showroom, ana: User) -> None:
    page = visit(ana)
    page.goto(f"/customers/{showroom.plant.public_id}/")
    page.locator("#panels .unfold summary").first.click()
    page.get_by_role("switch", name="Make Óscar Ibáñez the primary contact").click()
    expect(page.locator("#record .named")).to_contain_text("Óscar")
    expect(page.locator("#panels .cards")).to_contain_text(["Friederike", "Plant 1"])
    assert showroom.plant.contacts.get(is_primary=True).first_name == "Óscar"


def test_an_open_field_outlives_a_colleagues_change_and_both_words_are_seen(
    visit: Visit, showroom: Showroom, ana: User, cleo: User
) -> None:
    page, cleos = visit(ana), visit(cleo)
    for one in (page, cleos):
        one.goto(f"/customers/{showroom.malik.public_id}/")
        expect(one.locator("html")).to_have_attribute("data-connection", "live")
    fact(page, "last_name").get_by_role("link").click()
    expect(field(page, "Last name")).to_be_focused()
    page.keyboard.type("Washing-Moss")
    fact(cleos, "last_name").get_by_role("link").click()
    field(cleos, "Last name").fill("Washingtone")
    cleos.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Malik Washingtone")
    expect(field(page, "Last name")).to_have_value("Washing-Moss")
    expect(field(page, "Last name")).to_be_focused()
    page.keyboard.press("Enter")
    torn = fact(page, "last_name")
    expect(torn).to_contain_text("Cleo Marsh changed last name")
    expect(torn).to_contain_text("Washingtone")
    expect(torn).to_contain_text("Washing-Moss")
    torn.get_by_role("button", name="Use mine").click()
    expect(cleos.get_by_role("heading", level=1)).to_have_text("Malik Washing-Moss")

    actions.edit(showroom.malik, "company", "Ours", by=cleo)
    expect(fact(page, "company")).to_contain_text("Ours")
    fact(page, "company").get_by_role("link").click()
    field(page, "Company").fill("Mine")
    actions.edit(showroom.malik, "company", "Theirs", by=cleo)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Keep theirs").click()
    expect(fact(page, "company").get_by_role("link")).to_contain_text("Theirs")
    showroom.malik.refresh_from_db()
    assert showroom.malik.company == "Theirs"


def test_the_other_fields_go_on_while_one_is_open(
    visit: Visit, showroom: Showroom, ana: User, cleo: User
) -> None:
    page = visit(ana)
    page.goto(f"/customers/{showroom.malik.public_id}/")
    expect(page.locator("html")).to_have_attribute("data-connection", "live")
    page.keyboard.press("e")
    expect(field(page, "First name")).to_be_focused()
    page.keyboard.type("Mal")
    actions.edit(showroom.malik, "type", "account", by=cleo)
    expect(fact(page, "type")).to_contain_text("Account")
    page.locator("#timeline").click()
    expect(field(page, "First name")).to_have_value("Mal")
    fact(page, "first_name").get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mal Washington")


def test_a_field_opens_where_the_text_stood(renee: Page) -> None:
    page = renee
    for key in ("type", "store", "first_name"):
        before = fact(page, key).bounding_box()
        below = page.locator("#who-more").bounding_box()
        fact(page, key).get_by_role("link").click()
        expect(fact(page, key).locator("[name=value]")).to_be_focused()
        after = fact(page, key).bounding_box()
        assert before
        assert after
        assert (after["y"], after["height"]) == (before["y"], before["height"])
        assert page.locator("#who-more").bounding_box() == below
        page.keyboard.press("Escape")
        expect(fact(page, key).get_by_role("link")).to_be_visible()
