"""What a token's user may not see is nowhere: no list, search, filter, error, count or cursor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from regulars.customers import actions, rows
from regulars.customers.models import Customer
from regulars.staff.models import Role, User
from regulars.timeline.models import Event
from tests.api import Program, ok, refused

Api = Callable[[User | None], Program]
Make = Callable[..., Customer]
Happens = Callable[..., Event]

CANARY = "Kanarienvogel"
NUMBER = "+1 734 555 0199"


@pytest.fixture
def hers(make_customer: Make, happens: Happens, ana: User) -> Customer:
    """A customer of Ana's, with the canary in every text."""
    customer = make_customer(
        f"{CANARY} Moss",
        owner=ana,
        company=f"{CANARY} Ltd",
        source_other=CANARY,
        contacts=[
            {
                "first_name": CANARY,
                "title": CANARY,
                "email": f"{CANARY}@example.com",
                "phone": NUMBER,
            }
        ],
        locations=[{"name": CANARY, "line1": CANARY, "city": CANARY}],
        external_ids={"shop": CANARY},
    )
    happens(customer, "message.received", text=CANARY)
    return customer


def bodies(hers: Customer) -> list[tuple[str, str, Any]]:
    """Every operation that names a customer, as if it were one's own."""
    one = f"/customers/{hers.public_id}"
    note = {"kind": "note.added", "data": {"text": "x"}}
    return [
        ("GET", one, None),
        ("PATCH", one, {"type": "account"}),
        ("PATCH", one, {"first_name": 5}),
        ("DELETE", f"{one}?confirm={CANARY} Moss", None),
        ("POST", f"{one}/archive", None),
        ("POST", f"{one}/restore", None),
        ("POST", f"{one}/resolve", {"reason": "x"}),
        ("POST", f"{one}/resolve", None),
        ("PUT", f"{one}/owner", {"owner": None}),
        ("GET", f"{one}/events", None),
        ("POST", f"{one}/events", note),
        ("POST", f"{one}/events", {"kind": "moon.landed"}),
    ]


def test_a_foreign_customer_is_the_same_404_as_a_missing_one(
    ben: User, api: Api, hers: Customer
) -> None:
    _may_erase(ben)
    before = Customer.objects.values().get(pk=hers.pk), Event.objects.count()
    for method, path, body in bodies(hers):
        missing = path.replace(str(hers.public_id), str(uuid4()))
        for headers in ({}, {"If-Match": '"1"'}, {"If-None-Match": '"1"'}):
            for key in ("", uuid4().hex):
                one = api(ben).send(method, path, body, headers=headers, key=key)
                other = api(ben).send(method, missing, body, headers=headers, key=key)
                if one.status_code != 422:  # what is wrong with a body is said before who it is for
                    refused(one, 404)
                assert (one.status_code, one.content) == (other.status_code, other.content)
                assert dict(one.headers) == dict(other.headers)
                assert CANARY.encode() not in one.content
    assert (Customer.objects.values().get(pk=hers.pk), Event.objects.count()) == before


def _may_erase(user: User) -> None:
    role = Role.objects.get(pk=user.role_id)
    role.rights = {**role.rights, "erase": 2}
    role.save()


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"archived": "true"},
        {"sort": "waiting"},
        {"sort": "created"},
        {"sort": "name"},
        {"q": CANARY},
        {"q": f"{CANARY}@example.com"},
        {"q": "@example.com"},
        {"q": "7345550199"},
        {"q": "0199"},
        {"filter": "waiting"},
        {"filter": "unread"},
        {"filter": 'owner:"Ana Ferreira"'},
        {"filter": 'team:"North Sales" or not team:"North Sales"'},
        {"filter": "name:Moss"},
        {"filter": f'company:"{CANARY} Ltd"'},
        {"filter": "not type:account"},
        {"filter": '{"none": [{"field": "type", "value": ["account"]}]}'},
        {"filter": "everyone"},
    ],
    ids=str,
)
def test_no_list_search_or_filter_shows_it(
    ben: User, ana: User, ada: User, api: Api, hers: Customer, query: dict[str, Any]
) -> None:
    if query.get("archived"):
        actions.archive(hers, by=ada)
    answer = api(ben).send("GET", "/customers", **query)
    assert answer.json() == {"items": [], "next": None}  # type: ignore[attr-defined]
    assert CANARY in str(api(ada).get("/customers", **query))


