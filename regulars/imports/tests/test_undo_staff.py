"""Colleagues from a file are taken back: the unknown go, the changed are as before, others stay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from regulars.imports import actions
from regulars.imports.models import Import
from regulars.lib import clock
from regulars.staff import actions as staff
from regulars.staff.models import User
from tests.api import Program, refused
from tests.cast import MakeCustomer

from .test_running import bring

pytestmark = pytest.mark.django_db

FILE = "Employee ID,Name,Email,Title\n71,Nan Dav,nan@example.com,Seller\n72,Lin Ray,,Boss\n"


@pytest.fixture(autouse=True)
def _own_uploads(settings: LazySettings, tmp_path: Path) -> None:
    settings.VAR = tmp_path


def brought(text: str = FILE, by: User | None = None) -> Import:
    job = bring(text, name="employees.csv", by=by)
    assert (job.kind, job.rejected) == ("staff", 0)
    return job


def test_who_was_never_here_is_gone(ada: User) -> None:
    before = User.objects.count()
    job = actions.take_back(brought(by=ada), by=ada)
    assert job.undone == {"removed": 2, "disabled": 0, "restored": 0, "kept": []}
    assert User.objects.count() == before
    with pytest.raises(actions.Busy, match="already"):
        actions.take_back(job, by=ada)


def test_who_signed_in_or_was_changed_stays_and_is_named(ada: User) -> None:
    job = brought()
    nan, lin = (User.objects.get(external_id=number) for number in ("71", "72"))
    User.objects.filter(pk=nan.pk).update(last_seen_at=clock.now())
    staff.change(lin, by=ada, title="Chief")
    job = actions.take_back(job, by=ada)
    assert job.undone is not None
    assert job.undone["kept"] == ["Lin Ray was changed since.", "Nan Dav has signed in."]
    assert User.objects.filter(pk__in=[nan.pk, lin.pk], is_active=True).count() == 2


def test_who_owns_customers_is_disabled_and_told(ada: User, make_customer: MakeCustomer) -> None:
    job = brought()
    nan = User.objects.get(external_id="71")
    make_customer(owner=nan)
    job = actions.take_back(job, by=ada)
    nan.refresh_from_db()
    assert not nan.is_active
    assert job.undone is not None
    assert (job.undone["removed"], job.undone["disabled"]) == (1, 1)
    assert job.undone["kept"] == [
        "Nan Dav is named elsewhere, such as in the history of customers, so is disabled instead."
    ]


def test_who_was_changed_is_as_before_unless_changed_since(ada: User) -> None:
    brought()
    job = brought(FILE.replace("Seller", "Lead").replace("Lin Ray,,Boss", "Lin Raymond,,Owner"))
    assert job.updated == 2
    lin = User.objects.get(external_id="72")
    staff.change(lin, by=ada, title="Chief")
    job = actions.take_back(job, by=ada)
    lin.refresh_from_db()
    assert User.objects.get(external_id="71").title == "Seller"
    assert (lin.name, lin.title) == ("Lin Ray", "Chief")
    assert job.undone == {
        "removed": 0, "disabled": 0, "restored": 2, "kept": ["Lin Ray was changed since."],
    }  # fmt: skip


def test_the_page_and_programs_take_back(signed_in: Any, ada: User, api: Any, mia: User) -> None:
    client: Client = signed_in(ada)
    job = brought(by=ada)
    url = job.get_absolute_url()
    assert "Undo this import" in client.get(url).content.decode()
    assert client.post(f"{url}undo/").status_code == 303
    page = client.get(url).content.decode()
    assert "Taken back: 2 colleagues removed." in page
    assert "Undo this import" not in page
    program: Program = api(ada)
    again = brought(by=ada)
    assert program.post(f"/imports/{again.public_id}/undo", status=200)["undone"]["removed"] == 2
    refused(program.send("POST", f"/imports/{again.public_id}/undo"), 409)
    mine = brought(by=ada)
    Import.objects.filter(pk=mine.pk).update(by=mia)
    refused(api(mia).send("POST", f"/imports/{mine.public_id}/undo"), 403)
