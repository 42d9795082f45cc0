"""Colleagues, stores, groups and categories as programs name them: by id or by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from regulars.lib import names
from regulars.lib.errors import Invalid
from regulars.staff import queries as staff
from regulars.staff.models import Sees, Store

from .models import Category, Group

if TYPE_CHECKING:
    from regulars.staff.models import User

Reference = int | str | None


def colleague(user: User, said: Reference, *, field: str = "owner") -> User | None:
    """The active colleague this user may hand customers to; None for null.

    Text is an email, else a full name in any case. Raises `Invalid` under `field`.
    """
    if said is None:
        return None
    people = staff.colleagues(user)
    if isinstance(said, int):
        found = list(people.filter(pk=said))
    elif "@" in said:
        found = list(people.filter(email=said.lower()))
    else:
        found = list(people.filter(name__iexact=names.clean(said))[:2])
    if len(found) > 1:
        raise Invalid({field: f"Several colleagues are called “{said}”: use an id or an email"})
    if not found:
        raise Invalid({field: "There is no such colleague here"})
    return found[0]


def store(user: User, said: Reference, *, field: str = "store") -> Store | None:
    """The store, of those this user works for; None for null. Raises `Invalid` under `field`."""
    if said is None:
        return None
    stores = Store.objects.all()
    if user.role.sees != Sees.ALL:
        stores = stores.filter(users=user)
    wanted = Q(pk=said) if isinstance(said, int) else Q(name__iexact=names.clean(said))
    found = stores.filter(wanted).first()
    if found is None:
        raise Invalid({field: "There is no such store here"})
    return found


def group(said: str | None, *, field: str = "group") -> Group | None:
    """The group of this name; None for null or nothing. Raises `Invalid` under `field`."""
    name = names.clean(said or "")
    if not name:
        return None
    found = Group.objects.filter(name__iexact=name).first()
    if found is None:
        raise Invalid({field: "There is no such group"})
    return found


def category(said: str | None, *, field: str = "category") -> Category | None:
    """The category of this name; None for null or nothing. Raises `Invalid` under `field`."""
    name = names.clean(said or "")
    if not name:
        return None
    found = Category.objects.filter(name__iexact=name).first()
    if found is None:
        raise Invalid({field: "There is no such category"})
    return found
