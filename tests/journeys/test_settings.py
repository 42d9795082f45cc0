"""Under Settings: a file comes in, and a program gets its key."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

import pytest
from django.db import connections
from playwright.sync_api import expect

from regulars.customers.models import Customer
from regulars.imports import actions
from regulars.imports.models import Import, State
from regulars.staff.models import User
from tests.browsers import Visit
from tests.showroom import Showroom

if TYPE_CHECKING:
    from django.conf import LazySettings
    from playwright.sync_api import Page

FILE = """Customer No;Name;E-Mail;Phone;Town
1;Antonio Moreno Taquería;antonio@taqueria.example;(248) 555-0171;Troy
2;Léa Fontaine;lea(at)fontaine.example;248 555 0172;Novi
3;Ida Berg;ida@berg.example;248 555 0173;Flint
"""


@pytest.fixture
def worker(site: str, settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    """Beside the site, as `serve` has it: takes what is queued."""
    settings.VAR = tmp_path
    over = Event()

    def work() -> None:
        while not over.wait(0.1):
            for job in Import.objects.filter(state=State.QUEUED):
                actions.run(job, by=job.by)
        connections.close_all()

    thread = Thread(target=work, name="worker")
    thread.start()
    yield
    over.set()
    thread.join(20)


def send(page: Page, path: Path) -> None:
    page.goto("/settings/imports/")
    page.get_by_label("File").set_input_files(path)
    page.get_by_role("button", name="Upload and preview").click()


@pytest.mark.usefixtures("worker")
def test_a_file_comes_in_and_its_rejected_row_the_second_time(
    visit: Visit, mia: User, tmp_path: Path
) -> None:
    first = tmp_path / "customers.csv"
    first.write_text(FILE, encoding="cp1252")
    page = visit(mia)
    send(page, first)
    expect(page.get_by_role("main")).to_contain_text("Nothing is imported yet")
    expect(page.get_by_label("Town goes to").locator("option:checked")).to_have_text("City")
    expect(page.get_by_role("main")).to_contain_text("Antonio Moreno Taquería")
    expect(page.get_by_role("region", name="Problems")).to_contain_text("lea(at)fontaine.example")
    page.get_by_role("button", name="Import 3 rows").click()

    receipt = page.locator("#receipt")
    expect(receipt).to_contain_text("2 customers added")
    expect(receipt.get_by_role("region", name="Rejected rows")).to_contain_text("lea(at)fontaine")
    with page.expect_download() as download:
        receipt.get_by_role("link", name="Download rejected rows").click()
    rejected = tmp_path / "rejected.csv"
    download.value.save_as(rejected)
    text = rejected.read_text(encoding="utf-8-sig")
    rows = list(csv.reader(text.splitlines()))
    assert len(rows) == 2
    assert "lea(at)fontaine.example" in rows[1]
    rejected.write_text(text.replace("(at)", "@"), encoding="utf-8")

    send(page, rejected)
    page.get_by_role("button", name="Import 1 row").click()
    expect(receipt).to_contain_text("1 customer added")
    assert set(Customer.objects.values_list("company", "first_name")) >= {("", "Léa")}
    assert Customer.objects.count() == 3

    send(page, first)
    page.get_by_role("button", name="Import 3 rows").click()
    expect(receipt).to_contain_text("0 customers")
    assert Customer.objects.count() == 3


def test_an_import_can_be_stopped_while_the_page_looks_how_far_it_is(
    visit: Visit, mia: User, settings: LazySettings, tmp_path: Path
) -> None:
    settings.VAR = tmp_path
    job = actions.upload(BytesIO(FILE.encode("cp1252")), name="customers.csv", by=mia)
    actions.start(job, by=mia)
    page = visit(mia)
    page.goto(job.get_absolute_url())
    page.route("**/imports/*/", lambda _: None)  # no answer comes
    expect(page.locator("#receipt")).to_have_class(re.compile("htmx-request"))
    expect(page.get_by_role("button", name="Stop")).to_have_css("pointer-events", "auto")
    page.unroute("**/imports/*/")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("main")).to_contain_text("Stopped")


def test_a_token_is_shown_once_works_and_ends_when_revoked(
    visit: Visit, showroom: Showroom, ada: User, site: str
) -> None:
    page = visit(ada)
    page.goto("/settings/tokens/")
    page.get_by_label("What is it for?").fill("Website forms")
    page.get_by_role("button", name="Make token").click()
    secret = page.locator(".secret").inner_text()
    page.goto("/settings/tokens/")
    expect(page.get_by_role("row", name="Website forms")).to_contain_text("Never")
    expect(page.locator("body")).not_to_contain_text(secret)

    ask = Request(f"{site}/api/v1/customers?q=renee", headers={"Authorization": f"Bearer {secret}"})
    with urlopen(ask) as answer:
        found = json.load(answer)
    assert [one["name"] for one in found["items"]] == ["Renée Thibodeaux-Castellanos"]
    page.reload()
    expect(page.get_by_role("row", name="Website forms")).not_to_contain_text("Never")
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_role("row", name="Website forms")).to_have_count(0)
    with pytest.raises(OSError, match="401"):
        urlopen(ask)


@pytest.mark.parametrize("width", [1440, 390])
def test_a_row_is_moved_by_its_own_arrow_with_the_keyboard_too(
    visit: Visit, ada: User, width: int
) -> None:
    page = visit(ada)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/settings/notes/")
    names = page.get_by_role("region", name="Types of notes").get_by_role("rowheader")
    first, second, third, *_ = names.all_inner_texts()
    page.get_by_role("button", name=f"Move {first} down").click()
    expect(names).to_contain_text([second, first, third])
    down = page.get_by_role("button", name=f"Move {first} down")
    expect(down).to_be_focused()
    page.keyboard.press("Enter")
    expect(names).to_contain_text([second, third, first])
    page.get_by_role("button", name=f"Move {third} up").click()
    expect(names).to_contain_text([third, second, first])
