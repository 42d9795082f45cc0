"""The socket for pages under Settings: each room plugs in its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.urls import NoReverseMatch, reverse

from regulars.lib.registry import Registry

from .models import User


@dataclass(frozen=True)
class SettingsPage:
    """A line of the Settings menu.

    `group` is one of Yours, Company, Customers and Data, or one of your own; `function` the right
    needed to see it ("" for all); `also` are paths of pages that belong to it though they lie
    elsewhere.
    """

    key: str
    label: str
    help: str
    url_name: str
    group: str = "Yours"
    function: str = ""
    order: int = 50
    icon: str = "settings"
    also: tuple[str, ...] = ()

    @cached_property
    def url(self) -> str:
        return reverse(self.url_name)


settings_pages: Registry[SettingsPage] = Registry("settings_pages")


def shown_to(user: User) -> dict[str, list[SettingsPage]]:
    """Group → pages this colleague may see; a page whose URL is not mounted is left out."""
    groups: dict[str, list[SettingsPage]] = {}
    for page in sorted(settings_pages, key=lambda p: p.order):
        if (not page.function or user.may(page.function)) and _is_mounted(page):
            groups.setdefault(page.group, []).append(page)
    return groups


def menu(user: User, path: str) -> Iterator[tuple[str, list[tuple[SettingsPage, bool]]]]:
    """For the settings menu: group, its pages, and whether each is the one being looked at."""
    for group, pages in shown_to(user).items():
        yield group, [(page, path.startswith((page.url, *page.also))) for page in pages]


def _is_mounted(page: SettingsPage) -> bool:
    try:
        return bool(page.url)
    except NoReverseMatch:
        return False
