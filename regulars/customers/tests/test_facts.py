"""What is said about a customer is cleaned, or refused by field with everything at once."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.customers import facts
from regulars.customers.models import Consent, CustomerType, Source, Status
from regulars.lib.errors import Invalid


@pytest.mark.parametrize(
    ("raw", "name", "is_company"),
    [
        ({"name": "Renée Castellanos"}, "Renée Castellanos", False),
        ({"first_name": "Renée"}, "Renée", False),
        ({"last_name": "Castellanos"}, "Castellanos", False),
        ({"company": "Northwind"}, "Northwind", True),
        ({"name": "Northwind", "company": "Northwind"}, "Northwind", True),
        ({"name": "Renée Castellanos", "company": "Northwind"}, "Renée Castellanos", False),
        ({"first_name": "Renée", "company": "Northwind"}, "Renée", False),
        ({"contacts": [{"first_name": "Renée"}]}, "Renée", False),
        ({"company": "Northwind", "contacts": [{"first_name": "Renée"}]}, "Northwind", True),
        ({"name": "  Antonio \t Moreno\nTaquería "}, "Antonio Moreno Taquería", False),
        ({"name": "Rene\u0301e"}, "Renée", False),
    ],
)
def test_a_name_is_all_that_is_needed(raw: dict[str, Any], name: str, is_company: bool) -> None:
    read = facts.clean(raw)
    assert read.name == name
    assert read.is_company is is_company


@pytest.mark.parametrize("raw", [{}, {"name": " "}, {"email": "a@b.example"}])
def test_without_a_name_it_is_refused(raw: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as no:
        facts.clean(raw)
    assert "name" in no.value.errors


def test_a_name_that_is_too_long_to_split_is_kept_whole() -> None:
    long = "x" * 120 + " Castellanos"
    assert facts.clean({"name": long}).name == long


def test_a_single_name_is_split_at_its_last_space() -> None:
    read = facts.clean({"name": "Ana Maria de Souza"})
    assert (read.first_name, read.last_name) == ("Ana Maria de", "Souza")
    assert read.sort_name == "souza ana maria de"


def test_every_problem_is_said_at_once_under_its_path() -> None:
    with pytest.raises(Invalid) as no:
        facts.clean(
            {
                "type": "king",
                "source": "telepathy",
                "email": "not an address",
                "tags": "VIP",
                "contacts": [{"phone": "none"}, {"emails": [{"address": "@"}]}, "Renée"],
                "locations": [{"country": "Absurdistan"}],
                "external_ids": ["dms"],
            }
        )
    assert set(no.value.errors) == {
        "type",
        "source",
        "email",
        "tags",
        "contacts.0.phone",
        "contacts.1.emails.0.address",
        "contacts.2",
        "locations.0.country",
        "external_ids",
        "name",
    }


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("first_name", ["Renée"]),
        ("first_name", "x" * 101),
        ("company", {"name": "x"}),
        ("contacts", "Renée"),
        ("contacts", [{}] * 101),
        ("locations", {"line1": "x"}),
        ("tags", [1]),
        ("tags", [f"tag {n}" for n in range(51)]),
        ("tags", ["x" * 61]),
        ("external_ids", {"x" * 61: "1"}),
        ("phone", True),
        ("phone", "1" * 61),
        ("phone", "12"),
    ],
)
def test_what_has_the_wrong_shape_is_refused_under_its_name(key: str, value: object) -> None:
    with pytest.raises(Invalid) as no:
        facts.clean({"last_name": "Castellanos", key: value})
    assert key in no.value.errors


@pytest.mark.parametrize(
    ("given_as", "type_"),
    [("lead", "lead"), ("Account", "account"), (" PROSPECT ", "prospect"), ("", "lead")],
)
def test_choices_are_read_in_any_case(given_as: str, type_: str) -> None:
    assert facts.clean({"name": "R", "type": given_as}).type == CustomerType(type_)


@pytest.mark.parametrize(
    ("raw", "source", "other"),
    [
        ({"source": "Walk In"}, Source.WALK_IN, ""),
        ({"source": "walk-in"}, Source.WALK_IN, ""),
        ({"source": "other", "source_other": "Trade fair"}, Source.OTHER, "Trade fair"),
        ({"source_other": "Trade fair"}, Source.OTHER, "Trade fair"),
        ({"source": "phone", "source_other": "Trade fair"}, Source.PHONE, ""),
        ({}, "", ""),
    ],
)
def test_another_source_has_its_own_text(raw: dict[str, Any], source: str, other: str) -> None:
    read = facts.clean({"name": "R", **raw})
    assert (read.source, read.source_other) == (source, other)


# Contacts.


def test_a_person_is_their_own_primary_contact() -> None:
    (contact,) = facts.clean({"first_name": "Renée", "last_name": "C"}).contacts
    assert (contact.first_name, contact.last_name, contact.primary) == ("Renée", "C", True)


def test_a_company_alone_has_no_contact() -> None:
    assert facts.clean({"company": "Northwind"}).contacts == ()


def test_email_and_phone_at_the_top_are_the_primary_contacts() -> None:
    read = facts.clean(
        {
            "company": "Northwind",
            "email": "buy@northwind.example",
            "phone": "(734) 555-0162",
            "contacts": [{"first_name": "Bo"}, {"first_name": "Amy", "primary": True}],
        }
    )
    bo, amy = read.contacts
    assert not bo.emails
    assert [e.address for e in amy.emails] == ["buy@northwind.example"]
    assert [p.number.e164 for p in amy.phones] == ["+17345550162"]


def test_the_same_email_at_the_top_and_in_the_contact_is_one() -> None:
    raw = {"name": "R C", "email": "R@B.example", "contacts": [{"email": "r@b.example"}]}
    (contact,) = facts.clean(raw).contacts
    assert [e.address for e in contact.emails] == ["r@b.example"]


@pytest.mark.parametrize(
    ("claims", "primary"),
    [([False, False], 0), ([False, True], 1), ([True, True], 0), ([True, False], 0)],
)
def test_exactly_one_is_primary_whoever_claims_it(claims: list[bool], primary: int) -> None:
    raw = {
        "company": "N",
        "contacts": [{"first_name": f"P{n}", "primary": c} for n, c in enumerate(claims)],
        "locations": [{"line1": f"{n} A St", "primary": c} for n, c in enumerate(claims)],
    }
    read = facts.clean(raw)
    assert [c.primary for c in read.contacts].index(True) == primary
    assert sum(c.primary for c in read.contacts) == 1
    assert [p.primary for p in read.locations].index(True) == primary


def test_a_contact_that_says_nothing_is_left_out() -> None:
    read = facts.clean({"company": "N", "contacts": [{"title": "Buyer"}, {"first_name": "Amy"}]})
    assert [c.first_name for c in read.contacts] == ["Amy"]


@pytest.mark.parametrize(
    ("typed", "region", "e164", "digits"),
    [
        ("(734) 555-0162", "US", "+17345550162", "17345550162"),
        ("734.555.0162 ext. 9", "US", "+17345550162", "17345550162"),
        ("+49 30 901820", "US", "+4930901820", "4930901820"),
        ("030 901820", "DE", "+4930901820", "4930901820"),
        ("(5) 555-4729", "MX", "", "55554729"),
        ("555-0162", "US", "", "5550162"),
    ],
)
def test_a_phone_keeps_what_was_typed(typed: str, region: str, e164: str, digits: str) -> None:
    (contact,) = facts.clean({"name": "R C", "phone": typed}, region=region).contacts
    (phone,) = contact.phones
    assert phone.number.typed == typed
    assert (phone.number.e164, phone.number.digits) == (e164, digits)


def test_a_number_is_read_where_the_primary_place_is() -> None:
    read = facts.clean(
        {"name": "R C", "phone": "030 901820", "locations": [{"city": "Berlin", "country": "de"}]}
    )
    assert read.contacts[0].phones[0].number.e164 == "+4930901820"


def test_consent_and_status_are_read_and_default_to_unknown() -> None:
    contact = facts.read_contact(
        {
            "emails": [
                {"address": "a@b.example", "consent": "implied", "consent_basis": "bought"},
                {"address": "c@d.example", "status": "bounced"},
                {"address": "  "},
            ],
            "phones": [{"number": "734 555 0162", "text_consent": "withdrawn"}],
        }
    )
    first, second = contact.emails
    assert (first.consent, first.consent_basis) == (Consent.IMPLIED, "bought")
    assert (second.consent, second.status) == (Consent.UNKNOWN, Status.BOUNCED)
    assert contact.phones[0].text_consent == Consent.WITHDRAWN


def test_one_contact_and_one_place_are_refused_by_path() -> None:
    with pytest.raises(Invalid) as no:
        facts.read_contact({"emails": [{"address": "x"}]})
    assert list(no.value.errors) == ["emails.0.address"]
    with pytest.raises(Invalid) as no:
        facts.read_location({"country": "Atlantis"})
    assert list(no.value.errors) == ["country"]


def test_tags_are_one_whatever_their_case() -> None:
    assert facts.clean({"name": "R", "tags": ["VIP", "vip", " ", "Fleet "]}).tags == (
        "VIP",
        "Fleet",
    )


def test_ids_of_other_systems_may_be_numbers() -> None:
    read = facts.clean({"name": "R", "external_ids": {"dms": 10482, "shop": "", "x": None}})
    assert read.external_ids == (("dms", "10482"),)


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
KEYS = [
    "name",
    "first_name",
    "last_name",
    "company",
    "type",
    "source",
    "source_other",
    "email",
    "phone",
    "tags",
    "contacts",
    "locations",
    "external_ids",
]


@given(st.dictionaries(st.sampled_from(KEYS), plain, max_size=8))
def test_anything_is_either_read_or_refused_in_words(raw: dict[str, Any]) -> None:
    read, errors = None, {}
    try:
        read = facts.clean(raw)
    except Invalid as no:
        errors = no.errors
    if read is None:
        assert errors
        assert all(isinstance(text, str) and text for text in errors.values())
    else:
        assert read.name
        assert sum(c.primary for c in read.contacts) == min(1, len(read.contacts))


def _with_emails(*addresses: str) -> facts.ContactFacts:
    return facts.read_contact({"emails": [{"address": address} for address in addresses]})


@pytest.mark.parametrize(
    ("before", "after", "refused"),
    [
        ("", "ab", []),
        ("", "aAb", [1]),
        ("aab", "aab", []),
        ("aab", "ab", []),
        ("aab", "baA", []),
        ("aab", "abb", [2]),
        ("aab", "aaa", [2]),
        ("aabb", "aaab", [2]),
    ],
)
def test_what_stood_twice_may_stay_and_nothing_else(
    before: str, after: str, refused: list[int]
) -> None:
    stood, said = (_with_emails(*(f"{a}@x.example" for a in word)) for word in (before, after))
    assert list(said.said_twice(stood.lines)) == [f"emails.{n}.address" for n in refused]
