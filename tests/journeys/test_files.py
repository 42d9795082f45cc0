"""Files in a real browser: dropped, pasted, chosen, refused, shown small, fetched, never run."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from regulars.customers.models import Attachment
from regulars.customers.tests.test_files import HTML, SVG, picture
from regulars.staff.models import User
from tests.browsers import Complaints, Visit
from tests.showroom import Showroom

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Locator, Page

# As a person drops them: the browser's own DataTransfer, entered, moved over and let go.
DROP = """([files, paste]) => {
  const held = new DataTransfer();
  for (const [name, type, content] of files) {
    const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
    held.items.add(new File([bytes], name, { type }));
  }
  if (paste) {
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: held, bubbles: true, cancelable: true }));
    return false;
  }
  const on = document.querySelector("#customer");
  const said = (name) => on.dispatchEvent(new DragEvent(name, { dataTransfer: held, bubbles: true, cancelable: true }));
  said("dragenter");
  said("dragover");
  const lit = on.classList.contains("over");
  said("drop");
  return lit;
}"""  # noqa: E501


@pytest.fixture
def renee(visit: Visit, showroom: Showroom, ana: User) -> Page:
    page = visit(ana)
    page.goto(f"/customers/{showroom.renee.public_id}/")
    return page


def let_go(page: Page, *files: tuple[str, str, bytes], paste: bool = False) -> bool:
    given = [[name, kind, base64.b64encode(content).decode()] for name, kind, content in files]
    lit: bool = page.evaluate(DROP, [given, paste])
    return lit


def panel(page: Page) -> Locator:
    return page.locator("#panel-files")


def test_whoever_chose_a_file_goes_on_in_the_composer(renee: Page, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("Blue")
    renee.locator("form[data-send] input[type=file]").set_input_files(note)
    expect(panel(renee)).to_contain_text("note.txt")
    expect(renee.get_by_role("textbox", name="What was said")).to_be_focused()


def test_files_dropped_anywhere_on_the_page_are_kept(renee: Page) -> None:
    page = renee
    lit = let_go(page, ("offer.txt", "text/plain", b"words"), ("p.png", "image/png", picture()))
    assert lit
    expect(panel(page).get_by_role("link", name="offer.txt")).to_be_visible()
    expect(panel(page).locator("img")).to_have_count(1)
    expect(page.locator("#timeline")).to_contain_text("added the file p.png")
    expect(page.locator(".sending")).to_have_count(0)
    assert page.evaluate("() => document.querySelector('#panel-files img').decode().then(() => 1)")


def test_a_pasted_picture_is_kept_and_pasted_words_stay_words(renee: Page) -> None:
    page = renee
    let_go(page, ("image.png", "image/png", picture()), paste=True)
    expect(panel(page).locator("img")).to_have_count(1)


def test_what_is_refused_says_why_and_the_rest_is_kept(
    renee: Page, settings: object, complaints: Complaints
) -> None:
    page = renee
    let_go(
        page,
        ("empty.txt", "text/plain", b""),
        ("bad.txt", "text/plain", b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-"
         b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"),
        ("good.txt", "text/plain", b"words"),
    )  # fmt: skip
    card = page.get_by_role("status", name="Files being sent")
    expect(card).to_contain_text("The file is empty")
    expect(card).to_contain_text("virus scanner refused")
    expect(panel(page).get_by_role("link", name="good.txt")).to_be_visible()
    card.get_by_role("button", name="Close").click()
    expect(card).to_have_count(0)
    assert [file.name for file in Attachment.objects.all()] == ["good.txt"]


def test_a_file_is_chosen_renamed_fetched_and_removed(renee: Page, tmp_path: Path) -> None:
    page = renee
    chosen = tmp_path / "Angebot Grüße.txt"
    chosen.write_bytes(b"words")
    panel(page).locator("input[type=file]").set_input_files(chosen)
    expect(panel(page).get_by_role("link", name="Angebot Grüße.txt")).to_be_visible()
    panel(page).get_by_role("button", name="Change Angebot").click()
    page.get_by_role("link", name="Rename").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Offer.txt")
    dialog.get_by_role("button", name="Save").click()
    link = panel(page).get_by_role("link", name="Offer.txt")
    expect(link).to_be_visible()
    with page.expect_download() as fetched:
        link.click()
    assert fetched.value.suggested_filename == "Offer.txt"
    assert Path(fetched.value.path()).read_bytes() == b"words"
    panel(page).get_by_role("button", name="Change Offer.txt").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(link).to_have_count(0)


def test_files_are_sent_without_script(visit: Visit, showroom: Showroom, ana: User) -> None:
    page = visit(ana, java_script_enabled=False)
    page.goto(f"/customers/{showroom.renee.public_id}/")
    given: FilePayload = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"words"}
    panel(page).locator("input[type=file]").set_input_files([given])
    panel(page).get_by_role("button", name="Add files").click()
    expect(panel(page).get_by_role("link", name="a.txt")).to_be_visible()


@pytest.mark.parametrize(("name", "content"), [("a.html", HTML), ("a.svg", SVG), ("a.png", HTML)])
def test_what_would_run_is_only_ever_downloaded(
    renee: Page, complaints: Complaints, name: str, content: bytes
) -> None:
    page = renee
    page.add_init_script("window.alert = () => { document.title = 'ran'; };")
    let_go(page, (name, "image/png", content))
    link = panel(page).get_by_role("link", name=name)
    expect(link).to_be_visible()
    href = link.get_attribute("href")
    with page.expect_download():
        page.evaluate("(href) => { location.href = href; }", href)
    assert page.title() != "ran"
