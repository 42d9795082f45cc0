"""The preview says which rows seem to be customers who are here already, and what becomes of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.test import Client

from regulars.customers import actions as customers
from regulars.customers.models import Customer
from regulars.imports import actions, alike
from regulars.imports.models import Import
from regulars.imports.tests import make
from regulars.matching import looking
from regulars.matching.features import Features
from regulars.matching.looking import Candidate
from regulars.staff.models import User
from tests.api import Program
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db

Api = Callable[[User | None], Program]
HEADINGS = "Number,First name,Last name,Email,Phone\n"
BILL = "1,Bill,Hart,w.hart@lake.example,(734) 555-0162\n"
STRANGER = "2,Zora,Quist,zora@quist.example,(313) 222-0199\n"


@pytest.fixture(autouse=True)
def _own_uploads(settings: LazySettings, tmp_path: Path) -> None:
    settings.VAR = tmp_path


@pytest.fixture
def william(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer(
        "William Hart", owner=ana, email="w.hart@lake.example", phone="(734) 555-0162"
    )


def uploaded(text: str, by: User | None) -> Import:
    return actions.upload(io.BytesIO(text.encode()), name="customers.csv", by=by)


def page_of(job: Import, client: Client) -> str:
    return client.get(job.get_absolute_url()).content.decode()


def test_who_seems_to_be_here_is_named_with_reasons_and_what_becomes_of_the_row(
    signed_in: Callable[[User], Client], ada: User, william: Customer
) -> None:
    job = uploaded(HEADINGS + BILL + STRANGER, ada)
    page = page_of(job, signed_in(ada))
    assert "1 row seems to be a customer here already" in page
    assert "It would be added as a new customer beside the one who is here" in page
    assert f'href="{william.get_absolute_url()}">William Hart</a>' in page
    assert "Very likely the same" in page
    assert "same phone" in page
    assert "Bill ≈ William" in page
    assert "Zora" not in page.split('id="alike"', 1)[1].split("</section>", 1)[0]
    assert "Tick Email there, and 1 row updates its customer instead" in page
    actions.run(job, by=ada)
    assert Customer.objects.count() == 3


def test_matched_by_email_the_row_is_an_update_and_no_longer_a_question(
    signed_in: Callable[[User], Client], ada: User, william: Customer
) -> None:
    job = uploaded(HEADINGS + BILL + STRANGER, ada)
    job = actions.choose(job, by=ada, options={"match": ["email"]})
    page = page_of(job, signed_in(ada))
    assert "Would be updated" in page
    assert "here already</h2>" not in page
    actions.run(job, by=ada)
    assert Customer.objects.count() == 2


def test_whom_the_number_finds_is_no_question(ada: User, make_customer: MakeCustomer) -> None:
    actions.run(uploaded(HEADINGS + BILL, ada), by=ada)
    again = uploaded(HEADINGS + BILL.replace("0162", "0163"), ada)
    assert again.reading["counts"]["updated"] == 1
    assert again.reading["alike"]["alike"] == 0


def test_one_of_the_family_is_not_taken_for_a_duplicate(ada: User, william: Customer) -> None:
    nora = uploaded(HEADINGS + BILL.replace("Bill", "Nora").replace("w.hart", "nora"), ada)
    assert nora.reading["alike"] == {"looked_at": 1, "alike": 0, "by": {"email": 0, "phone": 0},
                                     "first": []}  # fmt: skip


def test_whom_the_importing_person_may_not_see_is_not_counted(
    mia: User, make_customer: MakeCustomer, ben: User
) -> None:
    make_customer("William Hart", owner=ben, email="w.hart@lake.example", phone="(734) 555-0162")
    assert uploaded(HEADINGS + BILL, mia).reading["alike"]["alike"] == 0


def test_programs_read_the_same(api: Api, ada: User, william: Customer) -> None:
    job = uploaded(HEADINGS + BILL + STRANGER, ada)
    found: dict[str, Any] = api(ada).get(f"/imports/{job.public_id}")["preview"]["alike"]
    (one,) = found.pop("items")
    assert found == {"looked_at": 2, "alike": 1, "by_email": 1, "by_phone": 1}
    assert (one["record"], one["line"], one["id"]) == (1, 2, str(william.public_id))
    assert one["relation"] == "duplicate"
    assert one["score"] > 10
    assert {"same phone", "Bill ≈ William"} <= {why["text"] for why in one["reasons"]}


def test_the_command_says_how_many(tmp_path: Path, william: Customer) -> None:
    out = io.StringIO()
    path = make.file(tmp_path, HEADINGS + BILL + STRANGER, "customers.csv")
    call_command("import", str(path), "--dry-run", stdout=out)
    said = "1 row seems to be customers here already, of the first 2 that would be added."
    assert said in out.getvalue()


def test_of_a_large_file_a_bounded_beginning_is_compared(
    monkeypatch: pytest.MonkeyPatch, ada: User
) -> None:
    asked: list[object] = []

    def counted(one: Features) -> list[Candidate]:
        asked.append(one)
        return near(one)

    near = looking.candidates
    monkeypatch.setattr(looking, "candidates", counted)
    rows = "".join(f"{at},Ana{at},Lopez,,\n" for at in range(1_200))
    job = uploaded(HEADINGS + rows, ada)
    assert len(asked) == alike.LOOKED_AT == job.reading["alike"]["looked_at"]


def test_erasing_forgets_whom_a_row_seemed_to_be(ada: User, william: Customer) -> None:
    job = uploaded(HEADINGS + "1,Bill,Hart,,(734) 555-0162\n", ada)
    assert job.reading["alike"]["first"]
    customers.erase(william, confirm="William Hart", by=ada)
    job.refresh_from_db()
    assert job.reading["alike"]["first"] == []
