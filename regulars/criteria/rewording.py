"""Criteria that go on meaning the same when something they name is called differently. Pure."""

from collections.abc import Callable
from dataclasses import replace

from regulars.criteria.fields import CustomerField, Fields, find, find_thing, fold
from regulars.criteria.language import Criteria, Group, Has, canonical

Concerned = Callable[[CustomerField], bool]


def reworded(criteria: Criteria, fields: Fields, of: Concerned, old: str, new: str) -> Criteria:
    """The same, with `old` called `new` wherever a field that is concerned names it.

    Raises CriteriaError for a field that is none of `fields`.
    """
    return canonical(_reworded(criteria, fields, of, old, new))


def _reworded(node: Criteria, fields: Fields, of: Concerned, old: str, new: str) -> Criteria:
    if isinstance(node, Group):
        return replace(node, of=tuple(_reworded(part, fields, of, old, new) for part in node.of))
    if isinstance(node, Has):
        within = fields.of(find_thing(node.thing, fields))
        return replace(node, where=_reworded(node.where, within, of, old, new))
    if not isinstance(node.value, tuple) or not of(find(node.field, fields)):
        return node
    words = map(str, node.value)
    return replace(node, value=tuple(new if fold(word) == fold(old) else word for word in words))
