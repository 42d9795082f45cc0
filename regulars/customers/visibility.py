"""The one gate: which customers a user may see, said once and started from everywhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Q, Subquery

from . import limits

if TYPE_CHECKING:
    from regulars.staff.models import User

    from .models import Customer


def scopes(user: User) -> list[Q] | None:
    """What `user` sees, as disjoint conditions that one recency index each can serve.

    None means everything; an empty list means nothing. What their role is limited to must hold
    as well: `limits.parts_of`.
    """
    from regulars.staff.models import Sees

    if not user.may("customers"):
        return []
    sees = user.role.sees
    if sees == Sees.ALL:
        return None
    if sees == Sees.STORE:
        return [Q(store=user.store_id)] if user.store_id else []
    mates = _mates(user)
    unassigned = [Q(owner=None, store=None)]
    if user.store_id:
        unassigned.append(Q(owner=None, store=user.store_id))
    return [Q(owner=mate) for mate in mates] + unassigned


def any_of(conditions: Iterable[Q]) -> Q:
    """That one of them holds. Those that name an owner become one: a team may be large."""
    owners: list[int] = []
    others: list[Q] = []
    for condition in conditions:
        owner = owner_of(condition)
        if owner is None:
            others.append(condition)
        else:
            owners.append(owner)
    found = Q(owner__in=owners) if len(owners) > 1 else Q(*(Q(owner=pk) for pk in owners))
    return reduce(or_, others, found) if owners else reduce(or_, others, Q(pk__in=[]))


def owner_of(condition: Q) -> int | None:
    """Whose customers these are, where the condition says just that."""
    said = condition.children[0] if len(condition.children) == 1 else None
    named = isinstance(said, tuple) and said[0] == "owner" and not condition.negated
    return said[1] if named and isinstance(said, tuple) else None


def _mates(user: User) -> list[int]:
    """The team's people: they come with whoever has signed in, and are asked for otherwise."""
    from regulars.staff.models import User

    known: list[int] | None = getattr(user, "team_ids", None)
    if known is None:
        rows = User.objects.filter(team=user.team_id) if user.team_id else User.objects.none()
        known = list(rows.values_list("pk", flat=True))
    return sorted({user.pk, *known})


def scope_of(user: User) -> tuple[object, ...]:
    """Users of an equal scope see the same customers; without a query."""
    mates = ("team", user.team_id) if user.team_id else ("alone", user.pk)
    return (user.role_id, user.store_id, *mates)


class CustomerQuerySet(models.QuerySet["Customer"]):
    def visible_to(self, user: User) -> CustomerQuerySet:
        """The customers this user may view; every face starts here."""
        conditions = scopes(user)
        limit = limits.parts_of(user).q
        if conditions is None:
            return self.filter(limit) if limit else self
        return self.filter(any_of(conditions), limit)

    def current(self) -> CustomerQuerySet:
        return self.filter(archived_at=None)

    def known_as(self, public_id: UUID) -> CustomerQuerySet:
        """Whoever has this id, or had it before they became one with somebody else."""
        merged = apps.get_model("customers", "MergedProfile").objects
        now = merged.filter(public_id=public_id, undone_at=None).values("customer")[:1]
        return self.filter(Q(public_id=public_id) | Q(pk=Subquery(now)))

    def among(self, public_ids: Collection[UUID | str]) -> CustomerQuerySet:
        """Whoever has one of these ids, or had it before they became one with somebody else."""
        merged = apps.get_model("customers", "MergedProfile").objects
        had = merged.filter(public_id__in=public_ids, undone_at=None).values("customer")
        # As one list of rows: said with OR the whole table would be read.
        have = self.model._default_manager.get_queryset().filter(public_id__in=public_ids)
        return self.filter(pk__in=have.values("pk").union(had, all=True))


class Customers(models.Manager["Customer"]):
    def get_queryset(self) -> CustomerQuerySet:
        return CustomerQuerySet(self.model, using=self._db)

    def visible_to(self, user: User) -> CustomerQuerySet:
        return self.get_queryset().visible_to(user)

    def current(self) -> CustomerQuerySet:
        return self.get_queryset().current()


def known_as(user: User, ids: Collection[UUID]) -> dict[UUID, int]:
    """The row ids of the visible customers who have these public ids, or had them before they
    became one with somebody else. Two statements at most.
    """
    from .models import Customer

    seen = Customer.objects.visible_to(user)
    found = dict(seen.filter(public_id__in=ids).values_list("public_id", "pk"))
    if len(found) < len(set(ids)):
        merged = apps.get_model("customers", "MergedProfile").objects
        rows = merged.filter(public_id__in=ids, undone_at=None, customer__in=seen)
        found |= dict(rows.values_list("public_id", "customer"))
    return found


def only_visible(user: User, ids: list[int]) -> list[str]:
    """Of these rows, the public ids that `user` may see."""
    from .models import Customer

    found = Customer.objects.visible_to(user).filter(pk__in=ids)
    return [
        str(pk)
        for pk in cast("models.QuerySet[Customer]", found).values_list("public_id", flat=True)
    ]


def seers(customer: Customer) -> models.QuerySet[User]:
    """The colleagues who may see this customer: `visible_to`, asked the other way round."""
    from regulars.staff.models import Role, Sees, User

    here = type(customer).objects.get_queryset().filter(pk=customer.pk)
    roles = [
        role.pk
        for role in Role.objects.all()
        if role.level("customers")
        and (not role.within or here.filter(limits.parts(role).q).exists())
    ]
    sees = Q(role__sees=Sees.ALL)
    if customer.store_id:
        sees |= Q(role__sees=Sees.STORE, store=customer.store_id)
    sees |= Q(role__sees=Sees.TEAM) & _of_their_team(customer)
    return User.objects.filter(sees, is_active=True, role__in=roles)


def _of_their_team(customer: Customer) -> Q:
    if customer.owner_id is None:
        return Q() if customer.store_id is None else Q(store=customer.store_id)
    mates = Q(pk=customer.owner_id)
    if customer.owner is not None and customer.owner.team_id:
        mates |= Q(team=customer.owner.team_id)
    return mates
