"""Whoever of a receipt was merged meanwhile is named by its undo, and taken back once apart."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from regulars.customers import actions as customers
from regulars.customers.models import Category, Customer, Group
from regulars.staff.models import User
from tests.api import Program, ok
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(make_customer: MakeCustomer, ana: User) -> list[Customer]:
    return [make_customer("Pia Moss", owner=ana), make_customer("Quin Moss", owner=ana)]


def do(program: Program, action: str, values: dict[str, Any], *who: Customer) -> str:
    body = {"action": action, "values": values, "ids": [str(one.public_id) for one in who]}
    return str(program.post("/bulk", body)["id"])


def merge(program: Program, into: Customer, goes: Customer) -> str:
    body = {"primary": str(into.public_id), "others": [str(goes.public_id)]}
    return str(program.post("/merges", body)["id"])


def back(program: Program, receipt: str, **how: Any) -> dict[str, Any]:
    return dict(ok(program.send("DELETE", f"/bulk/{receipt}", **how), 200))


def apart(program: Program, merged: str) -> None:
    ok(program.send("DELETE", f"/merges/{merged}"), 200)


def counts(found: dict[str, Any]) -> tuple[int, int, int, bool]:
    return found["undone"], found["conflicts"], found["merged"], found["can_undo"]


def lines(program: Program, receipt: str) -> dict[str, Any]:
    return {row["name"]: row for row in program.get(f"/bulk/{receipt}/customers")["items"]}


def says(program: Program, who: Customer) -> tuple[Any, ...]:
    found = program.get(f"/customers/{who.public_id}")
    there = Customer.objects.get(pk=who.pk)
    owner, group, category = there.owner_id, there.group_id, there.category_id
    return sorted(found["tags"]), owner, group, category, there.archived_at is None


DEEDS = ["tag", "untag", "reassign", "group", "category", "archive"]


@pytest.mark.parametrize("primary", ["first", "second"])
@pytest.mark.parametrize("deed", DEEDS)
def test_whoever_was_merged_is_named_and_taken_back_once_apart(
    deed: str, primary: str, two: list[Customer], ana: User, cleo: User, api: Any
) -> None:
    program = api(ana)
    for one in two:
        customers.tag(one, "Old", by=ana)
    values: dict[str, Any] = {
        "tag": {"tag": "VIP"},
        "untag": {"tag": "Old"},
        "reassign": {"owner": cleo.pk},
        "group": {"group": Group.objects.create(name="Fleet").pk},
        "category": {"category": Category.objects.create(name="Boutique").pk},
        "archive": {},
    }
    before = [says(program, one) for one in two]
    receipt = do(program, deed, values[deed], *two)
    assert [says(program, one) for one in two] != before
    stays, goes = two if primary == "first" else two[::-1]
    merged = merge(api(cleo if deed == "reassign" else ana), stays, goes)

    assert counts(back(program, receipt)) == (1, 1, 1, True)
    apart(program, merged)
    assert counts(back(program, receipt)) == (2, 0, 0, False)
    assert [says(program, one) for one in two] == before
    ok(program.send("DELETE", f"/bulk/{receipt}"), 409)


def test_the_sentence_says_who_must_be_taken_apart_first(
    two: list[Customer], ana: User, cleo: User, api: Any, ana_in: Client
) -> None:
    program = api(ana)
    stays, goes = two
    receipt = do(program, "reassign", {"owner": cleo.pk}, *two)
    merged = merge(api(cleo), stays, goes)
    assert back(program, receipt)["conflicts"] == 1
    found = lines(program, receipt)
    assert (found["Pia Moss"]["undo"], found["Quin Moss"]["undo"]) == ("back", "merged")
    assert found["Quin Moss"]["customer"] == str(goes.public_id)
    said = "Quin Moss was merged into Pia Moss: take them apart first, then undo again."
    assert [one["now"] for one in found["Quin Moss"]["conflicts"]] == [said]
    assert program.get(f"/bulk/{receipt}/customers?outcome=merged")["items"] == [found["Quin Moss"]]
    page = ana_in.get(f"/bulk/{receipt}/").content.decode()
    assert said in page
    assert "1 was merged and must be taken apart first" in page
    assert "Undo again" in page
    # Once more while they are one: nothing new, and they are named again.
    assert counts(back(program, receipt)) == (1, 1, 1, True)
    apart(program, merged)
    assert (
        "They are apart again: undo once more." in ana_in.get(f"/bulk/{receipt}/").content.decode()
    )


def test_what_somebody_said_again_since_stays_said(
    two: list[Customer], ana: User, cleo: User, api: Any
) -> None:
    receipt = do(api(ana), "reassign", {"owner": cleo.pk}, *two)
    stays, goes = two
    merged = merge(api(cleo), stays, goes)
    back(api(ana), receipt)
    customers.reassign(Customer.objects.get(pk=stays.pk), to=cleo, by=ana)
    apart(api(cleo), merged)
    assert counts(back(api(ana), receipt))[:2] == (2, 0)
    owners = [Customer.objects.get(pk=one.pk).owner for one in two]
    assert owners == [cleo, ana]


def test_through_a_chain_everybody_keeps_their_own_line(
    two: list[Customer], ana: User, make_customer: MakeCustomer, api: Any
) -> None:
    program, last = api(ana), make_customer("Rita Moss", owner=ana)
    receipt = do(program, "group", {"group": Group.objects.create(name="Fleet").pk}, *two)
    stays, goes = two
    inner, outer = merge(program, stays, goes), merge(program, last, stays)
    assert counts(back(program, receipt)) == (0, 2, 2, True)
    assert set(lines(program, receipt)) == {"Pia Moss", "Quin Moss"}
    page = program.get(f"/bulk/{receipt}/customers?limit=1")
    assert page["next"]
    rest = program.get(f"/bulk/{receipt}/customers?limit=1&cursor={page['next']}")
    assert {one["name"] for one in page["items"] + rest["items"]} == {"Pia Moss", "Quin Moss"}
    assert rest["next"] is None
    apart(program, inner)
    assert counts(back(program, receipt)) == (1, 1, 1, True)
    apart(program, outer)
    assert counts(back(program, receipt)) == (2, 0, 0, False)
    assert {one.group for one in Customer.objects.all()} == {last.group}
