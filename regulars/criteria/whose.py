"""Whether criteria mean the same to everybody. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.criteria.language import Criteria, CriteriaError, Fact, Group, Has, Node, said

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


def require_same_for_all(criteria: Criteria, what: str) -> None:
    """Raises CriteriaError for what means something else to each colleague.

    `what` begins the sentence, such as “An audience”.
    """
    for fact in facts(criteria):
        if fact.field in FIELDS_OF_WHOEVER_LOOKS:
            raise CriteriaError(f"{what} is the same for everybody, and {said(fact.field)} is not")
        for word in _words(fact):
            if word in OF_WHOEVER_LOOKS:
                raise CriteriaError(f"{what} is the same for everybody: say who {said(word)} is")


def _words(fact: Fact) -> list[str]:
    """The choices it names; the words of a text are only words."""
    value = fact.value if fact.operator == "is" else None
    return [word for word in value if isinstance(word, str)] if isinstance(value, tuple) else []
