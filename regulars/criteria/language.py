"""The tree that says which customers: its nodes, its limits and its one canonical form."""

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Literal, cast

from regulars.criteria.when import Ago, Period

MOST_DEPTH = 12
MOST_FACTS = 200
MOST_VALUES = 200  # in one fact
MOST_TEXT = 4_000  # characters, as typed and as written back
MOST_WORD = 200  # characters in one value
MOST_COUNTED = 1_000  # things of one customer

Value = None | bool | tuple[str, ...] | tuple[Decimal, ...] | Decimal | date | Ago | Period
Kind = Literal["all", "any", "none"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One field compared with one value; a tuple means any of them, None that none is needed."""

    field: str
    operator: str
    value: Value = None


@dataclass(frozen=True, slots=True)
class Group:
    """All, any or none of its members hold."""

    kind: Kind
    of: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Has:
    """At least so many of the customer's things satisfy each all of `where`."""

    thing: str
    where: "Node" = Group("all", ())
    at_least: int = 1


Node = Fact | Group | Has
Criteria = Fact | Group | Has

EVERYONE = Group("all", ())
NOBODY = Group("any", ())


class CriteriaError(ValueError):
    """What was asked cannot be read: why, where (1 = first character), and what was perhaps meant.

    `parameter` names the part of the address that was wrong, when it came from one.
    """

    def __init__(
        self,
        message: str,
        at: int | None = None,
        suggestion: str | None = None,
        *,
        parameter: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.at = at
        self.suggestion = suggestion
        self.parameter = parameter

    def __str__(self) -> str:
        sentence = self.message if self.at is None else f"{self.message} at {self.at}"
        if self.parameter is not None:
            sentence = f"In “{self.parameter}”: {sentence}"
        if self.suggestion is not None:
            return f"{sentence}. Did you mean “{self.suggestion}”?"
        return f"{sentence}."

    def placed(self, at: int | None = None, parameter: str | None = None) -> "CriteriaError":
        """The same error, told where it happened."""
        return type(self)(self.message, at, self.suggestion, parameter=parameter)


class UnknownField(CriteriaError):
    """A word stands where a field would, and is none."""


def said(word: str) -> str:
    """A typed word safe to repeat in a sentence: short, printable, encodable."""
    shown = "".join("�" if unprintable(c) else c for c in word[:40])
    return f"“{shown}…”" if len(word) > 40 else f"“{shown}”"


def unprintable(character: str) -> bool:
    """Control characters and lone surrogates, which neither the database nor a page can hold."""
    return unicodedata.category(character) in ("Cc", "Cs")


def nearest(word: str, known: Iterable[str], *, least: float = 0.6) -> str | None:
    """The known word most like the typed one, when one is close: 1 is the same word."""
    shown = {k.casefold(): k for k, _ in zip(known, range(1_000), strict=False)}
    close = difflib.get_close_matches(word[:40].casefold(), shown, n=1, cutoff=least)
    return shown[close[0]] if close else None


def canonical(criteria: Criteria) -> Criteria:
    """The one form of equal trees: flat, without doubles, any-of in one fact, no double not.

    Members keep their order. Raises CriteriaError when the tree is past all bounds.
    """
    measure(criteria, most_depth=8 * MOST_DEPTH, most_facts=10_000)
    return _canonical(criteria)


def _canonical(node: Node) -> Node:
    if isinstance(node, Fact):
        if isinstance(node.value, tuple):
            return replace(node, value=_once(node.value))
        return node
    if isinstance(node, Has):
        where = _canonical(node.where)
        return NOBODY if where == NOBODY else replace(node, where=where)
    members = [_canonical(member) for member in node.of]
    if node.kind == "none":
        return _opposite(_gather("any", members))
    return _gather(node.kind, members)


def _gather(kind: Literal["all", "any"], members: list[Node]) -> Node:
    flat: list[Node] = []
    for member in members:
        if isinstance(member, Group) and member.kind == kind:
            flat.extend(member.of)
        else:
            flat.append(member)
    swallowing = NOBODY if kind == "all" else EVERYONE
    if swallowing in flat:
        return swallowing
    if kind == "any":
        flat = _any_of_in_one_fact(flat)
    flat = list(dict.fromkeys(flat))
    return flat[0] if len(flat) == 1 else Group(kind, tuple(flat))


def _once(*values: tuple[str, ...] | tuple[Decimal, ...]) -> Value:
    # A fact's values are all words or all numbers; the checker cannot see that they stay so.
    return cast(Value, tuple(dict.fromkeys(chain(*values))))


def _any_of_in_one_fact(members: list[Node]) -> list[Node]:
    """`owner:me or owner:unassigned` is `owner:me,unassigned`."""
    kept: dict[object, Node] = {}
    for place, member in enumerate(members):
        if not (isinstance(member, Fact) and isinstance(member.value, tuple)):
            kept[place] = member
            continue
        name = (member.field, member.operator)
        earlier = kept.get(name)
        if isinstance(earlier, Fact) and isinstance(earlier.value, tuple):
            kept[name] = replace(member, value=_once(earlier.value, member.value))
        else:
            kept[name] = member
    return list(kept.values())


def _opposite(node: Node) -> Node:
    if not isinstance(node, Group) or node.kind == "all":
        return NOBODY if node == EVERYONE else Group("none", (node,))
    if node.kind == "any":
        return Group("none", node.of) if node.of else EVERYONE
    return node.of[0] if len(node.of) == 1 else Group("any", node.of)


def measure(
    criteria: Criteria, *, most_depth: int = MOST_DEPTH, most_facts: int = MOST_FACTS
) -> None:
    """Raise CriteriaError for a tree that is too deep or too large; never recurses."""
    facts = 0
    waiting: list[tuple[Node, int]] = [(criteria, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > most_depth:
            raise CriteriaError(f"The conditions are nested more than {most_depth} deep")
        if isinstance(node, Group):
            waiting.extend((member, depth + 1) for member in node.of)
            continue
        if isinstance(node, Has):
            waiting.append((node.where, depth + 1))
        facts += 1
        if facts > most_facts:
            raise CriteriaError(f"There are more than {most_facts} conditions")


def conditions(criteria: Criteria) -> tuple[Node, ...]:
    """The parts that must all hold: what a list shows as chips."""
    if isinstance(criteria, Group) and criteria.kind == "all":
        return criteria.of
    return (criteria,)


def also(criteria: Criteria, *more: Criteria) -> Criteria:
    """Those for whom all of it holds."""
    return canonical(Group("all", (criteria, *more)))


def without(criteria: Criteria, condition: Node) -> Criteria:
    """The criteria with one of its `conditions` taken out."""
    kept = tuple(part for part in conditions(criteria) if part != condition)
    return canonical(Group("all", kept))
