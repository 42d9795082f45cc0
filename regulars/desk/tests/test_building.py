"""Building a filter a step at a time, by its addresses alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from regulars.audiences.models import View
from regulars.criteria import shape, text
from regulars.criteria.fields import Asking, customer_fields
from regulars.desk import building
from regulars.lib import clock
from regulars.staff.models import User
from tests.cast import MakeCustomer
from tests.criteria import criteria

pytestmark = pytest.mark.django_db
BUILD = "/customers/build/"


def step(
    client: Client, filter: str, *, at: str = "", how: str = "also", **said: str | list[str]
) -> str:
    """The filter that the step leads to."""
    answer = client.get(BUILD, {"filter": filter, "at": at, "how": how, "done": "1", **said})
    assert answer.status_code == 303, answer.content.decode()
    return parse_qs(urlsplit(answer["Location"]).query).get("filter", [""])[0]


@pytest.mark.parametrize(
    ("before", "more", "after"),
    [
        ("", {"about": "waiting"}, "waiting"),
        ("", {"about": "waiting", "operator": "no"}, "not waiting"),
        ("waiting", {"about": "tag", "value": ["VIP", "Fleet"]}, "waiting and tag:VIP,Fleet"),
        ("waiting", {"about": "tag", "operator": "not", "value": "VIP"},
         "waiting and not tag:VIP"),
        ("", {"about": "tag", "operator": "empty"}, "tag:empty"),
        ("", {"about": "tag", "operator": "not empty"}, "not tag:empty"),
        ("", {"about": "name", "operator": "not contains", "value": 'x "y"'},
         'not name contains "x \\"y\\""'),
        ("", {"about": "intent", "operator": ">=", "value": "4"}, "intent >= 4"),
        ("", {"about": "created", "operator": "within", "count": "7", "unit": "day"},
         "created < 7 days ago"),
        ("", {"about": "created", "operator": "beyond", "count": "1", "unit": "year"},
         "created > 1 year ago"),
        ("", {"about": "created", "operator": "ahead", "count": "3", "unit": "week"},
         "created in next 3 weeks"),
        ("", {"about": "created", "operator": "ahead", "count": "3", "unit": "hour"},
         "created in next 3 days"),
        ("", {"about": "created", "operator": "period", "period": "last month"},
         "created in last month"),
        ("", {"about": "created", "operator": "<", "day": "2026-01-01"}, "created < 2026-01-01"),
        ("", {"about": "has call", "operator": "<=", "value": "2"}, "not has at least 3 call"),
        ("has call", {"at": "", "about": "missed"}, "call.missed"),
        ("waiting and call.missed", {"at": "1", "about": "at", "operator": "within"},
         "waiting and has call(missed and at < 30 days ago)"),
        ("waiting and unread", {"at": "0", "how": "either", "about": "referred"},
         "(waiting or referred) and unread"),
        ("waiting and tag:VIP",
         {"at": "1", "how": "put", "about": "tag", "operator": "is", "value": "Fleet"},
         "waiting and tag:Fleet"),
        ("waiting and call.missed",
         {"at": "1", "how": "put", "about": "has call", "operator": ">=", "value": "2"},
         "waiting and has at least 2 call(missed)"),
    ],
)  # fmt: skip
def test_a_step_leads_to_the_filter_with_it(
    before: str, more: dict[str, Any], after: str, ada_in: Client, make_customer: MakeCustomer
) -> None:
    make_customer("Bo Li", tags=["VIP", "Fleet"])
    assert step(ada_in, before, **more) == after


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"about": "tag"}, "Choose at least one tag"),
        ({"about": "intent", "operator": ">=", "value": "many"}, "A number is expected"),
        ({"about": "name", "operator": "starts", "value": " "}, "compared with nothing yet"),
        ({"about": "created", "operator": "within", "count": "x"}, "A whole number is expected"),
        ({"about": "created", "operator": "="}, "Choose a day"),
        ({"about": "nosuch"}, "Unknown field"),
        ({"about": "has nosuch"}, "nothing called"),
        ({"at": "7", "about": "waiting"}, "nothing at this place"),
        ({"at": "7" * 5000, "about": "waiting"}, "nothing at this place"),
        ({"about": "has call", "operator": ">=", "value": "9" * 40}, "counted up to 1,000"),
    ],
)
def test_what_is_missing_is_said_where_it_is_missing(
    said: dict[str, str], sentence: str, ada_in: Client
) -> None:
    query = {"filter": "waiting", "at": "", "how": "also", "done": "1", **said}
    answer = ada_in.get(BUILD, query)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_every_criteria_is_drawn_and_each_of_its_conditions_opens_as_it_is(
    ada: User, make_customer: MakeCustomer
) -> None:
    make_customer("Bo Li", tags=["VIP", "Fleet"])
    asking = Asking(ada, clock.now(), clock.now().tzinfo)  # type: ignore[arg-type]
    fields = customer_fields.known_to(asking)
    opened = 0
    for said in [one for one in criteria if "budget" not in one and "newsletter" not in one]:
        try:
            tree = text.read(said, asking)
        except ValueError:
            continue
        for block in flat(building.blocks(tree, asking, fields)):
            if block.kind != "condition" or not block.about:
                continue
            path = shape.parse(block.at)
            node = shape.part(tree, path)
            inner = building.fields_at(tree, path[:-1], fields)
            back = building.condition(
                block.about, inner, asking, building.spoken(node, block.about)
            )
            assert back == node, (said, block)
            opened += 1
    assert opened > 60


def flat(found: Iterable[building.Block]) -> list[building.Block]:
    blocks: list[building.Block] = []
    for block in found:
        blocks += [block, *flat(block.members)]
    return blocks


def test_a_page_of_the_builder_is_eight_statements(
    ada_in: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for query in ("", "?filter=tag:empty and has call&at=1&how=also&about=at"):
        with django_assert_max_num_queries(8):
            assert ada_in.get(BUILD + query).status_code == 200


def test_words_that_are_searched_for_are_not_counted_without_them(
    ana_in: Client, make_customer: MakeCustomer, ana: User
) -> None:
    for name in ("Ana Kelly", "Bo Li"):
        make_customer(name, owner=ana)
    found = ana_in.get(f"{BUILD}?q=kelly").text
    assert "Of those found by “kelly”" in found
    assert "Bo Li" not in found


def test_a_draft_is_counted_before_it_is_added(
    ana_in: Client,
    ana: User,
    ben: User,
    make_customer: MakeCustomer,
    htmx: Callable[..., dict[str, str]],
) -> None:
    make_customer("Bo Li", owner=ana, tags=["VIP"])
    make_customer("Cy Ross", owner=ana)
    make_customer("Somebody Else", owner=ben, tags=["VIP"])
    query = {"filter": "", "at": "", "how": "also", "about": "tag", "operator": "is",
             "value": "VIP"}  # fmt: skip
    drawn = ana_in.get(BUILD, query, headers=htmx("fits")).content.decode()
    assert "would fit" in drawn
    assert "Bo Li" in drawn
    assert "Cy Ross" not in drawn
    assert "Somebody Else" not in drawn


def test_a_filter_typed_where_one_searches_is_a_filter(
    ana_in: Client, ana: User, make_customer: MakeCustomer
) -> None:
    make_customer("Bo Li", owner=ana, tags=["VIP"])
    make_customer("Vip Ross", owner=ana)
    page = ana_in.get("/customers/?q=tag:VIP").content.decode()
    assert "Bo Li" in page
    assert "Vip Ross" not in page
    wrong = ana_in.get("/customers/?q=tg:VIP")
    assert wrong.status_code == 422
    assert re.search("Did you mean <a [^>]*>tag:VIP</a>", wrong.content.decode())
    assert "Customers: Tag is VIP" in ana_in.get("/search/?q=tag:VIP").content.decode()
    assert "Customers: Waiting for an answer" in ana_in.get("/search/?q=waiting").content.decode()
    assert "Unknown field" in ana_in.get("/search/?q=tg:VIP").content.decode()


def test_what_could_come_next_is_offered_as_it_is_typed(ana_in: Client) -> None:
    answer = ana_in.get("/customers/complete/", {"text": "not own and waiting", "at": "7"})
    assert answer.json()["items"][0] == {
        "insert": "owner:", "label": "Owner", "start": 4, "end": 7,
    }  # fmt: skip
    for odd in ("9" * 4000, "-1", "x", "\x00"):
        assert ana_in.get("/customers/complete/", {"text": "own", "at": odd}).status_code == 200
    assert ana_in.get("/customers/complete/", {"text": "\x00" * 9000}).json() == {"items": []}


def test_completion_knows_no_name_of_a_foreign_customer(
    ben: User, signed_in: Callable[[User], Client], make_customer: MakeCustomer, ana: User
) -> None:
    make_customer("Zanzibar Canary", owner=ana, company="Zanzibar Ltd")
    client = signed_in(ben)
    for typed in ("zanz", "name:zanz", "owner:zanz", "company:zanz"):
        assert "anzibar" not in client.get("/customers/complete/", {"text": typed}).content.decode()
    page = client.get(BUILD, {"filter": "name:zanz"}).content.decode()
    assert "Canary" not in page


def test_what_was_said_is_kept_beside_what_is_wrong(ada_in: Client) -> None:
    query = {"filter": "waiting", "at": "", "how": "also", "about": "intent", "operator": "<=",
             "value": "<b>", "done": "1"}  # fmt: skip
    drawn = ada_in.get(BUILD, query).content.decode()
    assert 'value="&lt;b&gt;"' in drawn
    assert '<option value="&lt;=" selected>' in drawn


def test_what_was_built_becomes_a_view_or_an_audience(ana_in: Client, ada_in: Client) -> None:
    built = {"filter": "waiting and owner:me"}
    for client, makes_audiences in ((ana_in, False), (ada_in, True)):
        said = client.get(BUILD, built).content.decode()
        assert 'popovertarget="save-view"' in said
        to = re.findall(r'href="(/marketing/audiences/new/[^"]*)"', said)
        assert bool(to) == makes_audiences
        if to:
            assert built["filter"] in client.get(unescape(to[0])).content.decode()
    (kept,) = re.findall(r'name="list" value="([^"]*)"', ana_in.get(BUILD, built).content.decode())
    ana_in.post("/customers/views/", {"list": unescape(kept), "name": "Hot", "shared": "private"})
    assert list(View.objects.values_list("name", "criteria")) == [("Hot", built["filter"])]
    for unkept in ({}, {"filter": "nonsense:"}):
        assert "save-view" not in ana_in.get(BUILD, unkept).content.decode()


def test_words_beside_a_filter_are_searched_for(
    make_customer: MakeCustomer, ana: User, ana_in: Client, api: Any
) -> None:
    for name, tags in (("Rita Moss", ["VIP"]), ("Rita Poe", []), ("Bo Li", ["VIP"])):
        make_customer(name, owner=ana, tags=tags)
    page = ana_in.get("/customers/?q=tag:VIP rita").content.decode()
    assert "Rita Moss" in page
    assert "Rita Poe" not in page
    assert "Bo Li" not in page
    found = api(ana).get("/customers?q=tag:VIP%20rita")["items"]
    assert [one["name"] for one in found] == ["Rita Moss"]


@pytest.mark.parametrize("typed", ["more than 2 open tasks", "open tasks > 2", "missed calls"])
def test_a_filter_as_it_is_spoken_is_offered_where_one_searches(ana_in: Client, typed: str) -> None:
    page = ana_in.get("/search/", {"q": typed}).content.decode()
    assert 'class="meant"><a data-hit' in page
