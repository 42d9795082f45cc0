"""Audiences and views mean whom they meant when a tag, a team or a colleague is renamed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from regulars.audiences import asking
from regulars.audiences.models import Audience, View
from regulars.criteria import text
from regulars.criteria.fields import Asking, Choice, CustomerField, customer_fields
from regulars.criteria.language import MOST_TEXT, CriteriaError
from regulars.criteria.rewording import reworded
from regulars.customers import choices

NAMED: dict[str, Callable[[Asking], Iterable[Choice]]] = {
    "tag": choices.tags,
    "group": choices.groups,
    "category": choices.categories,
    "owner": choices.owners,
    "team": choices.teams,
    "store": choices.stores,
}


def follow(what: str, old: str, new: str) -> None:
    """`old` is called `new` from now on, and still reads; where two have the name nothing moves.

    An audience so reworded is settled soon, since what is called `new` may have been there. What
    cannot be read, or would grow too long, stays as it is.
    """
    here = asking.house()
    meant = here.choices(NAMED[what]).named(old)
    if not meant or len(meant[0].columns) > 1:
        return
    for model in (Audience, View):
        for row in model._default_manager.exclude(criteria=None).exclude(criteria=""):
            again = _again(row.criteria or "", here, what, old, new)
            if again != row.criteria:
                row.criteria = again
                row.save(update_fields=["criteria"])
                if isinstance(row, Audience):
                    _settle_soon(row)


def _concerned(what: str, field: CustomerField) -> bool:
    """A colleague is named by many fields, each with words of its own beside."""
    return field.type == "person" if what == "owner" else field.choices is NAMED[what]


def _again(said: str, here: Asking, what: str, old: str, new: str) -> str:
    fields = customer_fields.known_to(here)
    try:
        read = text.read(said, here)
        again = text.write(reworded(read, fields, partial(_concerned, what), old, new))
    except CriteriaError:
        return said
    return again if len(again) <= MOST_TEXT else said


def _settle_soon(audience: Audience) -> None:
    from regulars.audiences import tasks

    Audience.objects.filter(pk=audience.pk).update(settled_at=None)
    tasks.gather.defer(audience_id=audience.pk)
