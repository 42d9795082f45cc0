"""Why a search found somebody."""

from types import SimpleNamespace
from typing import Any

import pytest

from regulars.desk import found
from regulars.desk.found import Why


def card(name: str = "", company: str = "", emails: tuple[str, ...] = (),
         phones: tuple[tuple[str, str], ...] = ()) -> Any:  # fmt: skip
    return SimpleNamespace(
        customer=SimpleNamespace(name=name, company=company),
        emails=[SimpleNamespace(address=address) for address in emails],
        phones=[SimpleNamespace(shown=shown, digits=digits) for shown, digits in phones],
    )


ANTONIO = card(
    "Antonio Moreno Taquería",
    "Café O’Neil",
    ("antonio@taqueria.example",),
    (("(734) 555-0162", "17345550162"),),
)


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("ant", Why("name", "", "Ant", "onio Moreno Taquería")),
        ("TAQUERIA", Why("name", "Antonio Moreno ", "Taquería", "")),
        ("moreno taq", Why("name", "Antonio ", "Moreno Taq", "uería")),
        ("taqueria antonio", Why("name", "Antonio Moreno Taquería")),
        ("moreno taqueria antonio", Why("name", "Antonio Moreno Taquería")),
        ("cafe one", Why("company", "", "Café O’Ne", "il")),
        ("antonio@t", Why("email", "", "antonio@t", "aqueria.example")),
        ("@taq", Why("email", "antonio", "@taq", "ueria.example")),
        ("0162", Why("phone", "(734) 555-", "0162", "")),
        ("734 555", Why("phone", "(", "734) 555", "-0162")),
        ("+1 734", Why("phone", "(734) 555-0162")),
        ("162", Why("other")),
        ("zzz", Why("other")),
    ],
)
def test_the_detail_that_was_met_is_named_and_marked(q: str, expected: Why) -> None:
    assert found.why(q, ANTONIO) == expected


def test_letters_that_fold_to_two_are_marked_whole() -> None:
    assert found.why("strasse", card("Ida Straße")) == Why("name", "Ida ", "Straße", "")


def test_a_person_at_a_company_explains_a_hit() -> None:
    assert found.by_contact("mar", ["Ida Holm", "Mara Quist"]) == Why(
        "contact", "", "Mar", "a Quist"
    )
    assert found.by_contact("mar", []) == Why("other")


def test_hits_stand_under_what_found_them_names_first() -> None:
    hits = [("a", Why("phone")), ("b", Why("name")), ("c", Why("phone"))]
    assert found.grouped(hits) == [
        ("By name", [("b", Why("name"))]),
        ("By phone", [("a", Why("phone")), ("c", Why("phone"))]),
    ]


def test_a_name_that_begins_so_comes_before_one_that_has_it_inside() -> None:
    texts = ["Eric Marks", "Mary Wong", "Ida Marlow", "Mark Obrien"]
    reasons = {
        "Eric Marks": Why("name", "Eric ", "Mar", "ks"),
        "Mary Wong": Why("name", "", "Mar", "y Wong"),
        "Ida Marlow": Why("name", "Ida ", "Mar", "low"),
        "Mark Obrien": Why("name", "", "Mar", "k Obrien"),
    }
    ((_, hits),) = found.grouped((text, reasons[text]) for text in texts)
    assert [text for text, _ in hits] == ["Mary Wong", "Mark Obrien", "Eric Marks", "Ida Marlow"]


@pytest.mark.parametrize(
    ("q", "short"), [("a", True), ("73", True), ("ab", False), ("7345", False)]
)
def test_one_letter_and_three_digits_are_too_short(q: str, short: bool) -> None:
    assert found.is_too_short(q) is short
