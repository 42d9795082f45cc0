"""What happened, for programs: timelines read, one event recorded, or a thousand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulars.customers.models import Customer
from regulars.staff.models import User
from regulars.timeline import actions as timeline
from regulars.timeline.actions import DATA_LIMIT
from regulars.timeline.kinds import event_kinds
from regulars.timeline.models import Event
from tests.api import Program, refused

Api = Callable[[User | None], Program]
Make = Callable[..., Customer]
Happens = Callable[..., Event]

KEYS = {
    *("id", "kind", "label", "sentence", "shelf", "happened_at", "recorded_at", "actor", "data"),
    *("waiting", "answered_at", "answered_by", "response_seconds"),
}


@pytest.fixture
def rita(make_customer: Make, ana: User) -> Customer:
    return make_customer(
        "Rita Moss",
        owner=ana,
        external_ids={"shop": "7"},
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def path(customer: Customer) -> str:
    return f"/customers/{customer.public_id}/events"


# --- One


def test_an_event_is_recorded_and_answered_with_its_sentence(
    ana: User, api: Api, rita: Customer
) -> None:
    said = {
        "kind": "vehicle.inquired",
        "happened_at": "2026-02-03T10:00:00+01:00",
        "data": {"vehicle": "2026 Highlander", "deep": {"list": [1, 2.5, None, True, 10**30]}},
    }
    event = api(ana).post(path(rita), said)
    assert event.keys() == KEYS
    assert event["sentence"] == "asked about the 2026 Highlander"
    assert (event["shelf"], event["label"]) == ("website", "Vehicle inquiry")
    assert event["happened_at"] == "2026-02-03T09:00:00Z"
    assert event["actor"] == {"id": ana.pk, "name": "Ana Ferreira"}
    assert event["data"] == said["data"]
    assert event["waiting"] is True
    assert event["answered_at"] is event["answered_by"] is event["response_seconds"] is None
    assert api(ana).get(f"/customers/{rita.public_id}")["waiting_since"] == event["happened_at"]


def test_a_reply_answers_and_says_how_long_it_took(ana: User, api: Api, rita: Customer) -> None:
    program = api(ana)
    program.post(path(rita), {"kind": "message.received", "happened_at": "2026-02-03T09:00:00Z"})
    program.post(path(rita), {"kind": "call.made", "happened_at": "2026-02-03T09:07:30Z"})
    call, message, _ = program.get(path(rita))["items"]
    assert call["kind"] == "call.made"
    assert message["waiting"] is False
    assert message["answered_at"] == "2026-02-03T09:07:30Z"
    assert message["answered_by"] == {"id": ana.pk, "name": "Ana Ferreira"}
    assert message["response_seconds"] == 450
    assert program.get(f"/customers/{rita.public_id}")["freshness"] == "gray"


def test_an_origin_is_kept_once(ana: User, api: Api, rita: Customer) -> None:
    program, said = api(ana), {"kind": "page.visited", "origin": "web-17"}
    first = program.post(path(rita), said)
    assert program.post(path(rita), said, status=200) == first
    assert Event.objects.filter(kind="page.visited").count() == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "kind"),
        ({"kind": "moon.landed"}, "kind"),
        ({"kind": "customer.reassigned"}, "kind"),
        ({"kind": "customer.created"}, "kind"),
        ({"kind": "x" * 61}, "kind"),
        ({"kind": 5}, "kind"),
        ({"kind": "note.added", "data": []}, "data"),
        ({"kind": "note.added", "data": None}, "data"),
        ({"kind": "note.added", "data": {"text": "x" * DATA_LIMIT}}, "data"),
        ({"kind": "note.added", "data": {"text": "\x00"}}, "data.text"),
        ({"kind": "note.added", "data": {"\udfff": 1}}, "data"),
        ({"kind": "note.added", "happened_at": "yesterday"}, "happened_at"),
        ({"kind": "note.added", "happened_at": "2026-02-03"}, "happened_at"),
        ({"kind": "note.added", "happened_at": "2026-02-03T10:00:00"}, "happened_at"),
        ({"kind": "note.added", "happened_at": 1770000000}, "happened_at"),
        ({"kind": "note.added", "happened_at": "0001-01-01T00:00:00+14:00"}, "happened_at"),
        ({"kind": "note.added", "happened_at": "2199-01-01T00:00:00Z"}, "happened_at"),
        ({"kind": "note.added", "happened_at": "2026-02-30T00:00:00Z"}, "happened_at"),
        ({"kind": "note.added", "origin": "x" * 191}, "origin"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_what_is_wrong_with_an_event_is_said_by_field(
    ana: User, api: Api, rita: Customer, said: dict[str, Any], field: str
) -> None:
    assert field in refused(api(ana).send("POST", path(rita), said), 422)
    assert Event.objects.count() == 1


def test_who_may_only_see_records_nothing(omar: User, api: Api, rita: Customer) -> None:
    refused(api(omar).send("POST", path(rita), {"kind": "note.added"}), 403)
    refused(api(omar).send("POST", "/events", []), 403)
    assert api(omar).get(path(rita))["items"][0]["kind"] == "customer.created"


# --- A timeline


def test_a_timeline_is_read_page_by_page_newest_first(
    ana: User, api: Api, rita: Customer, happens: Happens
) -> None:
    for n in range(5):
        happens(rita, "note.added", ago=timedelta(hours=n // 2), text=str(n))
    program, seen, cursor = api(ana), [], None
    while True:
        query: dict[str, Any] = {"cursor": cursor} if cursor else {}
        found = program.get(path(rita), limit=2, **query)
        seen += found["items"]
        cursor = found["next"]
        if cursor is None:
            break
    assert len({event["id"] for event in seen}) == len(seen) == 6
    assert [e["happened_at"] for e in seen] == sorted(
        (e["happened_at"] for e in seen), reverse=True
    )
    assert "cursor" in refused(program.send("GET", path(rita), cursor="W10"), 422)


def test_a_timeline_is_narrowed_to_a_shelf_or_a_kind(
    ana: User, api: Api, rita: Customer, happens: Happens
) -> None:
    happens(rita, "page.visited"), happens(rita, "email.sent"), happens(rita, "note.added")
    program = api(ana)

    def kinds(**query: Any) -> set[str]:
        return {event["kind"] for event in program.get(path(rita), **query)["items"]}

    assert kinds(shelf="website") == {"page.visited"}
    assert kinds(shelf="email") == {"email.sent"}
    assert kinds(shelf="customer") == {"note.added", "customer.created"}
    assert kinds(shelf="orders") == set()
    assert kinds(kind="email.sent") == {"email.sent"}
    assert kinds(kind="email.sent", shelf="website") == set()
    assert kinds(kind="moon.landed") == set()
    assert "shelf" in refused(program.send("GET", path(rita), shelf="moon"), 422)


def test_events_of_a_pack_no_longer_installed_stand_on_the_customer_shelf(
    ana: User, api: Api, rita: Customer
) -> None:
    Event.objects.update(kind="moon.landed_on")
    (event,) = api(ana).get(path(rita), shelf="customer")["items"]
    assert (event["label"], event["sentence"]) == ("Moon landed on", "moon landed on")


def test_a_timelines_statements_do_not_grow(
    ana: User, api: Api, rita: Customer, happens: Happens
) -> None:
    program = api(ana)
    program.get("/me")
    for _ in range(5):
        happens(rita, "call.made", by=ana)

    def statements(limit: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            program.get(path(rita), limit=limit)
        return len(captured)

    assert statements(1) == statements(200) <= 4


def test_the_kinds_are_listed_with_what_they_do(ana: User, api: Api) -> None:
    kinds = {kind["key"]: kind for kind in api(ana).get("/event-kinds")["items"]}
    assert kinds.keys() == set(event_kinds.keys())
    assert kinds.keys() >= {
        *("form.submitted", "message.received", "vehicle.inquired", "page.visited"),
        *("call.received", "visit.walked_in", "email.sent", "text.sent", "call.made"),
        *("note.added", "customer.created", "customer.reassigned", "customer.merged"),
    }
    assert kinds["call.made"]["answers"] is True
    assert kinds["form.submitted"]["awaits_answer"] is True
    assert kinds["customer.created"]["recordable"] is False


# --- Many


def test_each_of_many_is_answered_in_its_place(
    ana: User, ben: User, api: Api, rita: Customer, make_customer: Make
) -> None:
    foreign = make_customer("Sam Poe", owner=ben, external_ids={"shop": "8"})
    note = {"kind": "note.added", "data": {"text": "Hi"}}
    sent: list[Any] = [
        {**note, "customer": str(rita.public_id), "origin": "1"},
        {**note, "customer": {"system": "shop", "id": 7}, "origin": "2"},
        {**note, "customer": str(rita.public_id), "origin": "1"},
        {**note, "customer": str(foreign.public_id)},
        {**note, "customer": {"system": "shop", "id": "8"}},
        {**note, "customer": {"system": "moon", "id": "7"}},
        {**note, "customer": "nonsense"},
        {**note},
        {"customer": str(rita.public_id), "kind": "moon.landed"},
        {"customer": str(rita.public_id), "kind": "customer.merged"},
        {**note, "customer": str(rita.public_id), "happened_at": "2026-02-30"},
        {**note, "customer": {"system": "shop"}},
        5,
        None,
        {**note, "customer": str(rita.public_id).upper()},
    ]
    found = api(ana).post("/events", sent, status=200)
    assert (found["created"], found["duplicates"], found["failed"]) == (3, 1, 11)
    rows = found["items"]
    assert [row["index"] for row in rows] == list(range(len(sent)))
    said = [row["status"] for row in rows]
    assert said == ["created", "created", "duplicate", *["error"] * 11, "created"]
    assert rows[2]["id"] == rows[0]["id"]
    fields = [[e["field"] for e in row["errors"]] for row in rows]
    assert fields[3:12] == [
        ["customer"],
        ["customer"],
        ["customer"],
        ["customer"],
        ["customer"],
        ["kind"],
        ["kind"],
        ["happened_at"],
        ["customer"],
    ]
    assert rows[3]["errors"] == rows[5]["errors"] == rows[6]["errors"]
    assert Event.objects.filter(customer=rita, kind="note.added").count() == 3
    assert not Event.objects.filter(customer=foreign, kind="note.added").exists()
    again = api(ana).post("/events", {"events": sent[:2]}, status=200)
    assert again["duplicates"] == 2
    assert [row["id"] for row in again["items"]] == [row["id"] for row in rows[:2]]


def test_a_thousand_are_taken_and_one_more_is_not(ana: User, api: Api, rita: Customer) -> None:
    program, one = api(ana), {"customer": str(rita.public_id), "kind": "page.visited"}
    program.get("/me")
    with CaptureQueriesContext(connection) as captured:
        found = program.post("/events", [one] * 1_000, status=200)
    assert found["created"] == 1_000
    assert len(captured) < 12
    assert refused(program.send("POST", "/events", [one] * 1_001), 422)
    assert Event.objects.filter(kind="page.visited").count() == 1_000


@pytest.mark.parametrize("body", [{}, {"events": {}}, {"events": None}, "x", 5, {"event": []}])
def test_a_body_that_is_no_list_of_events_is_refused(ana: User, api: Api, body: Any) -> None:
    refused(api(ana).send("POST", "/events", body), 422)


def test_no_events_are_no_events(ana: User, api: Api) -> None:
    nothing = {"items": [], "created": 0, "duplicates": 0, "failed": 0}
    assert api(ana).post("/events", [], status=200) == nothing


def test_a_reply_in_the_same_batch_answers_what_came_before_it(
    ana: User, api: Api, rita: Customer
) -> None:
    pk = str(rita.public_id)
    sent = [
        {"customer": pk, "kind": "message.received", "happened_at": "2026-02-03T09:00:00Z"},
        {"customer": pk, "kind": "text.sent", "happened_at": "2026-02-03T09:01:00Z"},
        {"customer": pk, "kind": "message.received", "happened_at": "2026-02-03T09:02:00Z"},
    ]
    api(ana).post("/events", sent, status=200)
    shown = api(ana).get(f"/customers/{pk}")
    assert shown["waiting_since"] == "2026-02-03T09:02:00Z"


# --- Undo


def test_what_was_logged_or_handed_over_is_undone(
    ana: User, cleo: User, api: Api, rita: Customer, happens: Happens
) -> None:
    happens(rita, "message.received", text="Hello?")
    made = api(ana).post(path(rita), {"kind": "call.made"})
    waits = rita.events.filter(kind="message.received", answered_at=None)
    assert not waits.exists()
    assert api(ana).post(f"{path(rita)}/{made['id']}/undo", {}, status=204) is None
    assert waits.exists()
    assert not rita.events.filter(kind="call.made").exists()
    api(ana).put(f"/customers/{rita.public_id}/owner", {"owner": cleo.pk})
    given = rita.events.get(kind="customer.reassigned")
    api(ana).post(f"{path(rita)}/{given.pk}/undo", {}, status=204)
    rita.refresh_from_db()
    assert rita.owner == ana


def test_only_who_did_it_undoes_it_and_only_a_moment_ago(
    ana: User, mia: User, api: Api, rita: Customer, happens: Happens
) -> None:
    came = happens(rita, "message.received", text="Hello?")
    event = timeline.record(rita, "call.made", by=ana)
    api(mia).post(f"{path(rita)}/{event.pk}/undo", {}, status=404)
    api(ana).post(f"{path(rita)}/{came.pk}/undo", {}, status=404)
    Event.objects.filter(pk=event.pk).update(recorded_at=event.recorded_at - timedelta(minutes=11))
    said = api(ana).send("POST", f"{path(rita)}/{event.pk}/undo", {})
    assert refused(said, 422) == {"event": "Undo is there for ten minutes; nothing was changed"}
    assert rita.events.filter(kind="call.made").exists()


def test_giving_back_needs_the_right_to_give(
    ana: User, api: Api, rita: Customer, ben: User
) -> None:
    given = timeline.record(rita, "customer.reassigned", by=ana, data={"to_id": str(ben.pk)})
    ana.role.rights["ownership"] = 1
    ana.role.save()
    api(ana).post(f"{path(rita)}/{given.pk}/undo", {}, status=403)
