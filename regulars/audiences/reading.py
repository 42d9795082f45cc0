"""What an audience's criteria may say, and whether the clock alone changes who fits. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from regulars.criteria.audiences import audiences_of
from regulars.criteria.language import Criteria, CriteriaError, Fact, Group, Has, Node, said
from regulars.criteria.when import Ago, Period

OF_WHOEVER_LOOKS = frozenset(["me", "mine"])
FIELDS_OF_WHOEVER_LOOKS = frozenset(["unread"])


def facts(criteria: Criteria) -> Iterator[Fact]:
    """Every fact of a tree, those about things too."""
    waiting: list[Node] = [criteria]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Fact):
            yield node
        elif isinstance(node, Has):
            waiting.append(node.where)
        elif isinstance(node, Group):
            waiting.extend(node.of)


def moves_with_time(criteria: Criteria) -> bool:
    """Whether somebody can come or go without anything happening."""
    return any(isinstance(fact.value, Ago | Period) for fact in facts(criteria))


def require_same_for_all(criteria: Criteria) -> None:
    """Raises CriteriaError for what means something else to each colleague."""
    for fact in facts(criteria):
        if fact.field in FIELDS_OF_WHOEVER_LOOKS:
            raise CriteriaError(
                f"An audience is the same for everybody, and {said(fact.field)} is not"
            )
        for word in _words(fact):
            if word in OF_WHOEVER_LOOKS:
                raise CriteriaError(
                    f"An audience is the same for everybody: say who {said(word)} is"
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


def _words(fact: Fact) -> list[str]:
    value = fact.value
    return [word for word in value if isinstance(word, str)] if isinstance(value, tuple) else []
