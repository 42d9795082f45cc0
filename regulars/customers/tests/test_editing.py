"""What a fact is, how it is read, and what a contact or place is with one fact changed."""

from __future__ import annotations

import pytest

from regulars.customers import editing, facts
from regulars.customers.editing import At, Kind
from regulars.customers.editing.sheet import SHEET, spoken
from regulars.lib.errors import Invalid


def at(key: str) -> At:
    found = editing.parse(key)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "key", ["type", "contact:12:role", "email:3:address", "phone:9:number", "location:5:city"]
)
def test_a_key_names_a_fact_and_is_its_name_again(key: str) -> None:
    assert at(key).key == key


@pytest.mark.parametrize(
    "key",
    [
        "", "name", "version", "owner", "Type", "contact:12", "contact:0:role", "contact:x:role",
        "contact:12:is_primary", "contact:12:customer", "email:3:consent", "customer:1:type",
        "contact:99999999999999999999:role", "contact:١٢:role", "location:5:", "type\n",
    ],
)  # fmt: skip
def test_what_is_no_fact_has_no_key(key: str) -> None:
    assert editing.parse(key) is None


@pytest.mark.parametrize(
    ("key", "said", "kept"),
    [
        ("first_name", "  Renée\t ", "Renée"),
        ("company", "", ""),
        ("type", "account", "account"),
        ("group", " 7 ", "7"),
        ("group", "", ""),
        ("source", "walk_in", "walk_in"),
        ("source", "", ""),
        ("source", "other: Trade  fair", "other:Trade fair"),
        ("source", "other:a:b", "other:a:b"),
        ("contact:1:language", "spanish", "es"),
        ("contact:1:time_zone", "america/detroit", "America/Detroit"),
        ("contact:1:birthday", "May 4", "--05-04"),
        ("contact:1:about", "two girls\r\nrides a Ducati\n", "two girls\nrides a Ducati"),
        ("contact:1:primary", "on", "yes"),
        ("contact:1:primary", "", ""),
        ("contact:1:email", "<a@b.example>", "a@b.example"),
        ("contact:1:phone", "734 555 0162", "734 555 0162"),
        ("email:1:address", "mailto:a@b.example", "a@b.example"),
        ("email:1:address", "  ", ""),
        ("email:1:label", "Work", "Work"),
        ("email:1:status", "bounced", "bounced"),
        ("email:1:position", "007", "7"),
        ("phone:1:number", "", ""),
        ("phone:1:status", "ok", "ok"),
        ("location:1:country", "us", "US"),
        ("location:1:country", " canada ", "CA"),
        ("location:1:kind", "billing", "billing"),
    ],
)
def test_what_is_typed_is_read_as_it_is_kept(key: str, said: str, kept: str) -> None:
    assert editing.read(at(key), said) == kept


@pytest.mark.parametrize(
    ("key", "said", "sentence"),
    [
        ("first_name", "x" * 101, "This is longer than 100 characters"),
        ("type", "king", "Choose one of the list"),
        ("type", "", "Choose one"),
        ("group", "Standard", "Choose one of the list"),
        ("group", "9" * 19, "Choose one of the list"),
        ("group", "١", "Choose one of the list"),
        ("source", "radio", "Choose one of the list"),
        ("source", "other", "Say which other source"),
        ("source", "other:" + "x" * 101, "This is longer than 100 characters"),
        ("contact:1:language", "Klingonish", "is no language we know"),
        ("contact:1:time_zone", "Detroit", "is no time zone"),
        ("contact:1:birthday", "soon", "This is no day we can read"),
        ("contact:1:about", "x" * 2001, "This is longer than 2,000 characters"),
        ("contact:1:email", "nonsense", "is not an email address"),
        ("contact:1:phone", "12", "is not a phone number"),
        ("email:1:address", "a@b", "is not an email address"),
        ("email:1:label", "x" * 41, "This is longer than 40 characters"),
        ("email:1:status", "", "Choose one"),
        ("email:1:position", "-1", "a place in the list"),
        ("phone:1:number", "x" * 61, "This is longer than 60 characters"),
        ("location:1:country", "Atlantis", "is no country we know"),
        ("location:1:kind", "castle", "Choose one of the list"),
    ],
)
def test_a_mistake_is_refused_in_a_sentence(key: str, said: str, sentence: str) -> None:
    with pytest.raises(Invalid) as no:
        editing.read(at(key), said)
    assert sentence in no.value.errors["value"]


@pytest.mark.parametrize("of", SHEET)
def test_any_text_is_read_or_refused_and_reading_twice_changes_nothing(of: str) -> None:
    for name in SHEET[of]:
        key = name if of == "customer" else f"{of}:1:{name}"
        for said in ("", "x", "\x00", "’; --", "a" * 5_000, "١٢", "yes", "0", "-0", "🙂", "\ud800"):
            try:
                kept = editing.read(at(key), said)
            except Invalid as no:
                assert list(no.errors) == ["value"]  # noqa: PT017
            else:
                assert editing.same(editing.read(at(key), kept), kept) or not kept


CONTACT = facts.ContactFacts(
    "Mateo",
    emails=(
        facts.EmailFacts("a@b.example", status="bounced", consent="express", id=1),
        facts.EmailFacts("c@d.example", status="unsubscribed", consent="withdrawn", id=2),
    ),
    id=9,
)


def test_another_address_keeps_its_row_and_a_refusal_but_not_what_was_of_the_old_one() -> None:
    first, second = editing.contact_with(CONTACT, at("email:1:address"), "new@b.example").emails
    assert (first.id, first.address, first.consent, first.status) == (
        1, "new@b.example", "unknown", "unknown",
    )  # fmt: skip
    assert second == CONTACT.emails[1]
    moved = editing.contact_with(CONTACT, at("email:2:address"), "new@d.example").emails[1]
    assert (moved.status, moved.consent) == ("unsubscribed", "withdrawn")
    louder = editing.contact_with(CONTACT, at("email:1:address"), "A@b.example").emails[0]
    assert (louder.status, louder.consent) == ("bounced", "express")


@pytest.mark.parametrize(
    ("key", "value", "order"),
    [
        ("email:2:position", "0", [2, 1]),
        ("email:1:position", "9", [2, 1]),
        ("email:1:position", "0", [1, 2]),
        ("email:1:address", "", [2]),
        ("contact:9:email", "n@b.example", [1, 2, None]),
        ("contact:9:email", "", [1, 2]),
    ],
)
def test_rows_come_move_and_go(key: str, value: str, order: list[int | None]) -> None:
    assert [e.id for e in editing.contact_with(CONTACT, at(key), value).emails] == order


def test_the_timeline_names_a_fact_and_whose_it_is() -> None:
    assert spoken(at("contact:1:role").fact, "Mateo") == "role of Mateo"
    assert spoken(at("contact:1:email").fact, "Mateo") == "emails of Mateo"
    assert spoken(at("location:1:postal_code").fact) == "ZIP or postal code"
    assert spoken(at("type").fact) == "type"


def test_every_fact_has_words_and_a_place() -> None:
    for facts_ in SHEET.values():
        for name, fact in facts_.items():
            assert fact.label
            assert fact.name == name
            assert (fact.kind is Kind.CHOICE) == bool(fact.choices or fact.offers)
