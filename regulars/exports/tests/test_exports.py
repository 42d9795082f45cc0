"""A list leaves as a file, and comes back as the same customers."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.test import Client
from python_calamine import CalamineWorkbook

from regulars.customers import actions, rows
from regulars.customers.custom.queries import definition
from regulars.customers.models import Customer, CustomField
from regulars.exports import portable
from regulars.imports.tests.test_running import bring, counts
from regulars.lib import clock
from regulars.staff.models import Role, User
from tests.api import Program, refused
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db
Api = Callable[[User | None], Program]

FULL: dict[str, Any] = {
    "first_name": "Renée",
    "last_name": "O'Brien-Núñez",
    "company": "=Moss & Söhne",
    "type": "account",
    "source": "other",
    "source_other": "Boat show",
    "tags": ["VIP", "pays, late", "+1"],
    "contacts": [
        {
            "first_name": "Renée", "last_name": "O'Brien-Núñez", "primary": True,
            "title": "Owner", "role": "Decision maker", "language": "es",
            "time_zone": "America/Detroit", "birthday": "--05-04",
            "about": "two girls,\nrides a \"Ducati\"",
            "emails": [
                {"address": "r@example.com", "label": "Work", "status": "ok", "consent": "express"},
                {"address": "r2@example.com"}, {"address": "r3@example.com"},
                {"address": "r4@example.com", "consent": "withdrawn"},
            ],
            "phones": [
                {"number": "+49 30 901820", "text_consent": "withdrawn"},
                {"number": "(5) 555-4729", "label": "Desk"},
            ],
        },
        {"first_name": "Bo", "last_name": "Moss", "role": "Husband",
         "emails": [{"address": "bo@example.com", "consent": "none"}]},
    ],
    "locations": [
        {"line1": "12 Main St", "city": "Ann Arbor", "state": "MI", "postal_code": "48104",
         "country": "US", "kind": "billing", "primary": True},
        {"name": "Dock", "line1": "1 Kai", "city": "Hamburg", "country": "DE"},
    ],
    "external_ids": {"dms": "4711"},
    "custom": {"boat_length": 24.5, "newsletter": False},
}  # fmt: skip


@pytest.fixture(autouse=True)
def _own_uploads(settings: LazySettings, tmp_path: Path) -> None:
    settings.VAR = tmp_path


@pytest.fixture
def fleet(ada: User, ana: User, api: Api, make_customer: MakeCustomer) -> list[dict[str, Any]]:
    """One customer of whom everything is known, one company, one of whom only the name is."""
    actions.add_field(label="Boat length", kind="number", by=ada)
    actions.add_field(label="Newsletter", kind="yes_no", by=ada)
    program = api(ada)
    program.post("/customers", {**FULL, "owner": ana.pk})
    program.post("/customers", {"company": "Northwind", "contacts": [{"first_name": "Amy"}]})
    program.post("/customers", {"first_name": "Only"})
    return everybody(ada)


def everybody(user: User) -> list[dict[str, Any]]:
    """All customers as the API shows them, without what a new row makes for itself."""
    ids = list(Customer.objects.get_queryset().order_by("public_id").values_list("pk", flat=True))
    found: list[dict[str, Any]] = [{**one.row} for one in rows.load(user, ids, now=clock.now())]
    for row in found:
        for key in ("unread", "last_activity_at", "freshness", "waiting_since"):
            row.pop(key)
        row["contacts"] = [stripped(c) for c in row["contacts"]]
        row["locations"] = [stripped(p) for p in row["locations"]]
    return found


def stripped(value: Any) -> Any:
    if isinstance(value, dict):
        gone = {"id", "consent_at", "consent_until"}
        return {k: stripped(v) for k, v in value.items() if k not in gone}
    return [stripped(one) for one in value] if isinstance(value, list) else value


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def sent(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_importing_an_export_changes_nothing(
    fleet: list[dict[str, Any]], ada_in: Client, ada: User, format: str
) -> None:
    content = sent(ada_in.get(f"/customers/export/?format={format}"))
    job = bring(content, by=ada, name=f"customers.{format}")
    assert counts(job) == (0, 0, 3, 0)
    assert everybody(ada) == fleet


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_an_empty_house_gets_the_same_customers(
    fleet: list[dict[str, Any]], ada_in: Client, ada: User, format: str
) -> None:
    content = sent(ada_in.get(f"/customers/export/?format={format}"))
    Customer.objects.get_queryset().delete()
    job = bring(content, by=ada, name=f"customers.{format}")
    assert counts(job) == (3, 0, 0, 0)
    assert everybody(ada) == fleet


def test_no_cell_runs_as_a_formula(fleet: list[dict[str, Any]], ada_in: Client) -> None:
    cells = [c for row in table(sent(ada_in.get("/customers/export/"))) for c in row]
    assert "'=Moss & Söhne" in cells
    assert not [c for c in cells if c.startswith(("=", "@", "\t", "\r"))]
    assert "+49 30 901820" in cells
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(sent(ada_in.get("/customers/export/?format=xlsx")))
    )
    said = [c for row in book.get_sheet_by_index(0).to_python() for c in row]
    assert "'=Moss & Söhne" in said
    assert all(isinstance(c, str) for c in said)


def test_a_filter_and_the_gate_decide_who_leaves(
    fleet: list[dict[str, Any]], ada_in: Client, mia_in: Client, ben: User, make_customer: Any
) -> None:
    make_customer("Theo Nash", owner=ben)
    assert len(table(sent(ada_in.get("/customers/export/")))) == 5
    only = table(sent(ada_in.get("/customers/export/?tag=VIP")))
    assert [row[1] for row in only[1:]] == ["Renée"]
    assert len(table(sent(ada_in.get("/customers/export/?filter=nonsense%3A%3A")))) == 1


def test_who_has_not_the_right_exports_nothing(
    fleet: list[dict[str, Any]], ana_in: Client, api: Api, ana: User
) -> None:
    role = Role.objects.get(key="salesperson")
    role.rights = {**role.rights, "exports": 0}
    role.save()
    assert ana_in.get("/customers/export/").status_code == 403
    assert api(ana).send("GET", "/customers/export").status_code == 403


def test_programs_get_the_same_file(
    fleet: list[dict[str, Any]], ada: User, ada_in: Client, api: Api
) -> None:
    answer = api(ada).send("GET", "/customers/export?filter=tag:VIP")
    assert [row[1] for row in table(sent(answer))[1:]] == ["Renée"]
    typed = api(ada).send("GET", "/customers/export?q=tag:VIP%20renee")
    assert [row[1] for row in table(sent(typed))[1:]] == ["Renée"]
    wrong = api(ada).send("GET", "/customers/export?filter=wheels:4")
    assert "filter" in refused(wrong, 422)


def test_the_command_writes_a_file(fleet: list[dict[str, Any]], tmp_path: Path) -> None:
    call_command("export", str(tmp_path / "all.csv"), verbosity=0)
    assert len(table((tmp_path / "all.csv").read_bytes())) == 4


def test_an_erased_customer_comes_back_under_no_old_id(
    fleet: list[dict[str, Any]], ada_in: Client, ada: User
) -> None:
    content = sent(ada_in.get("/customers/export/?q=only"))
    only = Customer.objects.get_queryset().get(first_name="Only")
    old = only.public_id
    actions.erase(only, confirm="Only", by=ada)
    bring(content, by=ada)
    assert Customer.objects.get_queryset().get(first_name="Only").public_id != old


@pytest.mark.parametrize(
    ("heading", "cell", "why"),
    [
        ("Regulars id", "12", "no id of ours"),
        ("Regulars details", "{broken", "no details"),
        ("Regulars details", '{"contacts":[{"language":"Klingonish"}]}', "no language"),
    ],
)
def test_a_broken_row_is_told_and_spoils_no_other(
    ada: User, heading: str, cell: str, why: str
) -> None:
    rest = "Regulars details" if heading == "Regulars id" else "Regulars id"
    out = io.StringIO()
    csv.writer(out).writerows([[heading, rest, "First name"], [cell, "", "A"], ["", "", "B"]])
    job = bring(out.getvalue(), by=ada)
    assert counts(job)[0] == 1
    assert why in job.rows.get(outcome="rejected").reason


def test_a_cell_changed_by_hand_is_taken(
    fleet: list[dict[str, Any]], ada_in: Client, ada: User
) -> None:
    lines = table(sent(ada_in.get("/customers/export/?q=only")))
    at = lines[0].index("City")
    lines[1][at] = "Ypsilanti"
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    assert counts(bring(out.getvalue(), by=ada)) == (0, 1, 0, 0)
    only = Customer.objects.get_queryset().get(first_name="Only")
    assert only.locations.get().city == "Ypsilanti"
    assert definition(CustomField.objects.all()[0]).key == "boat_length"


@pytest.mark.parametrize("what", ["merged", "erased"])
def test_who_is_merged_or_erased_while_they_are_taken_out_is_found_where_they_are_now(
    what: str, ada: User, ada_in: Client, api: Callable[[User | None], Program],
    make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Something comes between finding them and holding them."""
    one, other = make_customer("Renée Roe", owner=ada), make_customer("R. Roe", owner=ada)
    held = portable._held

    def later(user: User, public_id: UUID) -> Customer:
        if Customer.objects.filter(pk=one.pk).exists():
            if what == "merged":
                actions.merge(other, [one], by=ada)
            else:
                actions.erase(one, confirm=one.name, by=ada)
        return held(user, public_id)

    monkeypatch.setattr(portable, "_held", later)
    answer = api(ada).send("GET", f"/customers/{one.public_id}/export")
    page = ada_in.get(f"/customers/{one.public_id}/export/")
    if what == "erased":
        refused(answer, 404)
        assert page.status_code == 404
        return
    for found in (answer, page):
        archive = zipfile.ZipFile(io.BytesIO(found.getvalue()))
        assert json.loads(archive.read("customer.json"))["id"] == str(other.public_id)
