"""`regulars import FILE`."""

from __future__ import annotations

import io
import os
import signal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from regulars.customers.models import Customer
from regulars.imports import actions, preview
from regulars.imports.models import Import, State
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


def test_ctrl_c_ends_after_the_batch_and_the_same_command_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "batches", partial(preview.batches, size=4))
    path = make.file(tmp_path, make.CUSTOMERS)
    run = actions.run

    def interrupted(job: Import, **kwargs: Any) -> Import:
        os.kill(os.getpid(), signal.SIGINT)
        return run(job, **kwargs)

    monkeypatch.setattr(actions, "run", interrupted)
    out, before = io.StringIO(), signal.getsignal(signal.SIGINT)
    with pytest.raises(SystemExit) as ended:
        call_command("import", str(path), stdout=out)
    assert ended.value.code == 130
    assert "Stopped: 4 rows are in. Run the same command again" in out.getvalue()
    assert Import.objects.get().state == State.STOPPED
    assert signal.getsignal(signal.SIGINT) is before
    monkeypatch.setattr(actions, "run", run)
    assert "6 customers added and 4 unchanged" in bring(path)


def test_ctrl_c_twice_ends_within_the_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def impatient(*args: Any) -> Any:
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGINT)

    path = make.file(tmp_path, make.CUSTOMERS)
    monkeypatch.setattr("regulars.imports.actions.running._apply", impatient)
    with pytest.raises(SystemExit) as ended:
        bring(path)
    assert ended.value.code == 130
    assert not Customer.objects.exists()


def test_a_dry_run_says_what_would_happen_and_writes_nothing(tmp_path: Path) -> None:
    said = bring(make.file(tmp_path, "Name,Email\nAna Lopez,\nBen Ode,bad\n"), "--dry-run")
    assert "1 customer would be added and 1 row rejected." in said
    assert "record 2, line 3, Email: “bad” is not an email address" in said
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
