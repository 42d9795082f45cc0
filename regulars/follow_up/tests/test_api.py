"""Tasks for programs: the same gate, the same rights, the same events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from regulars.customers import actions as customers
from regulars.customers.models import Customer
from regulars.follow_up import actions
from regulars.follow_up.due import Due
from regulars.follow_up.facts import TaskFacts
from regulars.follow_up.models import Task
from regulars.lib import clock
from regulars.staff.models import User
from tests.api import Program
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db
Api = Callable[[User], Program]
NOW = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)  # ten in the morning in Detroit


@pytest.fixture
def rita(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer("Rita Moss", owner=ana)


def test_a_task_is_added_read_changed_and_done(api: Api, rita: Customer, ana: User) -> None:
    program = api(ana)
    body = {
        "customer": str(rita.public_id),
        "title": " Call about\tthe lease ",
        "kind": "call",
        "due": "2026-12-01T14:30",
    }
    made = program.post("/tasks", body)
    assert made["title"] == "Call about the lease"
    assert (made["due_on"], made["due_at"]) == (None, "2026-12-01T19:30:00Z")
    assert made["assignee"] == made["created_by"] == {"id": ana.pk, "name": ana.name}
    assert made["customer"] == {"id": str(rita.public_id), "name": "Rita Moss"}
    path = f"/tasks/{made['id']}"
    assert program.get(path) == made
    moved = program.patch(path, {"due": "2026-12-02", "description": "Twice", "assignee": None})
    assert (moved["due_on"], moved["due_at"], moved["assignee"]) == ("2026-12-02", None, None)
    assert moved["title"] == made["title"]
    done = program.patch(path, {"state": "done"})
    assert (done["state"], done["done_by"]) == ("done", {"id": ana.pk, "name": ana.name})
    assert program.patch(path, {"state": "todo", "due": None})["done_at"] is None
    assert program.get("/tasks")["items"][0]["due_on"] is None
    assert program.patch(path, {"state": "archived"})["state"] == "archived"
    kinds = list(rita.events.order_by("pk").values_list("kind", flat=True))
    assert kinds[1:] == [
        "task.added", "task.changed", "task.reassigned", "task.done", "task.changed",
        "task.reopened", "task.archived",
    ]  # fmt: skip


def test_the_same_key_adds_one_task(api: Api, rita: Customer, ana: User) -> None:
    body = {"customer": str(rita.public_id), "title": "Call"}
    first, second = (api(ana).post("/tasks", body, key="one") for _ in range(2))
    assert first == second
    assert Task.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "x", "due": "tomorrow"}, "due"),
        ({"title": "x", "due": "2026-02-30"}, "due"),
        ({"title": "x", "kind": "visit"}, "kind"),
        ({"title": "x", "assignee": "nobody here"}, "assignee"),
        ({"title": "x", "description": "x" * 4_001}, "description"),
        ({"title": "x", "customer": "no id"}, "customer"),
        ({"title": "x", "surprise": 1}, "surprise"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(
    api: Api, rita: Customer, ana: User, body: dict[str, Any], field: str
) -> None:
    answer = api(ana).post("/tasks", {"customer": str(rita.public_id), **body}, status=422)
    assert [error["field"] for error in answer["errors"]] == [field]
    assert not Task.objects.exists()


def test_a_foreign_customers_tasks_do_not_exist(
    api: Api, rita: Customer, ana: User, ben: User
) -> None:
    task = actions.add(rita, TaskFacts("Call"), by=ana)
    his = api(ben)
    assert his.get("/tasks")["items"] == []
    for method in ("GET", "PATCH"):
        foreign = his.send(
            method, f"/tasks/{task.pk}", {"state": "done"} if method != "GET" else None
        )
        missing = his.send(method, "/tasks/999999", {"state": "done"} if method != "GET" else None)
        assert foreign.status_code == missing.status_code == 404
    for who in (str(rita.public_id), "0198c0de-0000-7000-8000-000000000001"):
        assert his.send("GET", "/tasks", customer=who).status_code == 422
        assert his.send("POST", "/tasks", {"customer": who, "title": "x"}).status_code == 422
    # Somebody who was asked once and sees the customer no more is not told either.
    customers.reassign(rita, to=ben, by=None)
    assert [t["id"] for t in his.get("/tasks")["items"]] == [task.pk]
    assert api(ana).get("/tasks")["items"] == []


def test_a_list_is_asked_for_by_customer_state_assignee_and_due(
    api: Api, rita: Customer, make_customer: MakeCustomer, ana: User, cleo: User
) -> None:
    bo = make_customer("Bo Li", owner=cleo)
    with clock.at(NOW):

        def add(who: Customer, title: str, due: Due, **more: Any) -> Task:
            return actions.add(who, TaskFacts(title, due=due), by=ana, **more)

        add(rita, "late", Due(on=date(2026, 11, 25)))
        add(rita, "now", Due(at=NOW + timedelta(hours=1)))
        add(rita, "later", Due(on=date(2026, 12, 25)), assignee=None)
        add(bo, "whenever", Due())
        actions.finish(add(bo, "was", Due()), by=ana)

        def titles(**asked: Any) -> list[str]:
            return [task["title"] for task in api(ana).get("/tasks", **asked)["items"]]

        assert titles() == ["late", "now", "later", "whenever"]
        assert titles(customer=str(bo.public_id)) == ["whenever"]
        assert titles(state="done") == ["was"]
        assert titles(assignee="me") == ["late", "now"]
        assert titles(assignee="none") == ["later"]
        assert titles(assignee=str(cleo.pk)) == titles(assignee="Cleo Marsh") == ["whenever"]
        assert [titles(due=when) for when in ("overdue", "today", "upcoming", "none")] == [
            ["late"], ["now"], ["later"], ["whenever"],
        ]  # fmt: skip
        customers.archive(bo, by=ana)
        assert titles(due="none") == []
        assert titles(customer=str(bo.public_id)) == ["whenever"]
        assert api(ana).send("GET", "/tasks", assignee="Nobody Known").status_code == 422


@pytest.mark.parametrize("asked", [{}, {"due": "none"}, {"state": "done"}, {"state": "archived"}])
def test_pages_join_without_gap_or_repetition(
    api: Api, rita: Customer, ana: User, asked: dict[str, str]
) -> None:
    same = datetime(2026, 12, 1, 12, tzinfo=UTC)
    for n in range(7):
        due = Due(at=same) if n % 3 and not asked.get("due") else Due()
        with clock.at(same):
            task = actions.add(rita, TaskFacts(f"T{n}", due=due), by=ana)
            if asked.get("state") == "done":
                actions.finish(task, by=ana)
            if asked.get("state") == "archived":
                actions.archive(task, by=ana)
    program, found = api(ana), list[int]()
    cursor: dict[str, str] = {}
    whole = [task["id"] for task in program.get("/tasks", **asked)["items"]]
    while True:
        page = program.get("/tasks", limit=2, **asked, **cursor)
        found += [task["id"] for task in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert found == whole
    assert len(set(found)) == 7
    assert program.send("GET", "/tasks", cursor="not ours").status_code in (400, 422)


def test_a_section_does_not_go_on_in_another(api: Api, rita: Customer, ana: User) -> None:
    program = api(ana)
    for n in range(3):
        program.post("/tasks", {"customer": str(rita.public_id), "title": f"Whenever {n}"})
    undated = program.get("/tasks", due="none", limit=2)["next"]
    assert len(program.get("/tasks", cursor=undated)["items"]) == 1
    assert program.send("GET", "/tasks", due="overdue", cursor=undated).status_code == 422


def test_who_may_only_look_changes_nothing(api: Api, rita: Customer, ana: User, omar: User) -> None:
    task = actions.add(rita, TaskFacts("Call"), by=ana)
    looks = api(omar)
    assert looks.get(f"/tasks/{task.pk}")["title"] == "Call"
    assert looks.send("PATCH", f"/tasks/{task.pk}", {"state": "done"}).status_code == 403
    body = {"customer": str(rita.public_id), "title": "x"}
    assert looks.send("POST", "/tasks", body).status_code == 403
