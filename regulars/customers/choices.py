"""What can be chosen in filters: bounded lists, with me and my team resolved for who asks."""

from __future__ import annotations

from collections.abc import Iterable

from regulars.criteria.fields import Asking, Choice
from regulars.staff.models import Store, Team, User

from .models import Group, Tag

MOST = 500


def owners(asking: Asking) -> list[Choice]:
    people = User.objects.order_by("-is_active", "name", "pk").values_list("name", "pk")[:MOST]
    return _by_name(people)


def teams(asking: Asking) -> list[Choice]:
    mine = asking.user.team_id
    rows = Team.objects.order_by("name", "pk").values_list("name", "pk")[:MOST]
    first = Choice("mine", "my team", keys=(mine,) if mine else (), aliases=("my team",))
    return [first, *_by_name(rows)]


def stores(asking: Asking) -> list[Choice]:
    return _by_name(Store.objects.order_by("name").values_list("name", "pk")[:MOST])


def groups(asking: Asking) -> list[Choice]:
    return _by_name(Group.objects.order_by("name").values_list("name", "pk")[:MOST])


def tags(asking: Asking) -> list[Choice]:
    return _by_name(Tag.objects.order_by("name").values_list("name", "pk")[:MOST])


def _by_name(rows: Iterable[tuple[str, int]]) -> list[Choice]:
    """People and places by name; two of the same name are one choice that means both."""
    keys: dict[str, list[object]] = {}
    for name, pk in rows:
        keys.setdefault(name, []).append(pk)
    return [Choice(name, keys=tuple(found)) for name, found in keys.items()]
