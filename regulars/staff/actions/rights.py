"""What each role sees and may do, and who may change that."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.db import transaction

from regulars.lib.errors import Invalid, NotAllowed
from regulars.staff import limits
from regulars.staff.functions import Level, functions
from regulars.staff.models import Role, Sees, User

log = logging.getLogger("regulars.staff")

BEYOND = "You cannot give a role more than you have yourself; ask an administrator."
KEEPERS = "staff"  # the function without which nobody could give rights back


class Refused(NotAllowed):
    """Nobody could undo the change, or it reaches beyond what `by` may do; the text says which."""


@transaction.atomic
def set_right(role: Role, *, function: str, level: Level, by: User | None) -> Role:
    """One cell of the matrix; holds from the next request of everybody in the role."""
    if function not in functions:
        raise Invalid({"function": "There is no such function."})
    kept = Role.objects.select_for_update().get(pk=role.pk)
    before = kept.level(function)
    not_above(by, kept)
    if by is not None and level > by.role.level(function):
        raise Refused(BEYOND)
    if function == KEEPERS and level < Level.EDIT:
        keep_one_keeper(without_role=kept)
    kept.rights = {**kept.rights, function: int(level)}
    kept.save(update_fields=["rights"])
    role.rights = kept.rights
    if before != level:
        log.info(
            "right set role=%s function=%s before=%s after=%s by=%s",
            role.key,
            function,
            before.name,
            level.name,
            who(by),
        )
    return role


@transaction.atomic
def set_rights(
    levels: Iterable[tuple[Role, str, Level]],
    *,
    sights: Iterable[tuple[Role, Sees]] = (),
    within: Iterable[tuple[Role, str]] = (),
    by: User,
) -> int:
    """Several cells, sights and limits at once, all or none; how many were changed.

    Cells that already say so are left alone: two people may work on the matrix at once.
    """
    changed = 0
    for role, function, level in levels:
        if role.level(function) != level:
            set_right(role, function=function, level=level, by=by)
            changed += 1
    for role, sees in sights:
        if role.sees != sees:
            set_sight(role, sees=sees, by=by)
            changed += 1
    for role, said in within:
        if role.within != said.strip():
            set_limit(role, within=said, by=by)
            changed += 1
    return changed


@transaction.atomic
def set_sight(role: Role, *, sees: Sees, by: User) -> Role:
    """Which customers a role sees."""
    kept = Role.objects.select_for_update().get(pk=role.pk)
    not_above(by, kept)
    if not by.role.sees_as_far_as(sees):
        raise Refused(BEYOND)
    if role.sees != sees:
        log.info("sight set role=%s before=%s after=%s by=%s", role.key, role.sees, sees, by.pk)
    role.sees = sees
    role.save(update_fields=["sees"])
    return role


@transaction.atomic
def set_limit(role: Role, *, within: str, by: User) -> Role:
    """Criteria in words that what the role sees must fit; "" for none.

    Raises `Invalid` under `within.KEY` of the role for what cannot be read, and `Refused` for
    one's own role: whoever limited it could not take that back.
    """
    kept = Role.objects.select_for_update().get(pk=role.pk)
    not_above(by, kept)
    try:
        limit = limits.read(within)
    except Invalid as no:
        raise Invalid({f"within.{role.key}": text for text in no.errors.values()}) from no
    if limit.text != kept.within and by.role_id == kept.pk:
        raise Refused("Nobody limits their own role: who did could not take it back.")
    if by.role.within not in ("", limit.text):
        raise Refused(BEYOND)
    if kept.within != limit.text:
        log.info("limit set role=%s by=%s", role.key, by.pk)
    role.within, role.within_known = limit.text, limit.known
    role.save(update_fields=["within", "within_known"])
    return role


def keep_one_keeper(*, without: User | None = None, without_role: Role | None = None) -> None:
    """Somebody who can sign in must still be able to manage people.

    Roles are locked in order, so that two last keepers cannot disable each other at once.
    """
    roles = list(Role.objects.select_for_update().order_by("pk"))
    keepers = [role for role in roles if role.level(KEEPERS) >= Level.EDIT]
    people = User.objects.filter(is_active=True, role__in=keepers).exclude(email=None)
    losing = (
        people.filter(role=without_role)
        if without_role
        else people.filter(pk=without.pk if without else 0)
    )
    staying = people.exclude(pk__in=losing.values("pk"))
    if losing.exists() and not staying.exists():
        raise Refused(
            "Nobody would be left who can manage people. Give somebody else that right first."
        )


def not_above(by: User | None, *roles: Role | None) -> None:
    """Nobody gives, takes or edits more than they have themselves."""
    if by is not None and not all(by.role.covers(role) for role in roles if role):
        raise Refused("That role may do more than yours; ask an administrator.")


def who(user: User | None) -> int | str:
    return user.pk if user else "command line"
