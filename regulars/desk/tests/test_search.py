"""Search, as a page and for the command menu."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from regulars.staff.models import User
from tests.cast import MakeCustomer

Headers = Callable[..., dict[str, str]]


def hits_in(html: str) -> list[str]:
    found = re.findall(r"<a data-hit [^>]*><span>(.*?)</span>", html, re.S)
    return [re.sub(r"<[^>]+>", "", name) for name in found]


@pytest.fixture
def antonio(ana: User, make_customer: MakeCustomer) -> None:
    make_customer(
        "Antonio Moreno Taquería", owner=ana, email="antonio@taqueria.example",
        phone="(734) 555-0162",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("q", "title", "marked"),
    [
        ("taqueria", "By name", "Taquería"),
        ("antonio@taq", "By email", "antonio@taq"),
        ("0162", "By phone", "0162"),
        ("734-555", "By phone", "734) 555"),
    ],
)
def test_a_hit_says_what_found_it(
    q: str, title: str, marked: str, ana_in: Client, antonio: None
) -> None:
    html = ana_in.get("/search/", {"q": q}).text
    assert hits_in(html) == ["Antonio Moreno Taquería"]
    assert f"<h2>{title}</h2>" in html
    assert f"<mark>{marked}</mark>" in html


def test_a_person_at_a_company_is_named(
    ana_in: Client, ana: User, make_customer: MakeCustomer
) -> None:
    make_customer("", company="Hansen Mercantile", owner=ana,
                  contacts=[{"first_name": "Martina", "last_name": "Quist"}])  # fmt: skip
    html = ana_in.get("/search/?q=quist").text
    assert hits_in(html) == ["Hansen Mercantile"]
    assert "Martina <mark>Quist</mark>" in html


def test_strangers_are_not_found(ana_in: Client, ben: User, make_customer: MakeCustomer) -> None:
    make_customer("Sol Southern", owner=ben)
    html = ana_in.get("/search/?q=southern").text
    assert hits_in(html) == []
    assert "Nobody found for “southern”" in html


@pytest.mark.parametrize("q", ["", " ", "7", "73", "a", "\x00", "%", "‮", "x" * 5_000])
def test_odd_words_find_nobody_and_break_nothing(q: str, ana_in: Client, antonio: None) -> None:
    assert ana_in.get("/search/", {"q": q}).status_code == 200


def test_the_command_menu_gets_the_region(ana_in: Client, antonio: None, htmx: Headers) -> None:
    html = ana_in.get("/search/?q=antonio", headers=htmx("found")).text
    assert html.lstrip().startswith('<div id="found"')
    assert "<html" not in html
    assert hits_in(html) == ["Antonio Moreno Taquería"]


def test_a_hit_leads_to_the_list_as_well(ana_in: Client, antonio: None) -> None:
    assert 'href="/customers/?q=antonio"' in ana_in.get("/search/?q=antonio").text


def test_a_search_is_eight_statements(
    ana_in: Client, ana: User, make_customer: MakeCustomer,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for n in range(12):
        make_customer(f"Mara {n}", owner=ana)
    make_customer("", company="Hansen", owner=ana, contacts=[{"first_name": "Mara"}])
    ana_in.get("/search/?q=mara")
    with django_assert_max_num_queries(8):
        assert len(hits_in(ana_in.get("/search/?q=mara").text)) == 13
