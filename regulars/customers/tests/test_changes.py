"""What rows of history say, row by row; no database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from regulars.customers.history.changes import Act, Change, Names, Written, acts
from regulars.customers.history.parts import parts

AT = "2026-11-23T14:30:00+00:00"
NAMES: Names = {
    ("staff.user", 1): "Ana Ferreira",
    ("staff.user", 2): "Ben Castillo",
    ("staff.store", 5): "Marlow North",
    ("customers.group", 3): "Business",
    ("customers.tag", 9): "VIP",
    ("customers.contact", 40): "Amy Adams",
}
EMAIL = {"address": "amy@nw.example", "contact_id": 40, "customer_id": 7, "consent": "unknown"}
CONTACT = {"first_name": "Amy", "last_name": "Adams", "customer_id": 7, "is_primary": False}
PLACE = {"name": "", "line1": "1 A St", "city": "Ann Arbor", "customer_id": 7}


def row(
    label: str, columns: dict[str, Any], *, act: str | None = "a", at: str = AT, **more: Any
) -> Any:
    said = {"pgh_label": label, "pgh_created_at": at, "pgh_context_id": act, "pgh_id": 1}
    return {**said, "pgh_obj_id": 70, "pgh_context": {"user": 1}, "id": 7, **columns, **more}


def told(*written: Written) -> list[Act]:
    return acts(written, parts(), NAMES)


def only(*written: Written) -> Change:
    (act,) = told(*written)
    (change,) = act.changes
    return change


def update(part: str, columns: dict[str, Any], **changed: Any) -> Written:
    return Written(part, row("update", {**columns, **changed}), row("insert", columns))


@pytest.mark.parametrize(
    ("part", "columns", "changed", "label", "was", "is_now"),
    [
        ("customer", {"company": ""}, {"company": "NW"}, "Company", "", "NW"),
        ("customer", {"type": "lead"}, {"type": "account"}, "Type", "Lead", "Account"),
        ("customer", {"owner_id": 1}, {"owner_id": 2}, "Owner", "Ana Ferreira", "Ben Castillo"),
        ("customer", {"owner_id": 2}, {"owner_id": None}, "Owner", "Ben Castillo", ""),
        ("customer", {"store_id": None}, {"store_id": 5}, "Store", "", "Marlow North"),
        ("customer", {"group_id": 8}, {"group_id": 3}, "Group", "one that is gone", "Business"),
        ("customer", {"archived_at": None}, {"archived_at": AT}, "Archived", "",
         datetime(2026, 11, 23, 14, 30, tzinfo=UTC)),
        ("contact", CONTACT, {"is_primary": True}, "Primary", "No", "Yes"),
        ("contact", CONTACT, {"title": "Buyer"}, "Title", "", "Buyer"),
        ("email", EMAIL, {"consent": "express", "consent_at": AT}, "Consent", "Not recorded",
         "Express"),
        ("email", EMAIL, {"consent_until": "2027-01-02"}, "Consent until", "", date(2027, 1, 2)),
        ("email", EMAIL, {"consent_at": AT}, "Consent since", "",
         datetime(2026, 11, 23, 14, 30, tzinfo=UTC)),
        ("phone", {"typed": "1"}, {"typed": "2", "digits": "2"}, "Number", "1", "2"),
        ("location", PLACE, {"kind": "billing"}, "Kind", "", "Billing"),
        ("externalid", {"system": "dms", "value": "1"}, {"value": "2"}, "Value", "1", "2"),
    ],
)  # fmt: skip
def test_a_field_says_what_it_was_and_is(
    part: str, columns: dict[str, Any], changed: dict[str, Any], label: str, was: Any, is_now: Any
) -> None:
    (field,) = only(update(part, {"contact_id": 40, **columns}, **changed)).fields
    assert (field.label, field.was, field.is_now) == (label, was, is_now)


@pytest.mark.parametrize(
    ("part", "changed"),
    [
        ("customer", {"sort_name": "x"}),
        ("customer", {"name": "x", "is_company": True}),
        ("email", {"normal": "x", "position": 3}),
        ("phone", {"e164": "+1", "digits": "1"}),
        ("location", {"normal": "x", "latitude": "1.5"}),
        ("tagging", {"added_at": AT, "added_by_id": 1}),
    ],
)
def test_what_follows_from_something_else_is_not_told(part: str, changed: dict[str, Any]) -> None:
    assert told(update(part, {"contact_id": 40, "tag_id": 9}, **changed)) == []


@pytest.mark.parametrize(
    ("part", "columns", "title", "of"),
    [
        ("contact", CONTACT, "Amy Adams", ""),
        ("email", EMAIL, "amy@nw.example", "Amy Adams"),
        ("phone", {"typed": "734 555", "contact_id": 41}, "734 555", ""),
        ("location", PLACE, "1 A St", ""),
        ("location", {**PLACE, "name": "Dock"}, "Dock", ""),
        ("location", {}, "", ""),
        ("tagging", {"tag_id": 9}, "VIP", ""),
        ("tagging", {"tag_id": 10}, "one that is gone", ""),
        ("externalid", {"system": "dms", "value": "1"}, "dms", ""),
        ("customer", {"first_name": "Rita"}, "", ""),
    ],
)
@pytest.mark.parametrize(("label", "did"), [("insert", "added"), ("delete", "removed")])
def test_a_row_that_comes_or_goes_is_called_by_its_name(
    part: str, columns: dict[str, Any], title: str, of: str, label: str, did: str
) -> None:
    found = only(Written(part, row(label, {"contact_id": 40, **columns})))
    assert (found.title, found.of, found.did) == (title, of, did)


def test_a_new_row_tells_what_it_says_and_nothing_that_every_new_one_says() -> None:
    new = {**EMAIL, "label": "Work", "status": "unknown", "position": 0}
    fields = only(Written("email", row("insert", new))).fields
    assert [(f.key, f.old, f.new, f.is_title) for f in fields] == [
        ("label", None, "Work", False),
        ("address", None, "amy@nw.example", True),
    ]


def test_what_was_there_when_history_began_was_found() -> None:
    assert only(Written("contact", row("snapshot", CONTACT))).did == "found"
    assert told(Written("contact", row("snapshot", CONTACT)))[0].is_snapshot


def test_what_an_act_wrote_twice_is_told_once() -> None:
    first, second = {**CONTACT, "title": "A"}, {**CONTACT, "title": "B", "is_primary": True}
    newest = Written("contact", row("update", second, pgh_id=3), row("update", first))
    older = Written("contact", row("update", first, pgh_id=2), row("insert", CONTACT))
    assert {f.key: (f.was, f.is_now) for f in only(newest, older).fields} == {
        "title": ("", "B"),
        "is_primary": ("No", "Yes"),
    }


def test_what_came_and_went_in_one_act_never_was() -> None:
    came = Written("contact", row("insert", CONTACT, pgh_id=1))
    assert told(Written("contact", row("delete", CONTACT, pgh_id=2)), came) == []


def test_what_went_there_and_back_is_no_change() -> None:
    there = {**CONTACT, "title": "A"}
    back = Written("contact", row("update", CONTACT, pgh_id=3), row("update", there))
    forth = Written("contact", row("update", there, pgh_id=2), row("insert", CONTACT))
    assert told(back, forth) == []


def test_acts_are_told_apart_by_their_reason_and_their_moment() -> None:
    def change(act: str, at: str, user: int | None) -> Written:
        why = {"user": user, "how": "import", "batch": 4}
        written = row("update", {**CONTACT, "title": at}, act=act, at=at, pgh_context=why)
        return Written("contact", written, row("insert", CONTACT))

    later = "2026-11-23T14:31:00+00:00"
    found = told(change("c", later, 2), change("b", later, None), change("b", AT, None))
    assert [(a.key, a.user, a.how, a.why["batch"]) for a in found] == [
        ("c", 2, "import", 4),
        ("b", None, "import", 4),
        ("b", None, "import", 4),
    ]


def test_a_write_past_everything_has_nobody_and_no_reason() -> None:
    written = row("update", {**CONTACT, "title": "A"}, act=None, pgh_context=None)
    (act,) = told(Written("contact", written, row("insert", CONTACT)))
    assert (act.key, act.user, act.how) == ("", None, "")


def test_a_new_name_is_told_once_though_a_person_is_their_own_contact() -> None:
    person = {"first_name": "Rita", "last_name": "Moss"}
    theirs = Written(
        "contact",
        row("update", {**person, "first_name": "Rhea", "title": "Dr"}, pgh_obj_id=40),
        row("insert", person, pgh_obj_id=40),
    )
    (act,) = told(update("customer", person, first_name="Rhea"), theirs)
    assert [(c.part.key, [f.key for f in c.fields]) for c in act.changes] == [
        ("customer", ["first_name"]),
        ("contact", ["title"]),
    ]


def test_what_came_from_another_customer_was_added_here() -> None:
    before = row("insert", {**CONTACT, "customer_id": 6})
    assert only(Written("contact", row("update", CONTACT), before)).did == "added"


def test_a_number_of_nought_is_a_value() -> None:
    from regulars.customers.history.changes import plain, said
    from regulars.customers.history.parts import Column

    column = Column("rate", "rate", "Rate")
    assert (said(column, 0, {}), plain(column, 0, {})) == ("0", 0)
    assert said(column, {"a": [1]}, {}) == '{"a": [1]}'
