"""Merging for programs: what would happen, what happened, and what is told of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from pytest_django import DjangoAssertNumQueries

from regulars.customers import actions
from regulars.customers.models import Customer, Merge
from regulars.matching import actions as matching
from regulars.matching.models import Lesson, Pair
from regulars.staff.models import User
from tests.api import ok, refused
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(make_customer: MakeCustomer, ana: User, ben: User) -> list[Customer]:
    rita = make_customer("Rita Moss", owner=ana, email="rita@example.com", tags=["VIP"])
    again = make_customer("Margarita Moss", owner=ben, phone="+1 734 555 0199", tags=["Boat"])
    return [rita, again]


def body(primary: Customer, *others: Customer, **more: Any) -> dict[str, Any]:
    ids = [str(one.public_id) for one in others]
    return {"primary": str(primary.public_id), "others": ids, **more}


def test_a_dry_run_says_what_differs_what_is_taken_and_what_moves(
    pair: list[Customer], ada: User, api: Any
) -> None:
    rita, again = pair
    found = ok(api(ada).send("POST", "/merges", body(rita, again, dry_run=True)), 200)
    assert found["primary"] == {"id": str(rita.public_id), "name": "Rita Moss"}
    assert [one["name"] for one in found["others"]] == ["Margarita Moss"]
    name = next(one for one in found["fields"] if one["key"] == "name")
    assert name["options"] == [
        {"value": "Rita Moss", "of": str(rita.public_id), "pick": str(rita.public_id),
         "taken": True},
        {"value": "Margarita Moss", "of": str(again.public_id), "pick": str(again.public_id),
         "taken": False},
    ]  # fmt: skip
    assert {"what": "tag", "count": 1} in found["moves"]
    assert {"what": "phone", "count": 1} in found["moves"]
    assert found["warnings"] == [
        "Ana Ferreira becomes the only owner; it is no longer Ben Castillo’s customer."
    ]
    assert not Merge.objects.exists()


def test_a_dry_run_takes_picks_and_refuses_what_the_merge_would(
    pair: list[Customer], ada: User, ana: User, api: Any
) -> None:
    rita, again = pair
    picks = {"name": str(again.public_id)}
    asked = body(rita, again, dry_run=True, picks=picks)
    found = ok(api(ada).send("POST", "/merges", asked), 200)
    name = next(one for one in found["fields"] if one["key"] == "name")
    assert [one["value"] for one in name["options"] if one["taken"]] == ["Margarita Moss"]
    wrong = body(rita, again, dry_run=True, picks={"wheels": str(rita.public_id)})
    assert "picks.wheels" in refused(api(ada).send("POST", "/merges", wrong), 422)
    assert "others" in refused(
        api(ada).send("POST", "/merges", body(rita, rita, dry_run=True)), 422
    )
    assert api(ana).send("POST", "/merges", body(rita, again, dry_run=True)).status_code == 404


def test_merges_are_listed_newest_first_for_those_who_see_the_customer(
    make_customer: MakeCustomer, ana: User, ada: User, ben: User, api: Any
) -> None:
    people = [make_customer(f"No {n}", owner=ana) for n in range(6)]
    merges = [actions.merge(people[n], [people[n + 1]], by=ana) for n in (0, 2, 4)]
    actions.undo_merge(merges[0], by=ana)
    ids = [str(one.public_id) for one in reversed(merges)]

    def listed(by: User, more: str = "") -> list[str]:
        return [one["id"] for one in api(by).get(f"/merges{more}")["items"]]

    assert listed(ana) == listed(ada) == ids
    assert listed(ben) == []
    assert listed(ana, "?undone=true") == ids[2:]
    assert listed(ana, "?undone=false") == ids[:2]
    assert listed(ana, f"?customer={people[3].public_id}") == [ids[1]]
    assert listed(ben, f"?customer={people[2].public_id}") == []  # as of nobody at all
    assert listed(ana, f"?customer={UUID(int=1)}") == []
    first = api(ana).get("/merges?limit=2")
    rest = api(ana).get(f"/merges?limit=2&cursor={first['next']}")
    assert [one["id"] for one in first["items"] + rest["items"]] == ids
    assert rest["next"] is None


def test_who_was_taken_out_again_is_still_called_by_name(
    pair: list[Customer], ada: User, ana: User, api: Any
) -> None:
    rita, again = pair
    merge = actions.merge(rita, [again], by=ada)
    actions.undo_merge(merge, by=ada)
    for found in (api(ada).get(f"/merges/{merge.public_id}"), api(ada).get("/merges")["items"][0]):
        (out,) = found["merged"]
        assert out["name"] == "Margarita Moss"
        assert out["undone_at"]
        assert found["undone_at"]
    # Ben's customer is none of Ana's business.
    assert api(ana).get(f"/merges/{merge.public_id}")["merged"][0]["name"] == ""


def test_a_page_of_merges_takes_as_many_statements_as_one(
    make_customer: MakeCustomer, ana: User, api: Any,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for n in range(12):
        one, two = (make_customer(f"No {n}{m}", owner=ana) for m in range(2))
        merge = actions.merge(one, [two], by=ana)
        if n % 2:
            actions.undo_merge(merge, by=ana)
    program = api(ana)
    with django_assert_max_num_queries(8):
        assert len(program.get("/merges")["items"]) == 12


def test_whoever_stays_and_whoever_comes_back_is_looked_at_again_at_once(
    make_customer: MakeCustomer, ana: User, api: Any
) -> None:
    william = make_customer("William Hart", owner=ana, email="william@lake.example")
    bill = make_customer("Bill Hart", owner=ana, email="william@lake.example", phone="734 222 0142")
    third = make_customer("Billy Hart", owner=ana, phone="734 222 0142")

    def pairs() -> set[tuple[str, str]]:
        return set(Pair.objects.values_list("customer__name", "other__name"))

    matching.look_again([bill.pk, third.pk], by=None)
    before = pairs()
    assert ("Bill Hart", "Billy Hart") in before
    made = ok(api(ana).send("POST", "/merges", body(william, bill)), 201)
    assert pairs() == {("William Hart", "Billy Hart")}
    assert Lesson.objects.count() == 1
    ok(api(ana).send("DELETE", f"/merges/{made['id']}"), 200)
    assert ("Bill Hart", "Billy Hart") in pairs()


def test_who_was_never_merged_is_not_taken_out(
    api: Any, make_customer: MakeCustomer, ana: User
) -> None:
    stays, goes = (make_customer(name, owner=ana) for name in ("Bill Hart", "William Hart"))
    merge = actions.merge(stays, [goes], by=ana)
    there = f"/merges/{merge.public_id}?only="
    problem = refused(api(ana).send("DELETE", f"{there}{stays.public_id}"), 422)
    assert problem == {"only": "This is none of those who were merged"}
    ok(api(ana).send("DELETE", f"{there}{goes.public_id}"), 200)
    problem = refused(api(ana).send("DELETE", f"{there}{goes.public_id}"), 422)
    assert problem == {"merge": "This was undone already"}


# What was seen of one is never taken for what is there of another, whose version may be the same.


def test_what_was_seen_of_somebody_while_they_were_one_is_stale_once_they_are_apart(
    pair: list[Customer], ada: User, api: Any
) -> None:
    rita, again = pair
    merge = actions.merge(rita, [again], by=ada)
    path, both = f"/customers/{again.public_id}", {"contacts": [{"first_name": "Rita"}]}
    seen = api(ada).send("GET", path).headers["ETag"]
    actions.undo_merge(merge, by=ada)
    refused(api(ada).send("PATCH", path, both, headers={"If-Match": seen}), 412)
    assert again.phones.get().e164 == "+17345550199"


@pytest.mark.parametrize("changed", range(4))
def test_what_was_seen_of_one_is_stale_once_they_are_merged_into_another(
    pair: list[Customer], ada: User, api: Any, changed: int
) -> None:
    rita, again = pair
    path, said = f"/customers/{again.public_id}", {"tags": ["Late"]}
    for n in range(changed):
        api(ada).patch(path, {"tags": [f"Tag {n}"]})
    seen = api(ada).send("GET", path).headers["ETag"]
    actions.merge(rita, [again], by=ada)
    refused(api(ada).send("PATCH", path, said, headers={"If-Match": seen}), 412)
