"""The map: dots for the list beside it, and the list of what the map shows."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from regulars.customers import actions
from regulars.customers.models import Location
from regulars.staff.models import User
from regulars.timeline import actions as timeline
from tests.browsers import Visit
from tests.showroom import Showroom


def test_dots_and_list_are_the_same_people_wherever_the_map_goes(
    visit: Visit, showroom: Showroom, ana: User
) -> None:
    Location.objects.create(
        customer=showroom.malik, city="Miami", is_primary=True, latitude=25.8, longitude=-80.2
    )
    page = visit(ana)
    page.goto("/customers/?owner=me")
    page.get_by_role("link", name="Show on the map").click()
    here = page.get_by_role("region", name="Customers here")
    expect(here.get_by_role("listitem")).to_have_count(2)
    dots = page.locator("#map .dot")
    expect(dots).to_have_count(2)
    expect(page.locator("#map path.ground")).to_have_count(1)
    # A dot leads to its row, and a row lights its dot.
    page.locator("#map .dot[title^='Renée']").click()
    expect(here.get_by_role("link", name="Renée Thibodeaux-Castellanos")).to_be_focused()
    here.get_by_role("link", name="Malik Washington").hover()
    expect(page.locator("#map .dot.on")).to_have_attribute("title", "Malik Washington")
    # Coming closer, the list follows: only those who are there.
    for _ in range(5):
        page.get_by_role("button", name="Zoom in").click()
    expect(here).to_contain_text("Nobody here")
    here.get_by_role("link", name="Show everywhere").click()
    expect(here.get_by_role("listitem")).to_have_count(2)
    page.get_by_role("link", name="Waiting", exact=True).click()
    expect(dots.first).to_be_visible()
    expect(page.get_by_role("group", name="Filters")).to_contain_text("Waiting")


def test_what_colleagues_do_appears_on_a_map_that_stays_where_it_is(
    visit: Visit, showroom: Showroom, ana: User, cleo: User
) -> None:
    miami = Location.objects.create(
        customer=showroom.malik, city="Miami", is_primary=True, latitude=25.8, longitude=-80.2
    )
    page = visit(ana)
    page.goto("/customers/map/?filter=owner:me")
    expect(page.locator("html")).to_have_attribute("data-connection", "live")
    here = page.get_by_role("region", name="Customers here")
    malik = page.locator("#map .dot[title^='Malik']")
    expect(malik).to_have_class(re.compile("orange"))
    timeline.record(showroom.malik, "text.sent", by=cleo, data={"text": "Six works for us"})
    expect(malik).to_have_class(re.compile("gray"))
    # Somewhere else: what comes there is seen, and nothing moves.
    for _ in range(5):
        page.get_by_role("button", name="Zoom in").click()
    expect(here).to_contain_text("Nobody here")
    expect(page.locator("#places")).to_have_attribute("data-live-url", re.compile("box="))
    part = page.locator("#places").get_attribute("data-live-url") or ""
    south, west, north, east = map(float, parse_qs(urlsplit(part).query)["box"][0].split(","))
    miami.latitude, miami.longitude = (south + north) / 2, (west + east) / 2
    miami.save()
    timeline.record(showroom.malik, "note.added", by=cleo, data={"text": "He moved"})
    expect(here.get_by_role("listitem")).to_have_count(1)
    expect(malik).to_be_visible()
    assert page.locator("#places").get_attribute("data-live-url") == part
    actions.reassign(showroom.malik, to=cleo, by=ana)
    expect(malik).to_have_count(0)
    expect(here).to_contain_text("Nobody here")
