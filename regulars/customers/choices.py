"""What can be chosen in filters: bounded lists, with me and my team resolved for who asks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Case, F, TextField, Value, When
from django.db.models.functions import Cast, JSONObject

from regulars.criteria.fields import Asking, Choice, Choices
from regulars.lib import names
from regulars.staff.models import Store, Team, User

from .models import Category, CustomField, Group, Tag

MOST = 500
LISTS: dict[str, Any] = {"store": Store, "group": Group, "category": Category, "tag": Tag}


def owners(asking: Asking) -> list[Choice]:
    return _named(asking, "owner")


def teams(asking: Asking) -> list[Choice]:
    mine = asking.user.team_id
    first = Choice("mine", "my team", keys=(mine,) if mine else (), aliases=("my team",))
    return [first, *_named(asking, "team")]


def stores(asking: Asking) -> Choices:
    return _of(asking, "store")


def groups(asking: Asking) -> Choices:
    return _of(asking, "group")


def categories(asking: Asking) -> Choices:
    return _of(asking, "category")


def tags(asking: Asking) -> Choices:
    return _of(asking, "tag")


def _of(asking: Asking, kind: str) -> Choices:
    """The first ones by name; others are there for whoever names them."""
    listed = _named(asking, kind)

    def further(word: str) -> list[Choice]:
        rows = LISTS[kind].objects.filter(name__iexact=names.clean(word))
        return [Choice(name, keys=(pk,)) for name, pk in rows.values_list("name", "pk")[:MOST]]

    return Choices(listed, further if len(listed) >= MOST else None)


def _named(asking: Asking, kind: str) -> list[Choice]:
    rows = [c for c in asking.choices(everything) if c.label == kind]
    return _by_name((choice.value, choice.keys) for choice in rows)


def everything(asking: Asking) -> list[Choice]:
    """All lists in one statement, whichever is needed first: `label` says which list.

    The custom fields come along, each as its JSON.
    """
    each = [
        rows.annotate(kind=Value(kind), place=place)
        .order_by("place", "name", "pk")
        .values_list("kind", "place", "name", "pk")[:MOST]
        for kind, rows, place in (
            ("owner", User.objects.all(), Case(When(is_active=True, then=0), default=1)),
            ("team", Team.objects.all(), Value(0)),
            *((kind, model.objects.all(), Value(0)) for kind, model in LISTS.items()),
        )
    ]
    each.append(_fields())
    rows = each[0].union(*each[1:], all=True).order_by("kind", "place", "name", "pk")
    return [Choice(name, kind, keys=(pk,)) for kind, _, name, pk in rows]


CUSTOM = "custom field"


def _fields() -> Any:
    said = JSONObject(
        id="id", key="key", label="label", kind="kind", choices="choices", help="help"
    )
    rows = CustomField.objects.filter(archived_at=None)
    return rows.annotate(
        which=Value(CUSTOM), place=F("position"), said=Cast(said, TextField())
    ).values_list("which", "place", "said", "pk")[:MOST]


def custom_fields(asking: Asking) -> list[dict[str, Any]] | None:
    """The custom fields in use, in their order, if they have come with the lists already."""
    if not asking.has(everything):
        return None
    found = [c for c in asking.choices(everything) if c.label == CUSTOM]
    return [json.loads(choice.value) for choice in found]


def _by_name(rows: Iterable[tuple[str, tuple[object, ...] | None]]) -> list[Choice]:
    """People and places by name; two of the same name are one choice that means both."""
    keys: dict[str, list[object]] = {}
    for name, found in rows:
        keys.setdefault(name, []).extend(found or ())
    return [Choice(name, keys=tuple(found)) for name, found in keys.items()]
