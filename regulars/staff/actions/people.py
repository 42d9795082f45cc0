"""Who works here: come, change, leave, come back; and that they are here."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import IO, Any

from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction
from django.db.models import Model, Q

from regulars.lib import clock, names
from regulars.lib import hours as working
from regulars.lib.errors import Invalid
from regulars.staff import new_names, photos, tasks
from regulars.staff.departures import departures
from regulars.staff.functions import Level
from regulars.staff.models import Photo, Role, Store, Team, User
from regulars.staff.sign_in import links

from .rights import KEEPERS, Refused, keep_one_keeper, not_above, who

log = logging.getLogger("regulars.staff")

BESIDE = ("account", "mfa", "pghistory", "socialaccount", "usersessions")  # go along, or no table
SEEN_EVERY = timedelta(seconds=30)


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
    not_above(by, role)
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
    log.info("person added person=%s role=%s by=%s", user.pk, role.key, who(by))
    return user


@transaction.atomic
def change(user: User, *, by: User | None, **facts: Any) -> User:
    """Change what is known of a colleague; a team brings its store.

    `Invalid` when the email is taken, `Refused` for the last who can manage people and for
    somebody whose role may do more than one's own.
    """
    not_above(by, user.role, facts.get("role"))
    if facts.get("team"):
        facts["store"] = facts["team"].store
    if "email" in facts:
        facts["email"] = (facts["email"] or "").strip().lower() or None
    loses_role = "role" in facts and facts["role"].level(KEEPERS) < Level.EDIT
    if loses_role or facts.get("email", "kept") is None:
        keep_one_keeper(without=user)
    before = user.name
    for field, value in facts.items():
        setattr(user, field, value)
    try:
        with transaction.atomic():
            new_names.tell("owner", before, user.name)
            user.save(update_fields=list(facts))
    except IntegrityError as error:
        raise _taken(error) from error
    log.info("person changed person=%s fields=%s by=%s", user.pk, ",".join(facts), who(by))
    return user


def put_in_team(user: User, *, team: Team | None, by: User) -> User:
    """Into a team and its store, or out of any team, staying in the store."""
    return change(user, team=team, by=by)


@transaction.atomic
def disable(user: User, *, by: User | None, now: datetime | None = None) -> User:
    """No more signing in: sessions end at once, and what other rooms gave is taken back."""
    if by is not None and by.pk == user.pk:
        raise Refused("You cannot disable yourself; ask another administrator.")
    not_above(by, user.role)
    keep_one_keeper(without=user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    for session in UserSession.objects.filter(user=user):
        session.end()
    for departure in departures:
        departure.leave(user, now or clock.now())
    log.info("person disabled person=%s by=%s", user.pk, who(by))
    return user


@transaction.atomic
def remove_person(user: User, *, but: Sequence[type[Model]] = (), by: User | None) -> bool:
    """Delete a colleague who was never here; whether it could be done.

    False for who has signed in, or is named by any row but those of `but`: they are disabled.
    """
    not_above(by, user.role)
    keep_one_keeper(without=user)
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.last_login or user.last_seen_at or _is_named(user, but):
        return False
    pk = user.pk
    user.delete()
    log.info("person removed person=%s by=%s", pk, who(by))
    return True


def _is_named(user: User, but: Sequence[type[Model]]) -> bool:
    named = [one for one in User._meta.get_fields(include_hidden=True) if one.auto_created]
    for relation in named:
        model: Any = relation.related_model
        if not relation.is_relation or relation.concrete or model in but:
            continue
        if model._meta.app_label in BESIDE:
            continue
        if model._base_manager.filter(**{relation.field.name: user}).exists():  # type: ignore[union-attr]
            return True
    return False


@transaction.atomic
def enable(user: User, *, by: User | None) -> User:
    not_above(by, user.role)
    user.is_active = True
    user.save(update_fields=["is_active"])
    log.info("person enabled person=%s by=%s", user.pk, who(by))
    return user


@transaction.atomic
def set_profile(
    user: User, *, name: str, time_zone: str, single_keys: bool, hours: str | None = None
) -> User:
    """What a colleague chooses for themselves; `Invalid` for hours that cannot be read."""
    before = user.name
    user.name, user.time_zone, user.single_keys = names.clean(name), time_zone, single_keys
    new_names.tell("owner", before, user.name)
    if hours is not None:
        user.hours = _hours(hours)
    user.save(update_fields=["name", "time_zone", "single_keys", "hours"])
    return user


def _hours(said: str) -> str:
    try:
        return working.shown(working.read(said))
    except ValueError as problem:
        raise Invalid({"hours": f"{problem}."}) from None


@transaction.atomic
def set_photo(user: User, stream: IO[bytes], *, by: User) -> None:
    """A face instead of initials; `Invalid` for what is no picture."""
    try:
        content = photos.face(stream)
    except ValueError as problem:
        raise Invalid({"photo": f"{problem}."}) from None
    Photo.objects.update_or_create(user=user, defaults={"content": content})
    user.photo_at = clock.now()
    user.save(update_fields=["photo_at"])
    log.info("photo set person=%s by=%s", user.pk, by.pk)


@transaction.atomic
def remove_photo(user: User, *, by: User) -> None:
    """Initials again."""
    Photo.objects.filter(user=user).delete()
    user.photo_at = None
    user.save(update_fields=["photo_at"])
    log.info("photo removed person=%s by=%s", user.pk, by.pk)


def invite(user: User, *, by: User) -> None:
    """A mail with a link to set their password; `NotAllowed` as `links.offer` says."""
    links.may_offer(user, by=by)
    tasks.send_invitation.defer(user_id=user.pk, by_name=by.name)
    log.info("invitation asked person=%s by=%s", user.pk, by.pk)


def seen(user: User, *, now: datetime) -> bool:
    """The heartbeat; writes at most once in thirty seconds and says whether it did."""
    fresh = Q(last_seen_at=None) | Q(last_seen_at__lt=now - SEEN_EVERY)
    return bool(User.objects.filter(fresh, pk=user.pk).update(last_seen_at=now))


def _taken(error: IntegrityError) -> Invalid:
    if "external_id" in str(error):
        return Invalid({"external_id": "A colleague already has this number."})
    return Invalid({"email": "A colleague already has this email."})
