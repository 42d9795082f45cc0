"""What leaves the server is fenced in, and what is personal does not stay in a browser."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from regulars.staff.models import User

from .browsers import Complaints, Visit
from .cast import MakeCustomer
from .showroom import Showroom

if TYPE_CHECKING:
    from playwright.sync_api import Page

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
}
KEPT = """async () => JSON.stringify({
  local: { ...localStorage }, session: { ...sessionStorage },
  caches: await caches.keys(), databases: (await indexedDB.databases()).map((d) => d.name),
})"""


def kept(page: Page) -> dict[str, Any]:
    """Everything the browser keeps for this site beside cookies."""
    found: dict[str, Any] = json.loads(page.evaluate(KEPT))
    return found


def test_every_kind_of_answer_carries_the_policy(
    visit: Visit, showroom: Showroom, ana: User, complaints: Complaints
) -> None:
    page = visit(ana)
    for path in ("/", "/customers/", "/nowhere/", "/accounts/login/", "/api/v1/customers"):
        answer = page.request.get(path, max_redirects=0)
        assert set(answer.headers["content-security-policy"].split("; ")) == POLICY, path
        assert answer.headers["x-content-type-options"] == "nosniff", path
        assert answer.headers["referrer-policy"] == "same-origin", path


def test_a_script_in_the_page_is_refused_and_heard_of(
    visit: Visit, ana: User, complaints: Complaints
) -> None:
    page = visit(ana)
    page.goto("/")
    page.evaluate(
        """() => {
          const one = document.createElement("script");
          one.textContent = "window.got_in = true";
          document.body.append(one);
          document.body.setAttribute("style", "color: red");
        }"""
    )
    page.goto("/customers/")
    assert page.evaluate("window.got_in") is None
    assert sum("Policy: script-src" in said for said in complaints) == 1
    assert sum("Policy: style-src" in said for said in complaints) == 1
    complaints.clear()


def test_what_customers_wrote_stays_words(
    visit: Visit, ana: User, make_customer: MakeCustomer
) -> None:
    wrote = "<img src=x onerror=alert(1)><script>alert(2)</script>{{ 7*7 }} </textarea>'&amp;"
    named = make_customer("", first_name=wrote[:60], last_name="Tables", owner=ana)
    page = visit(ana)
    page.goto(f"/customers/{named.public_id}/")
    page.locator("#composer").get_by_text("Note", exact=True).click()
    page.get_by_role("textbox", name="What was said").fill(wrote)
    page.get_by_role("button", name="Add note").click()
    expect(page.locator("#timeline")).to_contain_text(wrote.replace("&amp;", "&"))
    for path in ("/customers/", f"/customers/?panel={named.public_id}", "/search/?q=img"):
        page.goto(path)
        expect(page.get_by_text("onerror=alert(1)").first).to_be_attached()
        assert page.locator("img").count() == 0
    page.keyboard.press("Control+k")
    page.keyboard.type("img src")
    expect(page.get_by_role("option").filter(has_text="onerror")).to_be_visible()
    assert page.locator("img").count() == 0


def test_nothing_personal_stays_in_the_browser(visit: Visit, showroom: Showroom, ana: User) -> None:
    page = visit(ana)
    customer = f"/customers/{showroom.renee.public_id}/"
    for path in (
        *("/", "/customers/?sort=name", f"/customers/?panel={showroom.malik.public_id}", customer),
        *(f"{customer}edit/", "/customers/new/", "/search/?q=renee", "/settings/profile/"),
        *("/settings/tokens/", f"{customer}?shelf=email"),
    ):
        page.goto(path)
    page.goto("/customers/")
    page.get_by_role("link", name="Malik Washington", exact=True).click()
    expect(page.locator("#side")).to_contain_text("Malik Washington")
    page.get_by_role("link", name="Close panel").click()
    expect(page.locator("#side")).to_be_hidden()
    page.go_back()
    expect(page.locator("#side")).to_contain_text("Malik Washington")
    assert set(kept(page)["session"]) <= {"clock"}
    page.get_by_role("navigation", name="Main").get_by_role("button", name="Ana Ferreira").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    after = kept(page)
    assert set(after.pop("session")) <= {"clock"}
    assert after == {"local": {}, "caches": [], "databases": []}
    cookies = {cookie["name"] for cookie in page.context.cookies()}
    assert cookies <= {"csrf", "session", f"list-{ana.pk}"}
