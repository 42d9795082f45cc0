"""Whom a note mentions: `@` and a colleague's full name, however it was typed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol, TypeVar

MOST = 20


class Named(Protocol):
    name: str


P = TypeVar("P", bound=Named)


def mentioned(text: str, people: Iterable[P]) -> list[P]:
    """Those of `people` whose name stands behind an @, in the order of the text, each once.

    The longest name wins (“@Ana Ferreira” is not Ana); of two of one name both are meant.
    """
    by_name: dict[str, list[P]] = {}
    for person in people:
        by_name.setdefault(_one_line(person.name), []).append(person)
    by_name.pop("", None)
    if not by_name or "@" not in text:
        return []
    names = "|".join(map(re.escape, sorted(by_name, key=len, reverse=True)))
    found = re.finditer(rf"(?<!\w)@({names})(?!\w)", _one_line(text))
    once = dict.fromkeys(match[1] for match in found)
    return [person for name in once for person in by_name[name]][:MOST]


def _one_line(text: str) -> str:
    return " ".join(text.casefold().split())
