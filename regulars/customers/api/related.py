"""With whom a customer lives and who referred them, as programs say it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from regulars.customers import actions
from regulars.customers.models import Customer, Household
from regulars.lib.errors import Invalid
from regulars.staff.models import User

KEYS = ("household", "household_name", "relation", "referred_by", "referral_source")


@dataclass(frozen=True)
class Related:
    """What was said of `KEYS`, ids read as rows that the user may see."""

    said: Mapping[str, Any]

    def put(self, customer: Customer, *, by: User) -> None:
        if "household" in self.said:
            _live(customer, self.said["household"], by)
        if "household_name" in self.said:
            _call(customer, self.said["household_name"] or "", by)
        if "relation" in self.said:
            actions.relate(customer, self.said["relation"] or "", by=by)
        if {"referred_by", "referral_source"} & self.said.keys():
            customer.refresh_from_db()
            kept = customer.referred_by
            referrer = self.said.get("referred_by", kept)
            old = customer.referral_source if referrer == kept else ""
            source = self.said.get("referral_source", old) or ""
            actions.refer(customer, referrer, source=source, by=by)


def related(user: User, given: MutableMapping[str, Any], errors: dict[str, str]) -> Related:
    """Take these fields out of what was given; a foreign id is missing like one that never was."""
    said = {key: given.pop(key) for key in KEYS if key in given}
    find: dict[str, Callable[[], Any]] = {
        "household": lambda: _household(user, said["household"]),
        "referred_by": lambda: _customer(user, said["referred_by"], "referred_by"),
    }
    for key in said.keys() & find.keys():
        try:
            said[key] = find[key]()
        except Invalid as wrong:
            errors.update(wrong.errors)
    return Related(said)


def _customer(user: User, pk: UUID | None, field: str) -> Customer | None:
    if pk is None:
        return None
    found = Customer.objects.visible_to(user).known_as(pk).first()
    if found is None:
        raise Invalid({field: "There is no such customer here"})
    return found


def _household(user: User, said: int | UUID | None) -> Customer | Household | None:
    if isinstance(said, UUID):
        return _customer(user, said, "household")
    if said is None:
        return None
    seen = Customer.objects.visible_to(user).filter(household=said)
    found = Household.objects.filter(pk__in=seen.values("household")).first()
    if found is None:
        raise Invalid({"household": "There is no such household here"})
    return found


def _call(customer: Customer, name: str, by: User) -> None:
    home = Household.objects.filter(members=customer).first()
    if home is not None:
        actions.rename(home, name, by=by)
    elif name:
        raise Invalid({"household_name": "They live in no household"})


def _live(customer: Customer, there: Customer | Household | None, by: User) -> None:
    if there is None:
        actions.leave(customer, by=by)
    elif isinstance(there, Household):
        actions.join(customer, there, by=by)
    else:
        actions.confirm(customer, there, by=by)
