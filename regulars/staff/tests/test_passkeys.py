"""Passkeys in a real browser with a made-up authenticator, under the shipped policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from regulars.staff.models import User

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser

WORDS = "correct horse battery"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def named_site(site: str) -> str:
    """A passkey belongs to a name, so the address must not be a number."""
    return site.replace("127.0.0.1", "localhost")


def prepare(context: BrowserContext, page: Page, user: User, site: str) -> None:
    """Ana, signed in and confirmed, in front of the page that adds a key."""
    user.set_password(WORDS)
    user.save()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto(f"{site}/accounts/login/?next=/accounts/2fa/webauthn/add/")
    page.get_by_label("Email").fill("ana@demo.example")
    page.get_by_label("Password").fill(WORDS)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Password").fill(WORDS)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name").fill("My phone")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Go on").click()


def test_a_passkey_is_added_and_signs_in_by_itself(
    named_site: str, context: BrowserContext, page: Page, ana: User
) -> None:
    reports: list[str] = []
    page.on("console", lambda said: reports.append(said.text) if "Policy" in said.text else None)
    prepare(context, page, ana, named_site)
    page.wait_for_url("**/accounts/2fa/recovery-codes/")
    context.clear_cookies()
    page.goto(f"{named_site}/accounts/login/?next=/settings/profile/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "/login/" not in url)
    page.goto(f"{named_site}/settings/profile/")
    assert page.get_by_role("heading", name="Profile").is_visible()
    assert reports == []


def test_where_a_passkey_cannot_work_the_page_says_why(
    site: str, context: BrowserContext, page: Page, ana: User
) -> None:
    prepare(context, page, ana, site)
    note = page.get_by_role("alert")
    note.wait_for()
    assert "Passkeys need a name in the address" in note.inner_text()
