"""Every page in light, in dark and on a phone: nothing for axe to find, nothing sideways."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.urls import resolve

from regulars.staff.models import User

from .browsers import Complaints, Visit
from .stops import NO_PAGE, Route, Stop, names

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = next(Path(__file__).parent.glob("vendor/axe-core/*/axe.min.js")).read_text("utf-8")
RUN = """async (only) => {
  const found = await axe.run({
    ...(only ? { runOnly: only } : {}), preload: false, resultTypes: ["violations"] });
  return found.violations.flatMap((v) => v.nodes.slice(0, 4).map((n) =>
    `${v.id}: ${n.target.join(" ")} ${(n.any[0] ?? n.all[0] ?? n.none[0])?.message ?? ""}`));
}"""
# Scrolling inside a region is fine, the page itself never moves sideways.
SIDEWAYS = """() => {
  const wide = document.documentElement.clientWidth;
  const out = [];
  const whole = document.documentElement.scrollWidth;
  if (whole > wide) out.push(`the page: ${whole}`);
  for (const e of document.querySelectorAll("main *")) {
    const { right, width, height } = e.getBoundingClientRect();
    if (!width || !height || right <= wide + 1) continue;
    const held = (up) => /auto|scroll|hidden|clip/.test(getComputedStyle(up).overflowX)
      && up.getBoundingClientRect().right <= wide + 1;
    let up = e.parentElement;
    while (up && !held(up)) up = up.parentElement;
    if (!up) out.push(`${e.tagName}.${e.getAttribute("class")}`);
  }
  return out.slice(0, 4);
}"""
PRIMARY = ".rail a, .rail button, .dock .btn, .btn.go, .btn.best, .top > .btn, .views a, .item b a"
SMALL = """(primary) => [...document.querySelectorAll(primary)]
  .filter((e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
  .filter((e) => !e.closest("[popover]"))
  .map((e) => [e, e.getBoundingClientRect(), getComputedStyle(e, "::after")])
  .filter(([e, box, over]) => box.width && (box.height < 43.5 || box.width < 43.5)
    && !(over.position === "absolute" && parseFloat(over.height) >= 43.5))
  .map(([e, box]) => `${e.className || e.tagName} “${e.textContent.trim().slice(0, 30)}” ` +
    `${Math.round(box.width)} × ${Math.round(box.height)}`).slice(0, 6)"""


def findings(page: Page) -> dict[str, Any]:
    """What is wrong with the page as it stands, by look."""
    found: dict[str, Any] = {}
    page.evaluate(AXE)
    found["light"] = page.evaluate(RUN, None)
    page.emulate_media(color_scheme="dark")
    found["dark"] = page.evaluate(RUN, ["color-contrast"])
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 390, "height": 844})
    found["phone"] = page.evaluate(RUN, None)
    found["sideways"] = page.evaluate(SIDEWAYS)
    found["small"] = page.evaluate(SMALL, PRIMARY)
    page.set_viewport_size({"width": 1280, "height": 800})
    return {look: what for look, what in found.items() if what}


def visited(page: Page, stop: Stop) -> None:
    answer = page.goto(stop.path)
    assert answer
    assert answer.status in stop.status, f"{stop.name}: {answer.status}"
    if stop.then:
        stop.then(page)


# In parts, so that several workers share them.
WALKS = [*((who, 0, 1) for who in ("", "omar", "ben")), ("ada", 0, 2), ("ada", 1, 2)]
WALKS += [("ana", part, 4) for part in range(4)]


@pytest.mark.slow
@pytest.mark.parametrize(("who", "part", "of"), WALKS)
def test_nothing_is_found_in_light_dark_and_on_a_phone(
    visit: Visit,
    route: Route,
    complaints: Complaints,
    request: pytest.FixtureRequest,
    who: str,
    part: int,
    of: int,
) -> None:
    user: User | None = request.getfixturevalue(who) if who else None
    page = visit(user)
    wrong = {}
    for stop in route.of(who)[part::of]:
        visited(page, stop)
        found = findings(page)
        if found:
            wrong[stop.name] = found
    for status in ("404", "403"):
        complaints.forgive(f"status of {status}")
    assert not wrong, json.dumps(wrong, indent=1, ensure_ascii=False)


def test_every_address_is_a_stop_or_draws_no_page(route: Route) -> None:
    reached = set()
    for stop in route.stops:
        if 404 not in stop.status:
            found = resolve(stop.path.partition("?")[0])
            reached.add(found.view_name)
    known = {name for name in names() if not name.startswith("tailor:")}
    assert known - reached - NO_PAGE == set()
    packs = {pack.rpartition(".")[2] for pack in settings.REGULARS_PACKS}
    ours = {n for n in NO_PAGE if not n.startswith("wholesale:") or "wholesale" in packs}
    assert ours - known == set()
    assert {stop.who for stop in route.stops} == {who for who, _, _ in WALKS}
