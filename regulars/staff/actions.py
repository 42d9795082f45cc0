"""Every verb about people, teams, stores and rights; the only place of this room that writes."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction
from django.db.models import Q

from regulars.lib import clock, names
from regulars.lib.errors import Invalid, NotAllowed

from .departures import departures
from .functions import Level, functions
from .models import Role, Sees, SignInTries, Store, Team, User
from .sign_in import throttle

log = logging.getLogger("regulars.staff")

SEEN_EVERY = timedelta(seconds=30)
KEEPERS = "staff"  # the function without which nobody could give rights back


class Refused(NotAllowed):
    """Nobody could undo the change, or it reaches beyond what `by` may do; the text says which."""


def add_person(
    name: str,
    *,
    role: Role,
    by: User | None,
    email: str | None = None,
    password: str | None = None,
    team: Team | None = None,
    store: Store | None = None,
    **facts: Any,
) -> User:
    """A new colleague; `by` is None on the command line.

    `Invalid` when the email is taken, `Refused` for a role that may do more than one's own.
    """
    _not_above(by, role)
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                email or None,
                password,
                name=names.clean(name),
                role=role,
                team=team,
                store=team.store if team else store,
                **facts,
            )
    except IntegrityError as error:
        raise _taken(error) from error
    log.info("person added person=%s role=%s by=%s", user.pk, role.key, _pk(by))
    return user


@transaction.atomic
def change(user: User, *, by: User | None, **facts: Any) -> User:
    """Change what is known of a colleague; a team brings its store.

    `Invalid` when the email is taken, `Refused` for the last who can manage people and for
    somebody whose role may do more than one's own.
    """
    _not_above(by, user.role, facts.get("role"))
    if facts.get("team"):
        facts["store"] = facts["team"].store
    if "email" in facts:
        facts["email"] = (facts["email"] or "").strip().lower() or None
    if "role" in facts and facts["role"].level(KEEPERS) < Level.EDIT:
        _keep_one_keeper(without=user)
    for field, value in facts.items():
        setattr(user, field, value)
    try:
        with transaction.atomic():
            user.save(update_fields=list(facts))
    except IntegrityError as error:
        raise _taken(error) from error
    log.info("person changed person=%s fields=%s by=%s", user.pk, ",".join(facts), _pk(by))
    return user


def put_in_team(user: User, *, team: Team | None, by: User) -> User:
    """Into a team and its store, or out of any team, staying in the store."""
    return change(user, team=team, by=by)


@transaction.atomic
def disable(user: User, *, by: User | None, now: datetime | None = None) -> User:
    """No more signing in: sessions end at once, and what other rooms gave is taken back."""
    if by is not None and by.pk == user.pk:
        raise Refused("You cannot disable yourself; ask another administrator.")
    _not_above(by, user.role)
    _keep_one_keeper(without=user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    for session in UserSession.objects.filter(user=user):
        session.end()
    for departure in departures:
        departure.leave(user, now or clock.now())
    log.info("person disabled person=%s by=%s", user.pk, _pk(by))
    return user


@transaction.atomic
def enable(user: User, *, by: User | None) -> User:
    _not_above(by, user.role)
    user.is_active = True
    user.save(update_fields=["is_active"])
    log.info("person enabled person=%s by=%s", user.pk, _pk(by))
    return user


def add_store(name: str, *, by: User | None, time_zone: str, country: str = "US") -> Store:
    try:
        with transaction.atomic():
            store = Store.objects.create(
                name=names.clean(name), time_zone=time_zone, country=country
            )
    except IntegrityError as error:
        raise Invalid({"name": "There is already a store of that name."}) from error
    log.info("store added store=%s by=%s", store.pk, _pk(by))
    return store


def change_store(store: Store, *, by: User, name: str, time_zone: str, country: str) -> Store:
    store.name, store.time_zone, store.country = names.clean(name), time_zone, country
    try:
        with transaction.atomic():
            store.save(update_fields=["name", "time_zone", "country"])
    except IntegrityError as error:
        raise Invalid({"name": "There is already a store of that name."}) from error
    log.info("store changed store=%s by=%s", store.pk, by.pk)
    return store


def add_team(name: str, *, store: Store, by: User | None) -> Team:
    try:
        with transaction.atomic():
            team = Team.objects.create(name=names.clean(name), store=store)
    except IntegrityError as error:
        raise Invalid({"name": "This store already has a team of that name."}) from error
    log.info("team added team=%s store=%s by=%s", team.pk, store.pk, _pk(by))
    return team


@transaction.atomic
def change_team(team: Team, *, by: User, name: str) -> Team:
    team.name = names.clean(name)
    try:
        with transaction.atomic():
            team.save(update_fields=["name"])
    except IntegrityError as error:
        raise Invalid({"name": "This store already has a team of that name."}) from error
    log.info("team changed team=%s by=%s", team.pk, by.pk)
    return team


@transaction.atomic
def set_right(role: Role, *, function: str, level: Level, by: User | None) -> Role:
    """One cell of the matrix; holds from the next request of everybody in the role."""
    if function not in functions:
        raise Invalid({"function": "There is no such function."})
    kept = Role.objects.select_for_update().get(pk=role.pk)
    before = kept.level(function)
    if function == KEEPERS and level < Level.EDIT:
        _keep_one_keeper(without_role=kept)
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
            _pk(by),
        )
    return role


@transaction.atomic
def set_rights(
    levels: Iterable[tuple[Role, str, Level]],
    *,
    sights: Iterable[tuple[Role, Sees]] = (),
    by: User,
) -> int:
    """Several cells and sights at once, all or none; how many were changed.

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
    return changed


