"""Among a hundred thousand customers: which indexes are read, and how many rows; never how fast.

One test for each kind of page, since making the crowd is most of the work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bench import combinations, measure, pages, searches
from bench.people import people
from regulars.customers import queries
from regulars.customers.models import Tag
from regulars.follow_up.due import When
from regulars.follow_up.queries import Whose
from regulars.server.crowd import FILLED

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("crowd")]

ROWS = 5_000
PAGES = ["/", "/customers/", "/customers/?sort=waiting", "/search/?q=jo", "/customers/map/"]
BIG = {model._meta.db_table for model in FILLED} - {Tag._meta.db_table}


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


def wrong(run: Callable[[], object]) -> list[str]:
    """What one page reads too much of."""
    seen: list[tuple[str, Any]] = []
    with measure.statements(seen):
        run()
    found = []
    for sql, params in measure.reads_of(seen):
        plan = measure.explain(sql, params)["Plan"]
        rows = measure.touched(plan)
        if rows > ROWS:
            found.append(f"{rows} rows: {sql[:200]}")
        for node in nodes(plan):
            whole = node["Node Type"] == "Seq Scan" and node["Relation Name"] in BIG
            if node.get("Index Searches", 0) * (node["Actual Loops"] and 1) > ROWS:
                found.append(f"{node['Index Searches']} places of an index: {sql[:200]}")
            if whole and node["Actual Loops"]:
                found.append(f"all of {node['Relation Name']}: {sql[:200]}")
    return found


@pytest.mark.parametrize("said", [*combinations.PLAIN, *combinations.AWKWARD])
def test_lists_follow_an_index_in_every_order_and_depth(said: str) -> None:
    found = {
        (name, what): wrong(run)
        for name, user in people().items()
        for what, run in combinations.lists(user, said)
    }
    assert {key: words for key, words in found.items() if words} == {}


@pytest.mark.parametrize(("q", "said"), combinations.SEARCHED)
def test_searched_lists_do_too(q: str, said: str) -> None:
    found = {
        (name, what): wrong(run)
        for name, user in people().items()
        for what, run in combinations.lists(user, said, q)
    }
    assert {key: words for key, words in found.items() if words} == {}


def test_every_search_does() -> None:
    found = {
        (name, said): wrong(lambda user=user, said=said: queries.search(user, said))  # type: ignore[misc]
        for name, user in people().items()
        for said in searches.cases()
    }
    assert {key: words for key, words in found.items() if words} == {}


def test_lists_of_tasks_do() -> None:
    asked = [
        *(f"whose={whose}" for whose in Whose),
        *(f"whose={whose}&when={when}" for whose in Whose for when in When),
        *(f"whose={whose}&state={state}" for whose in Whose for state in ("done", "archived")),
    ]
    found = {
        (name, said): wrong(pages.get(pages.signed_in(user), f"/tasks/?{said}"))
        for name, user in people().items()
        for said in asked
    }
    assert {key: words for key, words in found.items() if words} == {}


def test_whole_pages_do() -> None:
    found = {}
    for name, user in people().items():
        client = pages.signed_in(user)
        newest = queries.page(user, limit=1).items[0].customer
        for address in [*PAGES, f"/customers/{newest.public_id}/"]:
            found[name, address] = wrong(pages.get(client, address))
    assert {key: words for key, words in found.items() if words} == {}
