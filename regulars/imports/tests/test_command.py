"""`regulars import FILE`."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from regulars.customers.models import Customer
from regulars.imports.models import Import
from regulars.imports.tests import make
from regulars.staff.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_uploads(settings: LazySettings, tmp_path: Path) -> None:
    settings.VAR = tmp_path / "var"


def bring(path: Path, *args: str, **options: Any) -> str:
    out = io.StringIO()
    call_command("import", str(path), *args, stdout=out, **options)
    return out.getvalue()


def test_customers_colleagues_orders_with_no_flags(tmp_path: Path) -> None:
    said = bring(make.file(tmp_path, make.CUSTOMERS, "customers.csv"))
    assert "companyName" in said
    assert "10 customers added. 3 rows repaired." in said
    assert "2 colleagues added." in bring(make.file(tmp_path, make.EMPLOYEES, "employees.csv"))
    said = bring(make.file(tmp_path, make.ORDERS, "orders.csv"))
    assert "6 events added and 1 row rejected." in said
    assert "5 customers got an owner." in said
    assert "record 7, line 8, customerID: No customer has the number “NOONE”." in said


def test_mapping_matching_and_the_person_are_flags(tmp_path: Path, ada: User) -> None:
    path = make.file(tmp_path, "A;B;C\nAna Lopez;ana@example.com;x\n")
    said = bring(
        path, "--map", "A=name", "--map", "3=skip", "--match", "email", "--by", ada.email or ""
    )
    assert "1 customer added." in said
    assert Customer.objects.get().created_by == ada
    assert "1 unchanged" in bring(path, "--map", "1=name", "--map", "C=skip", "--match=email,phone")


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    bring(make.file(tmp_path, make.CUSTOMERS), "--dry-run")
    assert not Customer.objects.exists()
    assert not Import.objects.exists()


def test_rejects_go_to_a_file_that_comes_back_fixed(tmp_path: Path) -> None:
    path = make.file(tmp_path, "ID,Name,Email\n1,One,one@example.com\n2,Two,bad\n")
    out = tmp_path / "rejects.csv"
    assert "fix them and import that file" in bring(path, "--rejects", str(out))
    out.write_text(out.read_text().replace('"bad"', '"two@example.com"'))
    assert "1 customer added." in bring(out)


@pytest.mark.parametrize(
    ("text", "args", "words"),
    [
        ("Name\nAna\n", ["--map", "Nome=name"], "There is no column “Nome”"),
        ("Name\nAna\n", ["--map", "Name=nose"], "is no target"),
        ("Name\nAna\n", ["--by", "nobody@example.com"], "No colleague has the email"),
        ("Name\nAna\n", ["--match", "shoe"], "--match takes"),
        ("price,weight\n1,2\n", [], "Choose the column that names the customer"),
        ("%PDF-1.7", [], "PDF"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    tmp_path: Path, text: str, args: list[str], words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        bring(make.file(tmp_path, text), *args)
    assert not Import.objects.exists()


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no file"):
        bring(tmp_path / "gone.csv")
