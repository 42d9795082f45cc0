"""Where business is done, and who works together there."""

from __future__ import annotations

import logging

from django.db import IntegrityError, transaction

from regulars.lib import names
from regulars.lib.errors import Invalid
from regulars.staff import new_names
from regulars.staff.models import Store, Team, User

from .rights import who

log = logging.getLogger("regulars.staff")


def add_store(name: str, *, by: User | None, time_zone: str, country: str = "US") -> Store:
    try:
        with transaction.atomic():
            store = Store.objects.create(
                name=names.clean(name), time_zone=time_zone, country=country
            )
    except IntegrityError as error:
        raise Invalid({"name": "There is already a store of that name."}) from error
    log.info("store added store=%s by=%s", store.pk, who(by))
    return store


def change_store(store: Store, *, by: User, name: str, time_zone: str, country: str) -> Store:
    before = store.name
    store.name, store.time_zone, store.country = names.clean(name), time_zone, country
    try:
        with transaction.atomic():
            new_names.tell("store", before, store.name)
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
    log.info("team added team=%s store=%s by=%s", team.pk, store.pk, who(by))
    return team


@transaction.atomic
def change_team(team: Team, *, by: User, name: str) -> Team:
    before = team.name
    team.name = names.clean(name)
    try:
        with transaction.atomic():
            new_names.tell("team", before, team.name)
            team.save(update_fields=["name"])
    except IntegrityError as error:
        raise Invalid({"name": "This store already has a team of that name."}) from error
    log.info("team changed team=%s by=%s", team.pk, by.pk)
    return team
