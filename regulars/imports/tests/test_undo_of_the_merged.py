"""Whoever of an import was merged meanwhile is named by its undo, and taken back once apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from regulars.customers import actions as customers
from regulars.customers.models import Customer
from regulars.staff.models import User
from tests.api import Program, ok
from tests.cast import MakeCustomer

from .test_api import send
from .test_running import known

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_uploads(settings: LazySettings, tmp_path: Path) -> None:
    settings.VAR = tmp_path


@pytest.fixture
def program(api: Any, ada: User) -> Program:
    found: Program = api(ada)
    return found


def merge(program: Program, into: Customer, goes: Customer) -> str:
    body = {"primary": str(into.public_id), "others": [str(goes.public_id)]}
    return str(program.post("/merges", body)["id"])


def apart(program: Program, merged: str) -> None:
    ok(program.send("DELETE", f"/merges/{merged}"), 200)


def back(program: Program, job: str, **how: str) -> tuple[int, int, int, int]:
    asked = "&".join(f"{key}={value}" for key, value in how.items())
    found = program.post(f"/imports/{job}/undo?{asked}", status=200)
    return found["undone"], found["conflicts"], found["merged"], found["removed"]


def reads(program: Program, who: Customer) -> tuple[Any, ...]:
    found = program.get(f"/customers/{who.public_id}")
    phones = sorted(str(one) for one in who.phones.values_list("digits", flat=True))
    return found["name"], found["company"], sorted(found["tags"]), phones


def test_who_was_changed_and_merged_is_as_before_once_apart(
    program: Program, make_customer: MakeCustomer
) -> None:
    goes = make_customer("Xena Li", company="Li Co", external_ids={"import": "1"})
    stays = make_customer("Yara Li", company="Yara Co")
    before = reads(program, goes), reads(program, stays)
    text = "Customer No,Company,Tags,Phone\n1,Imported Co,VIP,248 555 0101\n"
    job = ok(send(program, text), 201)["id"]
    assert reads(program, goes)[1:3] == ("Imported Co", ["VIP"])
    merged = merge(program, stays, goes)
    assert back(program, job) == (0, 1, 1, 0)
    apart(program, merged)
    assert back(program, job) == (1, 0, 0, 0)
    assert (reads(program, goes), reads(program, stays)) == before
    program.post(f"/imports/{job}/undo", status=409)


@pytest.mark.parametrize("primary", ["there", "new"])
def test_who_was_added_and_merged_is_removed_once_apart(
    primary: str, program: Program, make_customer: MakeCustomer
) -> None:
    there = make_customer("Yara Li", email="yara@example.com")
    before = reads(program, there)
    job = ok(send(program, "Customer No,Name,Phone\n1,Xena Li,248 555 0101\n"), 201)["id"]
    new = known("1")
    merged = merge(program, *((there, new) if primary == "there" else (new, there)))
    # Not even "remove them anyway" takes somebody along who was there before.
    assert back(program, job, remove_changed="true") == (0, 1, 1, 0)
    apart(program, merged)
    assert back(program, job) == (1, 0, 0, 1)
    assert [one.pk for one in Customer.objects.all()] == [there.pk]
    assert reads(program, there) == before


def test_two_who_were_added_and_are_one_go_together_once_apart(program: Program) -> None:
    job = ok(send(program, "Customer No,Name\n1,Xena Li\n2,Yara Moss\n3,Zoe Ode\n"), 201)["id"]
    merged = merge(program, known("1"), known("2"))
    assert back(program, job) == (1, 2, 2, 1)
    apart(program, merged)
    assert back(program, job) == (3, 0, 0, 3)
    assert not Customer.objects.exists()


def test_what_came_to_somebody_who_was_added_stays_theirs_once_apart(
    program: Program, make_customer: MakeCustomer, ada: User
) -> None:
    """A tag given on the way out is a touch like any other; a merge alone is none."""
    there = make_customer("Yara Li", email="yara@example.com")
    job = ok(send(program, "Customer No,Name\n1,Xena Li\n"), 201)["id"]
    merged = merge(program, there, known("1"))
    customers.tag(there, "VIP", by=ada)
    since = program.get(f"/merges/{merged}")["since"]
    (key,) = [one["key"] for one in since if "tagging" in one["key"]]
    public_id = program.get(f"/merges/{merged}")["merged"][0]["id"]
    ok(program.send("DELETE", f"/merges/{merged}?give={key}={public_id}"), 200)
    assert known("1").tags.get().name == "VIP"
    assert back(program, job) == (0, 1, 0, 0)
    assert known("1").name == "Xena Li"
