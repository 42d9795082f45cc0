"""Every address of the house, as the resolver knows it, and how one of each is filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

API = "/api/v1/"
PAGE_METHODS = ("GET", "POST")
API_METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")
REST_OF_API = f"{API}anything/else"  # what no room answers

_CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")
_GROUP = re.compile(r"\(\?P<(\w+)>[^()]*\)")


@dataclass(frozen=True, order=True)
class Route:
    """`path` names its parts without their kinds: `/customers/<public_id>/owner/`."""

    path: str

    @property
    def names(self) -> list[str]:
        return _CONVERTER.findall(self.path)

    @property
    def is_api(self) -> bool:
        return self.path.startswith(API)

    @property
    def methods(self) -> tuple[str, ...]:
        return API_METHODS if self.is_api else PAGE_METHODS

    def filled(self, values: Mapping[str, object]) -> str:
        return _CONVERTER.sub(lambda part: str(values[part[1]]), self.path)


def every() -> list[Route]:
    """All addresses once, in order; ours, allauth's and those of the installed packs."""
    return sorted({Route(_plain(text)) for text in _walk(get_resolver().url_patterns, "/")})


def _walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, here)
        elif pattern.name == "api-nothing":
            yield REST_OF_API
        else:
            yield here


def _plain(text: str) -> str:
    named = _GROUP.sub(lambda group: f"<{group[1]}>", text.replace("^", "").replace("$", ""))
    return _CONVERTER.sub(lambda part: f"<{part[1]}>", named)