@transaction.atomic
def set_sight(role: Role, *, sees: Sees, by: User) -> Role:
    """Which customers a role sees."""
    if role.sees != sees:
        log.info("sight set role=%s before=%s after=%s by=%s", role.key, role.sees, sees, by.pk)
    role.sees = sees
    role.save(update_fields=["sees"])
    return role


def set_profile(user: User, *, name: str, time_zone: str, single_keys: bool) -> User:
    """What a colleague chooses for themselves."""
    user.name, user.time_zone, user.single_keys = names.clean(name), time_zone, single_keys
    user.save(update_fields=["name", "time_zone", "single_keys"])
    return user


def seen(user: User, *, now: datetime) -> bool:
    """The heartbeat; writes at most once in thirty seconds and says whether it did."""
    fresh = Q(last_seen_at=None) | Q(last_seen_at__lt=now - SEEN_EVERY)
    return bool(User.objects.filter(fresh, pk=user.pk).update(last_seen_at=now))


@transaction.atomic
def try_password(keys: dict[str, throttle.Limit], *, now: datetime) -> timedelta:
    """Count one more try at each key before a password is looked at.

    Zero when it may be looked at; else how long to wait, and nothing is counted.
    """
    stale = now - timedelta(days=1)
    SignInTries.objects.filter(last_at__lt=stale).delete()
    SignInTries.objects.bulk_create(
        [SignInTries(key=key, since=now, last_at=now) for key in sorted(keys)],
        ignore_conflicts=True,
    )
    rows = list(SignInTries.objects.select_for_update().filter(key__in=keys).order_by("key"))
    tallies = {row.key: throttle.Tries(row.count, row.since, row.last_at) for row in rows}
    wait = max(throttle.wait(tallies[key], limit, now) for key, limit in keys.items())
    if wait:
        return wait
    for row in rows:
        tally = throttle.another(tallies[row.key], keys[row.key], now)
        row.count, row.since, row.last_at = tally.count, tally.since, tally.last_at
        row.save(update_fields=["count", "since", "last_at"])
    return timedelta()


@transaction.atomic
def take_back_try(keys: Iterable[str]) -> None:
    """The password was right: that try does not count."""
    for row in SignInTries.objects.select_for_update().filter(key__in=keys).order_by("key"):
        row.count = max(0, row.count - 1)
        row.save(update_fields=["count"])


def forget_tries(keys: Iterable[str]) -> None:
    """The owner proved themselves another way (a new password by email)."""
    SignInTries.objects.filter(key__in=keys).delete()


def _keep_one_keeper(*, without: User | None = None, without_role: Role | None = None) -> None:
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


def _not_above(by: User | None, *roles: Role | None) -> None:
    """Nobody gives, takes or edits more than they have themselves."""
    if by is not None and not all(by.role.covers(role) for role in roles if role):
        raise Refused("That role may do more than yours; ask an administrator.")


def _taken(error: IntegrityError) -> Invalid:
    if "external_id" in str(error):
        return Invalid({"external_id": "A colleague already has this number."})
    return Invalid({"email": "A colleague already has this email."})


def _pk(user: User | None) -> int | str:
    return user.pk if user else "command line"
