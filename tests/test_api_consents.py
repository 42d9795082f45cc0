"""Consent for programs: evidence is read and added to, and a list of contacts leaves some."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from regulars.customers.models import ConsentRecord, Customer
from regulars.lib import clock
from regulars.staff.models import User
from tests.api import Program, refused

Api = Callable[[User | None], Program]


@pytest.fixture
def rita(make_customer: Callable[..., Customer], ana: User) -> Customer:
    return make_customer("Rita Moss", owner=ana, email="Rita@Example.com", phone="734 555 0142")


def test_evidence_is_recorded_read_and_takes_effect(ana: User, api: Api, rita: Customer) -> None:
    said = {
        "channel": "email",
        "address": "rita@EXAMPLE.com",
        "kind": "implied",
        "basis": "inquiry",
        "basis_on": "2026-08-31",
        "wording": "May we write to you?",
        "method": "web_form",
        "place": "https://shop.example/contact",
        "ip": "2001:DB8::7",
    }
    made = api(ana).post(f"/customers/{rita.public_id}/consents", said)
    assert made["address"] == "rita@example.com"
    assert made["expires_on"] == "2027-02-28"
    assert made["ip"] == "2001:db8::7"
    assert made["by"]["name"] == "Ana Ferreira"
    number = {"channel": "text", "address": "(734) 555-0142", "kind": "withdrawn"}
    assert api(ana).post(f"/customers/{rita.public_id}/consents", number)["method"] == "api"
    found = api(ana).get(f"/customers/{rita.public_id}/consents")
    assert [row["kind"] for row in found["items"]] == ["withdrawn", "implied"]
    contact = api(ana).get(f"/customers/{rita.public_id}")["contacts"][0]
    email, phone = contact["emails"][0], contact["phones"][0]
    assert (email["consent"], email["consent_basis"]) == ("implied", "inquiry")
    assert (email["consent_until"], email["consent_at"][:10]) == ("2027-02-27", "2026-08-31")
    assert (phone["text_consent"], phone["call_consent"]) == ("withdrawn", "unknown")


def test_evidence_is_paged(ana: User, api: Api, rita: Customer) -> None:
    at = f"/customers/{rita.public_id}/consents"
    for _ in range(5):
        api(ana).post(at, {"channel": "email", "address": "rita@example.com", "kind": "express"})
    first = api(ana).get(at, limit=3)
    second = api(ana).get(at, limit=3, cursor=first["next"])
    ids = [row["id"] for row in first["items"] + second["items"]]
    assert len(ids) == 5
    assert ids == sorted(ids, reverse=True)
    assert second["next"] is None
    assert "cursor" in refused(api(ana).send("GET", at, cursor="nonsense"), 422)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "unknown"}, "kind"),
        ({"kind": "implied"}, "basis"),
        ({"kind": "implied", "basis": "purchase"}, "basis_on"),
        ({"kind": "implied", "basis": "other", "basis_on": "2026-01-01"}, "basis_note"),
        ({"basis_on": "2026-02-30"}, "basis_on"),
        ({"address": "nobody@example.com"}, "address"),
        ({"address": "\x00"}, "address"),
        ({"channel": "text"}, "address"),
        ({"channel": "pigeon"}, "channel"),
        ({"ip": "fe80::1%eth0"}, "ip"),
        ({"ip": "somewhere"}, "ip"),
        ({"happened_at": "2126-01-01T00:00:00Z"}, "happened_at"),
        ({"happened_at": "yesterday"}, "happened_at"),
        ({"wording": "x" * 2_001}, "wording"),
    ],
)
def test_what_is_no_evidence_is_refused_by_field(
    ana: User, api: Api, rita: Customer, change: dict[str, Any], field: str
) -> None:
    said = {"channel": "email", "address": "rita@example.com", "kind": "express"} | change
    answer = api(ana).send("POST", f"/customers/{rita.public_id}/consents", said)
    assert field in refused(answer, 422)
    assert not ConsentRecord.objects.exists()


def test_a_foreign_customers_evidence_is_missing(
    ben: User, omar: User, api: Api, rita: Customer
) -> None:
    said = {"channel": "email", "address": "rita@example.com", "kind": "express"}
    for pk in (rita.public_id, uuid4()):
        refused(api(ben).send("GET", f"/customers/{pk}/consents"), 404)
        refused(api(ben).send("POST", f"/customers/{pk}/consents", said), 404)
    refused(api(omar).send("POST", f"/customers/{rita.public_id}/consents", said), 403)


def test_a_list_of_contacts_leaves_evidence_once(ana: User, api: Api) -> None:
    at = (clock.now() - timedelta(days=30)).isoformat()
    email = {"address": "r@example.com", "consent": "express", "consent_at": at}
    made = api(ana).post("/customers", {"name": "Rita Moss", "contacts": [{"emails": [email]}]})
    record = ConsentRecord.objects.get()
    assert (record.method, record.by, record.wording) == ("api", ana, "")
    assert record.happened_at.isoformat() == at
    answered = made["contacts"]
    api(ana).patch(f"/customers/{made['id']}", {"contacts": answered})
    api(ana).patch(f"/customers/{made['id']}", {"contacts": [{"emails": [email]}]})
    assert ConsentRecord.objects.count() == 1
    again = {"address": "r@example.com", "consent": "withdrawn"}
    body = api(ana).patch(f"/customers/{made['id']}", {"contacts": [{"emails": [again]}]})
    assert body["contacts"][0]["emails"][0]["consent"] == "withdrawn"
    assert [r.kind for r in ConsentRecord.objects.order_by("pk")] == ["express", "withdrawn"]


def test_an_email_without_a_word_is_not_recorded(ana: User, api: Api) -> None:
    made = api(ana).post("/customers", {"name": "Rita Moss", "email": "r@example.com"})
    assert made["contacts"][0]["emails"][0]["consent"] == "unknown"
    assert not ConsentRecord.objects.exists()


def test_the_evidence_as_of_a_moment_is_what_was_recorded_by_then(
    api: Api, rita: Customer, ana: User
) -> None:
    path, start = f"/customers/{rita.public_id}/consents", clock.now() - timedelta(hours=2)
    said = {"channel": "email", "address": "rita@example.com"}
    with clock.at(start):
        api(ana).post(path, {**said, "kind": "express"})
    api(ana).post(path, {**said, "kind": "withdrawn"})
    then = (start + timedelta(hours=1)).isoformat()
    assert [one["kind"] for one in api(ana).get(path, as_of=then)["items"]] == ["express"]
    assert [one["kind"] for one in api(ana).get(path)["items"]] == ["withdrawn", "express"]
    assert "as_of" in refused(api(ana).send("GET", path, as_of="yesteryear"), 422)
