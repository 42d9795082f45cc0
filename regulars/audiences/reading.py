"""What an audience's criteria may say, and whether the clock alone changes who fits. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from regulars.criteria.audiences import audiences_of
from regulars.criteria.language import Criteria
from regulars.criteria.when import Ago, Period
from regulars.criteria.whose import facts

MOVED_BY_THE_CLOCK = frozenset(["overdue"])  # fields that name no time and depend on it


def moves_with_time(criteria: Criteria) -> bool:
    """Whether somebody can come or go without anything happening."""
    return any(
        isinstance(fact.value, Ago | Period) or fact.field in MOVED_BY_THE_CLOCK
        for fact in facts(criteria)
    )


def in_order(trees: Mapping[str, Criteria]) -> list[str]:
    """The names so that each comes after those it is made of."""
    spelled = {name.casefold(): name for name in trees}
    done: list[str] = []

    def visit(name: str, seen: frozenset[str]) -> None:
        if name in done or name in seen:
            return
        for word in audiences_of(trees[name]):
            other = spelled.get(word.casefold())
            if other is not None:
                visit(other, seen | {name})
        done.append(name)

    for name in trees:
        visit(name, frozenset())
    return done
