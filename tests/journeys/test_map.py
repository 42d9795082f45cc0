"""The map: dots for the list beside it, and the list of what the map shows."""

from __future__ import annotations

from playwright.sync_api import expect

from regulars.customers.models import Location
from regulars.staff.models import User
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
