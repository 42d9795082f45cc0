"""Making, changing and deleting audiences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

from regulars.audiences import asking, membership, reading
from regulars.audiences.models import Audience, View
from regulars.criteria import text
from regulars.criteria.audiences import audiences_of, refuse_circle, renamed
from regulars.criteria.language import EVERYONE, Criteria, CriteriaError
from regulars.criteria.whose import require_same_for_all
from regulars.lib import names
from regulars.lib.errors import Invalid

from .naming import kept, name_of

if TYPE_CHECKING:
    from regulars.criteria.fields import Asking
    from regulars.staff.models import User

MOST_AUDIENCES = 500
LOCK = 0x61756469  # “audi”: whoever says what an audience is made of
AT_ONCE = 5_000  # people who come or go before the answer; the worker moves the rest


def make_audience(
    *, name: str, by: User, criteria: str | None = None, description: str = ""
) -> Audience:
    """A new audience, with everybody in it who fits; without `criteria` a list chosen by hand.

    Raises `Invalid` for a name that is taken and for criteria that cannot be read, mean something
    else to each colleague, or go in a circle.
    """
    if Audience.objects.count() >= MOST_AUDIENCES:
        raise Invalid({"name": f"There are {MOST_AUDIENCES} audiences already; delete one first"})
    with _one_at_a_time():
        made = kept(Audience(owner=by, **_facts(name, criteria, description, None, by)))
    return _gathered(made)


def change_audience(
    audience: Audience,
    *,
    by: User,
    name: str | None = None,
    criteria: str | None = None,
    description: str | None = None,
    owner: User | None = None,
) -> Audience:
    """What is given changes; with other criteria everybody is looked at anew. Raises `Invalid`."""
    if owner is not None and not owner.is_active:
        raise Invalid({"owner": "This colleague has left"})
    if criteria is not None and audience.is_list:
        raise Invalid({"criteria": "This is a list of people; it has no criteria"})
    with _one_at_a_time():
        row = Audience.objects.select_for_update().filter(pk=audience.pk).first()
        if row is None:
            raise Invalid({"name": "Somebody deleted it meanwhile"})
        said = _facts(
            row.name if name is None else name,
            row.criteria if criteria is None else criteria,
            row.description if description is None else description,
            row,
            by,
        )
        old, again = row.name, said["criteria"] != row.criteria
        saying = _saying(old) if said["name"] != old else []
        for column, value in said.items():
            setattr(row, column, value)
        if again:
            row.settled_at = None
        if owner is not None:
            row.owner = owner
        kept(row)
        for one, tree in saying:
            one.criteria = text.write(renamed(tree, old, row.name))
            one.save(update_fields=["criteria"])
    return _gathered(row) if again else row


def _gathered(audience: Audience) -> Audience:
    """With its people in it, as many as can be waited for."""
    from regulars.audiences import tasks

    if not _soon(audience):
        tasks.gather.defer(audience_id=audience.pk)
    audience.refresh_from_db()
    return audience


def _soon(audience: Audience) -> bool:
    """Whether everybody could be looked at, and moved, before the answer."""
    try:
        return membership.settle(audience, most=AT_ONCE)
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):  # a page's statement took too long
            return False
        raise


def _saying(name: str) -> list[tuple[Audience | View, Criteria]]:
    """Audiences and views whose criteria name this audience."""
    here = asking.house()
    rows: list[Audience | View] = [*Audience.objects.exclude(criteria=None)]
    rows += View.objects.exclude(criteria="")
    found = [(row, _tree(row.criteria or "", here)) for row in rows]
    low = name.casefold()
    return [(row, tree) for row, tree in found if low in map(str.casefold, audiences_of(tree))]


def delete_audience(audience: Audience, *, by: User) -> None:
    """Gone, unless another audience is made of it. Raises `Invalid`."""
    with _one_at_a_time():
        called = Audience.objects.filter(pk=audience.pk).values_list("name", flat=True)
        users = [row.name for row, _ in _saying("".join(called)) if isinstance(row, Audience)]
        if users:
            raise Invalid({"audience": f"“{users[0]}” is made of it: change that one first"})
        audience.delete()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two who each make their audience of the other's would see no circle: the later one waits."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield


def _facts(
    name: str, criteria: str | None, description: str, audience: Audience | None, by: User
) -> dict[str, Any]:
    errors: dict[str, str] = {}
    called = name_of(name, 100, errors)
    about = names.clean(description)
    if len(about) > 500:
        errors["description"] = "This is longer than 500 characters"
    said: dict[str, Any] = {"name": called, "description": about, "criteria": None}
    if criteria is not None:
        try:
            here = asking.of(by)
            tree = text.read(criteria, here)
            require_same_for_all(tree, "An audience")
            others = _others(audience, here)
            refuse_circle(called, tree, lambda word: others.get(word.casefold()))
            said |= {
                "criteria": text.write(tree),
                "moves_with_time": reading.moves_with_time(tree),
                "problem": "",
            }
        except CriteriaError as error:
            errors["criteria"] = str(error)
    if errors:
        raise Invalid(errors)
    return said


def _others(audience: Audience | None, here: Asking) -> Mapping[str, Criteria]:
    rows = Audience.objects.exclude(criteria=None)
    if audience is not None:
        rows = rows.exclude(pk=audience.pk)
    return {row.name.casefold(): _tree(row.criteria or "", here) for row in rows}


def _tree(criteria: str, here: Asking) -> Criteria:
    try:
        return text.read(criteria, here)
    except CriteriaError:
        return EVERYONE
