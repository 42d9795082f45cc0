"""What a role's limit means: criteria that every customer the role sees must fit."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from regulars.criteria import text, tree
from regulars.criteria.audiences import audiences_of
from regulars.criteria.fields import (
    Asking,
    Choice,
    Choices,
    ChoicesOf,
    Fields,
    customer_fields,
    find,
    find_either,
    find_thing,
)
from regulars.criteria.language import CriteriaError, Fact, Group, Has, Node
from regulars.criteria.sql import Part, Parts, parted
from regulars.criteria.whose import require_same_for_all
from regulars.lib import clock
from regulars.lib.errors import Invalid
from regulars.staff.limits import Limit

if TYPE_CHECKING:
    from regulars.staff.models import Role, User

log = logging.getLogger("regulars.access")

NOBODY = Parts((Part(Q(pk__in=[])),))
KEPT = timedelta(seconds=10)  # how long one request's reading is used again


@dataclass(frozen=True)
class House:
    """Asks on nobody's behalf: what an audience or a limit holds does not depend on who made it."""

    pk: int | None = None
    team_id: int | None = None

    def may(self, function: str, level: object = None) -> bool:
        return True


def _asking() -> Asking:
    return Asking(House(), clock.now(), ZoneInfo(settings.TIME_ZONE))


def read(said: str) -> Limit:
    """The limit in its one spelling. Raises `Invalid` under `within`, with the place."""
    asking = _asking()
    try:
        meant = text.read(said, asking)
        if audiences_of(meant):
            raise CriteriaError("A role cannot be limited to an audience: say what it is made of")
        require_same_for_all(meant, "A role's limit")
        parted(meant, asking)
    except CriteriaError as error:
        raise Invalid({"within": str(error)}) from error
    known: dict[str, dict[str, list[Any]]] = {}
    for key, of, word in _words(meant, customer_fields.known_to(asking)):
        known.setdefault(key, {})[word] = list(asking.choices(of).keys([word]))
    return Limit(text.write(meant), {"tree": tree.write(meant), "words": known})


def _words(node: Node, fields: Fields, within: str = "") -> Iterator[tuple[str, ChoicesOf, str]]:
    """Every word that is a choice: the path of its field, the field's choices, the word."""
    if isinstance(node, Group):
        for one in node.of:
            yield from _words(one, fields, within)
    elif isinstance(node, Has):
        thing = find_thing(node.thing, fields)
        yield from _words(node.where, fields.of(thing), f"{thing.key}.")
    elif isinstance(node, Fact):
        field = find(node.field, fields)
        if field.choices is not None and isinstance(node.value, tuple):
            for word in node.value:
                yield f"{within}{field.key}", field.choices, str(word)


def _knowing(words: Mapping[str, Mapping[str, list[Any]]]) -> Asking:
    """The house asking, with words that mean what they meant when the limit was set."""
    asking = _asking()
    fields = customer_fields.known_to(asking)
    found: dict[ChoicesOf, list[Choice]] = {}
    for path, known in words.items():
        of = find_either(path, fields)[1].choices
        if of is not None:
            made = (Choice(word, keys=tuple(keys)) for word, keys in known.items())
            found.setdefault(of, []).extend(made)
    asking._choices.update({of: Choices(choices) for of, choices in found.items()})
    return asking


def parts(role: Role) -> Parts:
    """What every customer of the role must fit; nobody does when it can no longer be read."""
    if not role.within:
        return Parts()
    try:
        asking = _knowing(role.within_known["words"])
        return parted(tree.read(role.within_known["tree"], asking), asking)
    except (CriteriaError, KeyError) as error:
        log.error("limit unreadable role=%s reason=%s", role.key, error)
        return NOBODY


def parts_of(user: User) -> Parts:
    """The limit of the user's role, read once for a request."""
    role = user.role
    if not role.within:
        return Parts()
    now, kept = clock.now(), vars(user).get("_within")
    if kept is None or kept[0] != role.within or now - kept[1] > KEPT:
        kept = vars(user)["_within"] = (role.within, now, parts(role))
    found: Parts = kept[2]
    return found