def test_a_cursor_made_by_another_shows_nothing_more(
    ben: User, ada: User, api: Api, hers: Customer, make_customer: Make
) -> None:
    make_customer("Zoe Last", owner=ben)
    for sort in ("recent", "created", "name"):
        cursor = api(ada).get("/customers", sort=sort, limit=1)["next"]
        shown = api(ben).get("/customers", sort=sort, cursor=cursor)
        assert CANARY not in str(shown)


def test_an_event_of_a_foreign_customer_is_recorded_nowhere(
    ben: User, api: Api, hers: Customer
) -> None:
    note = {"kind": "note.added", "data": {}}
    sent = [
        {**note, "customer": str(hers.public_id)},
        {**note, "customer": str(uuid4())},
        {**note, "customer": {"system": "shop", "id": CANARY}},
        {**note, "customer": {"system": "shop", "id": "nothing"}},
    ]
    rows = api(ben).post("/events", sent, status=200)["items"]
    assert len({str((row["status"], row["id"], row["errors"])) for row in rows}) == 1
    assert not Event.objects.filter(kind="note.added").exists()


def test_a_foreign_external_id_is_taken_and_says_no_more(
    ben: User, api: Api, hers: Customer
) -> None:
    body = {"name": "Sam Poe", "external_ids": {"shop": CANARY}}
    answer = api(ben).send("POST", "/customers", body)
    assert refused(answer, 422) == {
        "external_ids.shop": f"“{CANARY}” already belongs to another customer"
    }
    assert b"Moss" not in answer.content


def test_nobodys_answer_depends_on_rights_they_lack(omar: User, api: Api, hers: Customer) -> None:
    """Marketing sees all and changes nothing."""
    for method, path, body in bodies(hers):
        answer = api(omar).send(method, path, body)
        if method == "GET":
            assert answer.status_code == 200
        elif answer.status_code != 422:
            refused(answer, 403)
            assert CANARY.encode() not in answer.content


def test_a_role_that_may_not_see_customers_sees_none(ana: User, api: Api, hers: Customer) -> None:
    role = Role.objects.get(pk=ana.role_id)
    role.rights = {**role.rights, "customers": 0}
    role.save()
    for method, path, body in [*bodies(hers), ("GET", "/customers", None), ("POST", "/events", [])]:
        answer = api(ana).send(method, path, body)
        if answer.status_code != 422:
            refused(answer, 403)
        assert CANARY.encode() not in answer.content


def test_whoever_hands_a_customer_away_sees_them_no_more(
    mia: User, ana: User, ben: User, ada: User, api: Api, make_customer: Make
) -> None:
    customer = make_customer("Rita Moss", owner=ana)
    path = f"/customers/{customer.public_id}"
    api(ana).get(path)
    api(ada).put(f"{path}/owner", {"owner": ben.pk})
    refused(api(ana).send("GET", path), 404)
    api(ben).get(path)


@pytest.mark.parametrize("what", ["merged", "erased"])
def test_who_is_merged_or_erased_while_they_are_read_is_found_where_they_are_now(
    what: str, ada: User, api: Api, make_customer: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = make_customer("Renée Roe", owner=ada), make_customer("R. Roe", owner=ada)
    load = rows.load
    met: list[Sequence[int]] = []

    def later(user: User, ids: Sequence[int], *, now: datetime) -> list[rows.Loaded]:
        if not met:
            met.append(ids)
            if what == "merged":
                actions.merge(other, [one], by=ada)
            else:
                actions.erase(one, confirm=one.name, by=ada)
        return load(user, ids, now=now)

    monkeypatch.setattr(rows, "load", later)
    answer = api(ada).send("GET", f"/customers/{one.public_id}")
    if what == "erased":
        assert answer.status_code == 404
    else:
        assert ok(answer, 200)["merged_into"] == str(other.public_id)
