"""Search, as a page and for the command menu."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from regulars.customers import actions
from regulars.lib import clock
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


def test_who_was_meant_is_said_and_marked(
    ana_in: Client, antonio: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ana_in.get("/search/?q=taqeuria")
    with django_assert_max_num_queries(8):
        html = ana_in.get("/search/?q=taqeuria").text
    assert hits_in(html) == ["Antonio Moreno Taquería"]
    assert ">Taqueria</a>" in html
    assert "Nobody is called “taqeuria”" in html
    assert "<mark>Taquería</mark>" in html
    assert "/customers/?q=taqeuria" not in html


def test_a_filter_that_does_not_read_is_mended_with_a_click(ana_in: Client, antonio: None) -> None:
    html = ana_in.get("/search/?q=ownr:me+moreno").text
    assert '<a class="link" href="/search/?q=owner%3Ame+moreno">owner:me moreno</a>' in html
    assert "read as a filter" in ana_in.get("/search/?q=zebra:me").text


@pytest.fixture
def far_back(
    monkeypatch: pytest.MonkeyPatch, ana: User, ben: User, make_customer: MakeCustomer
) -> None:
    """Thirty of one name, of whom few are lately active; one in three is Ana's."""
    monkeypatch.setattr("regulars.customers.found.FEW", 3)
    monkeypatch.setattr("regulars.customers.found.COLD", 9)
    monkeypatch.setattr("regulars.customers.actions.searching.MANY", 5)
    monkeypatch.setattr("regulars.customers.actions.searching.SHARE", 0.3)
    monkeypatch.setattr("regulars.customers.estimate.rows_of", lambda model: 30)
    for n in range(30):
        make_customer(
            f"Mara {n:02}", owner=ben if n % 3 else ana, created_at=clock.now() - timedelta(days=n)
        )
    actions.keep_hot()


def test_whoever_lies_further_back_comes_after(
    far_back: None, ana_in: Client, htmx: Headers,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    html = ana_in.get("/search/?q=mara").text
    near = hits_in(html)
    assert near == ["Mara 00", "Mara 03", "Mara 06", "Mara 09"]
    assert "Show these in the list" not in html
    found, rounds = list(near), 0
    while address := re.search(r'id="further"[^>]* href="([^"]*)"', html):
        with django_assert_max_num_queries(8):
            html = ana_in.get(unescape(address[1]), headers=htmx("further")).text
        assert 'id="found"' not in html
        found += hits_in(html)
        rounds += 1
    assert (len(found), sorted(found)) == (10, [f"Mara {n:02}" for n in range(0, 30, 3)])
    assert rounds == 4
    assert ", further back</h2>" in html
    assert "Show these in the list" in html


def test_without_javascript_the_link_leads_further_back(far_back: None, ana_in: Client) -> None:
    html = ana_in.get("/search/?q=mara").text
    found: list[str] = []
    while address := re.search(r'id="further"[^>]* href="([^"]*)"', html):
        html = ana_in.get(unescape(address[1])).text
        assert "<html" in html
        found += hits_in(html)
    assert len(found) == 6


@pytest.mark.parametrize(
    "more", ["cursor=x", "cursor=x&had=99999", "had=-1&round=x", "had=٣", "round=500"]
)
def test_an_address_that_was_changed_begins_anew(more: str, ana_in: Client, antonio: None) -> None:
    assert hits_in(ana_in.get(f"/search/?q=antonio&{more}").text) == ["Antonio Moreno Taquería"]
