"""Changing a tree at one place: what a builder's every button does. Pure.

A place is a path of member numbers from the root of the canonical tree, as `0.2`; inside a thing
the number 0 leads to its `where`. The root is "".
"""

from collections.abc import Callable
from dataclasses import replace

from regulars.criteria.language import (
    EVERYONE,
    MOST_DEPTH,
    Criteria,
    CriteriaError,
    Group,
    Has,
    Node,
    canonical,
)

Path = tuple[int, ...]
MISSING = "There is nothing at this place of the filter"


def parse(said: str) -> Path:
    """The path written so; raises CriteriaError for anything else."""
    parts = said.split(".", MOST_DEPTH * 2 + 1) if said else []
    if len(parts) > MOST_DEPTH * 2 or not all(
        len(part) <= 4 and part.isascii() and part.isdigit() for part in parts
    ):
        raise CriteriaError(MISSING)
    return tuple(int(part) for part in parts)


def written(path: Path) -> str:
    return ".".join(map(str, path))


def part(criteria: Criteria, path: Path) -> Node:
    """What stands at this place; raises CriteriaError when nothing does."""
    node: Node = canonical(criteria)
    for step in path:
        node = _member(node, step)
    return node


def also(criteria: Criteria, path: Path, more: Node) -> Criteria:
    """`more` must hold beside what stands there: in an any-group as one more branch."""

    def added(node: Node) -> Node:
        if isinstance(node, Has):
            return replace(node, where=Group("all", (node.where, more)))
        if isinstance(node, Group) and node != EVERYONE:
            return replace(node, of=(*node.of, more))
        return Group("all", (node, more))

    return _changed(criteria, path, added)


def either(criteria: Criteria, path: Path, other: Node) -> Criteria:
    """What stands there, or `other`."""
    return _changed(criteria, path, lambda node: Group("any", (node, other)))


def turned(criteria: Criteria, path: Path) -> Criteria:
    """The opposite of what stands there."""
    return _changed(criteria, path, lambda node: Group("none", (node,)))


def put(criteria: Criteria, path: Path, instead: Node) -> Criteria:
    """Another condition in its place."""
    return _changed(criteria, path, lambda node: instead)


def without(criteria: Criteria, path: Path) -> Criteria:
    """Everything but what stands there; a group that loses its last member goes with it."""
    form = canonical(criteria)
    if not path:
        return EVERYONE
    *above, last = path
    parent = part(form, tuple(above))
    _member(parent, last)
    if isinstance(parent, Has):
        return put(form, tuple(above), replace(parent, where=EVERYONE))
    assert isinstance(parent, Group)  # noqa: S101 (it has members)
    left = tuple(node for n, node in enumerate(parent.of) if n != last)
    if not left:
        return without(form, tuple(above))
    return put(form, tuple(above), replace(parent, of=left))


def things_on(criteria: Criteria, path: Path) -> list[str]:
    """The things one is inside of at this place, outermost first."""
    node: Node = canonical(criteria)
    found = [node.thing] if isinstance(node, Has) else []
    for step in path:
        node = _member(node, step)
        if isinstance(node, Has):
            found.append(node.thing)
    return found


def _changed(criteria: Criteria, path: Path, change: Callable[[Node], Node]) -> Criteria:
    return canonical(_within(canonical(criteria), path, change))


def _within(node: Node, path: Path, change: Callable[[Node], Node]) -> Node:
    if not path:
        return change(node)
    step, *rest = path
    inner = _within(_member(node, step), tuple(rest), change)
    if isinstance(node, Has):
        return replace(node, where=inner)
    assert isinstance(node, Group)  # noqa: S101 (it has members)
    return replace(node, of=(*node.of[:step], inner, *node.of[step + 1 :]))


def _member(node: Node, step: int) -> Node:
    if isinstance(node, Has) and step == 0 and node.where != EVERYONE:
        return node.where
    if isinstance(node, Group) and step < len(node.of):
        return node.of[step]
    raise CriteriaError(MISSING)
