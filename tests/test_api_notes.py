"""Notes for programs: the same as on the pages, pinned and taken back alike."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.customers.models import Customer, Note
from regulars.staff.models import User
from regulars.timeline.models import Mention
from tests.api import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def renee(make_customer: Any, ana: User) -> Customer:
    customer: Customer = make_customer("Renée Castellanos", owner=ana)
    return customer


@pytest.fixture
def at(renee: Customer) -> str:
    return f"/customers/{renee.public_id}/notes"


def test_a_note_is_written_and_read(api: Any, ana: User, cleo: User, at: str) -> None:
    body = {
        "text": "Likes **blue**, ask @Cleo Marsh",
        "type": "visit",
        "call_status": "reached",
        "pinned": True,
        "happened_at": "2026-11-20T10:00:00Z",
    }
    made = api(ana).post(at, body)
    assert made["text"] == body["text"]
    assert (made["type"], made["call_status"], made["details"]) == ("Visit", "reached", {})
    assert made["mentions"] == [{"id": cleo.pk, "name": "Cleo Marsh"}]
    assert made["author"] == {"id": ana.pk, "name": "Ana Ferreira"}
    assert made["pinned_by"]["name"] == "Ana Ferreira"
    assert (made["edited_at"], made["retracted_at"]) == (None, None)
    assert api(ana).get(f"{at}/{made['id']}") == made
    assert api(ana).get(at) == {"items": [made], "next": None}
    assert api(ana).get(at, pinned=True) == {"items": [made], "next": None}


def test_only_what_is_given_changes(api: Any, ana: User, at: str) -> None:
    made = api(ana).post(at, {"text": "One", "type": "Visit", "call_status": "busy"})
    one = f"{at}/{made['id']}"
    edited = api(ana).patch(one, {"text": "Two"})
    assert (edited["text"], edited["type"], edited["call_status"]) == ("Two", "Visit", "busy")
    assert edited["edited_by"]["name"] == "Ana Ferreira"
    assert api(ana).patch(one, {"type": None, "call_status": None})["type"] is None
    assert api(ana).patch(one, {"pinned": True})["pinned_at"]
    assert api(ana).patch(one, {"pinned": False})["pinned_at"] is None
    assert api(ana).patch(one, {})["text"] == "Two"
    gone = api(ana).patch(one, {"retracted": True})
    assert (gone["text"], gone["retracted_by"]["name"]) == ("", "Ana Ferreira")
    assert refused(api(ana).send("PATCH", one, {"text": "Back"}), 422)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": " "}, "text"),
        ({"text": "x" * 8_001}, "text"),
        ({"text": "x", "type": "Nonsense"}, "type"),
        ({"text": "x", "call_status": "spoke"}, "call_status"),
        ({"text": "x", "details": {"no such": "1"}}, "details"),
        ({"text": "x", "happened_at": "2199-01-01T00:00:00Z"}, "happened_at"),
        ({"text": "x", "pinned": "yes"}, "pinned"),
    ],
)
def test_what_is_wrong_is_said_by_field(
    api: Any, ana: User, at: str, body: dict[str, Any], field: str
) -> None:
    assert field in refused(api(ana).send("POST", at, body), 422)
    assert not Note.objects.exists()


def test_anothers_note_and_a_missing_one(api: Any, ana: User, cleo: User, at: str) -> None:
    made = api(ana).post(at, {"text": "Mine"})
    refused(api(cleo).send("PATCH", f"{at}/{made['id']}", {"text": "Ours"}), 403)
    assert api(cleo).patch(f"{at}/{made['id']}", {"pinned": True})["pinned_by"]["id"] == cleo.pk
    for pk in ("0", "999", "x", 2**63):
        refused(api(ana).send("GET", f"{at}/{pk}"), 404)
        refused(api(ana).send("PATCH", f"{at}/{pk}", {"pinned": True}), 404)


def test_what_is_no_note_is_none(api: Any, ana: User, renee: Customer, at: str) -> None:
    added = renee.events.get()
    refused(api(ana).send("GET", f"{at}/{added.pk}"), 404)
    refused(api(ana).send("PATCH", f"{at}/{added.pk}", {"retracted": True}), 404)


def test_the_same_origin_is_written_once(api: Any, ana: User, at: str) -> None:
    first = api(ana).post(at, {"text": "One", "origin": "17"})
    again = api(ana).post(at, {"text": "Two", "origin": "17"}, status=200)
    assert again == first


def test_pages_of_notes(api: Any, ana: User, renee: Customer, at: str) -> None:
    for n in range(5):
        api(ana).post(at, {"text": f"Note {n}"})
    first = api(ana).get(at, limit=3)
    rest = api(ana).get(at, limit=3, cursor=first["next"])
    assert [row["text"][-1] for row in first["items"] + rest["items"]] == list("43210")
    assert rest["next"] is None


def test_the_types_are_listed(api: Any, ana: User) -> None:
    assert [row["name"] for row in api(ana).get("/note-types")["items"]][:2] == ["General", "Call"]


# A note as an event.


def test_an_event_that_is_a_note_becomes_one(
    api: Any, ana: User, cleo: User, renee: Customer, at: str
) -> None:
    data = {"text": "@Cleo Marsh see this", "type": "meeting", "about": "visit", "system": 7}
    event = api(ana).post(
        f"/customers/{renee.public_id}/events", {"kind": "note.added", "data": data}
    )
    assert event["data"] == {
        **data, "type": "Meeting", "mentions": [{"id": cleo.pk, "name": "Cleo Marsh"}],
    }  # fmt: skip
    note = api(ana).get(f"{at}/{event['id']}")
    assert (note["text"], note["type"]) == (data["text"], "Meeting")
    assert Mention.objects.get().user == cleo


@pytest.mark.parametrize("data", [{}, {"text": ""}, {"text": 5}, {"text": " "}, {"about": "x"}])
def test_an_event_without_words_stays_what_it_is(
    api: Any, ana: User, renee: Customer, at: str, data: dict[str, Any]
) -> None:
    event = api(ana).post(
        f"/customers/{renee.public_id}/events", {"kind": "note.added", "data": data}
    )
    assert event["data"] == data
    assert not Note.objects.exists()
    assert api(ana).get(f"{at}/{event['id']}")["id"] == event["id"]


def test_a_program_cannot_claim_a_mention(
    api: Any, ana: User, cleo: User, renee: Customer, at: str
) -> None:
    said = {"text": "x", "mentions": [{"id": cleo.pk, "name": "Cleo Marsh"}]}
    body = {"kind": "note.added", "data": said}
    event = api(ana).post(f"/customers/{renee.public_id}/events", body)
    assert event["data"] == {"text": "x"}
    assert not Mention.objects.exists()
    many = api(ana).post("/events", [{**body, "customer": str(renee.public_id)}] * 1, status=200)
    pk = many["items"][0]["id"]
    assert api(ana).get(f"{at}/{pk}")["mentions"] == said["mentions"]
    assert not Mention.objects.exists()


def test_what_is_wrong_with_a_note_as_an_event_is_said(
    api: Any, ana: User, renee: Customer
) -> None:
    body = {"kind": "note.added", "data": {"text": "x", "type": "Nonsense"}}
    answer = api(ana).send("POST", f"/customers/{renee.public_id}/events", body)
    assert refused(answer, 422).keys() == {"data.type"}


def test_being_mentioned_is_unread(api: Any, ana: User, cleo: User, at: str) -> None:
    api(ana).post(at, {"text": "@Cleo Marsh"})
    customer = at.removesuffix("/notes")
    assert api(cleo).get(customer)["unread"] is True
    assert api(ana).get(customer)["unread"] is False
    assert len(api(cleo).get("/customers", filter="unread")["items"]) == 1
    assert len(api(ana).get("/customers", filter="unread")["items"]) == 0
