"""Changes of a customer, and the record as it was, for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulars.customers import actions, facts
from regulars.customers.models import Customer, CustomField, Phone
from regulars.lib import clock
from regulars.staff.models import User
from tests.api import Program, refused
from tests.cast import MakeCustomer

Programs = Callable[[User], Program]


def every(program: Program, customer: Customer, **query: Any) -> Iterator[Any]:
    """All the changes, page by page."""
    cursor: dict[str, str] = {}
    while True:
        page = program.get(f"/customers/{customer.public_id}/history", **query, **cursor)
        assert len(page["items"]) <= query.get("limit", 50)
        yield from page["items"]
        if not page["next"]:
            return
        cursor = {"cursor": page["next"]}


@pytest.fixture
def northwind(make_customer: MakeCustomer, mia: User) -> Customer:
    return make_customer(
        "",
        company="Northwind",
        by=mia,
        owner=mia,
        tags=["VIP", "Net 30"],
        contacts=[{"first_name": "Amy", "email": "amy@nw.example", "phone": "734 555 0162"}],
    )


@pytest.mark.django_db
def test_a_change_says_who_how_what_it_was_and_is(
    api: Programs, northwind: Customer, mia: User
) -> None:
    api(mia).patch(f"/customers/{northwind.public_id}", {"company": "Northwind Ltd"})
    newest = next(c for c in every(api(mia), northwind) if c["did"] == "changed")
    assert newest["who"] == {"id": mia.pk, "name": "Mia Hollander"}
    assert (newest["how"], newest["did"]) == ("api", "changed")
    assert newest["part"] == {"kind": "customer", "id": northwind.pk, "name": "", "of": ""}
    assert [newest[key] for key in ("field", "label", "old", "new")] == [
        "company", "Company", "Northwind", "Northwind Ltd",
    ]  # fmt: skip


@pytest.mark.django_db
def test_every_field_of_every_part_is_told_on_pages_of_any_size(
    api: Programs, northwind: Customer, mia: User
) -> None:
    Phone.objects.filter(customer=northwind).update(label="Work")
    with_tags = {(c["part"]["kind"], c["field"], c["new"]) for c in every(api(mia), northwind)}
    assert {
        ("customer", "company", "Northwind"),
        ("customer", "owner", "Mia Hollander"),
        ("contact", "first_name", "Amy"),
        ("email", "address", "amy@nw.example"),
        ("phone", "label", "Work"),
        ("tagging", "tag", "VIP"),
    } <= with_tags
    whole = list(every(api(mia), northwind, limit=200))
    for limit in (1, 2, 3):
        assert list(every(api(mia), northwind, limit=limit)) == whole
    raw = next(c for c in whole if c["field"] == "label")
    assert (raw["part"]["of"], raw["part"]["name"]) == ("Amy", "734 555 0162")


@pytest.mark.django_db
def test_one_part_alone(api: Programs, northwind: Customer, mia: User) -> None:
    assert {c["part"]["kind"] for c in every(api(mia), northwind, part="tagging")} == {"tagging"}
    answer = api(mia).send("GET", f"/customers/{northwind.public_id}/history", part="secrets")
    assert "one of customer, contact" in refused(answer, 422)["part"]


@pytest.mark.django_db
def test_a_deleted_tag_keeps_its_name(api: Programs, northwind: Customer, mia: User) -> None:
    northwind.tags.get(name="VIP").delete()
    (gone,) = [c for c in every(api(mia), northwind, part="tagging") if c["did"] == "removed"]
    assert (gone["old"], gone["new"]) == ("VIP", None)


@pytest.mark.django_db
def test_a_customer_one_may_not_see_has_no_name(
    api: Programs, northwind: Customer, make_customer: MakeCustomer, mia: User, ben: User
) -> None:
    secret = make_customer("Canary Secret", owner=ben)
    Customer.objects.get_queryset().filter(pk=northwind.pk).update(referred_by=secret)
    told = str(list(every(api(mia), northwind)))
    assert "Canary" not in told
    assert "one that is gone" in told


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/customers/{}/history", "/customers/{}?as_of=2026-01-01"])
def test_a_foreign_customer_is_a_missing_one(
    api: Programs, northwind: Customer, ben: User, path: str
) -> None:
    foreign = api(ben).send("GET", path.format(northwind.public_id))
    missing = api(ben).send("GET", path.format("0199d3a0-0000-7000-8000-000000000000"))
    assert refused(foreign, 404) == refused(missing, 404)
    assert foreign.content == missing.content


@pytest.mark.django_db
@pytest.mark.parametrize(
    "cursor", ["x", "e30", "WyIyMDI2LTAxLTAxVDAwOjAwOjAwKzAwOjAwIiwxXQ", "\x00"]
)
def test_a_made_up_cursor_is_refused(
    api: Programs, northwind: Customer, mia: User, cursor: str
) -> None:
    answer = api(mia).send("GET", f"/customers/{northwind.public_id}/history", cursor=cursor)
    assert "cursor" in refused(answer, 422)


@pytest.mark.django_db(transaction=True)
def test_the_record_as_it_was(api: Programs, northwind: Customer, mia: User) -> None:
    path = f"/customers/{northwind.public_id}"
    CustomField.objects.create(key="size", label="Size", kind="number")
    CustomField.objects.create(key="since", label="Since", kind="date")
    told = {"custom": {"size": 12.5, "since": "2024-05-04"}, "category": None}
    before, then = api(mia).patch(path, told), clock.now()
    assert before["custom"] == told["custom"]
    given = {"company": "Southwind", "tags": ["New"], "owner": None, "external_ids": {"dms": "1"},
             "contacts": [{"first_name": "Bo", "phone": "734 555 0163"}],
             "locations": [{"line1": "1 A St"}], "custom": {"size": None}}  # fmt: skip
    api(mia).patch(path, given)
    was = api(mia).get(path, as_of=then.isoformat())
    assert datetime.fromisoformat(was.pop("as_of")) == then
    assert was.pop("consents_ended") == []
    assert was == {key: before[key] for key in was} | {"created_at": was["created_at"]}
    changed_at = next(every(api(mia), northwind))["at"]
    now = api(mia).get(path, as_of=changed_at)
    assert (now["company"], now["owner"], now["tags"]) == ("Southwind", None, ["New"])
    assert [c["first_name"] for c in now["contacts"]] == ["Bo"]
    assert now["custom"] == {"since": "2024-05-04"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("yesterday", "Write a day or a time"),
        ("2026-11-32", "Write a day or a time"),
        ("\x00", "character that cannot be kept"),
        ("9999-12-31", "future"),
        ("1950-01-01", "Nothing is known of this customer before 20"),
    ],
)
def test_an_instant_that_cannot_be_answered_is_refused(
    api: Programs, northwind: Customer, mia: User, said: str, sentence: str
) -> None:
    answer = api(mia).send("GET", f"/customers/{northwind.public_id}", as_of=said)
    assert sentence in refused(answer, 422)["as_of"]


@pytest.mark.django_db(transaction=True)
def test_while_they_were_one_with_somebody_else_it_is_that_record(
    api: Programs, northwind: Customer, make_customer: MakeCustomer, mia: User
) -> None:
    north_wind = make_customer("North Wind", owner=mia)
    merge = actions.merge(north_wind, [northwind], by=mia)
    one = clock.now().isoformat()
    actions.undo_merge(merge, by=mia)
    apart = clock.now().isoformat()
    path = f"/customers/{northwind.public_id}"
    found = api(mia).get(path, as_of=one)
    assert found["merged_into"] == found["id"] == str(north_wind.public_id)
    assert "amy@nw.example" in str(found["contacts"])
    assert "merged_into" not in api(mia).get(path, as_of=apart)
    assert "merged_into" not in api(mia).get(f"/customers/{north_wind.public_id}", as_of=one)


@pytest.mark.django_db(transaction=True)
def test_of_a_chain_it_is_the_record_of_that_day(
    api: Programs, northwind: Customer, make_customer: MakeCustomer, mia: User
) -> None:
    second, third = (make_customer(name, owner=mia) for name in ("Second", "Third"))
    actions.merge(second, [northwind], by=mia)
    one = clock.now().isoformat()
    actions.merge(third, [second], by=mia)
    path = f"/customers/{northwind.public_id}"
    assert api(mia).get(path, as_of=one)["merged_into"] == str(second.public_id)
    now = api(mia).get(path, as_of=clock.now().isoformat())
    assert now["merged_into"] == str(third.public_id)


@pytest.mark.django_db(transaction=True)
def test_whom_they_were_one_with_is_not_told_to_who_may_not_see_them(
    api: Programs, make_customer: MakeCustomer, ana: User, ben: User
) -> None:
    mine, foreign = make_customer("Mine", owner=ana), make_customer("Foreign Fred", owner=ben)
    merge = actions.merge(foreign, [mine], by=None)
    then = clock.now().isoformat()
    actions.undo_merge(merge, by=None)
    answer = api(ana).send("GET", f"/customers/{mine.public_id}", as_of=then)
    assert refused(answer, 422)["as_of"] == "They were one with another customer then"


@pytest.mark.django_db
def test_a_plus_that_became_a_space_is_understood(
    api: Programs, northwind: Customer, mia: User
) -> None:
    later = quote((clock.now() - timedelta(seconds=1)).isoformat(), safe="+:")
    answer = api(mia).send("GET", f"/customers/{northwind.public_id}?as_of={later}")
    assert answer.status_code in (200, 422)
    assert b"Write a day" not in answer.content


@pytest.mark.django_db
def test_it_takes_few_statements_however_long_the_history(
    api: Programs, northwind: Customer, mia: User
) -> None:
    program = api(mia)
    program.get(f"/customers/{northwind.public_id}/history")
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            program.get(f"/customers/{northwind.public_id}/history", limit=200)
        counts.append(len(asked))
        for n in range(30):
            read = facts.clean({"company": f"N{n}"})
            actions.change(northwind, read, by=mia, fields=["company"])
    assert counts[0] == counts[1] <= 8


@pytest.mark.django_db
def test_what_was_removed_is_brought_back(api: Programs, northwind: Customer, mia: User) -> None:
    mias = api(mia)
    before = mias.get(f"/customers/{northwind.public_id}")["contacts"]
    mias.patch(f"/customers/{northwind.public_id}", {"contacts": [{"first_name": "Bo"}]})
    gone = next(c for c in every(mias, northwind, part="contact") if c["did"] == "removed")
    there = f"/customers/{northwind.public_id}/history/{gone['act']}/bring-back"
    back = mias.post(there, status=200)["contacts"]
    assert [c["first_name"] for c in back] == ["Amy", "Bo"]
    assert back[0] == before[0]
    assert refused(mias.send("POST", there), 422) == {"act": "There is nothing to bring back"}
