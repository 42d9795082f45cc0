"""Takes the pictures in docs/screenshots from a running demo: `screenshots.py URL [page …]`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

OUT = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"]
LOOKS = {
    "light": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
}
PAGES = {
    "now": "/",
    "customers": "/customers/",
    "build": "/customers/build/?filter=waiting+and+tag%3AVIP",
    "map": "/customers/map/",
    "search": "/search/?q=castellanos",
    "duplicates": "/customers/duplicates/",
    "tasks": "/tasks/?whose=all",
    "marketing": "/marketing/",
    "add": "/customers/new/",
    "settings": "/settings/",
    "people": "/settings/people/",
    "rights": "/settings/rights/",
    "profile": "/settings/profile/",
    "tags": "/settings/tags/",
    "fields": "/settings/fields/",
    "lists": "/settings/lists/",
    "imports": "/settings/imports/",
    "sign-in": "/accounts/login/",
}


def main(site: str, wanted: list[str]) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for look in LOOKS:
            _take(browser, site, look, wanted)
        browser.close()


def _take(browser: Browser, site: str, look: str, wanted: list[str]) -> None:
    scale = 2 if look == "phone" else 1
    context = browser.new_context(**LOOKS[look], device_scale_factor=scale)  # type: ignore[arg-type]
    page = context.new_page()
    if not wanted or "sign-in" in wanted:
        page.goto(f"{site}/accounts/login/")
        _save(page, "sign-in", look)
    sign_in(page, site)
    for name, path in PAGES.items():
        if name != "sign-in" and (not wanted or name in wanted):
            page.goto(f"{site}{path}")
            _save(page, name, look)
    page.goto(f"{site}/customers/")
    one = f"{site}{page.locator('[data-row] a[data-open]').first.get_attribute('href')}"
    for name, path in {"customer": "", "history": "history/"}.items():
        if not wanted or name in wanted:
            page.goto(one + path)
            _save(page, name, look)
    context.close()


def sign_in(page: Page, site: str, who: str = "ada") -> None:
    page.goto(f"{site}/accounts/login/")
    page.fill("input[name=login]", f"{who}@demo.example")
    page.fill("input[name=password]", "demo")
    page.locator("form.form button[type=submit]").first.click()
    page.wait_for_url(f"{site}/")


def _save(page: Page, name: str, look: str) -> None:
    page.wait_for_timeout(400)
    page.screenshot(path=OUT / f"{name}-{look}.png")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), sys.argv[2:])
