"""Every verb about people, teams, stores and rights; the only place of this room that writes."""

from .people import (
    add_person,
    change,
    disable,
    enable,
    invite,
    put_in_team,
    remove_person,
    remove_photo,
    seen,
    set_photo,
    set_profile,
)
from .places import add_store, add_team, change_store, change_team
from .rights import Refused, set_limit, set_right, set_rights, set_sight
from .tries import forget_tries, take_back_try, try_password

__all__ = [
    "Refused",
    "add_person",
    "add_store",
    "add_team",
    "change",
    "change_store",
    "change_team",
    "disable",
    "enable",
    "forget_tries",
    "invite",
    "put_in_team",
    "remove_person",
    "remove_photo",
    "seen",
    "set_limit",
    "set_photo",
    "set_profile",
    "set_right",
    "set_rights",
    "set_sight",
    "take_back_try",
    "try_password",
]
