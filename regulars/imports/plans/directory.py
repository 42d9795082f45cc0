"""Colleagues, stores, teams, roles and groups by what files call them, loaded once per run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol, TypeVar

from regulars.customers.models import Category, Group
from regulars.imports.rows import BadRow
from regulars.lib import names
from regulars.staff.models import Role, Store, Team, User


class _Named(Protocol):
    name: str


T = TypeVar("T", bound=_Named)


def _by_name(rows: Iterable[T]) -> dict[str, T]:
    return {names.fold(row.name): row for row in rows}


class Directory:
    """Look-ups by folded names: case, accents and extra spaces do not matter."""

    def __init__(self) -> None:
        self.stores = _by_name(Store.objects.all())
        self.groups = _by_name(Group.objects.all())
        self.categories = _by_name(Category.objects.all())
        self.teams = _by_name(Team.objects.select_related("store"))
        roles = list(Role.objects.all())
        self.roles = {role.key: role for role in roles} | _by_name(roles)
        self._people: dict[str, list[User]] = defaultdict(list)
        for user in User.objects.select_related("store", "team", "role").order_by("pk"):
            self.learn(user)

    def learn(self, user: User) -> None:
        """Know a colleague by number, email and name."""
        for key in {
            user.external_id and f"#{user.external_id}",
            f"@{user.email}",
            _said(user.name),
        }:
            if key and user not in self._people[key]:
                self._people[key].append(user)

    def knows(self, text: str) -> bool:
        """Whether at least one colleague is meant by this number, email or name."""
        return bool(self._found(text))

    def colleague(self, text: str, column: int | None) -> User:
        """The one active colleague of this number, email or name.

        Raises BadRow when there is none, or more than one.
        """
        found = self._found(text)
        active = [user for user in found if user.is_active]
        if len(active) > 1:
            raise BadRow(f"More than one colleague is called “{text[:60]}”; use the email.", column)
        if not active:
            known = "no longer works here" if found else "is no colleague we know"
            raise BadRow(f"“{text[:60]}” {known}.", column)
        return active[0]

    def by_number(self, number: str) -> User | None:
        return next(iter(self._people.get(f"#{number}", ())), None) if number else None

    def by_email(self, email: str) -> User | None:
        return next(iter(self._people.get(f"@{email.lower()}", ())), None) if email else None

    def by_name(self, name: str) -> list[User]:
        return self._people.get(_said(name), [])

    def _found(self, text: str) -> list[User]:
        said = _said(text)
        for key in (f"#{text}", f"@{text.lower()}", said):
            if self._people.get(key):
                return self._people[key]
        last, comma, first = text.partition(",")
        return self._people.get(_said(f"{first} {last}"), []) if comma else []

    def named(self, kind: str, text: str, column: int | None) -> object:
        """A store, team, role or group by its name.

        Raises BadRow when there is none.
        """
        rows: dict[str, object] = getattr(self, {"category": "categories"}.get(kind, f"{kind}s"))
        found = rows.get(names.fold(text))
        if found is None:
            raise BadRow(f"There is no {kind} called “{text[:60]}”.", column)
        return found

    def store(self, text: str, column: int | None) -> Store | None:
        found = self.named("store", text, column) if text else None
        return found if isinstance(found, Store) else None

    def group(self, text: str, column: int | None) -> Group | None:
        found = self.named("group", text, column) if text else None
        return found if isinstance(found, Group) else None

    def category(self, text: str, column: int | None) -> Category | None:
        found = self.named("category", text, column) if text else None
        return found if isinstance(found, Category) else None


def _said(name: str) -> str:
    return f"={names.fold(name)}"
