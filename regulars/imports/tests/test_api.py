"""Imports for programs: send a file, read the preview or the report."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile

from regulars.customers.models import Customer
from regulars.imports.models import Import
from regulars.imports.tests import make
from regulars.staff.models import User
from tests.api import Program, a_key, ok, refused

pytestmark = pytest.mark.django_db

Api = Callable[[User | None], Program]


@pytest.fixture(autouse=True)
def _own_uploads(settings: LazySettings, tmp_path: Path) -> None:
    settings.VAR = tmp_path


@pytest.fixture
def program(api: Api, ada: User) -> Program:
    return api(ada)


def send(program: Program, text: str | bytes, key: str = "", **fields: str) -> Any:
    content = text if isinstance(text, bytes) else text.encode()
    headers = {"Idempotency-Key": key} if key else {}
    return program.client.post(
        "/api/v1/imports",
        {"file": SimpleUploadedFile("customers.csv", content), **fields},
        headers=headers,
    )


def test_a_file_is_imported_in_one_call(program: Program) -> None:
    found = ok(send(program, make.CUSTOMERS), 201)
    assert (found["kind"], found["state"], found["rows"]) == ("customers", "done", 10)
    assert found["report"]["accepted"] == found["report"]["added"] == 10
    assert found["report"]["sentence"] == "10 customers added. 3 rows repaired."
    assert program.get(f"/imports/{found['id']}") == found
    assert Customer.objects.filter(name="Café Mañana").exists()
    again = ok(send(program, make.CUSTOMERS), 201)
    assert (again["report"]["added"], again["report"]["unchanged"]) == (0, 10)
    assert [one["id"] for one in program.get("/imports")["items"]] == [again["id"], found["id"]]


def test_preview_mapping_run_report(program: Program) -> None:
    text = "Who,Reach,Extra\nAna Lopez,ana@example.com,1\nBen Ode,nobody,2\n"
    found = ok(send(program, text, run="false", mapping='{"Who": "name", "Reach": "email"}'), 201)
    assert found["state"] == "uploaded"
    assert found["report"] is None
    assert found["preview"]["added"] == 1
    (problem,) = found["preview"]["problems"]
    assert (problem["record"], problem["line"], problem["column"]) == (2, 3, "Reach")
    path = f"/imports/{found['id']}"
    changed = program.patch(path, {"mapping": {"Extra": None, "2": "note"}})
    assert [one["target"] for one in changed["mapping"]] == ["name", "note", None]
    assert changed["preview"]["rejected"] == 0
    done = program.post(f"{path}/run", status=200)
    assert done["report"]["added"] == 2
    refused(program.send("PATCH", path, {"kind": "staff"}), 409)
    refused(program.send("POST", f"{path}/run"), 409)
    refused(program.send("POST", f"{path}/stop"), 409)
    assert program.send("DELETE", path).status_code == 204
    refused(program.send("GET", path), 404)


def test_large_files_are_left_to_the_worker(program: Program) -> None:
    text = "ID,Name\n" + "".join(f"{at},Name {at}\n" for at in range(2_001))
    found = ok(send(program, text), 201)
    assert (found["state"], found["report"]) == ("queued", None)
    stopped = program.post(f"/imports/{found['id']}/stop", status=200)
    assert stopped["state"] == "stopped"


def test_rejected_rows_are_listed_and_downloaded(program: Program) -> None:
    found = ok(send(program, "ID,Name,Email\n1,One,bad\n"), 201)
    (row,) = found["report"]["rows"]
    assert (row["record"], row["line"], row["column"]) == (1, 2, "Email")
    assert row["text"] == "1,One,bad"
    answer = program.client.get(found["report"]["rejects"])
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert '"Email: “bad” is not an email address.","2","1","One","bad"' in answer.content.decode()


@pytest.mark.parametrize(
    ("content", "fields", "field"),
    [
        (b"%PDF-1.7", {}, "file"),
        (b"PK\x03\x04zip", {}, "file"),
        (b"a,b\n1,2\n", {}, "mapping"),
        (b"Name\nAna\n", {"mapping": "{"}, "mapping"),
        (b"Name\nAna\n", {"mapping": '{"Nome": "name"}'}, "mapping.Nome"),
        (b"Name\nAna\n", {"mapping": '{"Name": "nose"}'}, "mapping.Name"),
        (b"Name\nAna\n", {"kind": "boats"}, "kind"),
        (b"Name\nAna\n", {"match": "shoe"}, "match"),
    ],
)
def test_what_cannot_be_imported_is_a_problem_and_leaves_nothing(
    program: Program, content: bytes, fields: dict[str, str], field: str
) -> None:
    assert field in refused(send(program, content, **fields), 422)
    assert not Import.objects.exists()


def test_the_same_key_imports_once(program: Program) -> None:
    key = a_key()
    first = send(program, make.CUSTOMERS, key=key)
    second = send(program, make.CUSTOMERS, key=key)
    assert first.content == second.content
    assert Import.objects.count() == 1


def test_who_may_not_import_gets_403_and_strangers_404(api: Api, ana: User, mia: User) -> None:
    refused(send(api(ana), make.CUSTOMERS), 403)
    refused(api(ana).send("GET", "/imports"), 403)
    refused(send(api(None), make.CUSTOMERS), 401)
    found = ok(send(api(mia), make.CUSTOMERS, run="false"), 201)
    User.objects.filter(pk=ana.pk).update(role=mia.role)
    ana.refresh_from_db()
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/run"), ("GET", "/rejects")):
        refused(api(ana).send(method, f"/imports/{found['id']}{path}"), 404)


def test_a_manager_cannot_bring_in_colleagues(api: Api, mia: User) -> None:
    refused(send(api(mia), make.EMPLOYEES, kind="staff"), 403)
    refused(send(api(mia), make.EMPLOYEES), 403)
    assert not Import.objects.exists()
    assert json.loads(send(api(mia), make.CUSTOMERS).content)["state"] == "done"
