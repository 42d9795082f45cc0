"""An address of somebody with another first name changes nobody unless the importer says so."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from regulars.customers import actions as customers
from regulars.customers.facts import CustomerFacts
from regulars.customers.models import Customer
from regulars.imports import actions, preview
from regulars.imports.models import Import
from regulars.imports.options import from_json
from regulars.imports.plans.others import is_another
from regulars.staff.models import User
from tests.api import Program
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db

HEADINGS = "First name,Last name,Phone,Email\n"
JONAS = "Jonas,Weber,(734) 555-0162,jonas@weber.example\n"
SAID = "This phone is Maria Weber’s; the row says Jonas Weber."


@pytest.fixture(autouse=True)
def _own_uploads(settings: LazySettings, tmp_path: Path) -> None:
    settings.VAR = tmp_path


@pytest.fixture
def maria(make_customer: MakeCustomer, ada: User) -> Customer:
    return make_customer("Maria Weber", owner=ada, phone="(734) 555-0162")


def uploaded(text: str, by: User, match: tuple[str, ...] = ("phone",), **more: str) -> Import:
    job = actions.upload(io.BytesIO((HEADINGS + text).encode()), name="customers.csv", by=by)
    return actions.choose(job, by=by, options=from_json({"match": match, **more}).to_json())


@pytest.mark.parametrize(
    ("first", "last", "another"),
    [
        ("Jonas", "Weber", True),
        ("Maria", "Weber", False),
        ("maria", "Miller", False),
        ("Mary", "Weber", False),
        ("M.", "Weber", False),
        ("J.", "Weber", True),
        ("Weber", "Maria", False),
        ("", "Weber", False),
    ],
)
def test_what_contradicts(maria: Customer, first: str, last: str, another: bool) -> None:
    assert is_another(CustomerFacts(first_name=first, last_name=last), maria) is another


def test_a_firm_has_many_people(make_customer: MakeCustomer, maria: Customer) -> None:
    firm = make_customer("", company="Weber LLC", contacts=[{"first_name": "Maria"}])
    assert not is_another(CustomerFacts(first_name="Jonas", last_name="Weber"), firm)
    assert not is_another(CustomerFacts(company="Weber LLC"), maria)


def test_somebody_elses_row_is_added_and_the_preview_and_the_report_say_so(
    ada: User, ada_in: Client, maria: Customer
) -> None:
    job = uploaded(JONAS, ada)
    page = ada_in.get(job.get_absolute_url()).text
    assert "Another first name" in page
    assert SAID in page
    ada_in.post(job.get_absolute_url(), sent(job) | {"then": "run"})
    job = actions.run(job, by=ada)
    assert (job.added, job.updated) == (1, 0)
    maria.refresh_from_db()
    assert maria.name == "Maria Weber"
    assert not maria.emails.exists()
    assert Customer.objects.filter(name="Jonas Weber").exists()
    report = ada_in.get(job.get_absolute_url()).text
    assert "Added beside whoever has the phone or email" in report
    assert SAID in report
    assert "Put right while reading" not in report


def sent(job: Import, **said: Any) -> dict[str, Any]:
    columns = {f"column-{n}": one["target"] or "" for n, one in enumerate(job.columns)}
    kept = {"kind": job.kind, "system": "import", "match": list(job.options.get("match", ()))}
    return columns | kept | {"other_name": job.options.get("other_name", "")} | said


@pytest.mark.parametrize(("choice", "added", "updated", "rejected"), [
    ("add", 1, 0, 0), ("update", 0, 1, 0), ("leave", 0, 0, 1), ("", 1, 0, 0),
])  # fmt: skip
def test_the_importer_chooses(
    ada: User, ada_in: Client, maria: Customer,
    choice: str, added: int, updated: int, rejected: int,
) -> None:  # fmt: skip
    job = uploaded(JONAS, ada)
    page = ada_in.post(
        job.get_absolute_url(), sent(job, other_name=choice) | {"then": "preview"}, follow=True
    )
    assert page.status_code == 200
    job.refresh_from_db()
    counts = job.reading["counts"]
    assert (counts["added"], counts["updated"], counts["rejected"]) == (added, updated, rejected)
    job = actions.run(job, by=ada)
    assert (job.added, job.updated, job.rejected) == (added, updated, rejected)


def test_of_two_who_share_a_number_the_one_of_that_name_is_meant(
    ada: User, maria: Customer, make_customer: MakeCustomer
) -> None:
    jonas = make_customer("Jon Weber", owner=ada, phone="(734) 555-0162")
    job = actions.run(uploaded(JONAS, ada), by=ada)
    job.refresh_from_db()
    assert (job.added, job.updated, job.rejected) == (0, 1, 0)
    assert jonas.emails.get().address == "jonas@weber.example"
    assert not maria.emails.exists()


def test_a_program_is_told_and_chooses(
    ada: User, maria: Customer, api: Callable[[User | None], Program]
) -> None:
    program = api(ada)
    file = SimpleUploadedFile("c.csv", (HEADINGS + JONAS).encode())
    made = program.client.post(
        "/api/v1/imports", {"file": file, "match": "phone", "run": "false"}
    ).json()
    seen = made["preview"]
    assert (seen["other_names"], seen["others"][0]["reason"]) == (1, SAID)
    seen = program.patch(f"/imports/{made['id']}", {"other_name": "update"})["preview"]
    assert (seen["added"], seen["updated"], seen["other_names"]) == (0, 1, 0)


def test_erasing_forgets_whose_address_a_row_had(ada: User, maria: Customer) -> None:
    done, waiting = uploaded(JONAS, ada), uploaded(JONAS, ada)
    done = actions.run(done, by=ada)
    assert done.rows.get().reason == SAID
    assert waiting.reading["others"]
    customers.erase(maria, confirm="Maria Weber", by=ada)
    assert done.rows.get().reason == ""
    for job in Import.objects.all():
        assert "Maria" not in str(job.reading)


# --- Two of one address in one file

ANNA = "Anna,Weber,(734) 555-0162,\n"


@pytest.mark.parametrize(("choice", "added", "rejected", "reason"), [
    ("add", 2, 0, "This phone is Anna Weber’s; the row says Jonas Weber."),
    ("leave", 1, 1, "This phone is Anna Weber’s; the row says Jonas Weber."),
    ("update", 1, 1, "Record 1 of this file has the same phone but says something else."),
])  # fmt: skip
def test_two_who_share_a_number_in_one_file_are_two(
    ada: User, choice: str, added: int, rejected: int, reason: str
) -> None:
    job = uploaded(ANNA + JONAS, ada, other_name=choice)
    counts = job.reading["counts"]
    assert (counts["added"], counts["rejected"]) == (added, rejected)
    job = actions.run(job, by=ada)
    assert (job.added, job.updated, job.rejected) == (added, 0, rejected)
    assert job.rows.exclude(reason="").get().reason == reason
    again = actions.run(uploaded(ANNA + JONAS, ada, other_name=choice), by=ada)
    assert (again.added, again.updated, again.rejected) == (0, 0, rejected)


@pytest.mark.parametrize(("rows", "added", "unchanged", "rejected"), [
    ("Anna,Weber,7345550162,a@weber.example\nAnnie,Weber,7345550162,b@weber.example\n", 1, 0, 1),
    ("Anna,Weber,7345550162,\nA.,Weber,7345550162,b@weber.example\n", 1, 0, 1),
    ("Anna,Weber,7345550162,\nAnna,Weber,7345550162,\n", 1, 1, 0),
    ("Anna,W,7345550162,\nJonas,W,7345550162,\nJonas,W,7345550162,j@w.example\n", 2, 0, 1),
    ("Anna,Weber,7345550162,\nJonas,Weber,7345550162,\nLena,Weber,7345550162,\n", 3, 0, 0),
    ("Anna,Weber,7345550162,\n,Weber,7345550162,\n", 1, 0, 1),
    ("Jonas,Weber,7345550162 / 7345550162,\n", 1, 0, 0),
])  # fmt: skip
def test_who_says_something_else_about_the_same_person_is_still_refused(
    ada: User, rows: str, added: int, unchanged: int, rejected: int
) -> None:
    job = actions.run(uploaded(rows, ada), by=ada)
    assert (job.added, job.unchanged, job.rejected) == (added, unchanged, rejected)


def test_each_finds_the_one_of_their_name_who_is_here(ada: User, maria: Customer) -> None:
    """Whoever comes first in the file."""
    mail = "Maria,Weber,(734) 555-0162,maria@weber.example\n"
    job = actions.run(uploaded(JONAS + mail, ada), by=ada)
    assert (job.added, job.updated, job.rejected) == (1, 1, 0)
    assert maria.emails.get().address == "maria@weber.example"


def test_the_reason_is_the_same_whether_they_are_here_or_further_up(
    ada: User, maria: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    lena = "Lena,Weber,(734) 555-0162,\n"
    job = uploaded(JONAS + lena, ada)
    said = [row["reason"] for row in job.reading["others"]]
    assert said == [SAID, "This phone is Maria Weber’s and Jonas Weber’s; the row says Lena Weber."]
    monkeypatch.setattr(preview, "batches", partial(preview.batches, size=1))
    job = actions.run(job, by=ada)
    told = job.rows.exclude(reason="").order_by("number").values_list("reason", flat=True)
    assert list(told) == said


def test_a_number_that_everybody_has_is_nobodys(ada: User) -> None:
    names = ("Anna", "Jonas", "Lena", "Karim", "Beatrix", "Oskar", "Philippa", "Dmitri", "Yusuf")
    rows = "".join(f"{name},Weber,7345550162,\n" for name in names)
    job = actions.run(uploaded(rows, ada), by=ada)
    assert (job.added, job.rejected) == (8, 1)
